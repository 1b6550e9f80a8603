//! What is done to the sound of an exported range as a whole: fades at its ends, and one channel instead of two.

use std::f64::consts::PI;

/// Fades and channels of an exported file. The default changes nothing.
///
/// A fade is a raised cosine: with `fade_in` F, frame n of the file has the gain (1 - cos(π·n/F))/2 for n < F, and the
/// fade-out is its mirror image. Fades that overlap multiply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shaping {
    /// Frames of the fade-in.
    pub fade_in: u64,
    /// Frames of the fade-out.
    pub fade_out: u64,
    /// One channel: half the sum of left and right.
    pub mono: bool,
}

impl Shaping {
    /// The gain of the fades at frame `at` of `frames`.
    fn gain(&self, at: u64, frames: u64) -> f64 {
        let rise = |at: u64, length: u64| {
            if at < length { 0.5 * (1.0 - (PI * at as f64 / length as f64).cos()) } else { 1.0 }
        };
        rise(at, self.fade_in) * rise(frames - 1 - at, self.fade_out)
    }
}

/// Shapes the consecutive blocks of a file.
pub(super) struct Shaper {
    shaping: Shaping,
    /// Frames of the file.
    frames: u64,
    /// Frame of the file at which the next block begins.
    next: u64,
    left: Vec<f32>,
    right: Vec<f32>,
}

impl Shaper {
    pub(super) const fn new(shaping: Shaping, frames: u64) -> Self {
        Self { shaping, frames, next: 0, left: Vec::new(), right: Vec::new() }
    }

    /// The next block of the file. With one channel, left and right are equal.
    pub(super) fn apply<'a>(&'a mut self, left: &'a [f32], right: &'a [f32]) -> [&'a [f32]; 2] {
        let Self { shaping, frames, .. } = *self;
        let (from, to) = (self.next, self.next + left.len() as u64);
        self.next = to;
        let fades = from < shaping.fade_in || to + shaping.fade_out > frames;
        if !fades && !shaping.mono {
            return [left, right];
        }
        if shaping.mono {
            // the halves are exact, so that the sum is rounded once
            let half = |(left, right): (&f32, &f32)| 0.5 * left + 0.5 * right;
            self.left.clear();
            self.left.extend(left.iter().zip(right).map(half));
            self.right.clone_from(&self.left);
        } else {
            self.left.clear();
            self.left.extend_from_slice(left);
            self.right.clear();
            self.right.extend_from_slice(right);
        }
        if fades {
            for (at, (left, right)) in (from..).zip(self.left.iter_mut().zip(&mut self.right)) {
                let gain = shaping.gain(at, frames);
                *left = (f64::from(*left) * gain) as f32;
                *right = (f64::from(*right) * gain) as f32;
            }
        }
        [&self.left, &self.right]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fades_are_raised_cosines_in_blocks_of_any_size() {
        let shaping = Shaping { fade_in: 4, fade_out: 2, mono: false };
        let expected = [0.0, 0.146_446_6, 0.5, 0.853_553_4, 1.0, 1.0, 0.5, 0.0];
        for size in [1, 3, 8] {
            let mut shaper = Shaper::new(shaping, 8);
            let mut found = Vec::new();
            for block in [1.0; 8].chunks(size) {
                found.extend_from_slice(shaper.apply(block, block)[1]);
            }
            assert!(found.iter().zip(expected).all(|(a, b): (&f32, f32)| (a - b).abs() < 1e-6), "{found:?}");
        }
    }

    #[test]
    fn one_channel_is_half_the_sum() {
        let mut shaper = Shaper::new(Shaping { mono: true, ..Shaping::default() }, 2);
        assert_eq!(shaper.apply(&[1.0, 0.5], &[0.5, -0.5]), [[0.75, 0.0]; 2]);
    }
}
