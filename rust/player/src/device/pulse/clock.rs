//! What is heard of a stream, between two answers of the server.

use std::time::{Duration, Instant};

/// Time that a write needs to reach the sink, in seconds, beyond what the last answer took.
const ON_THE_WAY_S: f64 = 0.006;
/// Share of the longest answer that is still believed at the next one.
const FORGET: f64 = 0.8;

/// The last answer.
#[derive(Debug, Clone, Copy)]
struct Known {
    at: Instant,
    /// Frames that the sink had taken.
    taken: f64,
    /// Frames that had been heard.
    heard: f64,
    moving: bool,
}

impl Known {
    fn since(&self, now: Instant) -> f64 {
        if self.moving { now.saturating_duration_since(self.at).as_secs_f64() } else { 0.0 }
    }
}

/// Where the ear is. Frames are counted from the first one written.
#[derive(Debug)]
pub(super) struct Clock {
    rate: f64,
    /// Longest time, in frames, for which the sink takes sound in advance.
    ahead: f64,
    /// What is answered is as of the server's last cycle, as PipeWire does it, not as of the answer.
    cyclic: bool,
    known: Option<Known>,
    /// Frames that an answer takes, lately and at most.
    trip: f64,
}

impl Clock {
    pub(super) fn new(rate: u32, sink_latency: Duration, cyclic: bool) -> Self {
        let rate = f64::from(rate);
        Self { rate, ahead: sink_latency.as_secs_f64() * rate, cyclic, known: None, trip: 0.0 }
    }

    pub(super) fn set_sink_latency(&mut self, latency: Duration) {
        self.ahead = latency.as_secs_f64() * self.rate;
    }

    /// An answer to a question asked at `asked`: the sink has taken `taken` frames, of which the last is heard `delay`
    /// later; `moving`: it goes on.
    pub(super) fn set(&mut self, asked: Instant, now: Instant, taken: f64, delay: Duration, moving: bool) {
        let trip = now.saturating_duration_since(asked);
        self.trip = (trip.as_secs_f64() * self.rate).max(self.trip * FORGET);
        let heard = taken - delay.as_secs_f64() * self.rate;
        self.known = Some(Known { at: asked + trip / 2, taken, heard, moving });
    }

    /// The stream stands still, or nobody knows.
    pub(super) fn stop(&mut self) {
        self.known = None;
    }

    /// Frames that have been heard.
    pub(super) fn heard(&self, now: Instant) -> Option<f64> {
        self.known.map(|known| known.heard + known.since(now) * self.rate)
    }

    /// Frames that cannot be taken back any more.
    pub(super) fn committed(&self, now: Instant) -> Option<u64> {
        let known = self.known?;
        let then = if self.cyclic { known.taken.max(known.heard) } else { known.heard };
        let on_the_way = self.trip + (known.since(now) + ON_THE_WAY_S) * self.rate;
        Some((then + self.ahead + on_the_way).max(0.0) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_sink_took_is_heard_after_its_delay_and_moves_with_time() {
        let begun = Instant::now();
        let ms = Duration::from_millis;
        let mut clock = Clock::new(1000, ms(10), false);
        assert!(clock.heard(begun).is_none() && clock.committed(begun).is_none());
        clock.set(begun, begun + ms(4), 500.0, ms(20), true);
        // at the middle of the question's way, 480 of 500 frames were heard
        assert_eq!(clock.heard(begun + ms(2)).map(f64::round), Some(480.0));
        assert_eq!(clock.heard(begun + ms(102)).map(f64::round), Some(580.0));
        // the sink's 10 frames, 4 of the way and 6 of the next write
        assert_eq!(clock.committed(begun + ms(102)), Some(600));
        clock.cyclic = true;
        assert_eq!(clock.committed(begun + ms(102)), Some(620));
        clock.set(begun, begun, 500.0, ms(0), false);
        assert_eq!(clock.heard(begun + ms(100)), Some(500.0));
    }
}
