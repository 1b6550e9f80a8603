//! The length of a path, so that it is followed at constant speed (spec spatial-workbench 5.2).

use super::Point;

/// Number of straight pieces by which a path is measured.
const PIECES: usize = 2048;
/// A path up to this length, in metres, is a point.
const SHORTEST: f64 = 2.2e-16;

/// The cumulative length of a path at equal steps of its parameter; `None` if it is a point.
#[derive(Debug, Clone)]
pub(super) struct Lengths(Option<Table>);

#[derive(Debug, Clone)]
struct Table {
    lengths: Box<[f64]>,
    /// The first place behind each of as many equal parts of the length.
    behind: Box<[u16]>,
}

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
        if total <= SHORTEST {
            return Self(None);
        }
        let behind = places().map(|part| lengths.partition_point(|length| *length <= part * total) as u16);
        Self(Some(Table { behind: behind.collect(), lengths }))
    }

    /// The parameter after the part `progress` (0..1) of the length.
    pub(super) fn at(&self, progress: f64) -> f64 {
        let Some(Table { lengths, behind }) = &self.0 else { return 0.0 };
        let wanted = progress * lengths[PIECES];
        // the search is between the places behind the nearest parts
        let part = ((progress * PIECES as f64) as usize).min(PIECES - 1);
        let [from, to] = [behind[part], behind[part + 1]].map(usize::from);
        let after = from + lengths[from..to].partition_point(|length| *length <= wanted);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_is_the_inverse_of_the_length() {
        // a rest at the beginning, in the middle and at the end
        let place = |u: f64| [(4.0 * u - 1.0).clamp(0.0, 1.0) + (8.0 * u - 6.0).clamp(0.0, 1.0), 0.0, 0.0];
        let lengths = Lengths::measure(place);
        for k in 0..=5000 {
            let progress = f64::from(k) / 5000.0;
            let way = place(lengths.at(progress))[0];
            assert!((way - 2.0 * progress).abs() < 1e-12, "{progress}: {way}");
        }
        // of several places after the same way, the last one
        assert_eq!([0.0, 0.5, 1.0].map(|part| lengths.at(part)), [0.25, 0.75, 1.0]);
    }
}
