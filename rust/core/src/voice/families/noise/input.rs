//! An audio file as the source of a noise voice (spec noise 12).

use std::sync::Arc;

use super::colour::INPUT_AUDIO_PATH;
use crate::error::{Error, Result};
use crate::media::content::{Content, Fold, Origin, PIECE};
use crate::media::{Recording, Resampling};
use crate::voice::Context;

/// Longest file, in frames at the output rate. Files are always processed as a whole.
const LONGEST: u64 = 1 << 25;

/// The first channel of the file, resampled to the rate of the voice and cut to the length of the voice. Under
/// `Compat::raw_noise_input` it is neither resampled nor cut. `None` if no file is named.
pub(super) fn read(context: &Context, path: &str) -> Result<Option<Vec<f64>>> {
    if path.is_empty() {
        return Ok(None);
    }
    if path.trim().is_empty() {
        return Err(Error::invalid(INPUT_AUDIO_PATH.name, "expected the path of an audio file, got blanks"));
    }
    let origin = Origin::of(path, context.folder.as_deref())?;
    let content = Arc::new(Content::open(origin, Fold::First, &context.store, &context.interrupt)?);
    let raw = context.compat.raw_noise_input;
    let rate = if raw { content.sample_rate() } else { context.sample_rate.round() as u32 };
    let recording = Recording::new(content, rate, Resampling::Sinc, &context.interrupt)?;
    let frames = if raw { recording.frames() } else { recording.frames().min(context.frames) };
    if frames > LONGEST {
        let minutes = LONGEST as f64 / context.sample_rate / 60.0;
        let message = format!(
            "the file is longer than {minutes:.1} minutes, which is too long for a noise source; use it as an overlay clip \
             or as the background layer, or cut it"
        );
        return Err(Error::invalid(INPUT_AUDIO_PATH.name, message));
    }
    let mut samples = Vec::with_capacity(frames as usize);
    let mut piece = vec![0.0; PIECE as usize];
    while (samples.len() as u64) < frames {
        context.interrupt.check()?;
        let at = samples.len() as u64;
        let count = (frames - at).min(PIECE) as usize;
        recording.read_mono(at, &mut piece[..count]);
        samples.extend(piece[..count].iter().map(|v| f64::from(*v)));
    }
    match recording.fault() {
        Some(fault) => Err(Error::invalid(INPUT_AUDIO_PATH.name, fault)),
        None => Ok(Some(samples)),
    }
}
