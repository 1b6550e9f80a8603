//! A request to stop, seen by everything that may take long before there is a plan: loading, decoding, preparing,
//! checking.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::error::{Error, Result};

/// One piece of work that may be asked to stop, and how far it is. Copies belong to the same work.
///
/// Whoever does the work calls [`check`](Self::check) between pieces of a few milliseconds (a step, a voice, a packet of
/// a file); it costs one load. A request is never taken back, so an error that was turned into a warning on the way
/// cannot hide it: the caller checks once more at the end.
#[derive(Clone, Default)]
pub struct Interrupt(Arc<Work>);

#[derive(Default)]
struct Work {
    stop: Arc<AtomicBool>,
    /// Bits of a fraction.
    done: AtomicU32,
}

impl Interrupt {
    /// Work that stops once `flag` is true, such as one that a signal handler sets.
    pub fn by(flag: Arc<AtomicBool>) -> Self {
        Self(Arc::new(Work { stop: flag, done: AtomicU32::new(0) }))
    }

    /// Ask for an end, from any thread.
    pub fn request(&self) {
        self.0.stop.store(true, Ordering::Relaxed);
    }

    /// Whether an end was asked for.
    pub fn is_requested(&self) -> bool {
        self.0.stop.load(Ordering::Relaxed)
    }

    /// [`Error::Cancelled`] if an end was asked for.
    pub fn check(&self) -> Result<()> {
        if self.is_requested() { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Say how far the work is, 0 to 1, and [`check`](Self::check).
    pub fn at(&self, done: f64) -> Result<()> {
        self.0.done.store((done as f32).to_bits(), Ordering::Relaxed);
        self.check()
    }

    /// How far the work is, 0 to 1.
    pub fn done(&self) -> f64 {
        f64::from(f32::from_bits(self.0.done.load(Ordering::Relaxed)))
    }
}

impl std::fmt::Debug for Interrupt {
    /// Always the same: prepared sounds are kept by what they depend on, and this is nothing of that kind.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Interrupt")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_reaches_every_copy_and_stays() {
        let work = Interrupt::default();
        let copy = work.clone();
        assert!(copy.at(0.25).is_ok());
        assert_eq!(work.done(), 0.25);
        work.request();
        assert!(matches!(copy.at(0.5), Err(Error::Cancelled)));
        assert!(copy.is_requested());
        assert!(!Interrupt::default().is_requested());
    }
}
