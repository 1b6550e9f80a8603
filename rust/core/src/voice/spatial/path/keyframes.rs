//! A path through positions at given times (spec spatial-workbench 5.3, `keyframes`).

use super::Point;
use super::fields::Reader;
use super::spline::Spline;
use crate::dsp::cubic::catmull_rom;
use crate::dsp::direction::spherical;

#[derive(Debug, Clone)]
enum Between {
    Hold,
    Linear,
    Cubic(Spline),
    CatmullRom,
}

/// Positions with their times in seconds.
#[derive(Debug, Clone)]
pub(super) struct Keyframes {
    times: Box<[f64]>,
    points: Box<[Point]>,
    between: Between,
}

impl Keyframes {
    /// Read the keyframes of a geometry; errors are reported, and the result is then `None`.
    pub(super) fn read(geometry: &Reader<'_>) -> Option<Self> {
        let keys = geometry.objects(&["keyframes"]);
        let read: Vec<(f64, Point)> = keys.iter().map(one).collect();
        let kind = geometry.choice(&["interpolation"], &["cubic", "linear", "hold", "catmull_rom"]);
        if read.len() < 2 {
            geometry.error("keyframes", format!("expected at least 2 keyframes, got {}", read.len()));
            return None;
        }
        if let Some(at) = read.windows(2).position(|pair| pair[0].0 >= pair[1].0) {
            let (before, after) = (read[at].0, read[at + 1].0);
            keys[at + 1].error("timeSeconds", format!("expected a time after {before} s, got {after} s"));
            return None;
        }
        let (times, points): (Vec<f64>, Vec<Point>) = read.into_iter().unzip();
        let between = match kind {
            Some("hold") => Between::Hold,
            Some("linear") => Between::Linear,
            Some("catmull_rom") => Between::CatmullRom,
            _ => Between::Cubic(Spline::natural(times.clone(), points.clone())),
        };
        Some(Self { times: times.into(), points: points.into(), between })
    }

    pub(super) fn at(&self, u: f64) -> Point {
        let last = self.times.len() - 1;
        let time = self.times[0] + u * (self.times[last] - self.times[0]);
        let before = self.times.partition_point(|key| *key <= time).max(1) - 1;
        let i = before.min(last - 1);
        let part = ((time - self.times[i]) / (self.times[i + 1] - self.times[i])).clamp(0.0, 1.0);
        let p = |index: usize, k: usize| self.points[index.min(last)][k];
        match &self.between {
            Between::Hold => self.points[before],
            Between::Linear => std::array::from_fn(|k| p(i, k) + (p(i + 1, k) - p(i, k)) * part),
            Between::Cubic(spline) => spline.at(time),
            Between::CatmullRom => {
                std::array::from_fn(|k| catmull_rom([i.saturating_sub(1), i, i + 1, i + 2].map(|at| p(at, k)), part))
            }
        }
    }
}

/// Time and position of one keyframe.
fn one(key: &Reader<'_>) -> (f64, Point) {
    let time = key.number(&["timeSeconds", "timeS", "time"], 0.0);
    let spherical_names: &[&[&str]] =
        &[&["azimuthDegrees", "azimuthDeg"], &["elevationDegrees", "elevationDeg"], &["distanceMetres", "distanceM"]];
    let named = spherical_names.iter().any(|names| key.has(names));
    let cartesian: Option<Point> = key.optional_numbers(&["position", "positionM"]);
    if key.has(&["position", "positionM"]) && named {
        key.error("position", "expected either a position or azimuth, elevation and distance, got both");
    }
    let azimuth = key.number(&["azimuthDegrees", "azimuthDeg", "azimuth"], 0.0);
    let elevation = key.number(&["elevationDegrees", "elevationDeg", "elevation"], 0.0);
    let distance = key.at_least_0(&["distanceMetres", "distanceM", "distance"], 1.0);
    if !named {
        key.missing_position();
    }
    key.stored(&["id", "name", "easing", "interpolation"]);
    key.finish();
    (time, cartesian.unwrap_or_else(|| spherical(azimuth, elevation, distance)))
}
