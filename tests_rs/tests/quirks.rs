//! The notes on compatibility switches: they name what the sound depends on, with the right number of decibels.

use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::{Problem, Severity};
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::track::Track;
use serde_json::{Value, json};

fn quirks(document: &Value) -> Vec<Problem> {
    let (track, _) = Track::from_value(document.clone()).expect("a track");
    Plan::quirks(&track, &PlanOptions::default()).expect("notes")
}

/// The note on `switch`, if there is one.
fn about(notes: &[Problem], switch: &str) -> Option<String> {
    assert!(notes.iter().all(|note| note.severity == Severity::Note));
    notes.iter().map(|note| note.message.clone()).find(|message| message.starts_with(&format!("with {switch} ")))
}

fn tone(amplitude: f64) -> Value {
    json!({"synth_function_name": "binaural_beat",
           "params": {"baseFreq": 200, "beatFreq": 0, "ampL": amplitude, "ampR": amplitude}})
}

fn track(globals: Value, voices: &[Value]) -> Value {
    json!({"global": globals, "progression": [{"duration": 6.0, "voices": voices}]})
}

#[test]
fn the_change_of_level_by_absolute_levels_is_told() {
    // 0.2 instead of 0.95 * 0.48
    let notes = quirks(&track(json!({}), &[tone(0.2)]));
    let told = about(&notes, "absolute_levels").expect("a note");
    assert!(told.contains("7.2 dB softer at 0:0"), "{told}");
}

#[test]
fn tracks_under_intended_rules_have_no_notes() {
    assert_eq!(quirks(&track(json!({"compat": "intended"}), &[tone(0.2)])), []);
    let (track, _) = Track::from_value(track(json!({}), &[tone(0.2)])).expect("a track");
    let options = PlanOptions { compat: Some(Compat::INTENDED), ..PlanOptions::default() };
    assert_eq!(Plan::quirks(&track, &options).expect("notes"), []);
}

#[test]
fn switches_without_effect_on_the_track_are_not_told() {
    let notes = quirks(&track(json!({"normalization": "none"}), &[tone(0.2)]));
    for switch in ["absolute_levels", "flanger_feedback", "flanger_interpolation", "transition_timing"] {
        assert_eq!(about(&notes, switch), None);
    }
}

#[test]
fn a_flanger_whose_feedback_is_silent_is_named() {
    let mut voice = tone(0.2);
    voice["params"]["flangeEnable"] = json!(true);
    voice["params"]["flangeFeedback"] = json!(0.7);
    voice["params"]["flangeMix"] = json!(0.5);
    let notes = quirks(&track(json!({"normalization": "none"}), &[voice]));
    assert!(about(&notes, "flanger_feedback").is_some(), "{notes:?}");
}

#[test]
fn a_rate_that_overshoots_is_told_in_hertz() {
    // the current rate times the time: 10 Hz at the start, 4 Hz as declared at the end, but 2·4 - 10 Hz momentarily
    let params =
        json!({"startBaseFreq": 400, "startAmpOscDepthL": 1.0, "startAmpOscFreqL": 10.0, "endAmpOscFreqL": 4.0});
    let voice = json!({"synth_function_name": "binaural_beat", "is_transition": true, "params": params});
    let notes =
        quirks(&json!({"global": {"normalization": "none"}, "progression": [{"duration": 60.0, "voices": [voice]}]}));
    let told = about(&notes, "integrate_rates").expect("a note");
    assert!(told.contains("tremoloL has 4.00 Hz instead of -2.00 Hz at 0:59"), "{told}");
}

#[test]
fn tracks_of_very_many_voices_are_not_compared() {
    let notes = quirks(&track(json!({}), &vec![tone(0.001); 300]));
    assert_eq!(notes.len(), 1);
    assert!(notes[0].message.contains("more than 256 voices"));
}
