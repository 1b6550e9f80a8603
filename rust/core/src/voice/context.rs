//! Everything that a voice is built with besides its parameters.

use std::sync::Arc;

use super::measured_level::MeasuredLevel;
use super::oscillators::Shifts;
use super::spatial::scene::SceneAt;
use super::wholes::Wholes;
use crate::compat::Compat;
use crate::dsp::phase::Turns;
use crate::interrupt::Interrupt;
use crate::media::store::Store;

/// Carrier phases in radians (any number of turns), left and right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phases {
    /// Left carrier, radians.
    pub left: f64,
    /// Right carrier, radians.
    pub right: f64,
}

/// When a transition runs within a voice call, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TransitionTiming {
    /// How long the start values hold, seconds; negative if the transition began before the call.
    pub initial_offset: f64,
    /// How long the parameters move, seconds.
    pub duration: f64,
}

/// A stream of random numbers that runs through the steps of a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stream {
    /// Its seed.
    pub seed: u64,
    /// The frame of it at which the voice begins.
    pub from: u64,
}

/// What the stages of a transition from one voice to another take from one of the two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stages {
    /// The carrier in Hz that sets the low-pass of harmonic suppression.
    pub(crate) suppressed: Option<f64>,
    /// Frame of the spatial path at which the transition begins; negative: the path begins later.
    pub(crate) path_from: i64,
    /// Length in seconds of the voice that the path belongs to.
    pub(crate) path_duration: f64,
}

/// Length, sample rate and rules of one voice call (spec voice-pipeline 1 and 2).
///
/// ```
/// use realtime_backend_core::compat::Compat;
/// use realtime_backend_core::voice::Context;
///
/// let context = Context::new(2.0, 48_000.0).with_compat(Compat::INTENDED);
/// assert_eq!(context.frames, 96_000);
/// ```
#[derive(Debug, Clone)]
pub struct Context {
    /// Length of the call in seconds.
    pub duration: f64,
    /// Sample rate, frames per second.
    pub sample_rate: f64,
    /// Length of the call in frames, `trunc(duration · sample_rate)`.
    pub frames: u64,
    /// The legacy behaviours to reproduce.
    pub compat: Compat,
    /// Seed for everything random in this voice.
    pub seed: u64,
    /// The stream that noise without a seed of its own reads; `None`: its seed is `seed`, and it begins with the voice.
    pub stream: Option<Stream>,
    /// When the transition runs; `None` means that the parameters say it.
    pub timing: Option<TransitionTiming>,
    /// Carrier phases that the voice continues, instead of starting at its own start phases.
    pub carried: Option<Phases>,
    /// What is added to the phases of the oscillators.
    pub shifts: Shifts,
    /// Whether the voice is heard before its start, and whether it is heard after its end: it is not faded there.
    pub joined: [bool; 2],
    /// Settings of stages that a transition between two voices takes from one of them.
    pub(crate) stages: Option<Stages>,
    /// The scene of the spatial workbench that acts on the voice.
    pub scene: Option<SceneAt>,
    /// Folder against which relative audio paths in parameters are resolved (`None`: the process's working directory).
    pub folder: Option<std::path::PathBuf>,
    /// Cancels long preparations, such as reading a file.
    pub interrupt: Interrupt,
    /// Holds the level of a voice that measures it over its whole length.
    pub(crate) level: Arc<MeasuredLevel>,
    /// The store of the audio files that parameters name.
    pub(crate) store: Arc<Store>,
    /// The sounds that voices hold in memory as a whole.
    pub(crate) wholes: Arc<Wholes>,
}

impl Context {
    /// A call of `duration` seconds at `sample_rate` frames per second under the default rules.
    pub fn new(duration: f64, sample_rate: f64) -> Self {
        let frames = (duration * sample_rate).max(0.0) as u64;
        Self {
            duration,
            sample_rate,
            frames,
            compat: Compat::DEFAULT,
            seed: 0,
            stream: None,
            timing: None,
            carried: None,
            shifts: Shifts::default(),
            joined: [false; 2],
            stages: None,
            scene: None,
            folder: None,
            interrupt: Interrupt::default(),
            level: Arc::default(),
            store: Arc::default(),
            wholes: Arc::default(),
        }
    }

    /// The same call with other compatibility rules.
    #[must_use]
    pub const fn with_compat(mut self, compat: Compat) -> Self {
        self.compat = compat;
        self
    }

    /// The length of a transition as it counts: under `Compat::transition_timing` a length of 0 or less is `None`, to
    /// the end.
    pub fn ramp_length(&self, seconds: Option<f64>) -> Option<f64> {
        seconds.filter(|seconds| *seconds > 0.0 || !self.compat.transition_timing)
    }

    /// What is added to the phase of the oscillator `role`.
    pub fn shift(&self, role: &str) -> Turns {
        self.shifts.of(role)
    }

    /// Frames of the call, and `seconds` more if the voice is heard beyond its end.
    pub(crate) fn heard_frames(&self, seconds: f64) -> u64 {
        self.frames + if self.joined[1] { (seconds * self.sample_rate).ceil() as u64 } else { 0 }
    }

    /// Seconds per frame on the voice's own time base, `duration / frames` (not `1 / sample_rate`: spec 2).
    pub fn dt(&self) -> f64 {
        if self.frames == 0 { 1.0 / self.sample_rate } else { self.duration / self.frames as f64 }
    }
}
