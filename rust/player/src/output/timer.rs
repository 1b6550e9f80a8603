//! The sleep timer of an output: a gain that falls to zero at a given frame.

use realtime_backend_core::stream::ramps::{crossfade_gain, smooth};

use crate::order::Order;

/// Time and gain of the sleep timer. It counts the frames that are handed out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timer {
    now: Course,
    /// What was ordered before, while the gain ramps from it to `now`.
    before: Course,
    /// Frames of that ramp that are left.
    ramp: usize,
}

/// One order on its way.
#[derive(Debug, Clone, Copy)]
struct Course {
    /// Frames until the silence; [`Order::NEVER`] without a timer.
    left: u64,
    fade: u64,
}

impl Course {
    fn gain(self) -> f32 {
        if self.left < self.fade { smooth((self.left as f64 / self.fade as f64) as f32) } else { 1.0 }
    }

    fn step(&mut self) {
        if self.left != Order::NEVER {
            self.left = self.left.saturating_sub(1);
        }
    }
}

impl Timer {
    /// No timer.
    pub(super) const OFF: Self = {
        let off = Course { left: Order::NEVER, fade: 0 };
        Self { now: off, before: off, ramp: 0 }
    };

    /// Frames until the silence; [`Order::NEVER`] without a timer.
    pub(super) const fn left(&self) -> u64 {
        self.now.left
    }

    /// Whether the silence has begun.
    pub(super) const fn has_ended(&self) -> bool {
        self.now.left == 0
    }

    /// Whether the gain ramps from an order to the next. Then no other order can be followed.
    pub(super) const fn is_ramping(&self) -> bool {
        self.ramp > 0
    }

    /// Follow `order` from the next frame on. If the sound has begun to fade, the gain ramps to that of the order in
    /// `ramp` frames.
    pub(super) fn set(&mut self, order: Order, ramp: usize) {
        let before = self.now;
        self.ramp = if before.gain() < 1.0 { ramp } else { 0 };
        (self.now, self.before) = (Course { left: order.length, fade: order.fade }, before);
    }

    /// The gain of the next frame; then one frame is over. A ramp has `ramp` frames.
    #[inline]
    pub(super) fn step(&mut self, ramp: usize) -> f32 {
        let mut gain = self.now.gain();
        if self.ramp > 0 {
            let share = crossfade_gain(ramp - self.ramp.min(ramp), ramp);
            gain = self.before.gain() * (1.0 - share) + gain * share;
            self.ramp -= 1;
            self.before.step();
        }
        self.now.step();
        gain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAMP: usize = 100;

    fn gains(timer: &mut Timer, count: usize) -> Vec<f32> {
        (0..count).map(|_| timer.step(RAMP)).collect()
    }

    #[test]
    fn the_gain_is_zero_at_the_frame_ordered() {
        let mut timer = Timer::OFF;
        timer.set(Order { length: 1000, fade: 400 }, RAMP);
        let found = gains(&mut timer, 1000);
        assert!(timer.has_ended());
        for (frame, gain) in found.iter().enumerate() {
            let left = (1000 - frame) as f32 / 400.0;
            assert!((gain - smooth(left.min(1.0))).abs() < 1e-6, "frame {frame}");
        }
        assert_eq!(gains(&mut timer, 10), [0.0; 10]);
    }

    #[test]
    fn another_order_within_the_fade_makes_no_step() {
        let mut timer = Timer::OFF;
        timer.set(Order { length: 1000, fade: 1000 }, RAMP);
        let mut found = gains(&mut timer, 600);
        timer.set(Order { length: Order::NEVER, fade: 0 }, RAMP);
        found.extend(gains(&mut timer, 300));
        timer.set(Order { length: 500, fade: 500 }, RAMP);
        found.extend(gains(&mut timer, 500));
        let step = found.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(step < 0.03, "{step}");
        assert_eq!(found[899], 1.0);
        assert!(timer.has_ended());
    }
}
