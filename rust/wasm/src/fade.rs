//! The gain of pause, resume and stop. It is a function of the frame, so frames can be taken back and pulled again.

use realtime_backend_core::stream::ramps::smooth;

/// A smooth ramp from one gain to another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fade {
    /// Index of the first frame of the ramp.
    at: u64,
    /// Length of the ramp in frames.
    frames: u64,
    from: f32,
    to: f32,
}

impl Fade {
    /// A constant gain.
    pub(crate) const fn resting(gain: f32) -> Self {
        Self { at: 0, frames: 0, from: gain, to: gain }
    }

    /// A ramp of `frames` frames from the gain of `self` at index `at` to `goal`.
    pub(crate) fn towards(&self, goal: f32, at: u64, frames: u64) -> Self {
        Self { at, frames, from: self.gain(at), to: goal }
    }

    /// Gain at the end of the ramp.
    pub(crate) const fn goal(&self) -> f32 {
        self.to
    }

    /// Index of the first frame after the ramp.
    pub(crate) const fn end(&self) -> u64 {
        self.at + self.frames
    }

    /// Gain of the frame with this index.
    pub(crate) fn gain(&self, index: u64) -> f32 {
        if index >= self.end() {
            return self.to;
        }
        let done = (index.saturating_sub(self.at) as f32 + 1.0) / (self.frames as f32 + 1.0);
        self.from + (self.to - self.from) * smooth(done)
    }

    /// Multiply frames by the gain. `index` is that of the first frame.
    pub(crate) fn apply(&self, index: u64, left: &mut [f32], right: &mut [f32]) {
        if index >= self.end() && self.to == 1.0 {
            return;
        }
        for (at, (l, r)) in (index..).zip(left.iter_mut().zip(right)) {
            let gain = self.gain(at);
            *l *= gain;
            *r *= gain;
        }
    }
}
