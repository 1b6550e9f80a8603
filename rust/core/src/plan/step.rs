//! One step of a plan: its place, its voices, and its gains as far as they are known.

use std::sync::{Arc, OnceLock};

use super::levels::gain::Levels;
use super::levels::measure::Probe;
use super::levels::measured::Measured;
use super::levels::peak_pruning::PrunedVoices;
use super::mix::block::BLOCK;
use super::mix::bus::StepVoice;
use super::mix::gains::StepGains;
use super::timeline::Placement;
use crate::voice::registry::longest_cell;

/// Places in a step at which its peaks are estimated, and excerpts at each.
const PLACES: u64 = 8;
const EXCERPTS: u64 = 3;
/// Frames within which excerpts cost little more than one.
const NEAR: u64 = longest_cell();

/// A step, ready to be measured and mixed.
pub struct StepPlan {
    /// Where it lies.
    pub placement: Placement,
    /// JSON path, such as `progression[2]`.
    pub at: String,
    /// Label.
    pub description: String,
    /// Its voices, in the order of the track.
    pub voices: Vec<StepVoice>,
    /// What the track says about its levels.
    pub levels: Levels,
    pub(crate) sample_rate: u32,
    /// Identifies everything that the bus peaks depend on; equal prints of two plans have equal peaks.
    pub(crate) fingerprint: u64,
    pub(crate) measured: Arc<OnceLock<Measured>>,
    pub(crate) final_levels: OnceLock<FinalLevels>,
    pub(crate) estimate: OnceLock<StepGains>,
}

/// Everything about a step that had to be measured first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FinalLevels {
    /// The gains of its buses.
    pub gains: StepGains,
    /// Peak of its mix after the continuity gain and before the ceiling; only an upper bound where both buses sound and the
    /// ceiling is out of reach.
    pub mix_peak: f32,
    /// Loudness that the next step is held to, if the track keeps loudness from step to step.
    pub reference: Option<f64>,
    /// Frames by which the step is delayed (negative: advanced) within its place; 0 unless steps are aligned.
    pub lag: i64,
}

impl StepPlan {
    /// Let go of what its voices compute with, until they are heard.
    pub(crate) fn rest(&mut self) {
        self.voices.iter_mut().filter_map(|voice| voice.voice.as_mut()).for_each(|voice| voice.rest());
    }

    /// Its bus peaks, once measured.
    pub fn measured(&self) -> Option<&Measured> {
        self.measured.get()
    }

    /// Its gains, once everything they depend on is measured.
    pub fn final_levels(&self) -> Option<&FinalLevels> {
        self.final_levels.get()
    }

    /// Gains from a few short excerpts: what to play with until its levels are final. Renders about half a second of
    /// sound at the first call.
    pub fn estimate(&self) -> StepGains {
        *self.estimate.get_or_init(|| {
            if let Some(measured) = self.measured() {
                let mut gains = StepGains::of_buses(&self.levels, measured);
                gains.both[1] = self.levels.master;
                return gains;
            }
            let mut probe = Probe::new(None);
            let pruned = PrunedVoices::none(self.voices.len());
            let frames = self.placement.frames;
            let length = (BLOCK as u64).min(frames);
            let excerpt = |index: u64| {
                let (place, excerpt) = (index / EXCERPTS, index % EXCERPTS);
                let start = if frames > PLACES * NEAR {
                    frames / PLACES * place / NEAR * NEAR + NEAR / EXCERPTS * excerpt
                } else {
                    (frames - length) / (PLACES * EXCERPTS) * index
                };
                let start = start / BLOCK as u64 * BLOCK as u64;
                probe.peaks(0, &self.voices, &pruned, start, (start + length).min(frames))
            };
            let chunks: Vec<_> = (0..PLACES * EXCERPTS).map(excerpt).collect();
            let mut gains = StepGains::of_buses(&self.levels, &Measured::from_chunks(&self.voices, &chunks));
            gains.both[1] = crate::plan::levels::gain::ceiling(self.levels.loudest()) * self.levels.master;
            gains
        })
    }
}
