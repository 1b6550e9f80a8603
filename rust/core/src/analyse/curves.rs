//! The carriers and beats that a track declares, over its whole length.

use super::declared::Declared;
use super::report::Pair;
use crate::plan::{Placement, Plan};
use crate::track::Track;

/// Most points of one voice.
const MOST: f64 = 10_000.0;

/// Carrier and beat of one voice over its step, as the track declares them.
#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredCurve {
    /// JSON path of the voice.
    pub path: String,
    /// Function of the voice.
    pub function: String,
    /// Index of its step in [`Plan::steps`].
    pub step: usize,
    /// Seconds from the start of the track, and the values there: at least the first and the last frame of the step, in
    /// the order of time.
    pub points: Vec<(f64, Pair)>,
}

/// The curves of all audible voices of `plan` that declare a carrier or a beat, in the order of the steps. `track` is what
/// it was compiled from. Voices that move have a point every `spacing` seconds or more often. Nothing is rendered.
///
/// ```
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let (plan, _) = Plan::compile(&track, &PlanOptions::default())?;
/// use realtime_backend_core::analyse::declared_curves;
///
/// let curves = declared_curves(&track, &plan, 0.1);
/// assert_eq!(curves[0].function, "binaural_beat");
/// assert!(curves[0].points.iter().all(|(_, pair)| pair.beat_hz == Some(6.0)));
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn declared_curves(track: &Track, plan: &Plan, spacing: f64) -> Vec<DeclaredCurve> {
    let rate = f64::from(plan.sample_rate());
    let mut curves = Vec::new();
    for (step, found) in plan.steps().iter().enumerate() {
        for voice in Declared::of_step(track, plan, step) {
            let place = &found.placement;
            let intervals = if voice.moves() { (place.placed as f64 / rate / spacing).ceil() } else { 1.0 };
            let points = points(&voice, place, intervals.clamp(1.0, MOST) as u64, rate);
            curves.push(DeclaredCurve { path: voice.path, function: voice.function, step, points });
        }
    }
    curves
}

fn points(voice: &Declared, place: &Placement, intervals: u64, rate: f64) -> Vec<(f64, Pair)> {
    let last = place.placed.saturating_sub(1);
    let point = |index: u64| {
        let frame = last * index / intervals;
        let [carrier_hz, beat_hz] = voice.at(frame);
        ((place.start + frame) as f64 / rate, Pair { carrier_hz, beat_hz })
    };
    (0..=intervals).map(point).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::plan::PlanOptions;

    #[test]
    fn a_linear_transition_is_a_straight_line() {
        let beat = |from: f64, to: f64| {
            let params =
                json!({"startBaseFreq": 200.0, "endBaseFreq": 200.0, "startBeatFreq": from, "endBeatFreq": to});
            json!({"synth_function_name": "binaural_beat", "is_transition": true, "params": params})
        };
        let noise = json!({"synth_function_name": "steady_noise", "params": {}});
        let steps = json!([
            {"duration": 100.0, "voices": [noise, beat(10.0, 4.0)]},
            {"duration": 50.0, "voices": [beat(4.0, 4.0)]},
        ]);
        let (track, _) = Track::from_json(&json!({"progression": steps}).to_string()).unwrap();
        let (plan, _) = Plan::compile(&track, &PlanOptions::default()).unwrap();
        let curves = declared_curves(&track, &plan, 1.0);
        // noise has no frequency, and what does not move has two points
        let shape = |curve: &DeclaredCurve| (curve.step, curve.path.clone(), curve.points.len());
        let expected = [(0, "progression[0].voices[1]", 101), (1, "progression[1].voices[0]", 2)];
        assert!(curves.iter().map(shape).eq(expected.map(|(step, path, points)| (step, path.to_owned(), points))));
        for (at, pair) in &curves[0].points {
            assert!((pair.beat_hz.unwrap() - (10.0 - 6.0 * at / 100.0)).abs() < 1e-5, "{at}");
            assert_eq!(pair.carrier_hz, Some(200.0));
        }
        // the second step begins 1 s before the end of the first, and its last frame is the one before 149 s
        let ends: Vec<f64> = curves[1].points.iter().map(|(at, _)| *at).collect();
        assert!(ends[0] == 99.0 && (ends[1] - 149.0 + 1.0 / 44_100.0).abs() < 1e-9, "{ends:?}");
        assert!(curves[1].points.iter().all(|(_, pair)| pair.beat_hz == Some(4.0)));
    }
}
