//! Options of a stream.

use std::sync::Arc;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::plan::{MediaCache, OnError};

/// Options of a stream.
#[derive(Debug, Clone)]
pub struct StreamOptions {
    /// Frames per second; `None`: the rate of the track.
    pub sample_rate: Option<u32>,
    /// Position in the track at which to start, in seconds.
    pub start: f64,
    /// Entry of the track in a list of tracks.
    pub entry: u64,
    /// Length, in seconds, of the fade-in when the stream starts at the beginning of the track.
    pub startup_fade: f64,
    /// Length, in seconds, of the ramps of pause, resume, stop, seek, edit and volume. Clamped to 0.001 to 0.5.
    pub ramp: f64,
    /// Linear volume, 0 to 1.
    pub volume: f32,
    /// Compatibility rules; `None`: those of the track.
    pub compat: Option<Compat>,
    /// Seed of random parts that have no seed in the track; `None`: derived from the content of the track.
    pub seed: Option<u64>,
    /// What to do with a voice that cannot be rendered.
    pub on_error: OnError,
    /// Audio files that the track and its edits can use.
    pub media_cache: Arc<MediaCache>,
}

impl Default for StreamOptions {
    fn default() -> Self {
        Self {
            sample_rate: None,
            start: 0.0,
            entry: 0,
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
