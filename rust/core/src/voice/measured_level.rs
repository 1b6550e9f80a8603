//! The level of a voice whose gain depends on all of its samples.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// The level that one voice of a step measures over its whole length. It outlives the voice, which may be built several
/// times.
#[derive(Default)]
pub(crate) struct MeasuredLevel {
    needed: AtomicBool,
    level: OnceLock<f32>,
}

impl MeasuredLevel {
    /// Record that a voice will need its level when it is first rendered.
    pub(crate) fn announce(&self) {
        self.needed.store(true, Ordering::Relaxed);
    }

    /// The level; calls `measure` if it is not known yet.
    pub(crate) fn get_or_measure(&self, measure: impl FnOnce() -> f32) -> f32 {
        *self.level.get_or_init(measure)
    }

    /// Whether a voice needs the level and none has been measured.
    pub(crate) fn is_missing(&self) -> bool {
        self.needed.load(Ordering::Relaxed) && self.level.get().is_none()
    }
}

impl std::fmt::Debug for MeasuredLevel {
    /// Writes a constant text: the debug output of a context is part of a cache key, and the level follows from the
    /// rest.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("MeasuredLevel")
    }
}
