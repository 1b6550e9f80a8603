//! Cubic splines through points in space: two continuous derivatives, natural or periodic ends.

use super::Point;

/// Sweeps over the equations of a periodic spline. Each at least halves the error.
const SWEEPS: usize = 64;

/// A spline with its knots.
#[derive(Debug, Clone)]
pub(super) struct Spline {
    knots: Box<[f64]>,
    points: Box<[Point]>,
    /// Second derivatives at the knots.
    bends: Box<[Point]>,
}

impl Spline {
    /// The spline that is straight at both ends. There must be as many rising `knots` as `points`, at least two.
    pub(super) fn natural(knots: Vec<f64>, points: Vec<Point>) -> Self {
        let count = points.len();
        let mut bends = vec![[0.0; 3]; count];
        let mut above = vec![0.0; count];
        for i in 1..count.saturating_sub(1) {
            let (before, after) = (knots[i] - knots[i - 1], knots[i + 1] - knots[i]);
            let pivot = 2.0 * (before + after) - before * above[i - 1];
            above[i] = after / pivot;
            bends[i] = std::array::from_fn(|k| (turn(&knots, &points, i, k) - before * bends[i - 1][k]) / pivot);
        }
        for i in (1..count.saturating_sub(1)).rev() {
            bends[i] = std::array::from_fn(|k| bends[i][k] - above[i] * bends[i + 1][k]);
        }
        Self { knots: knots.into(), points: points.into(), bends: bends.into() }
    }

    /// The spline with equal knots from 0 to 1 that is straight at both ends.
    pub(super) fn open(points: Vec<Point>) -> Self {
        Self::natural(equal(points.len()), points)
    }

    /// The closed spline with equal knots from 0 to 1; the last of at least three points repeats the first.
    pub(super) fn closed(points: Vec<Point>) -> Self {
        let count = points.len() - 1;
        let scale = 6.0 * (count * count) as f64;
        let mut bends = vec![[0.0; 3]; count + 1];
        for _ in 0..SWEEPS {
            for i in 0..count {
                let (before, after) = ((i + count - 1) % count, (i + 1) % count);
                bends[i] = std::array::from_fn(|k| {
                    let turn = scale * (points[before][k] - 2.0 * points[i][k] + points[after][k]);
                    (turn - bends[before][k] - bends[after][k]) / 4.0
                });
            }
        }
        bends[count] = bends[0];
        Self { knots: equal(count + 1).into(), points: points.into(), bends: bends.into() }
    }

    /// The point at `u`; beyond the ends that of the end.
    pub(super) fn at(&self, u: f64) -> Point {
        let last = self.knots.len() - 1;
        let u = u.clamp(self.knots[0], self.knots[last]);
        let i = (self.knots.partition_point(|knot| *knot <= u).max(1) - 1).min(last - 1);
        let width = self.knots[i + 1] - self.knots[i];
        let (a, b) = ((self.knots[i + 1] - u) / width, (u - self.knots[i]) / width);
        let (bend_a, bend_b) = ((a * a * a - a) * width * width / 6.0, (b * b * b - b) * width * width / 6.0);
        std::array::from_fn(|k| {
            a * self.points[i][k]
                + b * self.points[i + 1][k]
                + bend_a * self.bends[i][k]
                + bend_b * self.bends[i + 1][k]
        })
    }
}

/// `count` knots from 0 to 1.
fn equal(count: usize) -> Vec<f64> {
    (0..count).map(|i| i as f64 / (count - 1) as f64).collect()
}

/// Six times the change of the slope at knot `i`.
fn turn(knots: &[f64], points: &[Point], i: usize, k: usize) -> f64 {
    let slope = |i: usize| (points[i + 1][k] - points[i][k]) / (knots[i + 1] - knots[i]);
    6.0 * (slope(i) - slope(i - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: Point, b: Point) -> bool {
        (0..3).all(|k| (a[k] - b[k]).abs() < 1e-12)
    }

    #[test]
    fn a_natural_spline_of_three_points_has_its_closed_form() {
        // through (0, 0), (1, 1), (2, 0): 1.5 u - 0.5 u³ up to the middle
        let knots = vec![0.0, 1.0, 2.0];
        let spline = Spline::natural(knots, vec![[0.0; 3], [1.0, 0.0, 0.0], [0.0; 3]]);
        for u in [0.0, 0.25, 0.5, 1.0] {
            assert!(close(spline.at(u), [1.5 * u - 0.5 * u * u * u, 0.0, 0.0]), "{u}");
            assert!(close(spline.at(2.0 - u), spline.at(u)));
        }
    }

    #[test]
    fn a_straight_line_stays_straight() {
        let line = |u: f64| [u, 2.0 - u, 3.0 * u];
        let knots = vec![0.0, 0.1, 0.7, 1.0];
        let spline = Spline::natural(knots.clone(), knots.iter().map(|u| line(*u)).collect());
        assert!(close(spline.at(0.4), line(0.4)));
    }

    #[test]
    fn a_closed_spline_has_two_continuous_derivatives() {
        let points = vec![[1.0, 0.0, 0.2], [0.0, 1.0, 0.0], [-1.0, 0.3, 0.5], [0.2, -1.0, 0.0], [1.0, 0.0, 0.2]];
        let spline = Spline::closed(points.clone());
        let h = 1e-4;
        for (i, point) in points.iter().enumerate() {
            let u = i as f64 / 4.0;
            let at = |u: f64| spline.at(u.rem_euclid(1.0));
            assert!(close(at(u), *point) || i == 4);
            for k in 0..3 {
                let slope = |from: f64, to: f64| (at(to)[k] - at(from)[k]) / (to - from);
                assert!((slope(u - h, u) - slope(u, u + h)).abs() < 0.05, "slope {i} {k}");
                let bend = |u: f64| (at(u - h)[k] - 2.0 * at(u)[k] + at(u + h)[k]) / (h * h);
                assert!((bend(u - 2.0 * h) - bend(u + 2.0 * h)).abs() < 0.5, "bend {i} {k}");
            }
        }
    }
}
