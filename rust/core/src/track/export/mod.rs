//! Tracks as session files of other programs, where such a file says the same (spec interchange 5).

mod gnaural;
mod lanes;
mod layers;
mod sbg;

use super::model::Track;
use crate::error::{Error, Result};

/// One format that tracks can be written in.
pub struct Exporter {
    /// Short name, which is also the extension of the files.
    pub name: &'static str,
    write: fn(&Track) -> Result<String>,
}

/// Every format.
pub const EXPORTERS: &[Exporter] =
    &[Exporter { name: "sbg", write: sbg::write }, Exporter { name: "gnaural", write: gnaural::write }];

impl Exporter {
    /// The exporter for a file of this name.
    pub fn for_file(path: &std::path::Path) -> Option<&'static Self> {
        let extension = path.extension()?;
        EXPORTERS.iter().find(|exporter| extension.eq_ignore_ascii_case(exporter.name))
    }

    /// The text of the file.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names everything the format does not have.
    ///
    /// ```
    /// # use realtime_backend_core::track::Track;
    /// use realtime_backend_core::track::export::Exporter;
    ///
    /// let (track, _) = Track::from_json(r#"{"global": {"normalization": "none"}, "progression": [{"duration": 60.0, "voices": [
    ///     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 200, "beatFreq": 4, "ampL": 0.2, "ampR": 0.2}}]}]}"#)?;
    /// let sbg = Exporter::for_file("night.sbg".as_ref()).expect("a format that can be written");
    /// println!("{}", sbg.text(&track)?);
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn text(&self, track: &Track) -> Result<String> {
        (self.write)(track)
    }
}

/// The error for something that does not fit, at a JSON path.
fn misfit(at: &str, what: impl std::fmt::Display) -> Error {
    Error::invalid(at, format!("{what}; the format has no such thing"))
}

/// `value` as the shortest number `x` with `x · unit == value`, or the nearest one.
fn in_units(value: f64, unit: f64) -> f64 {
    let first = value / unit;
    let rounded = format!("{first:.12e}").parse().unwrap_or(first);
    let near = [rounded, first, first.next_up(), first.next_down()];
    near.into_iter().find(|x| x * unit == value).unwrap_or(first)
}
