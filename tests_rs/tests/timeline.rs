//! Compares the positions of steps with the recorded tracks: start frames, lengths, fades (spec assembly 13).

use realtime_backend_core::compat::Compat;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::track::{CrossfadeCurve, LoadOptions, Track};
use serde_json::Value;
use tests_rs::golden::{self, TrackCase};

fn load(case: &TrackCase) -> Track {
    let options =
        LoadOptions { fill_starts: case.load_mode == "load", compat: Some(Compat::LEGACY), ..LoadOptions::default() };
    Track::from_path_with(&case.path, &options).expect("a track").0
}

fn legacy() -> PlanOptions {
    PlanOptions { compat: Some(Compat::LEGACY), ..PlanOptions::default() }
}

#[test]
fn step_positions_match_the_recorded_ones() {
    for case in golden::tracks() {
        let (plan, _) = Plan::compile(&load(&case), &legacy()).expect("a plan");
        let placements = &plan.timeline().placements;
        assert_eq!(placements.len(), case.steps.len(), "{}", case.name);
        for (placement, recorded) in placements.iter().zip(&case.steps) {
            let number = |key: &str| recorded.get(key).and_then(Value::as_u64);
            let name = format!("{} step {}", case.name, placement.step);
            assert_eq!(Some(placement.step as u64), number("step"), "{name}");
            assert_eq!(Some(placement.start), number("start_sample"), "{name}");
            assert_eq!(Some(placement.frames), number("samples"), "{name}");
            assert_eq!(placement.crossfade.map(|fade| fade.frames), number("crossfade_samples"), "{name}");
            let curve = recorded.get("curve").map(|curve| match curve.as_str() {
                Some("equal_power") => CrossfadeCurve::EqualPower,
                _ => CrossfadeCurve::Linear,
            });
            assert_eq!(placement.crossfade.map(|fade| fade.curve), curve, "{name}");
        }
    }
}

#[test]
fn track_lengths_match_the_recorded_ones() {
    for case in golden::tracks() {
        let (plan, _) = Plan::compile(&load(&case), &legacy()).expect("a plan");
        assert_eq!(Some(plan.frames()), case.meta["shape"][0].as_u64(), "{}", case.name);
    }
}

#[test]
fn step_times_are_in_seconds() {
    let (track, _) = Track::from_json(
        r#"{"global": {"sample_rate": 48000, "crossfade_duration": 3},
            "progression": [{"duration": 20, "voices": []}, {"duration": 40, "voices": []}]}"#,
    )
    .expect("a track");
    let (plan, _) = Plan::compile(&track, &PlanOptions::default()).expect("a plan");
    assert_eq!(plan.step_times(), [(0.0, 20.0), (17.0, 57.0)]);
    assert_eq!(plan.seconds(), 57.0);
}
