//! Spellings and defaults of the settings of a track.

use realtime_backend_core::compat::Compat;
use realtime_backend_core::track::{CrossfadeCurve, Dialect};
use serde_json::{Value, json};

use super::{load, quiet};

#[test]
fn every_spelling_of_the_top_level_is_read() {
    let one = json!([{"duration": 2.5}]);
    for (globals, steps) in
        [("global", "progression"), ("global_settings", "steps"), ("globalSettings", "steps"), ("global", "steps")]
    {
        let track = quiet(json!({globals: {"sample_rate": 48000}, steps: one}));
        assert_eq!((track.globals.sample_rate, track.steps[0].duration), (48_000, 2.5), "{globals}, {steps}");
        assert_eq!(track.steps[0].at, format!("{steps}[0]"));
    }
    for name in ["background_noise", "noise"] {
        let track = quiet(json!({"progression": [], name: {"file": "x.noise"}}));
        assert_eq!(track.background.unwrap().at, name);
    }
    for name in ["clips", "overlay_clips"] {
        assert_eq!(quiet(json!({"progression": [], name: [{"file": "x.wav"}]})).clips[0].at, format!("{name}[0]"));
    }
}

#[test]
fn either_new_top_level_key_selects_the_second_dialect() {
    assert_eq!(load(json!({"steps": []})).0.dialect, Dialect::V1);
    assert_eq!(load(json!({"progression": []})).0.dialect, Dialect::V2);
    assert_eq!(load(json!({"global": {}})).0.dialect, Dialect::V2);
}

#[test]
fn the_canonical_spelling_wins_unless_the_background_is_empty() {
    let (track, problems) = load(json!({
        "global": {"sample_rate": 48000}, "global_settings": {"sample_rate": 22050},
        "progression": [{"duration": 1}], "steps": [],
        "background_noise": {}, "noise": {"file": "rain.noise"},
    }));
    assert_eq!((track.globals.sample_rate, track.steps.len()), (48_000, 1));
    assert_eq!(track.background.unwrap().file.as_deref(), Some("rain.noise"));
    let paths: Vec<_> = problems.iter().map(|p| p.path.as_str()).collect();
    assert_eq!(paths, ["global_settings", "steps"]);
}

#[test]
fn settings_have_one_set_of_defaults() {
    let globals = quiet(json!({"progression": [{"duration": 1}]})).globals;
    assert_eq!(globals.sample_rate, 44_100);
    assert_eq!(globals.crossfade_duration, 1.0);
    assert_eq!(globals.crossfade_curve, None);
    assert_eq!(globals.crossfade_overlap, 1.0);
    assert_eq!(globals.normalization_level, 0.95);
    assert_eq!(globals.output_filename, None);
    assert!(!globals.preserve_relative_step_loudness);
    assert_eq!(globals.compat, None);
}

#[test]
fn every_spelling_of_a_setting_is_read() {
    for (name, value) in [("sample_rate", json!(22050)), ("sampleRate", json!(22050.0)), ("sampleRate", json!("22050"))]
    {
        assert_eq!(quiet(json!({"global": {name: value}, "steps": [{"duration": 1}]})).globals.sample_rate, 22_050);
    }
    for name in ["crossfade_duration", "crossfadeDuration"] {
        assert_eq!(quiet(json!({"global": {name: 2}, "steps": [{"duration": 1}]})).globals.crossfade_duration, 2.0);
    }
    for name in ["crossfade_curve", "crossfadeCurve"] {
        for word in ["equal_power", "Equal-Power", " EQUAL POWER "] {
            let track = quiet(json!({"global": {name: word}, "steps": [{"duration": 1}]}));
            assert_eq!(track.globals.crossfade_curve, Some(CrossfadeCurve::EqualPower), "{name}: {word}");
        }
    }
    for name in ["output_filename", "outputFilename"] {
        let track = quiet(json!({"global": {name: "x.flac"}, "steps": [{"duration": 1}]}));
        assert_eq!(track.globals.output_filename.as_deref(), Some("x.flac"));
    }
}

#[test]
fn unused_settings_of_the_editor_give_no_warnings() {
    quiet(json!({"global": {
        "continuity_max_db_step": 1.0, "continuity_window_ms": 75, "parallel_voices": true,
        "parallel_voices_max_workers": 4, "parallel_max_memory_gb": 0.5, "parallel_backend": "thread",
        "synthesis_chunk_samples": 262_144,
    }, "progression": [{
        "duration": 1, "parallel_voices": true, "parallel_voices_max_workers": 4, "parallel_max_memory_gb": 0.5,
        "parallel_backend": "process", "noise_preset_id": "noise:x",
        "voices": [{"synth_function_name": "binaural_beat", "category": "effects", "sam_source_id": "s1"}],
    }], "overlay_clips": [{"file_path": "x.wav", "category": "vocals", "description": "bell"}]}));
}

#[test]
fn compat_is_a_preset_or_single_switches() {
    let rules = |compat: Value| quiet(json!({"global": {"compat": compat}, "steps": [{"duration": 1}]})).compat();
    assert_eq!(rules(json!("legacy")), Compat::LEGACY);
    assert_eq!(rules(json!("Intended")), Compat::INTENDED);
    let mut expected = Compat::LEGACY;
    expected.align_phases = false;
    assert_eq!(rules(json!({"preset": "legacy", "align_phases": false})), expected);
    assert_eq!(rules(Value::Null), Compat::DEFAULT);
}

#[test]
fn former_names_of_switches_are_still_accepted() {
    let track = quiet(json!({"global": {"compat": {"spatial_signs": true}}, "steps": [{"duration": 1}]}));
    let expected = Compat { true_spatial: true, ..Compat::DEFAULT };
    assert_eq!(track.compat(), expected);
    let mut rules = Compat::DEFAULT;
    rules.switch("spatial_signs", true).expect("a former name");
    assert_eq!(rules, expected);
}
