//! The background layer of a track: the swept-notch voice of a `.noise` file, with what a planner wants to know of it
//! (spec noise 15.3, assembly 8).

use serde_json::{Map, Value};

use super::swept_notch;
use crate::error::{Problem, Result};
use crate::voice::{Context, Params, Voice};

/// The source of a background layer.
pub struct Bed {
    /// Its sound, peak 0.95; silent from `frames` on.
    pub voice: Box<dyn Voice>,
    /// How long it sounds: as long as asked for, or as long as the audio file that it is made of.
    pub frames: u64,
    /// What was noticed.
    pub warnings: Vec<Problem>,
}

/// The source of a layer as long as `context`, from the parameters that [`NoiseFile::background_voice`] gives. Gain, start
/// time, fades and envelope are the track's and are not applied here.
///
/// [`NoiseFile::background_voice`]: crate::track::NoiseFile::background_voice
pub fn build(context: &Context, transition: bool, params: &Map<String, Value>) -> Result<Bed> {
    let mut context = context.clone();
    // the colour of a `.noise` file has always been read, under whatever rules
    context.compat.ignored_noise_parameters = false;
    let reader = Params::new(params, swept_notch::FAMILY.params, transition, context.compat);
    let (voice, frames) = swept_notch::build_with_length(&context, &reader)?;
    Ok(Bed { voice, frames, warnings: reader.into_warnings() })
}
