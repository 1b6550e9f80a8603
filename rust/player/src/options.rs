//! Options of a player.

use realtime_backend_core::compat::Compat;
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::plan::{LayerGains, OnError};
use realtime_backend_core::render::TargetLevel;

/// Length of the sound that is rendered ahead. A longer buffer survives a busier machine.
///
/// ```
/// use realtime_backend_player::Latency;
///
/// assert_eq!(Latency::named("High"), Some(Latency::High));
/// assert_eq!(Latency::named("huge"), None);
/// ```
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
    /// The latency called `low`, `normal` or `high`, in any case; `None` for another name.
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

    /// Default number of frames per callback: 256, 512 or 1024.
    pub(crate) fn block(self) -> u32 {
        match self.seconds() {
            ..0.1 => 256,
            ..0.3 => 512,
            _ => 1024,
        }
    }
}

/// What a player does when its device goes away: headphones are pulled out, a sound server ends.
///
/// ```
/// use realtime_backend_player::OnDeviceLoss;
///
/// assert_eq!(OnDeviceLoss::named("follow"), Some(OnDeviceLoss::Follow));
/// assert_eq!(OnDeviceLoss::default(), OnDeviceLoss::Pause);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnDeviceLoss {
    /// Pause, so that nothing is heard from another device. The position stays, and `play` continues on the device if
    /// it is back, otherwise on the current default.
    #[default]
    Pause,
    /// Go on with the device as soon as it is back, or with the current default.
    Follow,
}

impl OnDeviceLoss {
    /// The choice called `pause` or `follow`; `None` for another name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "pause" => Some(Self::Pause),
            "follow" => Some(Self::Follow),
            _ => None,
        }
    }
}

/// Everything that can be chosen when a player is created.
///
/// ```
/// use realtime_backend_player::{Latency, PlayerOptions};
///
/// let options = PlayerOptions { latency: Latency::High, startup_fade: 0.0, ..PlayerOptions::default() };
/// assert_eq!(options.volume, 1.0);
/// ```
#[derive(Debug, Clone)]
pub struct PlayerOptions {
    /// Part of the device's name, in any case; `None`: the default output.
    pub device: Option<String>,
    /// What to do when the device goes away.
    pub on_device_loss: OnDeviceLoss,
    /// Frames per second; `None`: the track's rate if the device supports it, otherwise the device's.
    pub sample_rate: Option<u32>,
    /// Length of the sound that is rendered ahead.
    pub latency: Latency,
    /// Frames per callback; `None`: 256, 512 or 1024, according to the latency.
    pub block: Option<u32>,
    /// Position at which to start, in seconds. Clamped to the track.
    pub start: f64,
    /// Linear volume, 0 to 1.
    pub volume: f32,
    /// Length, in seconds, of the fade-in when playback starts at the beginning of the track.
    pub startup_fade: f64,
    /// Length, in seconds, of the ramps of pause, resume, stop, seek, edit and volume.
    pub ramp: f64,
    /// Compatibility rules; `None`: those of the track.
    pub compat: Option<Compat>,
    /// Seed of random parts; `None`: derived from the content of the track.
    pub seed: Option<u64>,
    /// What to do with a voice that cannot be rendered.
    pub on_error: OnError,
    /// Gain of each layer of the track.
    pub gains: LayerGains,
    /// Peak of the whole track, as in a file ([`TargetLevel::stream_peak`]).
    pub target_level: TargetLevel,
    /// `true`: measure the levels of all steps before playback, so that they are exact from the first sample. `false`:
    /// measure during playback, ahead of the position.
    pub measure_first: bool,
    /// Cancels the creation of the player with
    /// [`Error::Cancelled`](realtime_backend_core::error::Error::Cancelled).
    pub interrupt: Interrupt,
}

impl Default for PlayerOptions {
    fn default() -> Self {
        Self {
            device: None,
            on_device_loss: OnDeviceLoss::default(),
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
            target_level: TargetLevel::Track,
            measure_first: false,
            interrupt: Interrupt::default(),
        }
    }
}
