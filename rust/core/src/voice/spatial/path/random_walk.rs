//! A seeded random walk within a box (spec spatial-workbench 5.5).

use super::Point;
use super::fields::Reader;
use super::spline::Spline;
use crate::dsp::pcg64::Pcg64;

/// Most steps of a walk.
const MOST_STEPS: f64 = 100_000.0;

/// A closed walk round its centre.
#[derive(Debug, Clone)]
pub(super) struct RandomWalk {
    shape: Shape,
    centre: Point,
    /// The walk stays at least this far from the centre, metres.
    nearest: f64,
}

#[derive(Debug, Clone)]
enum Shape {
    Smooth(Spline),
    /// Points at equal steps of the parameter.
    Straight(Box<[Point]>),
}

impl RandomWalk {
    pub(super) fn read(fields: &Reader<'_>) -> Self {
        let extent: Point = fields.numbers(&["extentM", "extent_m"], [2.0, 2.0, 1.0]);
        if extent.iter().any(|x| *x <= 0.0) {
            fields.error("extentM", "expected three numbers above 0");
        }
        let steps = fields.whole(&["steps"], (2.0, MOST_STEPS), 16.0) as usize;
        let mut walk = Self {
            shape: Shape::Straight(Box::default()),
            centre: fields.numbers(&["centreM", "centre_m"], [0.0; 3]),
            nearest: fields.at_least_0(&["minimumDistanceM", "minimum_distance_m"], 0.3),
        };
        let mut points = walk.points(extent, steps, fields.seed(&["seed"]));
        points.extend(points.first().copied());
        let smooth = fields.flag(&["smooth"]).unwrap_or(true);
        walk.shape = if smooth { Shape::Smooth(Spline::closed(points)) } else { Shape::Straight(points.into()) };
        walk
    }

    fn points(&self, extent: Point, steps: usize, seed: u64) -> Vec<Point> {
        let mut stream = Pcg64::new(seed);
        let mut sum = [0.0; 3];
        let each = (0..steps).map(|_| {
            for k in 0..3 {
                sum[k] += stream.normal() * extent[k] / 4.0;
            }
            self.kept_away(std::array::from_fn(|k| {
                let half = extent[k] / 2.0;
                ((sum[k] + half).rem_euclid(4.0 * half) - 2.0 * half).abs() - half + self.centre[k]
            }))
        });
        each.collect()
    }

    /// `point`, moved away from the centre if it is too near.
    fn kept_away(&self, point: Point) -> Point {
        let from: Point = std::array::from_fn(|k| point[k] - self.centre[k]);
        let radius = (from[0] * from[0] + from[1] * from[1] + from[2] * from[2]).sqrt();
        if radius >= self.nearest {
            return point;
        }
        let factor = self.nearest / radius.max(1e-9);
        std::array::from_fn(|k| self.centre[k] + from[k] * factor)
    }

    pub(super) fn at(&self, u: f64) -> Point {
        self.kept_away(match &self.shape {
            Shape::Smooth(spline) => spline.at(u),
            Shape::Straight(points) => {
                let place = u.clamp(0.0, 1.0) * (points.len() - 1) as f64;
                let i = (place as usize).min(points.len() - 2);
                let part = place - i as f64;
                std::array::from_fn(|k| points[i][k] + (points[i + 1][k] - points[i][k]) * part)
            }
        })
    }
}
