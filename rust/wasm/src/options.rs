//! How a track is streamed.

use std::sync::Arc;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::plan::{MediaCache, OnError};

/// How a track is streamed.
#[derive(Debug, Clone)]
pub struct StreamOptions {
    /// Frames per second; `None`: the track's.
    pub sample_rate: Option<u32>,
    /// Where to begin, seconds.
    pub start: f64,
    /// Seconds over which a stream from the very start rises from silence.
    pub startup_fade: f64,
    /// Length of the ramps of pause, resume, stop, seek, edit and volume, seconds.
    pub ramp: f64,
    /// Volume, 0 to 1.
    pub volume: f32,
    /// Rules instead of the track's own.
    pub compat: Option<Compat>,
    /// Seed of everything random that has none in the track.
    pub seed: Option<u64>,
    /// What to do about a voice that cannot be rendered.
    pub on_error: OnError,
    /// Audio files, kept from edit to edit.
    pub media_cache: Arc<MediaCache>,
}

impl Default for StreamOptions {
    fn default() -> Self {
        Self {
            sample_rate: None,
            start: 0.0,
            startup_fade: 3.0,
            ramp: 0.015,
            volume: 1.0,
            compat: None,
            seed: None,
            on_error: OnError::default(),
            media_cache: Arc::default(),
        }
    }
}
