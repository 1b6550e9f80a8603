//! What a voice is told about its surroundings.

use std::sync::Arc;

use super::measured_level::MeasuredLevel;
use crate::compat::Compat;
use crate::interrupt::Interrupt;
use crate::media::store::Store;

/// Carrier phases in radians (any number of turns), left and right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phases {
    /// Left carrier.
    pub left: f64,
    /// Right carrier.
    pub right: f64,
}

/// When a transition runs within a voice call, seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TransitionTiming {
    /// How long the start values stay; negative if the transition began before the call.
    pub initial_offset: f64,
    /// How long the parameters move.
    pub duration: f64,
}

/// Length, rate and rules of one voice call. `docs`: spec voice-pipeline 1 and 2.
#[derive(Debug, Clone)]
pub struct Context {
    /// Seconds.
    pub duration: f64,
    /// Frames per second.
    pub sample_rate: f64,
    /// `trunc(duration · sample_rate)`.
    pub frames: u64,
    /// Which legacy behaviours to reproduce.
    pub compat: Compat,
    /// Seed for everything random in this voice.
    pub seed: u64,
    /// When the transition runs; `None`: as the parameters say.
    pub timing: Option<TransitionTiming>,
    /// Carrier phases that the voice continues, instead of starting at its own.
    pub carried: Option<Phases>,
    /// Folder that relative audio paths in parameters are resolved against (the process's working directory if `None`).
    pub folder: Option<std::path::PathBuf>,
    /// Checked by what takes long to prepare, such as reading a file.
    pub interrupt: Interrupt,
    /// Where a voice that measures its level over its whole length keeps it.
    pub(crate) level: Arc<MeasuredLevel>,
    /// What is kept of the audio files that parameters name.
    pub(crate) store: Arc<Store>,
}

impl Context {
    /// A call of `duration` seconds at `sample_rate` under the default rules.
    pub fn new(duration: f64, sample_rate: f64) -> Self {
        let frames = (duration * sample_rate).max(0.0) as u64;
        Self {
            duration,
            sample_rate,
            frames,
            compat: Compat::DEFAULT,
            seed: 0,
            timing: None,
            carried: None,
            folder: None,
            interrupt: Interrupt::default(),
            level: Arc::default(),
            store: Arc::default(),
        }
    }

    /// The same call under other rules.
    #[must_use]
    pub const fn with_compat(mut self, compat: Compat) -> Self {
        self.compat = compat;
        self
    }

    /// Seconds per frame on the voice's own time base, `duration / frames` (not `1 / sample_rate`: spec 2).
    pub fn dt(&self) -> f64 {
        if self.frames == 0 { 1.0 / self.sample_rate } else { self.duration / self.frames as f64 }
    }
}
