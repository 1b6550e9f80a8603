//! Circles and other curves that are named by a few numbers, with their centre (spec spatial-workbench 5.3).

use std::f64::consts::TAU;

use super::Point;
use super::fields::Reader;

/// A curve round a centre.
#[derive(Debug, Clone)]
pub(super) struct Flat {
    centre: Point,
    curve: Curve,
}

#[derive(Debug, Clone)]
enum Curve {
    /// Radius; start and end, degrees.
    Arc(f64, [f64; 2]),
    /// Radii.
    Ellipse([f64; 2]),
    /// First and last radius; turns.
    Spiral([f64; 2], f64),
    /// Radius, height, turns.
    Helix(f64, f64, f64),
    /// Amplitudes, frequencies, phases in degrees.
    Lissajous(Point, Point, Point),
}

impl Flat {
    /// Read the `parameters` of the geometry `kind`; `None` for other kinds.
    pub(super) fn read(kind: &str, fields: &Reader<'_>) -> Option<Self> {
        let radius = || fields.number(&["radiusM", "radius_m"], 1.0);
        let start = |default: f64| fields.number(&["startDeg", "start_deg"], default);
        let turns = |default: f64| fields.number(&["turns"], default);
        let curve = match kind {
            "arc" => Curve::Arc(radius(), [start(-45.0), fields.number(&["endDeg", "end_deg"], 45.0)]),
            "circle" => {
                let start = start(0.0);
                Curve::Arc(radius(), [start, start + 360.0])
            }
            "ellipse" => Curve::Ellipse(fields.numbers(&["radiiM", "radii_m"], [1.0, 0.5])),
            "spiral" => {
                let first = fields.number(&["startRadiusM", "start_radius_m"], 0.1);
                Curve::Spiral([first, fields.number(&["endRadiusM", "end_radius_m"], 1.0)], turns(2.0))
            }
            "helix" => Curve::Helix(radius(), fields.number(&["heightM", "height_m"], 1.0), turns(1.0)),
            "lissajous" => Curve::Lissajous(
                fields.numbers(&["amplitudesM", "amplitudes_m"], [1.0, 1.0, 0.0]),
                fields.numbers(&["frequencies"], [1.0, 2.0, 1.0]),
                fields.numbers(&["phasesDeg", "phases_deg"], [0.0, 90.0, 0.0]),
            ),
            _ => return None,
        };
        Some(Self { centre: fields.numbers(&["centerM", "center_m"], [0.0; 3]), curve })
    }

    pub(super) fn at(&self, u: f64) -> Point {
        let ring = |radius: f64, angle: f64| [radius * angle.cos(), radius * angle.sin(), 0.0];
        let from_centre = match &self.curve {
            Curve::Arc(radius, [start, end]) => ring(*radius, (start + (end - start) * u).to_radians()),
            Curve::Ellipse([x, y]) => [x * (TAU * u).cos(), y * (TAU * u).sin(), 0.0],
            Curve::Spiral([first, last], turns) => ring(first + (last - first) * u, TAU * turns * u),
            Curve::Helix(radius, height, turns) => {
                let [x, y, _] = ring(*radius, TAU * turns * u);
                [x, y, height * (u - 0.5)]
            }
            Curve::Lissajous(amplitudes, frequencies, phases) => {
                std::array::from_fn(|k| amplitudes[k] * (TAU * frequencies[k] * u + phases[k].to_radians()).sin())
            }
        };
        std::array::from_fn(|k| self.centre[k] + from_centre[k])
    }
}
