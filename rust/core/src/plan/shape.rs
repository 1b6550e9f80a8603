//! The gain of a layer over time: a constant gain, fades at both ends, a breakpoint envelope, cyclic movements (spec
//! assembly 8 and 9).

use super::moving::Moving;

/// Gain as a function of the frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Linear gain that multiplies the fades and the envelope.
    pub gain: f64,
    /// First frame of the fade-in, and its length.
    pub fade_in: (u64, u64),
    /// First frame after the fade-out, and its length. After a fade-out of nonzero length the gain stays 0.
    pub fade_out: (u64, u64),
    /// Breakpoints `(frame, [left gain, right gain])` in ascending order of frames: linear between them, constant outside.
    pub points: Vec<(f64, [f64; 2])>,
    /// Cyclic movements.
    pub moving: Moving,
}

impl Shape {
    /// Constant `gain`.
    pub const fn flat(gain: f64) -> Self {
        Self { gain, fade_in: (0, 0), fade_out: (0, 0), points: Vec::new(), moving: Moving::NONE }
    }

    /// The gain at `frame`, left and right.
    pub fn at(&self, frame: u64) -> [f64; 2] {
        let (start, frames) = self.fade_in;
        let fade_in = if frame < start + frames { ramp(frame.saturating_sub(start), frames) } else { 1.0 };
        let (end, frames) = self.fade_out;
        let fade_out = if frames > 0 && frame + frames >= end { 1.0 - ramp(frame + frames - end, frames) } else { 1.0 };
        let gains = self.envelope(frame as f64).map(|gain| self.gain * fade_in * fade_out * gain);
        if self.moving.is_steady() {
            return gains;
        }
        let moved = self.moving.gains(frame);
        [gains[0] * moved[0], gains[1] * moved[1]]
    }

    /// The gain over the frames `from..to`, left and right, if it is constant there.
    pub fn constant(&self, from: u64, to: u64) -> Option<[f64; 2]> {
        let after_in = self.fade_in.1 == 0 || from >= self.fade_in.0 + self.fade_in.1;
        let before_out = self.fade_out.1 == 0 || to + self.fade_out.1 <= self.fade_out.0;
        let (from, to) = (from as f64, to as f64);
        let steady = match self.points.as_slice() {
            [] | [_] => true,
            [first, .., last] => to <= first.0 || from >= last.0,
        };
        (after_in && before_out && steady && self.moving.is_steady())
            .then(|| self.envelope(from).map(|gain| self.gain * gain))
    }

    /// The largest magnitude that the gain can have.
    pub fn most(&self) -> f64 {
        let points = self.points.iter().flat_map(|(_, gains)| gains.map(f64::abs)).fold(0.0, f64::max);
        self.gain.abs() * if self.points.is_empty() { 1.0 } else { points }
    }

    fn envelope(&self, frame: f64) -> [f64; 2] {
        let next = self.points.partition_point(|(at, _)| *at <= frame);
        match (next.checked_sub(1).and_then(|i| self.points.get(i)), self.points.get(next)) {
            (None, None) => [1.0; 2],
            (Some((_, only)), None) | (None, Some((_, only))) => *only,
            (Some((t0, a)), Some((t1, b))) => {
                let part = (frame - t0) / (t1 - t0);
                [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part]
            }
        }
    }
}

/// Value number `index` of a linear ramp of `frames` values from 0 to 1 inclusive; a single value is 0. It stays 1
/// after the end.
fn ramp(index: u64, frames: u64) -> f64 {
    if frames > 1 { (index as f64 / (frames - 1) as f64).min(1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fades_reach_both_ends() {
        let shape = Shape { fade_in: (10, 11), fade_out: (100, 5), ..Shape::flat(2.0) };
        let at = |frame| {
            let [left, right] = shape.at(frame);
            assert_eq!(left, right);
            left
        };
        assert_eq!([at(0), at(10), at(15), at(20), at(21)], [0.0, 0.0, 1.0, 2.0, 2.0]);
        assert_eq!([at(94), at(95), at(97), at(99), at(120)], [2.0, 2.0, 1.0, 0.0, 0.0]);
        assert_eq!(shape.constant(21, 95), Some([2.0; 2]));
        assert_eq!(shape.constant(20, 30), None);
        assert_eq!(shape.constant(50, 96), None);
    }

    #[test]
    fn envelope_is_linear_between_points_and_constant_outside() {
        let points = vec![(10.0, [1.0, 0.0]), (20.0, [3.0, 1.0]), (20.0, [0.0; 2])];
        let shape = Shape { points, ..Shape::flat(0.5) };
        let left = |frame| shape.at(frame)[0];
        assert_eq!([left(0), left(10), left(15), left(19), left(20), left(50)], [0.5, 0.5, 1.0, 1.4, 0.0, 0.0]);
        let right = |frame| shape.at(frame)[1];
        assert_eq!([right(0), right(15), right(19), right(20)], [0.0, 0.25, 0.45, 0.0]);
        assert_eq!(shape.constant(0, 10), Some([0.5, 0.0]));
        assert_eq!(shape.constant(5, 12), None);
        assert_eq!(shape.constant(20, 90), Some([0.0; 2]));
        assert_eq!(shape.most(), 1.5);
    }
}
