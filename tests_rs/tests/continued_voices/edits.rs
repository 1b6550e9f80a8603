//! Edits of voices that run on.

use std::sync::Arc;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::track::Track;
use serde_json::{Value, json};

use super::{RATE, beat, plan, stretch, track, whole};

#[test]
fn abutting_steps_of_one_sweep_are_one_sweep() {
    let lane = |from: f64, to: f64| {
        let params = json!({"startBaseFreq": 1000.0, "endBaseFreq": 1000.0, "startBeatFreq": from, "endBeatFreq": to});
        json!({"synth_function_name": "binaural_beat", "is_transition": true, "voice_id": "a", "params": params})
    };
    let steps = [(1.000_07, vec![lane(10.0, 8.0)]), (1.0, vec![lane(8.0, 4.0)]), (1.0, vec![lane(4.0, 4.5)])];
    let planes = whole(&plan(track(&steps, 0.0, "linear"), Compat::INTENDED));
    for plane in &planes {
        let inner = &plane[100..plane.len() - 100];
        let most = inner.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let bend = inner.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).fold(0.0, f32::max);
        let sine = 2.0 - 2.0 * (std::f32::consts::TAU * 1005.0 / RATE as f32).cos();
        assert!(bend < 1.002 * sine * most, "{bend} {}", sine * most);
    }
}

#[test]
fn an_edit_within_a_glide_changes_nothing_else() {
    let document = |last: f64| {
        let steps = [(2.0, vec![beat(200.0, 10.0)]), (2.0, vec![beat(230.0, 8.0)]), (2.0, vec![beat(last, 8.0)])];
        let (track, _) = Track::from_value(track(&steps, 1.0, "linear")).expect("a track");
        track
    };
    let options = PlanOptions { compat: Some(Compat::INTENDED), ..PlanOptions::default() };
    let (old, _) = Plan::compile(&document(180.0), &options).expect("a plan");
    old.measure(0, usize::MAX, 2, &mut |_| true).expect("measured");
    let (new, _) = Plan::compile_continuing(&document(150.0), &options, &old, 12_000).expect("a plan");
    new.measure(0, usize::MAX, 2, &mut |_| true).expect("measured");
    let (old, new) = (Arc::new(old), Arc::new(new));
    assert_eq!(stretch(&old, 0, 15_000, 512), stretch(&new, 0, 15_000, 512));
}

#[test]
fn an_edited_voice_goes_on_from_where_it_is() {
    let document = |beat: f64| {
        let params = json!({"carrierFreq": 200.0, "modFreqL": beat, "modFreqR": beat, "stereo_width_hz": 0.0});
        let voice = json!({"synth_function_name": "stereo_am_independent", "voice_id": "a", "params": params});
        Track::from_value(track(&[(20.0, vec![voice])], 0.0, "linear")).expect("a track").0
    };
    let options = PlanOptions { compat: Some(Compat::INTENDED), ..PlanOptions::default() };
    let (old, _) = Plan::compile(&document(3.3), &options).expect("a plan");
    let frame = 65_431;
    let (new, _) = Plan::compile_continuing(&document(2.1), &options, &old, frame).expect("a plan");
    let state = |plan: &Plan| plan.steps()[0].voices[0].voice.as_ref().expect("a voice").oscillators_at(frame);
    let (old, new) = (state(&old).expect("oscillators"), state(&new).expect("oscillators"));
    for ((role, old), (_, new)) in old.phases.iter().zip(&new.phases) {
        let apart = (*new - *old).0;
        assert!(apart.min(apart.wrapping_neg()) < 1 << 34, "{role}");
    }
}

#[test]
fn edits_of_voices_that_run_on_leave_no_jump() {
    let still = |base: f64| {
        json!({"synth_function_name": "binaural_beat", "voice_id": "a",
        "params": {"baseFreq": base, "beatFreq": 4.0, "ampL": 0.5, "ampR": 0.5, "ampOscDepthL": 0.3, "ampOscFreqL": 0.7}})
    };
    let document = |change: f64, rows: &[f64]| {
        let steps: Vec<(f64, Vec<Value>)> = rows.iter().map(|base| (3.0, vec![still(base + change)])).collect();
        let mut document = track(&steps, 1.0, "linear");
        document["global"]["normalization"] = json!("none");
        Track::from_value(document).expect("a track").0
    };
    // equal steps are joined under both rules; steps of other pitch glide under the intended ones
    for (compat, rows) in [
        (Compat::DEFAULT, &[200.0, 200.0, 200.0][..]),
        (Compat::INTENDED, &[200.0, 200.0, 200.0][..]),
        (Compat::INTENDED, &[200.0, 200.0, 230.0, 210.0][..]),
    ] {
        let options = PlanOptions { compat: Some(compat), ..PlanOptions::default() };
        let (old, _) = Plan::compile(&document(0.0, rows), &options).expect("a plan");
        // in the last step, behind every fade
        let frame = old.frames() - u64::from(RATE);
        let (new, _) = Plan::compile_continuing(&document(7.3, rows), &options, &old, frame).expect("a plan");
        let (new, old) = (Arc::new(new), Arc::new(old));
        for plane in stretch(&new, 0, new.frames(), 512) {
            let inner = &plane[100..plane.len() - 500];
            let bend = inner.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).fold(0.0, f32::max);
            // the highest carrier is 239.3 Hz
            let sine = 2.0 - 2.0 * (std::f32::consts::TAU * 240.0 / RATE as f32).cos();
            assert!(bend < 1.05 * sine * 0.5, "{rows:?}: {bend} {}", sine * 0.5);
        }
        // and the edited voice goes on where the old one is
        for (old, new) in stretch(&old, frame, frame + 8, 8).iter().zip(stretch(&new, frame, frame + 8, 8)) {
            let apart = old.iter().zip(&new).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(apart < 0.03, "{rows:?}: {apart}");
        }
    }
}

#[test]
fn an_edit_measures_the_step_that_glides_from_it() {
    let document = |key: &str, value: f64| {
        let mut middle = beat(230.0, 8.0);
        middle["params"][key] = value.into();
        let steps = [(2.0, vec![beat(200.0, 10.0)]), (2.0, vec![middle]), (2.0, vec![beat(180.0, 8.0)])];
        let mut track = track(&steps, 1.0, "linear");
        track["global"]["normalization"] = "step".into();
        Track::from_value(track).expect("a track").0
    };
    let options = PlanOptions { compat: Some(Compat::INTENDED), ..PlanOptions::default() };
    for (key, before, after) in
        [("ampL", 0.3, 0.9), ("ampR", 0.9, 0.3), ("ampOscDepthL", 0.0, 0.8), ("beatFreq", 8.0, 9.0)]
    {
        let (old, _) = Plan::compile(&document(key, before), &options).expect("a plan");
        old.measure(0, usize::MAX, 2, &mut |_| true).expect("measured");
        let edited = document(key, after);
        let (new, _) = Plan::compile_continuing(&edited, &options, &old, 4_000).expect("a plan");
        let (fresh, _) = Plan::compile(&edited, &options).expect("a plan");
        for plan in [&new, &fresh] {
            plan.measure(0, usize::MAX, 2, &mut |_| true).expect("measured");
        }
        for (index, (new, fresh)) in new.steps().iter().zip(fresh.steps()).enumerate() {
            let [new, fresh] = [new, fresh].map(|step| format!("{:?}", step.measured().expect("measured")));
            assert_eq!(new, fresh, "{key}, step {index}");
        }
    }
}
