//! The sleep timer of a stream. Its gain is a function of the index, so frames can be taken back and pulled again.

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::stream::ramps::{crossfade_gain, smooth};

use super::Stream;
use crate::fade::Fade;
use crate::state::TransportCommand;

/// Longest time of the timer in seconds.
const LONGEST_S: f64 = 1e8;

/// When the timer ends the playback.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timer {
    /// Index of the first silent frame; `u64::MAX` without a timer.
    end: u64,
    /// Length of the fade in frames.
    fade: u64,
    /// Index at which it was set, and end and fade of the timer before.
    set: (u64, u64, u64),
}

impl Timer {
    /// No timer.
    pub(super) const OFF: Self = Self { end: u64::MAX, fade: 0, set: (0, u64::MAX, 0) };

    /// Frames that are left at `index`.
    pub(super) fn left(&self, index: u64) -> usize {
        usize::try_from(self.end.saturating_sub(index)).unwrap_or(usize::MAX)
    }

    fn gain(&self, index: u64, ramp: u64) -> f32 {
        let course = |end: u64, fade: u64| {
            let left = end.saturating_sub(index);
            if left < fade { smooth((left as f64 / fade as f64) as f32) } else { 1.0 }
        };
        let own = course(self.end, self.fade);
        let (at, end, fade) = self.set;
        let since = index.saturating_sub(at);
        if since >= ramp {
            return own;
        }
        let before = course(end, fade);
        if before == own {
            return own;
        }
        let share = crossfade_gain(since as usize, ramp as usize);
        before * (1.0 - share) + own * share
    }

    /// Multiply frames by the gain. `index` is that of the first frame.
    pub(super) fn apply(&self, index: u64, ramp: u64, left: &mut [f32], right: &mut [f32]) {
        if self.end == u64::MAX && index >= self.set.0.saturating_add(ramp) {
            return;
        }
        for (at, (l, r)) in (index..).zip(left.iter_mut().zip(right)) {
            let gain = self.gain(at, ramp);
            *l *= gain;
            *r *= gain;
        }
    }
}

impl Stream {
    /// Fade out over the last `fade` of the next `seconds` of sound, then finish. `None` ends the timer. While the stream
    /// is paused the timer stands still.
    ///
    /// # Errors
    /// If a number is negative, not finite or above 1e8.
    pub fn stop_after(&mut self, seconds: Option<f64>, fade: f64) -> Result<()> {
        let range = 0.0..=LONGEST_S;
        for value in [seconds.unwrap_or(0.0), fade] {
            if !range.contains(&value) {
                return Err(Error::invalid("timer", format!("expected seconds from 0 to {LONGEST_S}, got {value}")));
            }
        }
        let rate = f64::from(self.sample_rate());
        let frames = |seconds: f64| (seconds * rate).round() as u64;
        let length = seconds.map(|seconds| frames(seconds).max(self.ramp));
        let before = (self.index, self.timer.end, self.timer.fade);
        self.timer = match length {
            Some(length) => {
                Timer { end: self.index + length, fade: frames(fade).clamp(self.ramp, length), set: before }
            }
            None => Timer { set: before, ..Timer::OFF },
        };
        self.fence = self.fence.max(self.index);
        Ok(())
    }

    /// Seconds of sound until the timer ends the playback, when the frames before `heard` have been heard.
    pub fn timer(&self, heard: u64) -> Option<f64> {
        let left = self.timer.end.saturating_sub(heard);
        (self.timer.end != u64::MAX).then(|| left as f64 / f64::from(self.sample_rate()))
    }

    /// End the playback. `play` continues at the same place, without a timer.
    pub(super) fn sleep(&mut self) {
        self.command = TransportCommand::Pause;
        self.fade = Fade::resting(0.0);
        self.timer = Timer::OFF;
        self.fence = self.index;
        self.slept = true;
    }
}
