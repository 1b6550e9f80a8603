//! Click-free level changes of a stream: a smooth follower for fades and volume, a smooth step for crossfades, a ceiling.

/// Quintic step: 0 to 1 with vanishing first and second derivatives at both ends.
#[inline]
pub fn smooth(x: f32) -> f32 {
    x * x * x * (x * (x * 6.0 - 15.0) + 10.0)
}

/// Smoothers in a row: three continuous derivatives, also when the target changes half-way.
const POLES: usize = 4;
/// Time constants that as many equal smoothers take to arrive within a thousandth.
const ARRIVAL: f32 = 13.1;
/// Closer than this the follower arrives (-100 dB; single precision would stall a little short of it).
const ARRIVED: f32 = 1e-5;

/// A value that follows its target smoothly.
#[derive(Debug, Clone, Copy)]
pub struct GainGlide {
    stages: [f32; POLES],
    pull: f32,
}

impl GainGlide {
    /// Resting at `value`; `seconds` to arrive within a thousandth of a step.
    pub fn new(value: f32, seconds: f32, rate: u32) -> Self {
        Self { stages: [value; POLES], pull: 1.0 - (-ARRIVAL / (seconds * rate as f32).max(1.0)).exp() }
    }

    /// Arrived at `target`, and not moving.
    pub fn rests_at(&self, target: f32) -> bool {
        self.stages == [target; POLES]
    }

    /// Jump.
    pub fn rest_at(&mut self, value: f32) {
        self.stages = [value; POLES];
    }

    /// One frame towards `target`.
    #[inline]
    pub fn step(&mut self, target: f32) -> f32 {
        let mut goal = target;
        let mut distance: f32 = 0.0;
        for stage in &mut self.stages {
            *stage += (goal - *stage) * self.pull;
            goal = *stage;
            distance = distance.max((target - goal).abs());
        }
        if distance < ARRIVED {
            self.rest_at(target);
        }
        self.stages[POLES - 1]
    }
}

/// Level above which the stream's ceiling bends.
pub const KNEE: f32 = 0.95;

/// Soft ceiling: identity up to [`KNEE`], below 1 above it, with a continuous slope; non-finite values become silence.
#[inline]
pub fn ceiling(x: f32) -> f32 {
    let size = x.abs();
    if size <= KNEE {
        return x;
    }
    if !x.is_finite() {
        return 0.0;
    }
    let room = 1.0 - KNEE;
    let over = (size - KNEE) / room;
    (KNEE + room * (over / (1.0 + over))).copysign(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ceiling_is_continuous_monotonic_and_below_one() {
        let mut last = 0.0;
        for i in 0..100_000 {
            let y = ceiling(i as f32 * 1e-4);
            assert!(y >= last && y < 1.0 && y - last <= 1.001e-4);
            last = y;
        }
        assert_eq!(ceiling(f32::NAN), 0.0);
        assert_eq!(ceiling(f32::INFINITY), 0.0);
        assert_eq!(ceiling(-0.5), -0.5);
    }

    #[test]
    fn glide_arrives_and_rests() {
        let mut glide = GainGlide::new(0.0, 0.02, 44_100);
        for _ in 0..4_410 {
            glide.step(1.0);
        }
        assert!(glide.rests_at(1.0));
    }
}
