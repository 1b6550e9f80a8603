//! The length of a path, so that it is followed at constant speed (spec spatial-workbench 5.2).

use super::Point;

/// Number of straight pieces by which a path is measured.
const PIECES: usize = 2048;
/// A path up to this length, in metres, is a point.
const SHORTEST: f64 = 2.2e-16;

/// The cumulative length of a path at equal steps of its parameter.
#[derive(Debug, Clone)]
pub(super) struct Lengths(Option<Box<[f64]>>);

/// The parameters at which a path is measured, from 0 to 1.
pub(super) fn places() -> impl Iterator<Item = f64> {
    (0..=PIECES).map(|k| k as f64 / PIECES as f64)
}

/// Distance between two points.
pub(super) fn distance(a: Point, b: Point) -> f64 {
    let square = |k: usize| (b[k] - a[k]) * (b[k] - a[k]);
    (square(0) + square(1) + square(2)).sqrt()
}

impl Lengths {
    /// Measure the path `at`.
    pub(super) fn measure(at: impl Fn(f64) -> Point) -> Self {
        let mut last = at(0.0);
        let mut total = 0.0;
        let lengths = places().map(|u| {
            let next = at(u);
            total += distance(last, next);
            last = next;
            total
        });
        let lengths: Box<[f64]> = lengths.collect();
        Self((total > SHORTEST).then_some(lengths))
    }

    /// The parameter after the part `progress` (0..1) of the length.
    pub(super) fn at(&self, progress: f64) -> f64 {
        let Some(lengths) = &self.0 else { return 0.0 };
        let wanted = progress * lengths[PIECES];
        let after = lengths.partition_point(|length| *length <= wanted);
        match after {
            0 => 0.0,
            after if after > PIECES => 1.0,
            after => {
                let (from, to) = (lengths[after - 1], lengths[after]);
                let step = 1.0 / PIECES as f64;
                step / (to - from) * (wanted - from) + (after - 1) as f64 * step
            }
        }
    }
}
