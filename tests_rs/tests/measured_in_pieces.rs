//! Levels measured a piece at a time, as players do beside the sound, are those of a measurement in one go.

use std::sync::Arc;

use realtime_backend_core::plan::{IncrementalAnalysis, Plan, PlanOptions};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::Track;
use serde_json::{Value, json};

/// Two steps whose loudest moments are their last, and one of noise.
fn document() -> Value {
    let rising = |pitch: f64| {
        json!({"synth_function_name": "binaural_beat", "is_transition": true,
               "params": {"startBaseFreq": pitch, "endBaseFreq": pitch, "startAmpL": 0.05, "endAmpL": 0.4,
                          "startAmpR": 0.05, "endAmpR": 0.3}})
    };
    let noise = json!({"synth_function_name": "noise_swept_notch", "voice_type": "noise", "params": {"seed": 3}});
    json!({"global": {"crossfade_duration": 0.5, "preserve_relative_step_loudness": false}, "progression": [
        {"duration": 2.0, "voices": [rising(200.0), rising(310.0)]},
        {"duration": 1.5, "voices": [rising(170.0), noise]},
        {"duration": 1.0, "voices": [noise]},
    ]})
}

fn plan() -> Arc<Plan> {
    let (track, problems) = Track::from_value(document()).expect("a track");
    assert_eq!(problems, []);
    Arc::new(Plan::compile(&track, &PlanOptions::default()).expect("a plan").0)
}

fn sound(plan: &Arc<Plan>) -> Vec<f32> {
    render_array(plan, 0, None, 1, &mut |_| true).expect("sound")
}

#[test]
fn pieces_give_the_levels_of_one_go() {
    let (at_once, in_pieces) = (plan(), plan());
    at_once.measure(0, 3, 1, &mut |_| true).expect("levels");
    let mut analysis = IncrementalAnalysis::new(Arc::clone(&in_pieces));
    let pieces = (0..1000).take_while(|_| analysis.advance(0).expect("a piece")).count();
    assert!((12..1000).contains(&pieces), "a third of a second each, and a last one for each step: {pieces}");
    assert!(in_pieces.has_final_levels());
    let gains = |plan: &Plan| {
        plan.steps().iter().map(|step| step.final_levels().map(|levels| levels.gains)).collect::<Vec<_>>()
    };
    assert_eq!(gains(&in_pieces), gains(&at_once));
    assert!(sound(&in_pieces) == sound(&at_once), "the samples are the same");
}

#[test]
fn the_step_that_sounds_is_measured_first() {
    let plan = plan();
    let mut analysis = IncrementalAnalysis::new(Arc::clone(&plan));
    let second = plan.steps()[1].placement.start + 22_050;
    let mut pieces = (0..1000).take_while(|_| plan.steps()[1].final_levels().is_none());
    assert!(pieces.all(|_| analysis.advance(second).expect("a piece")));
    assert!(plan.steps()[1].final_levels().is_some());
    assert!(plan.steps()[0].final_levels().is_none());
}
