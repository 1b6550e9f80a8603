//! The geometry of a path: the place as a function of the progress from 0 to 1 (spec spatial-workbench 5.3).

use super::Point;
use super::expression::Expressions;
use super::fields::Reader;
use super::flat::Flat;
use super::keyframes::Keyframes;
use super::orbits::Orbit;
use super::points::{MOST_BEZIER, Polyline, bezier, spline};
use super::random_walk::RandomWalk;
use super::spline::Spline;

/// The names of all kinds.
const KINDS: &[&str] = &[
    "polyline",
    "polygon",
    "spline",
    "bezier",
    "line",
    "arc",
    "circle",
    "ellipse",
    "spiral",
    "helix",
    "lissajous",
    "mathematical",
    "keyframes",
    "horizontal_orbit",
    "vertical_orbit",
    "tilted_orbit",
    "spherical_orbit",
    "rising_arc",
    "overhead_sweep",
    "elevation_sweep",
    "dome_traversal",
    "figure_eight_3d",
    "pendulum",
    "torus",
    "random_walk_volume",
];

/// A curve in space.
#[derive(Debug, Clone)]
pub(super) enum Geometry {
    Line(Point, Point),
    Polyline(Polyline),
    Spline(Spline),
    Bezier(Box<[Point]>),
    Flat(Flat),
    Orbit(Orbit),
    Walk(RandomWalk),
    Expressions(Box<Expressions>),
    Keyframes(Keyframes),
}

impl Geometry {
    /// Read the object `geometry`; errors are reported, and the result is then `None`.
    pub(super) fn read(fields: &Reader<'_>) -> Option<Self> {
        let kind = if fields.has(&["type"]) { fields.choice(&["type"], KINDS)? } else { "polyline" };
        let points = fields.points(&["controlPointsM"]);
        let closed = fields.flag(&["closed"]).unwrap_or(false);
        let found = match points {
            Some(points) if takes_points(kind) => through(kind, points, closed, fields),
            _ => Self::named(kind, fields),
        };
        fields.stored(&["parameters", "expressions", "keyframes", "interpolation", "schemaVersion", "id", "name"]);
        fields.finish();
        found
    }

    /// A geometry that is not given by points.
    fn named(kind: &'static str, fields: &Reader<'_>) -> Option<Self> {
        if needs_points(kind) {
            fields.missing("controlPointsM", "a list of positions [x, y, z]");
            return None;
        }
        match kind {
            "mathematical" => return Some(Self::Expressions(Box::new(Expressions::read(fields)?))),
            "keyframes" => return Some(Self::Keyframes(Keyframes::read(fields)?)),
            _ => {}
        }
        let parameters = fields.lenient_object(&["parameters"]);
        let found = match kind {
            "line" => {
                let ends: [Option<Point>; 2] = [
                    parameters.optional_numbers(&["startM", "start_m"]),
                    parameters.optional_numbers(&["endM", "end_m"]),
                ];
                for (end, key) in ends.iter().zip(["startM", "endM"]) {
                    if end.is_none() {
                        parameters.missing(key, "a position [x, y, z]");
                    }
                }
                let [Some(start), Some(end)] = ends else { return None };
                Self::Line(start, end)
            }
            "random_walk_volume" => Self::Walk(RandomWalk::read(&parameters)),
            _ => match Flat::read(kind, &parameters) {
                Some(flat) => Self::Flat(flat),
                None => Self::Orbit(Orbit::read(kind, &parameters)?),
            },
        };
        parameters.finish();
        Some(found)
    }

    /// The position at `u` (0..1), in metres.
    pub(super) fn at(&self, u: f64) -> Point {
        match self {
            Self::Line(start, end) => std::array::from_fn(|k| start[k] + (end[k] - start[k]) * u),
            Self::Polyline(line) => line.at(u),
            Self::Spline(spline) => spline.at(u),
            Self::Bezier(points) => bezier(points, u.clamp(0.0, 1.0)),
            Self::Flat(flat) => flat.at(u),
            Self::Orbit(orbit) => orbit.at(u),
            Self::Walk(walk) => walk.at(u),
            Self::Expressions(expressions) => expressions.at(u),
            Self::Keyframes(keys) => keys.at(u),
        }
    }
}

/// Whether this kind of path cannot be given by parameters.
fn needs_points(kind: &str) -> bool {
    matches!(kind, "polyline" | "polygon" | "spline" | "bezier")
}

/// Whether points are the shape of this kind of path.
fn takes_points(kind: &str) -> bool {
    needs_points(kind) || matches!(kind, "line" | "arc" | "circle" | "ellipse" | "spiral" | "helix" | "lissajous")
}

/// The path through `points`.
fn through(kind: &str, points: Vec<Point>, closed: bool, fields: &Reader<'_>) -> Option<Geometry> {
    let enough = if kind == "spline" { 3 } else { 2 };
    let most = if kind == "bezier" { MOST_BEZIER } else { usize::MAX };
    if points.len() < enough || points.len() > most {
        let expected = if points.len() < enough { format!("at least {enough}") } else { format!("at most {most}") };
        fields.error("controlPointsM", format!("expected {expected} points, got {}", points.len()));
        return None;
    }
    let closed = closed || matches!(kind, "polygon" | "circle" | "ellipse" | "lissajous");
    Some(match kind {
        "bezier" => Geometry::Bezier(points.into()),
        "line" if points.len() == 2 => Geometry::Line(points[0], points[1]),
        "polyline" | "polygon" => Geometry::Polyline(Polyline::new(points, closed)),
        "line" => Geometry::Polyline(Polyline::new(points, false)),
        _ if points.len() >= 3 => Geometry::Spline(spline(points, closed)),
        _ => Geometry::Polyline(Polyline::new(points, closed)),
    })
}
