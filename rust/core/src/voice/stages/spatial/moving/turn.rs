//! The azimuth that turns no faster than it may (spec binaural-and-isochronic 6.3), followed over any stretch of the path
//! without looking at each of its frames.
//!
//! The turn is either on the path or on its way to it at the highest speed. How long it surely stays so follows from
//! bounds on the motion of the path.

use super::head::wrap180;
use super::trajectory::Trajectory;

/// The turn after frame `to - 1` from that before frame `from`, with at most `max` degrees per frame. Differs from the sum
/// over all frames by rounding and by whole turns.
pub(super) fn follow(path: &Trajectory, mut turned: f64, max: f64, from: u64, to: u64) -> f64 {
    // a path that is exactly as fast, but for rounding, is not lost
    let fastest = max * (1.0 + 1e-9);
    let mut frame = from;
    while frame < to {
        let motion = path.motion(frame);
        let azimuth = path.at(frame).0;
        let gap = wrap180(azimuth - turned);
        let left = motion.end.min(to) - frame;
        if gap.abs() > fastest {
            // on its way: before it can reach the path or the opposite side of it
            let nearest = (gap.abs() - max).min(180.0 - gap.abs());
            let frames = whole(nearest / (motion.speed + max)).clamp(1, left);
            turned += max.copysign(gap) * frames as f64;
            frame += frames;
        } else {
            // on the path: as long as the path is not faster
            let frames = if motion.speed <= fastest {
                left
            } else {
                let speed = wrap180(path.at(frame + 1).0 - azimuth).abs();
                // the frame itself, and those that are reached at a speed below `max`
                whole((max - speed) / motion.acceleration).saturating_add(1).clamp(1, left)
            };
            frame += frames;
            turned += wrap180(path.at(frame - 1).0 - turned);
        }
    }
    turned
}

/// The whole frames of `frames`, 0 if it is negative or not a number.
fn whole(frames: f64) -> u64 {
    frames as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::compat::Compat;
    use crate::voice::Context;
    use crate::voice::params::Params;

    fn path(trajectory: &Value, seconds: f64) -> Trajectory {
        let Value::Object(map) = json!({"spatialTrajectory": trajectory}) else { unreachable!() };
        let params = Params::new(&map, &[crate::voice::stages::spatial::TABLE], false, Compat::DEFAULT);
        Trajectory::read(&Context::new(seconds, 1000.0), &params).expect("a path")
    }

    /// The sum as the specification writes it.
    fn every_frame(path: &Trajectory, max: f64, to: u64) -> f64 {
        (0..to).fold(path.at(0).0, |turned, frame| turned + wrap180(path.at(frame).0 - turned).clamp(-max, max))
    }

    fn segment() -> impl Strategy<Value = Value> {
        let mode = prop::sample::select(vec!["rotate", "rotating_arc", "oscillate"]);
        let easing = prop::sample::select(vec!["linear", "sine"]);
        (mode, easing, 0.01..9.0, -400.0..400.0, -400.0..400.0, 0.05..9.0, -900.0..900.0, -3.0..3.0).prop_map(
            |(mode, easing, seconds, start, extent, period, speed, turns)| {
                json!({"mode": mode, "easing": easing, "seconds": seconds, "start_deg": start, "extent_deg": extent,
                       "period_s": period, "speed_deg_per_s": speed, "rotate_freq_hz": turns})
            },
        )
    }

    proptest! {
        #[test]
        fn a_followed_turn_is_that_of_every_frame(
            segments in prop::collection::vec(segment(), 1..5),
            degrees_per_s in prop::sample::select(vec![0.0, 1.0, 30.0, 90.0, 300.0, 1e4]),
            to in 1_u64..25_000,
            part in 0.0..1.0,
        ) {
            let (path, max) = (path(&json!(segments), 22.0), degrees_per_s / 1000.0);
            let between = (to as f64 * part) as u64;
            let first = follow(&path, path.at(0).0, max, 0, between);
            let turned = follow(&path, first, max, between, to);
            let error = wrap180(turned - every_frame(&path, max, to));
            prop_assert!(error.abs() < 1e-6, "{error} degrees");
        }
    }

    #[test]
    fn the_highest_speed_stays_on_the_path() {
        let path = path(&json!([{"mode": "rotate", "speed_deg_per_s": 90, "seconds": 1e6}]), 1e6);
        let to = 999_999_999;
        let turned = follow(&path, 0.0, 0.09, 0, to);
        assert!(wrap180(turned - path.at(to - 1).0).abs() < 1e-6);
    }
}
