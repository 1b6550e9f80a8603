//! How a track is compiled.

use std::sync::Arc;

use super::media_cache::MediaCache;
use crate::compat::Compat;
use crate::interrupt::Interrupt;
use crate::voice::ToneAccelerator;

/// What to do about a voice or a file that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnError {
    /// Refuse the track.
    #[default]
    Fail,
    /// Leave it out, and say so.
    Warn,
}

/// Factors on the layers of a whole track, on top of what the track says (spec track-format 12).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerGains {
    /// On the mix of every step, after its ceiling.
    pub voices: f64,
    /// On the background layer.
    pub noise: f64,
    /// On clips.
    pub clips: f64,
}

impl Default for LayerGains {
    fn default() -> Self {
        Self { voices: 1.0, noise: 1.0, clips: 1.0 }
    }
}

/// How a track is compiled; the default is as the track says.
#[derive(Debug, Clone, Default)]
pub struct PlanOptions {
    /// Frames per second instead of the track's own rate.
    pub sample_rate: Option<u32>,
    /// Rules instead of the track's own.
    pub compat: Option<Compat>,
    /// Seed of everything random that has no seed in the track.
    pub seed: Option<u64>,
    /// What to do about a voice that cannot be rendered. (A clip or bed that cannot be read is always left out.)
    pub on_error: OnError,
    /// Factors on the layers.
    pub gains: LayerGains,
    /// Audio files decoded before, shared between plans; none: every plan decodes its own.
    pub media_cache: Option<Arc<MediaCache>>,
    /// What sums the tones of long stretches; none: this processor.
    pub accelerator: Option<Arc<dyn ToneAccelerator>>,
    /// Stops the compilation ([`crate::error::Error::Cancelled`]) and tells how far it is.
    pub interrupt: Interrupt,
}
