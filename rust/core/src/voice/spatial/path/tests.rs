//! Paths against closed forms, and what is refused.

use serde_json::{Value, json};

use super::*;
use crate::error::Error;

fn read(value: &Value, frame: Frame) -> Result<(Path, Vec<Problem>)> {
    Path::read(value, "path", frame, Compat::INTENDED)
}

/// The path with this geometry that takes 4 s for one way, by its own parameter.
fn drawn(geometry: &Value) -> Path {
    let whole = json!({"geometry": geometry, "traversal": {"durationS": 4}, "arcLength": false});
    read(&whole, Frame::Drawn).unwrap().0
}

fn refused(value: &Value) -> Vec<String> {
    match read(value, Frame::Placed) {
        Err(Error::Invalid(problems)) => problems.iter().map(ToString::to_string).collect(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("{value} is a path"),
    }
}

#[track_caller]
fn close(a: Point, b: Point) {
    assert!((0..3).all(|k| (a[k] - b[k]).abs() < 1e-9), "{a:?} {b:?}");
}

#[test]
fn places_of_named_paths_are_those_of_their_definition() {
    let half = 0.5_f64.sqrt();
    let walks: &[(Value, f64, Point)] = &[
        (json!({"type": "Circle", "parameters": {"radiusM": 2, "center_m": [0, 0, 1]}}), 1.0, [0.0, 2.0, 1.0]),
        (json!({"type": "arc"}), 2.0, [1.0, 0.0, 0.0]),
        (json!({"type": "ellipse"}), 1.0, [0.0, 0.5, 0.0]),
        (json!({"type": "spiral"}), 2.0, [0.55, 0.0, 0.0]),
        (json!({"type": "helix"}), 1.0, [0.0, 1.0, -0.25]),
        (json!({"type": "lissajous"}), 1.0, [1.0, -1.0, 0.0]),
        (json!({"type": "line", "parameters": {"startM": [0, 0, 0], "endM": [4, 0, 8]}}), 1.0, [1.0, 0.0, 2.0]),
        (json!({"type": "horizontal_orbit"}), 1.0, [0.0, 1.5, 0.0]),
        (json!({"type": "vertical_orbit"}), 1.0, [0.0, 0.0, 1.5]),
        (json!({"type": "tilted_orbit", "parameters": {"tiltDeg": 90}}), 0.0, [0.0, 0.0, -1.5]),
        (json!({"type": "spherical_orbit"}), 2.0, [2.0, 0.0, 0.0]),
        (
            json!({"type": "rising_arc", "parameters": {"startElevationDeg": 0, "endElevationDeg": 0}}),
            2.0,
            [1.5, 0.0, 0.0],
        ),
        (json!({"type": "overhead_sweep"}), 2.0, [0.0, 0.0, 1.5]),
        (json!({"type": "overhead_sweep"}), 3.0, [-1.5 * half, 0.0, 1.5 * half]),
        (json!({"type": "elevation_sweep", "parameters": {"elevationDeg": 0}}), 2.0, [0.0, 1.5, 0.0]),
        (json!({"type": "dome_traversal", "parameters": {"endElevationDeg": 90}}), 4.0 - 1e-12, [0.0, 0.0, 1.5]),
        (json!({"type": "figure_eight_3d"}), 2.0, [1.5, 0.0, 0.0]),
        (json!({"type": "pendulum", "parameters": {"swingDeg": 90}}), 1.0, [0.0, 1.5, 1.0]),
        (json!({"type": "torus", "parameters": {"minorTurns": 1}}), 2.0, [-1.1, 0.0, 0.0]),
        (json!({"type": "mathematical", "expressions": {"x": "3*u", "z": "-u**2 % 1"}}), 2.0, [1.5, 0.0, 0.75]),
    ];
    for (geometry, seconds, place) in walks {
        let found = drawn(geometry).position(*seconds);
        assert!(length::distance(found, *place) < 1e-9, "{geometry}: {found:?}");
    }
}

#[test]
fn points_make_closed_paths_of_round_kinds() {
    let points = json!([[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]]);
    for kind in ["circle", "ellipse", "lissajous", "polygon"] {
        let path = drawn(&json!({"type": kind, "controlPointsM": points}));
        for (quarter, place) in
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]].iter().enumerate()
        {
            close(path.position(quarter as f64), *place);
        }
    }
    let open = drawn(&json!({"type": "spline", "controlPointsM": points}));
    close(open.position(4.0 - 1e-12), [0.0, -1.0, 0.0]);
}

#[test]
fn keyframes_hold_their_times_without_constant_speed() {
    let keys = json!([
        {"timeSeconds": 0, "position": [1, 0, 0]},
        {"timeS": 1, "azimuthDeg": 90, "distanceM": 2},
        {"time": 4, "positionM": [1, 0, 3]},
    ]);
    let of =
        |interpolation: &str| drawn(&json!({"type": "keyframes", "keyframes": keys, "interpolation": interpolation}));
    for kind in ["linear", "cubic", "catmull_rom"] {
        close(of(kind).position(1.0), [0.0, 2.0, 0.0]);
    }
    close(of("linear").position(0.5), [0.5, 1.0, 0.0]);
    close(of("hold").position(3.9), [0.0, 2.0, 0.0]);
    // between the second and the last key, with tangents half the way between their neighbours
    close(of("catmull_rom").position(2.5), [0.4375, 1.125, 1.5]);
}

#[test]
fn constant_speed_covers_equal_ways_in_equal_times() {
    let ellipse =
        json!({"geometry": {"type": "ellipse", "parameters": {"radiiM": [3, 0.5]}}, "traversal": {"durationS": 1}});
    let (path, _) = read(&ellipse, Frame::Drawn).unwrap();
    let ways: Vec<f64> = (0..1000)
        .map(|i| length::distance(path.position(f64::from(i) / 1000.0), path.position(f64::from(i + 1) / 1000.0)))
        .collect();
    let mean = ways.iter().sum::<f64>() / 1000.0;
    assert!(ways.iter().all(|way| (way - mean).abs() < 0.02 * mean));
}

#[test]
fn a_transform_and_a_listener_count_in_placed_paths_only() {
    let whole = json!({
        "geometry": {"type": "line", "controlPointsM": [[1, 0, 0], [1, 0, 0]]},
        "transform": {"scale": [2, 1, 1], "yawPitchRollDegrees": [90, 0, 0], "translationM": [0, 0, 1]},
        "listener": {"positionM": [0, 0, 1], "yawPitchRollDegrees": [-90, 0, 0]},
        "coordinateSystem": "world_cartesian",
    });
    let (placed, quiet) = read(&whole, Frame::Placed).unwrap();
    // twice as far, turned to the left, seen by a listener who looks to the right: behind
    close(placed.position(1.0), [-2.0, 0.0, 0.0]);
    assert!(quiet.is_empty(), "{quiet:?}");
    let (plain, said) = read(&whole, Frame::Drawn).unwrap();
    close(plain.position(1.0), [1.0, 0.0, 0.0]);
    assert_eq!(said.len(), 1);
}

#[test]
fn a_jump_fades_to_the_place_where_it_leads() {
    let whole = json!({
        "geometry": {"type": "line", "controlPointsM": [[0, 0, 0], [3, 0, 0]]},
        "traversal": {"mode": "discontinuous", "steps": 4, "durationS": 4, "crossfadeS": 0.5},
        "coordinateSmoothing": true,
    });
    let (path, _) = read(&whole, Frame::Drawn).unwrap();
    assert_eq!(path.jump(0.4), None);
    let jump = path.jump(0.75).unwrap();
    close(jump.to, [1.0, 0.0, 0.0]);
    assert!((jump.part - 0.5).abs() < 1e-12);
    close(path.smoothed(0.75), [0.5, 0.0, 0.0]);
    close(path.position(0.75), [0.0; 3]);
}

#[test]
fn a_random_walk_stays_in_its_box_off_its_centre() {
    for smooth in [false, true] {
        let parameters = json!({"seed": 5, "steps": 40, "extentM": [2, 2, 1], "centreM": [0, 0, 1], "smooth": smooth});
        let path = drawn(&json!({"type": "random_walk_volume", "parameters": parameters}));
        for i in 0..2000 {
            let place = path.position(f64::from(i) / 500.0);
            assert!(length::distance(place, [0.0, 0.0, 1.0]) > 0.3 - 1e-9);
            assert!(smooth || place[0].abs() <= 1.0 + 1e-9 && (place[2] - 1.0).abs() <= 0.5 + 1e-9, "{place:?}");
        }
        close(path.position(0.0), path.position(4.0));
    }
}

#[test]
fn mistakes_are_errors_with_their_paths() {
    let cases: &[(Value, &str)] = &[
        (json!(3), "path: expected a path"),
        (json!({}), "path.geometry: missing"),
        (json!({"geometry": {"type": "cirle"}}), "path.geometry.type: expected one of polyline"),
        (json!({"geometry": {}}), "path.geometry.controlPointsM: missing"),
        (json!({"geometry": {"controlPointsM": [[0, 0, 0]]}}), "path.geometry.controlPointsM: expected at least 2"),
        (json!({"geometry": {"controlPointsM": [[0, 0], [1, 1, 1]]}}), "path.geometry.controlPointsM[0]: expected 3"),
        (json!({"geometry": {"type": "line"}}), "path.geometry.parameters.startM: missing"),
        (
            json!({"geometry": {"type": "torus", "parameters": {"minorRadiusM": 2}}}),
            "path.geometry.parameters.minorRadiusM",
        ),
        (
            json!({"geometry": {"type": "pendulum", "parameters": {"lengthM": 0}}}),
            "path.geometry.parameters.lengthM: expected a number above 0",
        ),
        (
            json!({"geometry": {"type": "mathematical", "expressions": {"y": "np.sin(u)"}}}),
            "path.geometry.expressions.y",
        ),
        (
            json!({"geometry": {"type": "mathematical", "expressions": {"y": "1/(u-0.5)"}}}),
            "path.geometry: the position at u = 0.5",
        ),
        (
            json!({"geometry": {"type": "circle"}, "traversal": {"durationS": 0}}),
            "path.traversal.durationS: expected a number above 0",
        ),
        (
            json!({"geometry": {"type": "circle"}, "traversal": {"mode": "round"}}),
            "path.traversal.mode: expected one of loop",
        ),
        (
            json!({"geometry": {"type": "circle"}, "traversal": {"direction": 0}}),
            "path.traversal.direction: expected 1 or -1",
        ),
        (json!({"geometry": {"type": "circle"}, "transform": {"scale": [1, 0, 1]}}), "path.transform.scale"),
        (
            json!({"geometry": {"type": "keyframes", "keyframes": [{"time": 0, "position": [0, 0, 1]}]}}),
            "path.geometry.keyframes: expected at least 2",
        ),
    ];
    for (value, start) in cases {
        let said = refused(value);
        assert!(said.iter().any(|line| line.starts_with(start)), "{value}: {said:?}");
    }
}
