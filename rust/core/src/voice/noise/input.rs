//! An audio file as the source of a noise voice (spec noise 12).

use crate::error::{Error, Result};
use crate::media::{self, Resampling};
use crate::voice::Context;

/// Longest file, in frames at the output rate: files are always treated as a whole.
const LONGEST: usize = 1 << 25;

/// The first channel of the file at the rate of the voice, not longer than the voice. Under `raw_noise_input` as it is in
/// the file: not resampled, not cut. `None` if no file is named.
pub(super) fn read(context: &Context, path: &str) -> Result<Option<Vec<f64>>> {
    if path.is_empty() {
        return Ok(None);
    }
    if path.trim().is_empty() {
        return Err(Error::invalid("input_audio_path", "expected the path of an audio file, got blanks"));
    }
    let mut audio = media::decode(path, context.folder.as_deref())?;
    let raw = context.compat.raw_noise_input;
    if !raw {
        audio = audio.resampled(context.sample_rate.round() as u32, Resampling::Sinc)?;
    }
    let frames = if raw { audio.frames() } else { audio.frames().min(context.frames as usize) };
    if frames > LONGEST {
        let minutes = LONGEST as f64 / context.sample_rate / 60.0;
        let message = format!("the file is longer than {minutes:.1} minutes, which is too long for a noise source");
        return Err(Error::invalid("input_audio_path", message));
    }
    Ok(Some(audio.channels()[0][..frames].iter().map(|v| f64::from(*v)).collect()))
}
