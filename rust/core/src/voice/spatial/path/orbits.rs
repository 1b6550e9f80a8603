//! Orbits, sweeps and other paths in space that are named by a few numbers (spec spatial-workbench 5.3).

use std::f64::consts::TAU;

use super::Point;
use super::fields::Reader;
use super::transform::{Matrix, about_y, about_z, multiply, product};
use crate::dsp::direction::spherical;

/// A value that changes in a straight line from `u = 0` to `u = 1`.
type Line = [f64; 2];

fn along(line: Line, u: f64) -> f64 {
    line[0] + (line[1] - line[0]) * u
}

/// One of these paths. Angles are in degrees, lengths in metres.
#[derive(Debug, Clone)]
pub(super) enum Orbit {
    /// Round the vertical axis.
    Horizontal { centre: Point, azimuth: Line, elevation: f64, radius: f64 },
    /// Round a horizontal axis.
    Vertical { centre: Point, angle: Line, plane: f64, radius: f64 },
    /// A flat ring, turned.
    Tilted { centre: Point, azimuth: Line, radius: f64, turn: Box<Matrix> },
    /// Round, with a distance that swings between two values.
    Breathing { distance: Line, cycles: f64, elevation: f64, azimuth: Line },
    /// Azimuth, elevation and distance change in straight lines.
    Sweep { azimuth: Line, elevation: Line, distance: Line },
    /// Over the head and down behind it.
    Overhead { azimuth: f64, elevation: Line, distance: f64 },
    /// Azimuth and elevation draw an eight.
    Eight { extent: [f64; 2], tilt: f64, centre: [f64; 2], distance: f64 },
    /// A swing on a rope.
    Pendulum { pivot: Point, length: f64, swing: f64, plane: f64, swings: f64 },
    /// Round a ring, and round a circle about it.
    Torus { centre: Point, radii: [f64; 2], turns: [f64; 2] },
}

impl Orbit {
    /// Read the `parameters` of the geometry `kind`; `None` for other kinds.
    pub(super) fn read(kind: &str, fields: &Reader<'_>) -> Option<Self> {
        let centre = || fields.numbers(&["centreM", "centre_m"], [0.0; 3]);
        let radius = || fields.positive(&["radiusM", "radius_m"], 1.5);
        let distance = || fields.positive(&["distanceM", "distance_m"], 1.5);
        let elevation = |default: f64| fields.elevation(&["elevationDeg", "elevation_deg"], default);
        let start_elevation = |default: f64| fields.elevation(&["startElevationDeg", "start_elevation_deg"], default);
        let end_elevation = || fields.optional_elevation(&["endElevationDeg", "end_elevation_deg"]);
        let start_azimuth = |default: f64| fields.number(&["startAzimuthDeg", "start_azimuth_deg"], default);
        let end_azimuth = |default: f64| fields.number(&["endAzimuthDeg", "end_azimuth_deg"], default);
        let turned = |start: f64, turns: f64| [start, start + 360.0 * fields.number(&["turns"], turns)];
        let plane = |default: f64| fields.number(&["planeAzimuthDeg", "plane_azimuth_deg"], default);
        let distances = |from: f64, to: f64| {
            let start = fields.positive(&["startDistanceM", "start_distance_m"], from);
            [start, fields.positive(&["endDistanceM", "end_distance_m"], to)]
        };
        Some(match kind {
            "horizontal_orbit" => Self::Horizontal {
                centre: centre(),
                azimuth: turned(start_azimuth(0.0), 1.0),
                elevation: elevation(0.0),
                radius: radius(),
            },
            "vertical_orbit" => Self::Vertical {
                centre: centre(),
                angle: turned(fields.number(&["startAngleDeg", "start_angle_deg"], 0.0), 1.0),
                plane: plane(0.0),
                radius: radius(),
            },
            "tilted_orbit" => {
                let tilt = fields.number(&["tiltDeg", "tilt_deg"], 30.0);
                let axis = fields.number(&["tiltAxisAzimuthDeg", "tilt_axis_azimuth_deg"], 0.0);
                let turn = Box::new(product(&product(&about_z(axis), &about_y(tilt)), &about_z(-axis)));
                Self::Tilted { centre: centre(), azimuth: turned(start_azimuth(0.0), 1.0), radius: radius(), turn }
            }
            "spherical_orbit" => Self::Breathing {
                distance: distances(0.6, 2.0),
                cycles: fields.positive(&["cycles"], 1.0),
                elevation: elevation(0.0),
                azimuth: turned(start_azimuth(0.0), 2.0),
            },
            "rising_arc" => Self::Sweep {
                azimuth: [start_azimuth(-45.0), end_azimuth(45.0)],
                elevation: [start_elevation(-30.0), end_elevation().unwrap_or(60.0)],
                distance: distances(1.5, 1.5),
            },
            "overhead_sweep" => {
                let azimuth = fields.number(&["azimuthDeg", "azimuth_deg"], 0.0);
                let (start, end) = (start_elevation(0.0), end_elevation().unwrap_or(0.0));
                let distance = distance();
                if fields.flag(&["passOver", "pass_over"]).unwrap_or(true) {
                    Self::Overhead { azimuth, elevation: [start, end], distance }
                } else {
                    Self::Sweep { azimuth: [azimuth; 2], elevation: [start, 90.0], distance: [distance; 2] }
                }
            }
            "elevation_sweep" => {
                let start = elevation(45.0);
                let end = end_elevation().unwrap_or(start);
                let azimuth = [start_azimuth(0.0), end_azimuth(180.0)];
                Self::Sweep { azimuth, elevation: [start, end], distance: [distance(); 2] }
            }
            "dome_traversal" => Self::Sweep {
                azimuth: turned(start_azimuth(0.0), 3.0),
                elevation: [start_elevation(0.0), end_elevation().unwrap_or(85.0)],
                distance: [distance(); 2],
            },
            "figure_eight_3d" => Self::Eight {
                extent: [
                    fields.number(&["azimuthExtentDeg", "azimuth_extent_deg"], 60.0),
                    fields.number(&["elevationExtentDeg", "elevation_extent_deg"], 30.0),
                ],
                tilt: fields.number(&["tiltDeg", "tilt_deg"], 0.0),
                centre: [
                    fields.number(&["centreAzimuthDeg", "centre_azimuth_deg"], 0.0),
                    fields.elevation(&["centreElevationDeg", "centre_elevation_deg"], 0.0),
                ],
                distance: distance(),
            },
            "pendulum" => Self::Pendulum {
                pivot: fields.numbers(&["pivotM", "pivot_m"], [0.0, 0.0, 1.0]),
                length: fields.positive(&["lengthM", "length_m"], 1.5),
                swing: fields.number(&["swingDeg", "swing_deg"], 60.0),
                plane: plane(90.0),
                swings: fields.positive(&["swings"], 1.0),
            },
            "torus" => {
                let major = fields.positive(&["majorRadiusM", "major_radius_m"], 1.5);
                let minor = fields.positive(&["minorRadiusM", "minor_radius_m"], 0.4);
                if minor >= major {
                    fields.error("minorRadiusM", format!("expected less than the major radius, {major}, got {minor}"));
                }
                let turns = [
                    fields.number(&["majorTurns", "major_turns"], 1.0),
                    fields.number(&["minorTurns", "minor_turns"], 6.0),
                ];
                Self::Torus { centre: centre(), radii: [major, minor], turns }
            }
            _ => return None,
        })
    }

    pub(super) fn at(&self, u: f64) -> Point {
        let from = |centre: &Point, place: Point| std::array::from_fn(|k| centre[k] + place[k]);
        match self {
            Self::Horizontal { centre, azimuth, elevation, radius } => {
                from(centre, spherical(along(*azimuth, u), *elevation, *radius))
            }
            Self::Vertical { centre, angle, plane, radius } => {
                let (sin, cos) = along(*angle, u).to_radians().sin_cos();
                let (sin_p, cos_p) = plane.to_radians().sin_cos();
                from(centre, [radius * cos * cos_p, radius * cos * sin_p, radius * sin])
            }
            Self::Tilted { centre, azimuth, radius, turn } => {
                from(centre, multiply(turn, spherical(along(*azimuth, u), 0.0, *radius)))
            }
            Self::Breathing { distance, cycles, elevation, azimuth } => {
                let swing = 0.5 - 0.5 * (TAU * cycles * u).cos();
                spherical(along(*azimuth, u), *elevation, along(*distance, swing))
            }
            Self::Sweep { azimuth, elevation, distance } => {
                spherical(along(*azimuth, u), along(*elevation, u), along(*distance, u))
            }
            Self::Overhead { azimuth, elevation: [start, end], distance } => {
                if u <= 0.5 {
                    spherical(*azimuth, start + (90.0 - start) * 2.0 * u, *distance)
                } else {
                    spherical(azimuth + 180.0, 90.0 - (90.0 - end) * (2.0 * u - 1.0), *distance)
                }
            }
            Self::Eight { extent, tilt, centre, distance } => {
                let (x, y) = (extent[0] * (TAU * u).sin(), extent[1] * (2.0 * TAU * u).sin());
                let (sin, cos) = tilt.to_radians().sin_cos();
                let elevation = (centre[1] + x * sin + y * cos).clamp(-90.0, 90.0);
                spherical(centre[0] + x * cos - y * sin, elevation, *distance)
            }
            Self::Pendulum { pivot, length, swing, plane, swings } => {
                let (sin, cos) = (swing * (TAU * swings * u).sin()).to_radians().sin_cos();
                let (sin_p, cos_p) = plane.to_radians().sin_cos();
                from(pivot, [length * sin * cos_p, length * sin * sin_p, -length * cos])
            }
            Self::Torus { centre, radii: [major, minor], turns } => {
                let (sin_a, cos_a) = (TAU * turns[0] * u).sin_cos();
                let (sin_b, cos_b) = (TAU * turns[1] * u).sin_cos();
                let ring = major + minor * cos_b;
                from(centre, [ring * cos_a, ring * sin_a, minor * sin_b])
            }
        }
    }
}
