//! The level of a voice whose gain depends on all of its samples.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// What one voice of a step measures over its whole length. It outlives the voice, which may be made several times.
#[derive(Default)]
pub(crate) struct MeasuredLevel {
    needed: AtomicBool,
    level: OnceLock<f32>,
}

impl MeasuredLevel {
    /// Called by a voice that will ask for its level when it is first rendered.
    pub(crate) fn announce(&self) {
        self.needed.store(true, Ordering::Relaxed);
    }

    /// The level, measured now if it was not before.
    pub(crate) fn get_or_measure(&self, measure: impl FnOnce() -> f32) -> f32 {
        *self.level.get_or_init(measure)
    }

    /// Whether a voice needs the level and nobody has measured it.
    pub(crate) fn is_missing(&self) -> bool {
        self.needed.load(Ordering::Relaxed) && self.level.get().is_none()
    }
}

impl std::fmt::Debug for MeasuredLevel {
    /// Always the same: prepared sounds are kept by what they depend on, and this follows from the rest.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("MeasuredLevel")
    }
}
