//! One step of a plan: its position, its voices, and its gains as far as they are known.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::levels::gain::{CEILING, Levels};
use super::levels::measure::Probe;
use super::levels::measured::Measured;
use super::levels::peak_pruning::PrunedVoices;
use super::mix::block::BLOCK;
use super::mix::bus::{Buses, StepVoice};
use super::mix::gains::StepGains;
use super::timeline::Placement;
use crate::track::Bus;
use crate::voice::registry::longest_cell;

/// Number of places in a step at which its peaks are estimated.
const PLACES: u64 = 8;
/// Number of excerpts that are rendered at each place.
const EXCERPTS: u64 = 3;
/// Frames within which several excerpts cost little more than one: the longest cell of any voice.
const NEAR: u64 = longest_cell();

/// A step, ready to be measured and mixed.
pub struct StepPlan {
    /// Its position on the track.
    pub placement: Placement,
    /// JSON path, such as `progression[2]`.
    pub at: String,
    /// Its label in the track.
    pub description: String,
    /// Frames over which the gain of joined voices moves from that of the step before to its own; 0 without such.
    pub joint: u64,
    /// The steps that are levelled as one with it, itself included.
    pub(crate) together: Range<usize>,
    /// Its voices, in the order of the track.
    pub voices: Vec<StepVoice>,
    /// The level settings of the track for this step.
    pub levels: Levels,
    pub(crate) sample_rate: u32,
    /// Hash of everything that the bus peaks depend on: steps with equal fingerprints have equal peaks, in any plan.
    pub(crate) fingerprint: u64,
    pub(crate) measured: Arc<OnceLock<Measured>>,
    pub(crate) final_levels: OnceLock<FinalLevels>,
    pub(crate) estimate: OnceLock<StepGains>,
}

/// The levels of a step that are known only after measuring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FinalLevels {
    /// The gains of its buses.
    pub gains: StepGains,
    /// Peak of its mix after the continuity gain and before the ceiling. Only an upper bound if both buses sound and
    /// the bound itself is below the ceiling. `None` if the gains do not depend on it.
    pub mix_peak: Option<f32>,
    /// Loudness (mean RMS) that the next step is matched to, if the track preserves loudness between steps.
    pub reference: Option<f64>,
    /// Frames by which the step is delayed (negative: advanced) against its position; 0 unless steps are aligned.
    pub lag: i64,
}

impl FinalLevels {
    /// Levels that do not depend on any measurement.
    pub(crate) const fn fixed(gains: StepGains) -> Self {
        Self { gains, mix_peak: None, reference: None, lag: 0 }
    }
}

impl StepPlan {
    /// Track frame at which the gain of joined voices arrives at its own.
    pub const fn joint_end(&self) -> u64 {
        self.placement.start + self.joint
    }

    /// Drop what its voices compute with; it is rebuilt when they are rendered.
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

    /// Whether nothing is left to measure: its gains are final and its voices know their levels.
    pub(crate) fn is_settled(&self) -> bool {
        let voices = || self.voices.iter().all(|voice| !voice.level.is_missing());
        self.final_levels().is_some() && (self.measured().is_some() || voices())
    }

    /// Upper bound of the peak of its mix under its level settings. A voice that states its amplitude but knows no
    /// bound counts with `unknown`.
    pub(crate) fn bound(&self, unknown: f32) -> f32 {
        let levels = &self.levels;
        let Some(target) = levels.normalization else {
            let stated = |voice: &StepVoice| {
                let volume = if voice.bus == Bus::Noise { levels.noise_volume } else { levels.binaural_volume };
                voice.voice.as_ref().map_or(0.0, |sound| sound.bound().unwrap_or(unknown) * volume)
            };
            return self.voices.iter().map(stated).sum::<f32>() * levels.master;
        };
        let on = |bus| self.voices.iter().filter(|voice| voice.bus == bus && voice.voice.is_some()).count();
        // The noise bus is normalised by its loudest voice, not by the sum, so that each voice can reach the target.
        let (binaural, noise) = (on(Bus::Binaural).min(1) as f32, on(Bus::Noise) as f32);
        let sum = target.abs() * (binaural * levels.binaural_volume + noise * levels.noise_volume);
        sum.min(CEILING) * levels.master
    }

    /// The peak of its mix, as far as is known without rendering.
    pub(crate) fn loudest(&self) -> f32 {
        match (self.final_levels(), self.measured()) {
            (Some(known), Some(measured)) => known.gains.peak(measured.binaural.max(), measured.noise.max()),
            _ => self.bound(1.0),
        }
    }

    /// Gains estimated from a few short excerpts, for playback until the final levels are known. The first call renders
    /// about half a second of sound; an edit leaves that of unchanged voices as it is.
    pub fn estimate(&self) -> StepGains {
        *self.estimate.get_or_init(|| {
            if let Some(gains) = self.levels.fixed() {
                return gains;
            }
            if let Some(measured) = self.measured() {
                let mut gains = StepGains::of_buses(&self.levels, measured);
                gains.both[1] = self.levels.master;
                return gains;
            }
            let mut probe = Probe::of(Buses::of(&self.voices, StepVoice::excerpted));
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
            gains.both[1] = self.levels.ceiling(self.levels.loudest()) * self.levels.master;
            gains
        })
    }
}
