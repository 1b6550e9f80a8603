//! The path of a source, `canonicalTrajectory` (spec spatial-workbench 5). Positions are in metres as seen by the
//! listener: x to the front, y to the left, z up.
//!
//! A path is a geometry, the place as a function of the progress from 0 to 1, and a traversal, the progress as a
//! function of time. What can be tabulated is tabulated when the path is read.

mod expression;
mod fields;
mod flat;
mod geometry;
mod keyframes;
mod length;
mod orbits;
mod points;
mod random_walk;
mod spline;
mod transform;
mod traversal;

use serde_json::Value;

use self::fields::Reader;
use self::geometry::Geometry;
use self::length::Lengths;
use self::transform::Affine;
use self::traversal::Traversal;
use crate::compat::Compat;
use crate::error::{Problem, Result};
use crate::json::findings::Findings;

/// A position in metres.
pub(crate) type Point = [f64; 3];

/// Which parts of the description of a path count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frame {
    /// The geometry as it is drawn, in the frame of the listener.
    Drawn,
    /// The geometry after its `transform`, seen by the `listener` of a world; its `speedLaw` counts as well.
    Placed,
}

/// A path that gives the position at any time.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    geometry: Geometry,
    /// From the geometry to the frame of the listener.
    affine: Option<Affine>,
    traversal: Traversal,
    /// For constant speed.
    lengths: Option<Lengths>,
    /// `coordinateSmoothing`.
    smoothing: bool,
}

/// A jump that is under way: its fade, and where it leads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Jump {
    /// The position after the jump.
    pub(crate) to: Point,
    /// Progress of the fade, more than 0 and at most 1.
    pub(crate) part: f64,
}

impl Path {
    /// Read the path `value` at the JSON path `at`, and return it with the warnings.
    ///
    /// # Errors
    /// All that is missing, out of range or of an unknown kind, with JSON paths.
    pub(crate) fn read(value: &Value, at: &str, frame: Frame, rules: Compat) -> Result<(Self, Vec<Problem>)> {
        let mut findings = Findings::default();
        findings.rules = rules;
        let path = Reader::of(value, at, &findings).map(|reader| Self::read_fields(&reader, frame));
        findings.conclude(path.flatten()).and_then(|(path, warnings)| match path {
            Some(path) => Ok((path, warnings)),
            None => Err(crate::error::Error::invalid(at, "expected a path")),
        })
    }

    fn read_fields(reader: &Reader<'_>, frame: Frame) -> Option<Self> {
        let geometry = match reader.object(&["geometry"]) {
            Some(fields) => Geometry::read(&fields),
            None => {
                reader.missing("geometry", "an object with a \"type\"");
                None
            }
        };
        let traversal = Traversal::read(reader.object(&["traversal"]).as_ref());
        let by_length = reader.flag(&["arcLength"]).unwrap_or(true);
        let speed = reader.choice(&["speedLaw"], &["constant_speed", "parameter_speed"]);
        let affine = transform::read(reader);
        let smoothing = reader.flag(&["coordinateSmoothing"]).unwrap_or(false);
        reader.stored(&["interpolation", "closed", "sourceOrientation", "schemaVersion", "handedness"]);
        reader.stored(&["units", "axes", "id", "name", "notes"]);
        reader.finish();
        let affine = Some(affine).filter(|affine| !affine.is_identity());
        if frame == Frame::Drawn && affine.is_some() {
            reader.warn("the transform, the listener and the coordinate system of a path do not count in this mode");
        }
        let placed = frame == Frame::Placed;
        let affine = affine.filter(|_| placed);
        let constant = match speed {
            Some(law) if placed => law == "constant_speed",
            _ => by_length,
        };
        let geometry = geometry?;
        let place = |u: f64| affine.as_ref().map_or_else(|| geometry.at(u), |affine| affine.apply(geometry.at(u)));
        if let Some(u) = length::places().find(|u| place(*u).iter().any(|x| !x.is_finite())) {
            reader.geometry_error(&format!("the position at u = {u} is not finite"));
            return None;
        }
        let lengths = constant.then(|| Lengths::measure(place));
        Some(Self { geometry, affine, traversal, lengths, smoothing })
    }

    /// The position at `seconds`, without fades of jumps.
    pub(crate) fn position(&self, seconds: f64) -> Point {
        self.at(self.traversal.progress(seconds))
    }

    /// The position at `seconds`; while a jump is under way and `coordinateSmoothing` is on, a weighted mean of the
    /// positions before and after it.
    pub(crate) fn smoothed(&self, seconds: f64) -> Point {
        let from = self.position(seconds);
        let Some(Jump { to, part }) = self.jump(seconds).filter(|_| self.smoothing) else { return from };
        let angle = 0.5 * std::f64::consts::PI * part;
        let (old, new) = (angle.cos(), angle.sin());
        std::array::from_fn(|k| (old * from[k] + new * to[k]) / (old + new))
    }

    /// The jump that is under way at `seconds`, in a path that jumps with a crossfade.
    pub(crate) fn jump(&self, seconds: f64) -> Option<Jump> {
        let (part, later) = self.traversal.fade(seconds)?;
        Some(Jump { to: self.position(later), part })
    }

    /// The position at the progress `progress` (0..1).
    fn at(&self, progress: f64) -> Point {
        let u = self.lengths.as_ref().map_or(progress, |lengths| lengths.at(progress));
        let mut place = self.geometry.at(u);
        if place.iter().any(|x| !x.is_finite()) {
            // an expression, between two places of the table
            place = self.geometry.at(0.0);
        }
        self.affine.as_ref().map_or(place, |affine| affine.apply(place))
    }
}

#[cfg(test)]
mod tests;
