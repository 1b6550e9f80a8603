//! Options of compiling a track.

use std::sync::Arc;

use super::media_cache::MediaCache;
use crate::compat::Compat;
use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::voice::ToneAccelerator;

/// What to do about a voice that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnError {
    /// Refuse the track.
    #[default]
    Fail,
    /// Leave the voice out, with a warning.
    Warn,
}

impl OnError {
    /// What the option `name` means by `word`: `raise` or `warn`.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `name` for any other word.
    pub fn from_word(name: &str, word: &str) -> Result<Self> {
        match word {
            "raise" => Ok(Self::Fail),
            "warn" => Ok(Self::Warn),
            other => Err(Error::invalid(name, format!("expected \"raise\" or \"warn\", got {other:?}"))),
        }
    }
}

/// Linear gains of the layers of a whole track, on top of those in the track (spec track-format 12).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerGains {
    /// Gain of the mix of every step, after its ceiling.
    pub voices: f64,
    /// Gain of the bed.
    pub noise: f64,
    /// Gain of the clips.
    pub clips: f64,
}

impl Default for LayerGains {
    fn default() -> Self {
        Self { voices: 1.0, noise: 1.0, clips: 1.0 }
    }
}

/// Options of compiling a track. The defaults follow the track.
///
/// ```
/// use realtime_backend_core::compat::Compat;
/// use realtime_backend_core::plan::{OnError, PlanOptions};
///
/// let options = PlanOptions {
///     sample_rate: Some(48_000),
///     compat: Some(Compat::INTENDED),
///     on_error: OnError::Warn,
///     ..PlanOptions::default()
/// };
/// assert_eq!(options.seed, None);
/// ```
#[derive(Debug, Clone, Default)]
pub struct PlanOptions {
    /// Frames per second, 1000 to 1000000, instead of the track's own rate.
    pub sample_rate: Option<u32>,
    /// Compatibility rules instead of the track's own.
    pub compat: Option<Compat>,
    /// Seed of everything random that has no seed in the track; `None` is 0.
    pub seed: Option<u64>,
    /// What to do about a voice that cannot be rendered. (A clip or bed that cannot be read is always left out.)
    pub on_error: OnError,
    /// Gains of the layers.
    pub gains: LayerGains,
    /// Audio files shared between plans; with `None` every plan opens its own.
    pub media_cache: Option<Arc<MediaCache>>,
    /// Sums the tones of long stretches, for example on a GPU; with `None` the CPU does.
    pub accelerator: Option<Arc<dyn ToneAccelerator>>,
    /// Stops the compilation ([`crate::error::Error::Cancelled`]) and reports its progress.
    pub interrupt: Interrupt,
}
