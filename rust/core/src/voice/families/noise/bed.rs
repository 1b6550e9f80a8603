//! The background layer of a track: the swept-notch voice of a `.noise` file, with its length (spec noise 15.3,
//! assembly 8).

use serde_json::{Map, Value};

use super::swept_notch;
use crate::error::{Problem, Result};
use crate::voice::{Context, Params, Voice};

/// The source of a background layer.
pub struct Bed {
    /// The sound, at a peak of 0.95; silent from `frames` on.
    pub voice: Box<dyn Voice>,
    /// Length of the sound in frames: that of the context, or that of the audio file if that replaces the noise.
    pub frames: u64,
    /// Warnings about the parameters.
    pub warnings: Vec<Problem>,
}

/// Build the source of a layer from the parameters that [`NoiseFile::background_voice`] returns, with the length of
/// `context`. Gain, start time, fades and envelope belong to the track and are not applied here.
///
/// # Errors
///
/// Returns an error if a parameter is invalid or the audio file cannot be read.
///
/// [`NoiseFile::background_voice`]: crate::track::NoiseFile::background_voice
pub fn build(context: &Context, transition: bool, params: &Map<String, Value>) -> Result<Bed> {
    let mut context = context.clone();
    // the colour of a `.noise` file is read under all rules, as the legacy implementation does
    context.compat.ignored_noise_parameters = false;
    let reader = Params::new(params, swept_notch::FAMILY.params, transition, context.compat);
    let (voice, frames) = swept_notch::build_with_length(&context, &reader)?;
    Ok(Bed { voice, frames, warnings: reader.into_warnings() })
}
