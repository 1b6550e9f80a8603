//! Paths through points: lines at constant speed, Bezier curves (spec spatial-workbench 5.3).

use super::Point;
use super::length::distance;
use super::spline::Spline;

/// Most control points of a Bezier curve: every position costs their square.
pub(super) const MOST_BEZIER: usize = 64;

/// Points joined by straight lines, by their distance.
#[derive(Debug, Clone)]
pub(super) struct Polyline {
    points: Box<[Point]>,
    /// Length of the line up to each point.
    lengths: Box<[f64]>,
}

impl Polyline {
    pub(super) fn new(points: Vec<Point>, closed: bool) -> Self {
        let points = if closed { closed_ring(points) } else { points };
        let mut total = 0.0;
        let lengths = (0..points.len()).map(|i| {
            total += if i > 0 { distance(points[i - 1], points[i]) } else { 0.0 };
            total
        });
        Self { lengths: lengths.collect(), points: points.into() }
    }

    /// The point after the part `u` (0..1) of the length.
    pub(super) fn at(&self, u: f64) -> Point {
        let last = self.points.len() - 1;
        let wanted = u * self.lengths[last];
        let after = self.lengths.partition_point(|length| *length <= wanted);
        if self.lengths[last] <= 2.2e-16 || after == 0 {
            return self.points[0];
        }
        if after > last {
            return self.points[last];
        }
        let (a, b) = (self.points[after - 1], self.points[after]);
        let (from, to) = (self.lengths[after - 1], self.lengths[after]);
        std::array::from_fn(|k| (b[k] - a[k]) / (to - from) * (wanted - from) + a[k])
    }
}

/// Whether two points are the same to a rounding of 1e-5.
fn agree(a: Point, b: Point) -> bool {
    (0..3).all(|k| (a[k] - b[k]).abs() <= 1e-8 + 1e-5 * b[k].abs())
}

/// `points` with the first one at the end, unless it is there already.
fn closed_ring(mut points: Vec<Point>) -> Vec<Point> {
    let (first, last) = (points[0], points[points.len() - 1]);
    if !agree(first, last) {
        points.push(first);
    }
    points
}

/// The spline through at least three `points`.
pub(super) fn spline(mut points: Vec<Point>, closed: bool) -> Spline {
    if !closed {
        return Spline::open(points);
    }
    let (first, last) = (points[0], points.len() - 1);
    if agree(first, points[last]) {
        points[last] = first;
    } else {
        points.push(first);
    }
    Spline::closed(points)
}

/// The Bezier curve with these control points, at most [`MOST_BEZIER`], at `u` (0..1).
pub(super) fn bezier(points: &[Point], u: f64) -> Point {
    let mut left = [[0.0; 3]; MOST_BEZIER];
    let count = points.len().min(MOST_BEZIER);
    left[..count].copy_from_slice(&points[..count]);
    for remaining in (1..count).rev() {
        for i in 0..remaining {
            left[i] = std::array::from_fn(|k| (1.0 - u) * left[i][k] + u * left[i + 1][k]);
        }
    }
    left[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polyline_is_followed_by_its_length() {
        let line = Polyline::new(vec![[0.0, 1.0, 0.0], [2.0, 1.0, 0.0], [2.0, 5.0, 0.0]], false);
        assert_eq!([0.0, 1.0 / 6.0, 0.5, 1.0].map(|u| line.at(u)[0]), [0.0, 1.0, 2.0, 2.0]);
        assert_eq!([0.0, 0.5, 1.0].map(|u| line.at(u)[1]), [1.0, 2.0, 5.0]);
        let there_and_back = Polyline::new(vec![[0.0; 3], [2.0, 0.0, 0.0]], true);
        assert_eq!([0.25, 0.5, 0.75, 1.0].map(|u| there_and_back.at(u)[0]), [1.0, 2.0, 1.0, 0.0]);
        assert_eq!(Polyline::new(vec![[1.0; 3]; 3], false).at(0.7), [1.0; 3]);
    }

    #[test]
    fn a_bezier_curve_is_the_bernstein_polynomial() {
        let points = [[0.0, 0.0, 1.0], [1.0, 2.0, 0.0], [3.0, -1.0, 0.5], [4.0, 0.0, 0.0]];
        for u in [0.0, 0.3, 0.9, 1.0_f64] {
            let v = 1.0 - u;
            let weights = [v * v * v, 3.0 * u * v * v, 3.0 * u * u * v, u * u * u];
            for k in 0..3 {
                let sum: f64 = (0..4).map(|i| weights[i] * points[i][k]).sum();
                assert!((bezier(&points, u)[k] - sum).abs() < 1e-14);
            }
        }
    }
}
