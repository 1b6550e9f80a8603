//! The sound of a noise voice before fades and gains, at a peak of 0.95, in the exact or in the streaming form.

use std::sync::Arc;

use super::colour::Source;
use super::exact::{Exact, Whole, processed};
use super::sweeps::{STATIC_NOTCHES, SWEEPS};
use super::{flow, full_band};
use crate::dsp::noise::conditioning::StaticNotch;
use crate::dsp::noise::level::Steps;
use crate::dsp::noise::sweep::{Drift, Motion};
use crate::error::{Error, Result};
use crate::voice::lazy::lazy;
use crate::voice::{Context, Voice};

/// Longest voice in the exact form, in frames (24 seconds at 44.1 kHz); longer voices are streamed. Computing such a
/// voice takes 100 to 200 ms before the first sound and 47 MB (200 MB if its length has a large prime factor), of which
/// 8 MB stay in use while the voice sounds.
pub(super) const EXACT_FRAMES: u64 = 1 << 20;
/// The same limit under `Compat::long_exact_noise`: 12.7 minutes at 44.1 kHz, with 1 GB, of which 270 MB stay in use.
const LONG_EXACT_FRAMES: u64 = 1 << 25;
/// Largest number of stages of all sweeps together, and of all static notches together.
const MOST_STAGES: usize = 1000;

/// Everything that determines the sound.
pub(super) struct Recipe {
    /// Colour and seed of the noise.
    pub(super) source: Source,
    /// Samples of a file that replace the noise.
    pub(super) input: Option<Vec<f64>>,
    /// The moving notches.
    pub(super) motion: Motion,
    /// The fixed notches.
    pub(super) statics: Vec<StaticNotch>,
    /// Correlation of the ears under `Compat::full_band_noise`.
    pub(super) correlation: f64,
}

impl Recipe {
    /// Length of the sound in frames. A file may be shorter than the voice, and under `Compat::raw_noise_input` longer.
    pub(super) fn frames(&self, context: &Context) -> u64 {
        self.input.as_ref().map_or(context.frames, |x| x.len() as u64)
    }
}

/// Build the sound. Frames past the end of a file are silent.
pub(super) fn build(context: &Context, recipe: Recipe) -> Result<Box<dyn Voice>> {
    let stages = recipe.motion.tops().into_iter().try_fold(0_usize, usize::checked_add);
    if stages.is_none_or(|n| n > MOST_STAGES) {
        return Err(Error::invalid(SWEEPS.name, format!("more than {MOST_STAGES} notch stages in all")));
    }
    if recipe.statics.iter().map(|n| n.stages).sum::<usize>() > MOST_STAGES {
        return Err(Error::invalid(STATIC_NOTCHES.name, format!("more than {MOST_STAGES} notch stages in all")));
    }
    let limit = if context.compat.long_exact_noise { LONG_EXACT_FRAMES } else { EXACT_FRAMES };
    let clipped = !context.compat.no_hidden_clipping;
    let Recipe { source, input, mut motion, statics, correlation } = recipe;
    if let Some(input) = input {
        if let Drift::Moving(alpha) = &motion.drift {
            motion.drift = Drift::stretched(alpha, context.frames, input.len() as u64);
        }
        motion.frames = input.len() as u64;
        return Ok(Exact::of(processed(input, motion, &statics, clipped)));
    }
    if context.compat.full_band_noise {
        let stream = context.stream;
        let steps = if context.compat.gliding_notches { Steps::Glide } else { Steps::Blocks };
        return Ok(lazy(move || full_band::build(&source, stream, correlation, motion, &statics, steps, clipped)));
    }
    if context.frames <= limit {
        let wholes = Arc::clone(&context.wholes);
        return Ok(Exact::boxed(Whole { source, motion, statics, clipped }, wholes));
    }
    Ok(lazy(move || flow::build(&source, motion, &statics, clipped)))
}
