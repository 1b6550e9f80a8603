//! A request to stop, for everything that may take long before a plan exists: loading, decoding, preparing, checking.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::error::{Error, Result};

/// A stop flag and a progress value for one piece of work. Clones share both.
///
/// The code that does the work calls [`check`](Self::check) every few milliseconds (per step, voice or packet of a
/// file); a check costs one atomic load. A request cannot be withdrawn, so the caller checks once more at the end: this
/// finds the request even if [`Error::Cancelled`] was turned into a warning on the way.
///
/// ```
/// use realtime_backend_core::error::Error;
/// use realtime_backend_core::interrupt::Interrupt;
/// use realtime_backend_core::track::{LoadOptions, Track};
///
/// let interrupt = Interrupt::default();
/// interrupt.request(); // usually from another thread
/// let options = LoadOptions { interrupt, ..LoadOptions::default() };
/// let loaded = Track::from_json_with(r#"{"progression": [{"duration": 1.0}]}"#, &options);
/// assert!(matches!(loaded, Err(Error::Cancelled)));
/// ```
#[derive(Clone)]
pub struct Interrupt {
    work: Arc<Work>,
    /// The progress of the whole work at which this part of it begins, and the share that this part takes.
    part: (f64, f64),
}

impl Default for Interrupt {
    fn default() -> Self {
        Self { work: Arc::default(), part: (0.0, 1.0) }
    }
}

/// The state that all clones share.
#[derive(Default)]
struct Work {
    stop: Arc<AtomicBool>,
    /// Progress from 0 to 1, as the bits of an `f32`.
    done: AtomicU32,
}

impl Interrupt {
    /// Work that stops once `flag` is true, for example a flag that a signal handler sets.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    ///
    /// use realtime_backend_core::interrupt::Interrupt;
    ///
    /// let flag = Arc::new(AtomicBool::new(false));
    /// let work = Interrupt::by(Arc::clone(&flag));
    /// assert!(work.check().is_ok());
    /// flag.store(true, Ordering::Relaxed);
    /// assert!(work.check().is_err());
    /// ```
    pub fn by(flag: Arc<AtomicBool>) -> Self {
        Self { work: Arc::new(Work { stop: flag, done: AtomicU32::new(0) }), ..Self::default() }
    }

    /// The same work seen by one part of it, whose progress from 0 to 1 is that of this value from `from` to `to`.
    ///
    /// ```
    /// use realtime_backend_core::interrupt::Interrupt;
    ///
    /// let work = Interrupt::default();
    /// let second_half = work.part(0.5, 1.0);
    /// second_half.at(0.5)?;
    /// assert_eq!(work.done(), 0.75);
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    #[must_use]
    pub fn part(&self, from: f64, to: f64) -> Self {
        let (start, share) = self.part;
        Self { work: Arc::clone(&self.work), part: (start + share * from, share * (to - from)) }
    }

    /// Asks the work to stop. May be called from any thread.
    pub fn request(&self) {
        self.work.stop.store(true, Ordering::Relaxed);
    }

    /// Whether the work was asked to stop.
    pub fn is_requested(&self) -> bool {
        self.work.stop.load(Ordering::Relaxed)
    }

    /// Returns an error if the work was asked to stop.
    ///
    /// # Errors
    /// [`Error::Cancelled`] after a request.
    pub fn check(&self) -> Result<()> {
        if self.is_requested() { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Stores the progress `done`, 0 to 1, then calls [`check`](Self::check).
    ///
    /// # Errors
    /// [`Error::Cancelled`] after a request.
    pub fn at(&self, done: f64) -> Result<()> {
        let (start, share) = self.part;
        self.work.done.store(((start + share * done) as f32).to_bits(), Ordering::Relaxed);
        self.check()
    }

    /// Progress of the whole work, 0 to 1, in single precision.
    pub fn done(&self) -> f64 {
        f64::from(f32::from_bits(self.work.done.load(Ordering::Relaxed)))
    }
}

impl std::fmt::Debug for Interrupt {
    /// Always the same text: caches key prepared sounds by the debug output of their inputs, and the state of an
    /// interrupt is not an input.
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
