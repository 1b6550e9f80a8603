//! The time of a device: how many frames of it the listener has heard. The callback sets it, any thread reads it.

use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Instant;

/// The offset of a clock that was not set.
const UNKNOWN: i64 = i64::MIN;

/// Relates the frames that a device has played to the monotonic clock.
#[derive(Debug)]
pub(crate) struct Clock {
    epoch: Instant,
    /// Time of the device minus the time since `epoch`, in nanoseconds.
    offset: AtomicI64,
    /// Frames that were handed out: no more can have been heard.
    handed: AtomicU64,
}

impl Default for Clock {
    fn default() -> Self {
        Self { epoch: Instant::now(), offset: AtomicI64::new(UNKNOWN), handed: AtomicU64::new(0) }
    }
}

impl Clock {
    /// The frame `next` is handed out at `now` and is heard `latency` frames later.
    pub(crate) fn set(&self, next: u64, latency: u32, rate: u32, now: Instant) {
        let heard = (next as f64 - f64::from(latency)) / f64::from(rate.max(1));
        let passed = now.saturating_duration_since(self.epoch).as_secs_f64();
        self.offset.store(((heard - passed) * 1e9) as i64, Release);
    }

    /// Frames up to `total` were handed out.
    pub(crate) fn hand_out(&self, total: u64) {
        self.handed.store(total, Release);
    }

    /// Frames that are heard at `now`, with fractions.
    pub(crate) fn frames(&self, now: Instant, rate: u32) -> f64 {
        let offset = self.offset.load(Acquire);
        if offset == UNKNOWN {
            return 0.0;
        }
        let passed = now.saturating_duration_since(self.epoch).as_secs_f64();
        let frames = (passed + offset as f64 / 1e9) * f64::from(rate);
        frames.clamp(0.0, self.handed.load(Acquire) as f64)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_clock_runs_on_between_two_callbacks() {
        let clock = Clock::default();
        let now = Instant::now();
        assert_eq!(clock.frames(now, 1000), 0.0);
        clock.set(500, 100, 1000, now);
        clock.hand_out(756);
        let after = |ms| clock.frames(now + Duration::from_millis(ms), 1000);
        assert!((after(0) - 400.0).abs() < 1e-3 && (after(50) - 450.0).abs() < 1e-3);
        assert_eq!(after(5000), 756.0, "what was not handed out cannot have been heard");
    }
}
