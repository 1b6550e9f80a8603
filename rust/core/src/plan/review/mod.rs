//! Warns about sound that is probably not intended: silence, sudden changes of level, steps that are never heard by
//! themselves, sound above full scale, frequencies that make no tone, amplitudes without effect. It renders only short
//! excerpts, so that the time it takes is bounded for tracks of any length.

mod borders;
mod cancelled;
mod covered;
mod frequencies;
mod inaudible;
mod listener;
mod loud;
mod quirks;
mod rates;
mod silent;

use std::fmt::Write as _;

use super::{Plan, PlanOptions};
use crate::error::{Problem, Result};
use crate::plan::mix::block::BLOCK;
use crate::plan::mix::bus::StepVoice;
use crate::plan::step::StepPlan;
use crate::track::{Source, Track};

/// Longest noise that is computed as a whole, in frames. `Compat::long_exact_noise` raises the limit, but is rare
/// enough to ignore here.
const WHOLE: u64 = 1 << 20;
/// Most findings of one kind that are listed one by one.
const TOLD: usize = 20;

impl Plan {
    /// Warnings about the sound of `track`, of which this is the plan. Each is based on computed or rendered sound,
    /// but the list may be incomplete, because only excerpts of a long track are rendered.
    ///
    /// # Errors
    /// Only [`crate::error::Error::Cancelled`].
    pub(super) fn review(&self, track: &Track, options: &PlanOptions) -> Result<Vec<Problem>> {
        let interrupt = &options.interrupt;
        let mut found = covered::covered(self);
        found.extend(frequencies::odd(self, track));
        found.extend(cancelled::amplitudes(self, track));
        // A clip without a file sounds as soon as samples are pushed; a track without content is reported elsewhere.
        let pushed = track.clips.iter().any(|clip| clip.source == Source::Pushed);
        let empty = track.steps.is_empty() && track.clips.is_empty() && track.background.is_none();
        if !pushed && !empty {
            found.extend(silent::silent(self, interrupt)?);
        }
        found.extend(borders::jumps(self, interrupt)?);
        found.extend(loud::above_full_scale(self, interrupt)?);
        found.extend(inaudible::strong(self, interrupt)?);
        Ok(found)
    }
}

/// The remaining budget for rendering, in blocks of simple voices.
struct Budget(f64);

impl Budget {
    /// Spend the cost of `blocks` blocks of all voices of `step`. Returns false, and spends nothing, if the budget is
    /// too small.
    fn afford(&mut self, step: &StepPlan, blocks: u64) -> bool {
        let frames = step.placement.frames;
        let cost = |voice: &StepVoice| match &voice.voice {
            None => 0.0,
            // Noise of up to some minutes is filtered as a whole before its first sample is known.
            Some(_) if voice.is_whole() && frames <= WHOLE => 40.0 * in_blocks(frames) as f64,
            Some(_) if voice.is_whole() => 1000.0 + 8.0 * blocks as f64,
            // Tones know their bound. Other voices cost more per frame, and compute a whole cell for the first one.
            Some(sound) if sound.bound().is_some() => blocks as f64,
            Some(_) => 100.0 + 8.0 * blocks as f64,
        };
        self.spend(step.voices.iter().map(cost).sum())
    }

    fn spend(&mut self, cost: f64) -> bool {
        let enough = cost <= self.0;
        if enough {
            self.0 -= cost;
        }
        enough
    }
}

/// Number of blocks in `frames` frames, rounded up.
const fn in_blocks(frames: u64) -> u64 {
    frames.div_ceil(BLOCK as u64)
}

fn decibels(ratio: f32) -> f64 {
    20.0 * f64::from(ratio).log10()
}

/// A position in the track as text for people: `0:07`, `1:02:45`.
fn clock(frame: u64, sample_rate: u32) -> String {
    let seconds = frame / u64::from(sample_rate);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// The first findings; if there are many, the last of these says how many more there are.
fn several(mut found: Vec<Problem>) -> Vec<Problem> {
    let more = found.len().saturating_sub(TOLD);
    if more > 1 {
        found.truncate(TOLD);
        if let Some(last) = found.last_mut() {
            let _ = write!(last.message, "; and {more} more like this");
        }
    }
    found
}
