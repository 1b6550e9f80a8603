//! Estimates the playback position of a stream between two timing reports of the server.

use std::time::{Duration, Instant};

/// Time, in seconds, that a write needs to reach the sink, in addition to the round trip of the last report.
const ON_THE_WAY_S: f64 = 0.006;
/// Factor by which the longest round trip decays at each report.
const FORGET: f64 = 0.8;

/// The last timing report.
#[derive(Debug, Clone, Copy)]
struct Known {
    at: Instant,
    /// Number of frames that the sink had taken.
    taken: f64,
    /// Number of frames that had been heard.
    heard: f64,
    /// Whether the stream was playing.
    moving: bool,
}

impl Known {
    /// Seconds of playback since the report.
    fn since(&self, now: Instant) -> f64 {
        if self.moving { now.saturating_duration_since(self.at).as_secs_f64() } else { 0.0 }
    }
}

/// Estimates which frames were heard and which can still be rewritten. Frames are counted from the first one written.
#[derive(Debug)]
pub(super) struct Clock {
    rate: f64,
    /// Latency of the sink, in frames: how far ahead it takes sound.
    ahead: f64,
    /// Whether reports describe the server's last cycle, as those of PipeWire do, and not the moment of the report.
    cyclic: bool,
    known: Option<Known>,
    /// Longest recent round trip of a report, in frames.
    trip: f64,
}

impl Clock {
    /// Create a clock without a report. `cyclic`: reports describe the server's last cycle (PipeWire).
    pub(super) fn new(rate: u32, sink_latency: Duration, cyclic: bool) -> Self {
        let rate = f64::from(rate);
        Self { rate, ahead: sink_latency.as_secs_f64() * rate, cyclic, known: None, trip: 0.0 }
    }

    /// Set how far ahead the sink takes sound.
    pub(super) fn set_sink_latency(&mut self, latency: Duration) {
        self.ahead = latency.as_secs_f64() * self.rate;
    }

    /// Record a report that was requested at `asked` and arrived at `now`: the sink has taken `taken` frames, the last
    /// of which is heard `delay` later. `moving`: the stream is playing.
    pub(super) fn set(&mut self, asked: Instant, now: Instant, taken: f64, delay: Duration, moving: bool) {
        let trip = now.saturating_duration_since(asked);
        self.trip = (trip.as_secs_f64() * self.rate).max(self.trip * FORGET);
        let heard = taken - delay.as_secs_f64() * self.rate;
        self.known = Some(Known { at: asked + trip / 2, taken, heard, moving });
    }

    /// Forget the last report: the stream has stopped, or its position is unknown.
    pub(super) fn stop(&mut self) {
        self.known = None;
    }

    /// Number of frames that have been heard; `None` without a report.
    pub(super) fn heard(&self, now: Instant) -> Option<f64> {
        self.known.map(|known| known.heard + known.since(now) * self.rate)
    }

    /// Number of frames that can no longer be rewritten; `None` without a report.
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
    fn heard_and_committed_frames_follow_the_report_and_the_time() {
        let begun = Instant::now();
        let ms = Duration::from_millis;
        let mut clock = Clock::new(1000, ms(10), false);
        assert!(clock.heard(begun).is_none() && clock.committed(begun).is_none());
        clock.set(begun, begun + ms(4), 500.0, ms(20), true);
        // in the middle of the round trip, 480 of 500 frames were heard
        assert_eq!(clock.heard(begun + ms(2)).map(f64::round), Some(480.0));
        assert_eq!(clock.heard(begun + ms(102)).map(f64::round), Some(580.0));
        // plus 10 frames of sink latency, 4 of the round trip and 6 of the next write
        assert_eq!(clock.committed(begun + ms(102)), Some(600));
        clock.cyclic = true;
        assert_eq!(clock.committed(begun + ms(102)), Some(620));
        clock.set(begun, begun, 500.0, ms(0), false);
        assert_eq!(clock.heard(begun + ms(100)), Some(500.0));
    }
}
