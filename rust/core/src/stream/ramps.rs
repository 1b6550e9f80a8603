//! Click-free level changes of a stream: a smoothed gain for fades and volume, a smooth step for crossfades, and a soft
//! limiter.

/// Quintic smoothstep: maps 0 to 1 onto 0 to 1, with zero first and second derivatives at both ends.
///
/// ```
/// use realtime_backend_core::stream::ramps::smooth;
///
/// assert_eq!([smooth(0.0), smooth(0.5), smooth(1.0)], [0.0, 0.5, 1.0]);
/// ```
#[inline]
pub fn smooth(x: f32) -> f32 {
    x * x * x * (x * (x * 6.0 - 15.0) + 10.0)
}

/// Gain of the new sound at frame `index` of a crossfade of `frames` frames; the old one has the rest to 1.
///
/// ```
/// use realtime_backend_core::stream::ramps::crossfade_gain;
///
/// assert_eq!(crossfade_gain(49, 99), 0.5);
/// assert!(crossfade_gain(0, 99) < 1e-4);
/// ```
#[inline]
pub fn crossfade_gain(index: usize, frames: usize) -> f32 {
    smooth((index as f32 + 1.0) / (frames as f32 + 1.0))
}

/// Number of one-pole smoothers in series. Four give three continuous derivatives, even if the target changes midway.
const POLES: usize = 4;
/// Time, in time constants of one smoother, until the series is within a thousandth of its target.
const ARRIVAL: f32 = 13.1;
/// Distance at which the gain jumps to its target (-100 dB). In single precision it would otherwise stop just short of
/// the target.
const ARRIVED: f32 = 1e-5;

/// A linear gain that follows its target smoothly.
///
/// ```
/// use realtime_backend_core::stream::ramps::GainGlide;
///
/// let mut gain = GainGlide::new(0.0, 0.02, 44_100);
/// let last = (0..4410).map(|_| gain.step(0.5)).last();
/// assert_eq!(last, Some(0.5));
/// assert!(gain.rests_at(0.5));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct GainGlide {
    stages: [f32; POLES],
    pull: f32,
}

impl GainGlide {
    /// A gain that rests at `value`. After a step of the target it is within a thousandth of the step in `seconds`.
    pub fn new(value: f32, seconds: f32, rate: u32) -> Self {
        Self { stages: [value; POLES], pull: 1.0 - (-ARRIVAL / (seconds * rate as f32).max(1.0)).exp() }
    }

    /// Whether the gain is at `target` and not moving.
    pub fn rests_at(&self, target: f32) -> bool {
        self.stages == [target; POLES]
    }

    /// Jump to `value` and rest there.
    pub fn rest_at(&mut self, value: f32) {
        self.stages = [value; POLES];
    }

    /// Advance by one frame towards `target`; returns the gain of that frame.
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

/// Linear level above which [`ceiling`] compresses.
pub const KNEE: f32 = 0.95;

/// Soft limiter: unchanged up to [`KNEE`], then compressed to below 1 with a continuous slope. Non-finite values
/// become 0.
///
/// ```
/// use realtime_backend_core::stream::ramps::ceiling;
///
/// assert_eq!(ceiling(0.5), 0.5);
/// assert!(ceiling(10.0) < 1.0);
/// assert_eq!(ceiling(f32::NAN), 0.0);
/// ```
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
    fn a_gain_glide_reaches_its_target_and_stops() {
        let mut glide = GainGlide::new(0.0, 0.02, 44_100);
        for _ in 0..4_410 {
            glide.step(1.0);
        }
        assert!(glide.rests_at(1.0));
    }
}
