//! What the rules of a track change in reading it, and what is reported.

use std::path::Path;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::track::{LoadOptions, Track};
use serde_json::json;

use super::{load, quiet};

#[test]
fn text_and_object_load_equally_except_under_legacy_rules() {
    let value = json!({"global": {"crossfade_duration": 0.4, "crossfade_overlap": 0.5}, "progression": [
        {"duration": 0.9}, {"duration": 0.8, "crossfade_duration": 5}, {"duration": 0.1}, {"duration": 1},
        {"start_time": 1.0, "duration": 3}, {"duration": 1}]});
    let starts = |track: Track| track.steps.into_iter().map(|s| s.start).collect::<Vec<_>>();
    let first = 0.9 - 0.4 * 0.5;
    let second = first + (0.8 - 0.4 * 0.5);
    let expected = [Some(0.0), Some(first), Some(second), Some(second), Some(1.0), Some(4.0)];
    assert_eq!(starts(Track::from_json(&value.to_string()).unwrap().0), expected);
    assert_eq!(starts(quiet(value.clone())), expected);
    let legacy = LoadOptions { compat: Some(Compat::LEGACY), ..LoadOptions::default() };
    let (track, _) = Track::from_value_with(value, &legacy).unwrap();
    assert_eq!(starts(track), [None, None, None, None, Some(1.0), None]);
}

#[test]
fn without_a_crossfade_steps_follow_each_other() {
    let text = json!({"global": {"crossfade_duration": 0}, "progression": [{"duration": 2}, {"duration": 3}, {"duration": 1}]});
    let (track, _) = Track::from_json(&text.to_string()).unwrap();
    assert_eq!(track.steps.iter().map(|s| s.start.unwrap()).collect::<Vec<_>>(), [0.0, 2.0, 5.0]);
}

#[test]
fn bad_voices_are_warnings_under_legacy_rules_or_on_request() {
    let bad = json!({"steps": [{"duration": 1, "voices": [{"synth_function_name": "no_such_voice"}, {"params": {}}]}]});
    Track::from_value(bad.clone()).unwrap_err();
    let asked = LoadOptions { keep_bad_voices: true, ..LoadOptions::default() };
    let old = LoadOptions { compat: Some(Compat::LEGACY), ..LoadOptions::default() };
    for options in [asked, old] {
        let (track, problems) = Track::from_value_with(bad.clone(), &options).unwrap();
        assert_eq!(track.steps[0].voices.len(), 2, "positions are kept");
        assert_eq!(problems.len(), 2);
        assert!(problems[0].message.ends_with("the voice is silent"), "{}", problems[0]);
    }
    let mut named = bad;
    named["global_settings"] = json!({"compat": "legacy"});
    assert_eq!(load(named).1.len(), 2);
}

#[test]
fn legacy_rules_read_text_as_true_and_skip_negative_steps() {
    let value = json!({"global": {"compat": "legacy"}, "progression": [
        {"duration": -1, "voices": []},
        {"duration": 1, "voices": [{"synth_function_name": "binaural_beat", "is_transition": "false"}]}]});
    let (track, problems) = load(value);
    assert!(track.steps[1].voices[0].is_transition);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].to_string().starts_with("progression[0].duration: the step has no length"), "{}", problems[0]);
}

#[test]
fn relative_paths_are_resolved_against_the_track_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.json");
    std::fs::write(&path, r#"{"steps": [{"duration": 1}]}"#).unwrap();
    let (track, _) = Track::from_path(&path).unwrap();
    assert_eq!(track.resolve("beds/rain.noise"), folder.path().join("beds/rain.noise"));
    assert_eq!(track.resolve("/abs.wav"), Path::new("/abs.wav"));
    assert_eq!(quiet(json!({"steps": [{"duration": 1}]})).resolve("a.wav"), Path::new("a.wav"));
}

#[test]
fn keys_of_the_author_are_kept_without_a_warning() {
    let own = json!({"metadata": {"participant": 7}, "x_note": "pilot"});
    let mut voice = json!({"synth_function_name": "binaural_beat", "params": {"x_block": 2}});
    let mut step = json!({"duration": 2.0});
    let mut track = json!({"overlay_clips": [], "global": {"x_lab": "B"}});
    for level in [&mut voice, &mut step, &mut track] {
        level.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    }
    step["voices"] = json!([voice]);
    track["progression"] = json!([step]);
    let written = quiet(track.clone()).to_value();
    assert_eq!(written["metadata"], own["metadata"]);
    assert_eq!(written["global"]["x_lab"], "B");
    assert_eq!(written["progression"][0]["x_note"], "pilot");
    assert_eq!(written["progression"][0]["voices"][0]["params"]["x_block"], 2);
    let (_, findings) = load(json!({"progression": [], "xnote": 1}));
    assert!(findings.iter().any(|finding| finding.path == "xnote"), "{findings:?}");
}
