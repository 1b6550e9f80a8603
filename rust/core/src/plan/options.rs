//! How a track is compiled.

use std::sync::Arc;

use super::library::Library;
use crate::compat::Compat;

/// What to do about a voice or a file that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnError {
    /// Refuse the track.
    #[default]
    Fail,
    /// Leave it out, and say so.
    Warn,
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
    /// Audio files decoded before, shared between plans; none: every plan decodes its own.
    pub library: Option<Arc<Library>>,
}
