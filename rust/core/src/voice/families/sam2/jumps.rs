//! Where the place on a path jumps, and what rounding the jumps adds to the phase deviation (`Compat::smooth_jumps`).
//!
//! The deviation is rounded, not the place: a path that goes all the way round does not jump, although its place does.

use std::sync::Arc;

use crate::dsp::rounding;

/// Distance from a jump, in cycles, at which the place counts as that beside it.
const BESIDE: f64 = 1e-9;
/// Distance over which slopes are measured, cycles.
const NEAR: f64 = 1e-6;
/// Largest number of jumps in a cycle that are rounded; paths with more are left as they are.
pub(super) const MOST: usize = 4096;

/// Position on the arc and emphasis.
pub(super) type Place = [f64; 2];

/// The place on one side of a jump, and its change per cycle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Side {
    pub(super) place: Place,
    pub(super) slope: Place,
}

/// One jump.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Jump {
    /// Where it is, in cycles (0..1).
    at: f64,
    /// Before and after it.
    pub(super) sides: [Side; 2],
}

/// The jumps of a path, in order.
#[derive(Debug, Clone)]
pub(super) struct Jumps {
    list: Arc<[Jump]>,
    /// The smallest distance between two of them, cycles.
    spacing: f64,
}

impl Jumps {
    /// The jumps among the `candidates` (0..1, in order) of the path `place`; `None` if there are none.
    pub(super) fn find(candidates: &[f64], mut place: impl FnMut(f64) -> Place) -> Option<Self> {
        let mut side = |at: f64, direction: f64| {
            let mut there = |distance: f64| place((at + direction * distance).rem_euclid(1.0));
            let (near, far) = (there(NEAR), there(2.0 * NEAR));
            let slope = std::array::from_fn(|k| (far[k] - near[k]) / (direction * NEAR));
            Side { place: std::array::from_fn(|k| 2.0 * near[k] - far[k]), slope }
        };
        let jumps = candidates.iter().map(|at| Jump { at: *at, sides: [side(*at, -1.0), side(*at, 1.0)] });
        let list: Arc<[Jump]> = jumps.filter(Jump::is_one).collect();
        let (first, last) = (list.first()?.at, list.last()?.at);
        let gaps = list.windows(2).map(|pair| pair[1].at - pair[0].at);
        let spacing = gaps.fold(first + 1.0 - last, f64::min);
        Some(Self { list, spacing })
    }

    /// The jump nearest to the place `u` (0..1), and the signed distance from it in cycles.
    fn nearest(&self, u: f64) -> (&Jump, f64) {
        let next = self.list.partition_point(|jump| jump.at <= u);
        let count = self.list.len();
        let (before, after) = (&self.list[(next + count - 1) % count], &self.list[next % count]);
        let (since, until) = ((u - before.at).rem_euclid(1.0), (after.at - u).rem_euclid(1.0));
        if since <= until { (before, since) } else { (after, -until) }
    }

    /// `u`, moved to the proper side if a jump is so near that rounding decides on the side.
    pub(super) fn beside(&self, u: f64) -> f64 {
        let (jump, distance) = self.nearest(u);
        if distance.abs() >= BESIDE {
            return u;
        }
        (jump.at + if distance < 0.0 { -BESIDE } else { BESIDE }).rem_euclid(1.0)
    }

    /// Length of a rounded jump in cycles, at `rate` cycles per second.
    pub(super) fn width(&self, rate: f64) -> f64 {
        (rate.abs() * rounding::SECONDS).min(self.spacing)
    }

    /// Whether a jump that takes `width` cycles may reach within `reach` cycles of `u`.
    pub(super) fn may_reach(&self, u: f64, reach: f64, width: f64) -> bool {
        self.nearest(u).1.abs() <= reach + 0.5 * width
    }

    /// What rounding adds at `u` to the `value` of a place, whose derivative at a side is `slope`, for jumps of `width`
    /// cycles. `since` are the cycles since the start of the sound, negative for a path that runs backwards; a jump at
    /// the very start is not one.
    pub(super) fn rounded(
        &self,
        u: f64,
        width: f64,
        since: f64,
        value: impl Fn(&Side) -> f64,
        slope: impl Fn(&Side) -> f64,
    ) -> f64 {
        let (jump, distance) = self.nearest(u);
        let x = distance / width;
        let behind = if since.is_sign_negative() { -distance } else { distance };
        let at_start = behind >= 0.0 && behind > since.abs() - BESIDE;
        if width <= 0.0 || x.abs() >= 0.5 || at_start {
            return 0.0;
        }
        let [before, after] = &jump.sides;
        (value(after) - value(before)) * rounding::step(x) + (slope(after) - slope(before)) * width * rounding::bend(x)
    }
}

impl Jump {
    /// Whether the two sides differ.
    fn is_one(&self) -> bool {
        let [before, after] = self.sides;
        (0..2).any(|k| (after.place[k] - before.place[k]).abs() > 1e-6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_where_the_path_jumps_are_found() {
        let saw = |u: f64| [2.0 * u - 1.0, 1.0];
        let jumps = Jumps::find(&[0.0, 0.25, 0.5, 0.75], saw).unwrap();
        assert_eq!(jumps.list.len(), 1);
        let [before, after] = jumps.list[0].sides;
        assert!((before.place[0] - 1.0).abs() < 1e-9 && (after.place[0] + 1.0).abs() < 1e-9);
        assert!((before.slope[0] - 2.0).abs() < 1e-6 && (after.slope[0] - 2.0).abs() < 1e-6);
        assert_eq!(jumps.width(4.0), 0.032);
        assert!(Jumps::find(&[0.0, 0.5], |u| [(u - 0.5).abs(), 1.0]).is_none());
    }

    #[test]
    fn a_rounded_saw_is_continuous_across_its_jump() {
        let saw = |u: f64| [2.0 * u - 1.0, 1.0];
        let jumps = Jumps::find(&[0.0], saw).unwrap();
        let heard = |cycles: f64| {
            let u = jumps.beside(cycles - cycles.floor());
            saw(u)[0] + jumps.rounded(u, 0.04, cycles, |side| side.place[0], |side| side.slope[0])
        };
        let mut last = heard(0.9);
        for i in 1..=2000 {
            let value = heard(0.9 + f64::from(i) * 1e-4);
            assert!((value - last).abs() < 0.012, "{i}: {last} {value}");
            last = value;
        }
        assert!((heard(1.03) - saw(0.03)[0]).abs() < 1e-12);
        assert_eq!(heard(0.001), saw(0.001)[0], "the start of the sound");
    }
}
