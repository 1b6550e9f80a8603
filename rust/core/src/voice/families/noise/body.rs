//! The sound of a noise voice before fades and gains, at a peak of 0.95, in the exact or in the streaming form.

use std::sync::Arc;

use super::colour::Source;
use super::sweeps::{STATIC_NOTCHES, SWEEPS};
use super::{flow, full_band};
use crate::dsp::noise::bank::SEGMENT;
use crate::dsp::noise::conditioning::{Conditioning, StaticNotch};
use crate::dsp::noise::filter::SweptFilter;
use crate::dsp::noise::level::CEILING;
use crate::dsp::noise::sweep::{Drift, Motion};
use crate::dsp::noise::whole::whole;
use crate::error::{Error, Result};
use crate::voice::lazy::lazy;
use crate::voice::{Block, Context, Voice};

/// Longest voice in the exact form, in frames (24 seconds at 44.1 kHz); longer voices are streamed. Computing such a
/// voice takes 100 to 200 ms before the first sound and 35 MB (200 MB if its length has a large prime factor), of which
/// 8 MB stay in use.
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
        return Ok(Box::new(Whole::new(input, motion, &statics, clipped)));
    }
    if context.compat.full_band_noise {
        let stream = context.stream;
        return Ok(lazy(move || full_band::build(&source, stream, correlation, motion, &statics, clipped)));
    }
    if context.frames <= limit {
        let (frames, rate) = (context.frames as usize, context.sample_rate);
        return Ok(lazy(move || {
            let samples = whole(&source.colour, source.seed, frames, rate);
            Box::new(Whole::new(samples, motion, &statics, clipped))
        }));
    }
    Ok(lazy(move || flow::build(&source, motion, &statics, clipped)))
}

/// The exact form: the whole signal in memory.
struct Whole {
    left: Arc<[f32]>,
    right: Arc<[f32]>,
}

impl Whole {
    /// Process the source samples `x` as a whole (spec noise 1).
    fn new(mut x: Vec<f64>, motion: Motion, statics: &[StaticNotch], clipped: bool) -> Self {
        let rate = motion.sample_rate;
        let rms = Conditioning::new(rate).apply(&mut x);
        let mut planes = swept(&x, motion);
        drop(x);
        for plane in &mut planes {
            match_rms(plane, rms);
            if statics.is_empty() {
                continue;
            }
            let mut y: Vec<f64> = plane.iter().map(|v| f64::from(*v)).collect();
            for notch in statics {
                notch.apply(&mut y, rate);
            }
            plane.iter_mut().zip(&y).for_each(|(v, y)| *v = *y as f32);
        }
        finish(&mut planes, clipped);
        let mut planes = planes.into_iter().map(Arc::from);
        let left: Arc<[f32]> = planes.next().unwrap_or_else(|| Arc::from([]));
        Self { right: planes.next().unwrap_or_else(|| left.clone()), left }
    }
}

/// `x` through the moving notches, as one plane per channel, or a single plane if both channels are equal.
fn swept(x: &[f64], motion: Motion) -> Vec<Vec<f32>> {
    let n = x.len();
    let mut filter = SweptFilter::new(Arc::new(motion));
    let channels = filter.channels();
    let mut planes = vec![vec![0.0; n]; channels];
    let mut out = vec![vec![0.0; SEGMENT]; channels];
    let mut padded = vec![0.0; SEGMENT];
    for (k, segment) in x.chunks(SEGMENT).enumerate() {
        let input = if segment.len() == SEGMENT {
            segment
        } else {
            padded[..segment.len()].copy_from_slice(segment);
            padded[segment.len()..].fill(0.0);
            &padded
        };
        filter.segment(k as i64, Some(n as u64), &[input], &mut out);
        for (plane, out) in planes.iter_mut().zip(&out) {
            plane[k * SEGMENT..k * SEGMENT + segment.len()].copy_from_slice(&out[..segment.len()]);
        }
    }
    planes
}

/// Scale a channel to the RMS level `wanted` (spec noise 10.1), unless it is silent.
fn match_rms(plane: &mut [f32], wanted: f64) {
    let sum: f64 = plane.iter().map(|v| f64::from(*v) * f64::from(*v)).sum();
    let rms = (sum / plane.len().max(1) as f64).sqrt();
    if rms > 1e-8 {
        let factor = wanted / rms;
        for v in plane {
            *v = (f64::from(*v) * factor) as f32;
        }
    }
}

/// If `clipped` is set, clip to 0.95 if the peak exceeds it, else scale to a peak of 0.95 (spec noise 10.3).
fn finish(planes: &mut [Vec<f32>], clipped: bool) {
    let ceiling = CEILING as f32;
    let peak = planes.iter().flatten().fold(0.0_f32, |peak, v| peak.max(v.abs()));
    let all = planes.iter_mut().flatten();
    if clipped && peak > ceiling {
        all.for_each(|v| *v = v.clamp(-ceiling, ceiling));
    } else if peak > 0.0 {
        all.for_each(|v| *v = *v / peak * ceiling);
    }
}

impl Voice for Whole {
    fn render(&mut self, start: u64, out: Block<'_>) {
        for (plane, out) in [(&self.left, out.left), (&self.right, out.right)] {
            let from = (start as usize).min(plane.len());
            let count = out.len().min(plane.len() - from);
            out[..count].copy_from_slice(&plane[from..from + count]);
            out[count..].fill(0.0);
        }
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self { left: self.left.clone(), right: self.right.clone() })
    }
}
