//! A drawn path: points joined by lines or a spline, followed at constant speed (spec spatial-angle-modulation 3.4).

use serde_json::{Map, Value};

use crate::json::value::{number, truthy};

/// Largest magnitude of a coordinate; points beyond it are skipped.
const FARTHEST: f64 = 1e9;
/// A path has to be longer than this to be usable.
const SHORTEST: f64 = 1e-6;

/// The description of a drawn path.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Profile {
    points: Vec<[f64; 2]>,
    closed: bool,
    spline: bool,
    /// Samples per segment.
    nodes: usize,
    /// Corner-cutting passes of a polyline.
    passes: usize,
    /// Fraction of a side that each corner cut removes.
    ratio: f64,
}

impl Profile {
    /// Read a track's `customPathProfile`; missing or unusable fields take their defaults. `passes` and `ratio`
    /// override the fields of the profile.
    pub(super) fn read(fields: &Map<String, Value>, passes: Option<&Value>, ratio: Option<&Value>) -> Self {
        let points = fields
            .get("points")
            .and_then(Value::as_array)
            .map_or_else(Vec::new, |points| points.iter().filter_map(|point| Self::point(point.as_array()?)).collect());
        let field = |name: &str, default: f64, given: Option<&Value>| {
            let value = given.or_else(|| fields.get(name)).and_then(number);
            value.filter(|value| value.is_finite()).unwrap_or(default)
        };
        let kind = fields.get("kind").and_then(Value::as_str).map(|kind| kind.trim().to_lowercase());
        Self {
            points,
            closed: fields.get("closedLoop").is_some_and(truthy),
            spline: kind.as_deref() == Some("spline"),
            nodes: field("subNodesPerSegment", 24.0, None).clamp(4.0, 256.0) as usize,
            passes: field("smoothingPasses", 1.0, passes).clamp(0.0, 6.0) as usize,
            ratio: field("smoothingRatio", 0.25, ratio).clamp(0.001, 0.499),
        }
    }

    fn point(pair: &[Value]) -> Option<[f64; 2]> {
        let [x, y] = pair else { return None };
        let (x, y) = (number(x)?, number(y)?);
        (x.abs() <= FARTHEST && y.abs() <= FARTHEST).then_some([x, y])
    }

    /// `points` after one corner-cutting pass (spec 3.4, step 2).
    fn smoothed(&self, points: &[[f64; 2]]) -> Vec<[f64; 2]> {
        let mut next = Vec::with_capacity(2 * points.len() + 2);
        let mut cut = |a: [f64; 2], b: [f64; 2]| {
            next.push(mix(a, b, self.ratio));
            next.push(mix(b, a, self.ratio));
        };
        let last = points.len() - 1;
        points.windows(2).for_each(|pair| cut(pair[0], pair[1]));
        if self.closed {
            cut(points[last], points[0]);
        } else {
            next.insert(0, points[0]);
            next.push(points[last]);
        }
        next
    }

    /// The point at `tau` (0..1) of the spline segment that starts at point `i`.
    fn spline_at(&self, p: &[[f64; 2]], i: usize, tau: f64) -> [f64; 2] {
        let n = p.len();
        let before = match (i, self.closed) {
            (0, true) => p[n - 2],
            (0, false) => p[0],
            _ => p[i - 1],
        };
        let after = if self.closed { p[(i + 2) % n] } else { p[(i + 2).min(n - 1)] };
        let (b, c) = (p[i], p[(i + 1) % n]);
        std::array::from_fn(|k| {
            let (a, b, c, d) = (before[k], b[k], c[k], after[k]);
            0.5 * (2.0 * b
                + (c - a) * tau
                + (2.0 * a - 5.0 * b + 4.0 * c - d) * tau * tau
                + (-a + 3.0 * b - 3.0 * c + d) * tau * tau * tau)
        })
    }

    /// The path as a fine polyline; empty if there are fewer than two points.
    fn sampled(&self) -> Vec<[f64; 2]> {
        let mut p = self.points.clone();
        if p.len() < 2 {
            return Vec::new();
        }
        if self.closed && p[0] != p[p.len() - 1] {
            p.push(p[0]);
        }
        if !self.spline && p.len() >= 3 {
            for _ in 0..self.passes {
                p = self.smoothed(&p);
            }
        }
        let curved = self.spline && p.len() >= 3;
        let segments = if curved && self.closed { p.len() } else { p.len() - 1 };
        let mut samples = Vec::with_capacity(segments * self.nodes + 1);
        for i in 0..segments {
            for j in 0..self.nodes {
                let tau = j as f64 / self.nodes as f64;
                samples.push(if curved { self.spline_at(&p, i, tau) } else { mix(p[i], p[i + 1], tau) });
            }
        }
        samples.push(p[p.len() - 1]);
        samples
    }
}

/// The point at the fraction `part` from `a` to `b`, with the rounding of the specified formula.
fn mix(a: [f64; 2], b: [f64; 2], part: f64) -> [f64; 2] {
    std::array::from_fn(|k| (1.0 - part) * a[k] + part * b[k])
}

/// A path that gives the point at any fraction of its length.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Track {
    samples: Vec<[f64; 2]>,
    /// Length of the path up to each sample.
    lengths: Vec<f64>,
}

impl Track {
    /// `None` if the profile has no usable path.
    pub(super) fn new(profile: &Profile) -> Option<Self> {
        let samples = profile.sampled();
        let mut total = 0.0;
        let mut lengths = vec![0.0];
        for pair in samples.windows(2) {
            total += f64::hypot(pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]);
            lengths.push(total);
        }
        (samples.len() >= 2 && total.is_finite() && total > SHORTEST).then_some(Self { samples, lengths })
    }

    /// The point at the fraction `u` (0..1) of the whole length. `hint` is the segment that was found last; it is
    /// updated.
    pub(super) fn at(&self, u: f64, hint: &mut usize) -> [f64; 2] {
        let last = self.lengths.len() - 2;
        let position = u * self.lengths[last + 1];
        let within = |i: usize| self.lengths[i] <= position && (i == last || position < self.lengths[i + 1]);
        if !within(*hint) {
            let next = *hint + 1;
            *hint = if next <= last && within(next) {
                next
            } else {
                self.lengths.partition_point(|length| *length <= position).saturating_sub(1).min(last)
            };
        }
        let (from, to) = (self.lengths[*hint], self.lengths[*hint + 1]);
        let part = if to > from { ((position - from) / (to - from)).min(1.0) } else { 0.0 };
        let (a, b) = (self.samples[*hint], self.samples[*hint + 1]);
        std::array::from_fn(|k| a[k] + (b[k] - a[k]) * part)
    }

    /// Where the direction as seen by the listener may jump, as fractions of the length, in order: at the start, and
    /// where the path passes behind the listener.
    pub(super) fn breaks(&self) -> Vec<f64> {
        let total = self.lengths[self.lengths.len() - 1];
        let behind = self.samples.windows(2).zip(self.lengths.windows(2)).filter_map(|(pair, lengths)| {
            let (a, b) = (pair[0], pair[1]);
            let part = a[0] / (a[0] - b[0]);
            let crosses = (a[0] < 0.0) != (b[0] < 0.0) && a[1] + (b[1] - a[1]) * part < 0.0;
            crosses.then(|| (lengths[0] + (lengths[1] - lengths[0]) * part) / total)
        });
        let mut breaks: Vec<f64> = std::iter::once(0.0).chain(behind.filter(|u| *u < 1.0)).collect();
        breaks.dedup();
        breaks
    }

    /// Smallest and largest distance of the path from the listener.
    pub(super) fn distances(&self) -> (f64, f64) {
        let far = self.samples.iter().map(|p| f64::hypot(p[0], p[1])).fold(0.0, f64::max);
        let near = self.samples.windows(2).map(|pair| distance_to_segment(pair[0], pair[1])).fold(f64::MAX, f64::min);
        (near, far)
    }
}

/// Distance of the origin from the line segment between two points.
fn distance_to_segment(a: [f64; 2], b: [f64; 2]) -> f64 {
    let d = [b[0] - a[0], b[1] - a[1]];
    let square = d[0] * d[0] + d[1] * d[1];
    let part = if square > 0.0 { (-(a[0] * d[0] + a[1] * d[1]) / square).clamp(0.0, 1.0) } else { 0.0 };
    f64::hypot(a[0] + part * d[0], a[1] + part * d[1])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn track(value: &Value) -> Option<Track> {
        Track::new(&Profile::read(value.as_object().unwrap(), None, None))
    }

    #[test]
    fn a_polyline_is_followed_at_constant_speed() {
        let line = track(&json!({"points": [[0, 1], [2, 1], [2, 5]], "smoothingPasses": 0})).unwrap();
        let mut hint = 0;
        for (u, place) in [(0.0, [0.0, 1.0]), (1.0 / 6.0, [1.0, 1.0]), (0.5, [2.0, 2.0]), (1.0, [2.0, 5.0])] {
            let got = line.at(u, &mut hint);
            assert!((got[0] - place[0]).abs() < 1e-9 && (got[1] - place[1]).abs() < 1e-9, "{u}: {got:?}");
        }
        let (near, far) = line.distances();
        assert!((near - 1.0).abs() < 1e-12 && (far - 29.0_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn an_unusable_profile_gives_no_track() {
        for value in [
            json!({}),
            json!({"points": [[0, 1]]}),
            json!({"points": [[0, 1], [0, 1]]}),
            json!({"points": [[0, 1], ["x", 1], [1]]}),
            json!({"points": [[0, 1], [1e300, 1]]}),
            json!({"points": "far"}),
        ] {
            assert_eq!(track(&value), None, "{value}");
        }
    }

    #[test]
    fn hints_do_not_change_the_place() {
        let spline = json!({"kind": "Spline", "closedLoop": true, "points": [[0, 1], [1, 0], [0, -1], [-1, 0]]});
        let spline = track(&spline).unwrap();
        let mut hint = 0;
        for i in 0..1000 {
            let u = f64::from(i * 37 % 1000) / 1000.0;
            assert_eq!(spline.at(u, &mut hint), spline.at(u, &mut 0));
        }
    }
}
