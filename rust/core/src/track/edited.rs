//! Tracks made from another track by an edit of its document.

use serde_json::Value;

use super::model::Track;
use super::read::LoadOptions;
use crate::error::{Problem, Result};

impl Track {
    /// A track with another document, from the same folder and the same files.
    ///
    /// # Errors
    /// Those of [`Track::from_value_with`].
    ///
    /// ```
    /// # use realtime_backend_core::track::{LoadOptions, Track};
    /// let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0}]}"#)?;
    /// let mut document = track.document().clone();
    /// document["progression"][0]["duration"] = 2.0.into();
    /// let (edited, _) = track.edited(document, &LoadOptions::filling_starts())?;
    /// assert_eq!(edited.steps[0].duration, 2.0);
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn edited(&self, document: Value, options: &LoadOptions) -> Result<(Self, Vec<Problem>)> {
        let options = LoadOptions { folder: self.folder.clone(), ..options.clone() };
        let (mut track, problems) = Self::from_value_with(document, &options)?;
        track.read_from.clone_from(&self.read_from);
        Ok((track, problems))
    }
}
