//! How to play.

use realtime_backend_core::compat::Compat;
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::plan::{LayerGains, OnError};

/// How much sound is kept ready: more survives busier machines, less reacts sooner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Latency {
    /// 60 ms.
    Low,
    /// 120 ms.
    Normal,
    /// 400 ms.
    High,
    /// This many seconds (0.02 to 5).
    Seconds(f64),
}

impl Latency {
    /// By name: `low`, `normal`, `high`.
    pub fn named(name: &str) -> Option<Self> {
        match name.trim().to_lowercase().as_str() {
            "low" => Some(Self::Low),
            "normal" => Some(Self::Normal),
            "high" => Some(Self::High),
            _ => None,
        }
    }

    pub(crate) fn seconds(self) -> f64 {
        match self {
            Self::Low => 0.06,
            Self::Normal => 0.12,
            Self::High => 0.4,
            Self::Seconds(seconds) => seconds.clamp(0.02, 5.0),
        }
    }

    /// Frames per callback that go with it.
    pub(crate) fn block(self) -> u32 {
        match self.seconds() {
            ..0.1 => 256,
            ..0.3 => 512,
            _ => 1024,
        }
    }
}

/// Everything that can be chosen when a player is made.
#[derive(Debug, Clone)]
pub struct PlayerOptions {
    /// Part of the device's name; `None`: the default output.
    pub device: Option<String>,
    /// Frames per second; `None`: the track's, if the device can, else the device's.
    pub sample_rate: Option<u32>,
    /// Sound kept ready.
    pub latency: Latency,
    /// Frames per callback; `None`: what goes with the latency (256, 512 or 1024).
    pub block: Option<u32>,
    /// Where to start, seconds.
    pub start: f64,
    /// Volume, 0 to 1.
    pub volume: f32,
    /// Seconds over which playback from the very start of the track rises from silence.
    pub startup_fade: f64,
    /// Length of the ramps of pause, resume, stop, seek, edit and volume, seconds.
    pub ramp: f64,
    /// Rules instead of the track's own.
    pub compat: Option<Compat>,
    /// Seed instead of one derived from the track.
    pub seed: Option<u64>,
    /// What to do about a voice that cannot be rendered.
    pub on_error: OnError,
    /// Factors on the layers of the track.
    pub gains: LayerGains,
    /// Measure all levels before playing (exact from the first sample on) instead of ahead of the playback.
    pub measure_first: bool,
    /// Stops the making of the player, [`Error::Cancelled`](realtime_backend_core::error::Error::Cancelled).
    pub interrupt: Interrupt,
}

impl Default for PlayerOptions {
    fn default() -> Self {
        Self {
            device: None,
            sample_rate: None,
            latency: Latency::Normal,
            block: None,
            start: 0.0,
            volume: 1.0,
            startup_fade: 3.0,
            ramp: 0.015,
            compat: None,
            seed: None,
            on_error: OnError::default(),
            gains: LayerGains::default(),
            measure_first: false,
            interrupt: Interrupt::default(),
        }
    }
}
