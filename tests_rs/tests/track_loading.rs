//! How the loader reads every spelling, nulls and defaults (spec track-format 1 to 7, assembly 2 and 5.2).

use std::path::Path;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::Problem;
use realtime_backend_core::track::{
    Bus, Clip, CrossfadeCurve, Dialect, Envelope, Identity, LoadOptions, Source, Step, Track, VoiceSpec,
};
use serde_json::{Map, Value, json};

fn load(value: Value) -> (Track, Vec<Problem>) {
    Track::from_value(value).unwrap()
}

/// A track that must load without warnings.
fn quiet(value: Value) -> Track {
    let (track, problems) = load(value);
    assert_eq!(problems, [], "warnings");
    track
}

fn step(step: Value) -> Step {
    quiet(json!({"progression": [step]})).steps.remove(0)
}

fn voice(fields: Value) -> VoiceSpec {
    let mut map = json!({"synth_function_name": "binaural_beat"});
    map.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    step(json!({"duration": 1, "voices": [map]})).voices.remove(0)
}

fn clip(fields: Value) -> Clip {
    quiet(json!({"progression": [], "overlay_clips": [fields]})).clips.remove(0)
}

fn file(name: &str) -> Source {
    Source::File(name.to_owned())
}

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

#[test]
fn every_spelling_of_a_step_is_read() {
    for name in ["duration", "Duration", "durationSeconds", "stepDuration"] {
        assert_eq!(step(json!({name: "12.5"})).duration, 12.5, "{name}");
    }
    for name in ["start", "start_time"] {
        assert_eq!(step(json!({"duration": 1, name: -2})).start, Some(-2.0), "{name}");
    }
    let (track, _) = load(json!({"steps": [{"duration": 1, "start": 3, "start_time": 4}]}));
    assert_eq!(track.steps[0].start, Some(3.0));
}

#[test]
fn an_empty_step_has_the_defaults() {
    let step = step(json!({"duration": 1}));
    assert_eq!((step.binaural_volume, step.noise_volume), (None, None));
    assert_eq!((step.crossfade_duration, step.crossfade_curve, step.crossfade_overlap), (None, None, None));
    assert_eq!((step.normalization_level, step.start), (None, Some(0.0)));
    assert!(step.voices.is_empty() && step.description.is_empty());
}

#[test]
fn volumes_are_clamped_to_their_range() {
    let volumes =
        |value: Value| load(json!({"steps": [{"duration": 1, "binaural_volume": value}]})).0.steps[0].binaural_volume;
    assert_eq!(volumes(json!(0.9)), Some(0.48));
    assert_eq!(volumes(json!(-0.1)), Some(0.0));
    assert_eq!(volumes(json!("0.2")), Some(0.2));
}

#[test]
fn every_spelling_of_a_voice_is_read() {
    for name in ["synth_function_name", "synthFunctionName", "synth_function"] {
        let track = quiet(json!({"steps": [{"duration": 1, "voices": [{name: "isochronic_tone"}]}]}));
        assert_eq!(track.steps[0].voices[0].function, "isochronic_tone");
    }
    for name in ["params", "parameters"] {
        let voice = voice(json!({name: {"baseFreq": 100}}));
        assert_eq!(
            (&voice.params["baseFreq"], voice.params_at),
            (&json!(100), format!("progression[0].voices[0].{name}"))
        );
    }
    for name in ["is_transition", "isTransition"] {
        assert!(voice(json!({name: true})).is_transition);
    }
    for name in ["volume_envelope", "volumeEnvelope"] {
        let envelope = voice(json!({name: {"type": "linen", "params": {}}})).envelope;
        assert_eq!(envelope, Some(Envelope::Linen { attack: 0.1, release: 0.1 }));
    }
}

#[test]
fn short_names_of_noise_select_the_swept_notch() {
    let track = |name: &str| {
        let options = LoadOptions { keep_bad_voices: true, ..LoadOptions::default() };
        let value = json!({"steps": [{"duration": 1, "voices": [{"synth_function_name": name}]}]});
        Track::from_value_with(value, &options).unwrap().0.steps.remove(0).voices.remove(0).function
    };
    assert_eq!(track("noise"), "noise_swept_notch");
    assert_eq!(track("noise_transition"), "noise_swept_notch_transition");
}

#[test]
fn only_voices_marked_as_noise_go_to_the_noise_bus() {
    assert_eq!(voice(json!({"voice_type": "noise"})).bus, Bus::Noise);
    assert_eq!(voice(json!({"voice_type": "Noise"})).bus, Bus::Noise);
    assert_eq!(voice(json!({"voice_type": "binaural"})).bus, Bus::Binaural);
    assert_eq!(voice(json!({})).bus, Bus::Binaural);
}

#[test]
fn identity_prefers_an_id_then_a_label_then_the_position() {
    let id = |text: &str| Identity::Id(text.to_owned());
    for name in ["voice_id", "voiceId", "id", "uuid", "guid"] {
        assert_eq!(voice(json!({name: " a ", "description": "x"})).identity, id("a"), "{name}");
    }
    assert_eq!(voice(json!({"id": 7})).identity, id("7"));
    assert_eq!(voice(json!({"voice_id": "", "guid": "g", "uuid": "u"})).identity, id("u"));
    let label = |text: &str, voice_type: &str| Identity::Label {
        voice_type: voice_type.to_owned(),
        function: "binaural_beat".to_owned(),
        label: text.to_owned(),
    };
    assert_eq!(voice(json!({"description": " pulse "})).identity, label("pulse", "binaural"));
    assert_eq!(voice(json!({"description": "  ", "name": "n", "voice_type": "noise"})).identity, label("n", "noise"));
    let track = quiet(json!({"steps": [{"duration": 1, "voices": [
        {"synth_function_name": "binaural_beat"}, {"synth_function_name": "isochronic_tone"}]}]}));
    let expected =
        Identity::Index { voice_type: "binaural".to_owned(), function: "isochronic_tone".to_owned(), position: 1 };
    assert_eq!(track.steps[0].voices[1].identity, expected);
}

/// The parameters that reach the generator of a voice.
fn params(is_transition: bool, given: Value) -> Map<String, Value> {
    voice(json!({"is_transition": is_transition, "params": given})).params
}

#[test]
fn nulls_private_keys_and_call_arguments_are_removed() {
    let given = json!({
        "baseFreq": 100, "pan": null, "sample_rate": 8000, "initial_offset": 3, "duration": 2, "post_offset": 1,
        "_sam_scene": {}, "_sam_source_id": "x", "_sam_scene_start_s": 1.0,
    });
    assert_eq!(Value::Object(params(false, given)), json!({"baseFreq": 100}));
}

#[test]
fn the_length_of_a_transition_has_three_spellings() {
    let length = |given: Value| params(true, given).get("transition_duration").cloned();
    assert_eq!(length(json!({"transition_duration": 1, "duration": 2, "post_offset": 3})), Some(json!(1)));
    assert_eq!(length(json!({"duration": 2, "post_offset": 3})), Some(json!(2)));
    assert_eq!(length(json!({"post_offset": 3})), Some(json!(3)));
    assert_eq!(length(json!({"transition_duration": null, "post_offset": 3})), Some(json!(3)));
    assert_eq!(length(json!({"duration": null, "post_offset": 3})), None, "a null duration counts as present");
    assert_eq!(length(json!({})), None);
    assert_eq!(params(true, json!({"initial_offset": 4}))["initial_offset"], json!(4));
    assert!(!params(true, json!({"duration": 2, "post_offset": 3})).contains_key("duration"));
}

#[test]
fn flanger_keys_are_separated_and_need_the_flanger_on() {
    let given = json!({
        "flangeEnable": true, "flangeShape": null, "startFlangeMix": 0.2, "initial_offset": 1.5, "duration": 4,
        "transition_duration": 9, "transition_curve": "logarithmic",
    });
    let on = voice(json!({"is_transition": true, "params": given}));
    let flange = on.flange.unwrap();
    assert_eq!(Value::Object(flange.params), json!({"flangeEnable": true, "flangeShape": null, "startFlangeMix": 0.2}));
    assert_eq!((flange.initial_offset, flange.transition_duration), (1.5, Some(4.0)));
    assert_eq!(flange.curve, "logarithmic");
    let names: Vec<_> = on.params.keys().map(String::as_str).collect();
    assert_eq!(names, ["initial_offset", "transition_duration", "transition_curve"]);
    for off in [json!({}), json!({"flangeEnable": false, "flangeMix": 1}), json!({"startFlangeEnable": true})] {
        let off = voice(json!({ "params": off }));
        assert_eq!((off.flange, off.params.len()), (None, 0));
    }
}

#[test]
fn envelopes_have_defaults_and_accept_numbers_as_text() {
    let envelope = |value: Value| voice(json!({ "volume_envelope": value })).envelope;
    assert_eq!(envelope(Value::Null), None);
    assert_eq!(envelope(json!({})), None);
    assert_eq!(
        envelope(json!({"type": "linear_fade", "params": {"fade_duration": "4", "start_amp": 0, "end_amp": 1.5}})),
        Some(Envelope::LinearFade { fade_duration: 4.0, start_amp: 0.0, end_amp: 1.5 })
    );
    assert_eq!(
        envelope(json!({"type": "adsr", "params": {"attack": null, "release": 2}})),
        Some(Envelope::Adsr { attack: 0.01, decay: 0.1, sustain_level: 0.8, release: 2.0 })
    );
}

#[test]
fn every_spelling_of_a_clip_is_read() {
    for name in ["file_path", "path", "file"] {
        assert_eq!(clip(json!({name: "a.wav"})).source, file("a.wav"));
    }
    assert_eq!(clip(json!({"file_path": "", "path": "b.wav"})).source, file("b.wav"));
    for name in ["start", "start_time"] {
        assert_eq!(clip(json!({"file": "a", name: 2})).start, 2.0);
    }
    for name in ["amp", "gain"] {
        assert_eq!(clip(json!({"file": "a", name: 0})).gain, 0.0);
    }
    let plain = clip(json!({"file": "a"}));
    assert_eq!((plain.start, plain.gain, plain.duration), (0.0, 1.0, None));
    assert_eq!((plain.pan, plain.fade_in, plain.fade_out), (0.0, 0.0, 0.0));
    assert_eq!(clip(json!({"file": "a", "duration": 0})).duration, None);
    assert_eq!(clip(json!({"file": "a", "duration": 2.4})).duration, Some(2.4));
    let url = "data:audio/wav;base64,UklGRg==";
    assert_eq!(clip(json!({"file": url})).source, Source::DataUrl(url.to_owned()));
    assert_eq!(clip(json!({"streaming": true})).source, Source::Pushed);
}

#[test]
fn clips_in_both_lists_are_played_once() {
    let clip = |name: &str| json!({"file": name});
    let names = |overlay: Value, clips: Value| -> Vec<Source> {
        let track = quiet(json!({"progression": [], "overlay_clips": overlay, "clips": clips}));
        track.clips.into_iter().map(|clip| clip.source).collect()
    };
    let both = json!([clip("a"), clip("b")]);
    assert_eq!(names(both.clone(), both), [file("a"), file("b")]);
    assert_eq!(names(json!([clip("a"), clip("b")]), json!([clip("b"), clip("c")])), [file("a"), file("b"), file("c")]);
    let (one, other) = (json!({"file": "a", "amp": 1}), json!({"amp": 1, "file": "a"}));
    assert_eq!(names(json!([one]), json!([other])), [file("a")], "the order of keys does not matter");
    assert_eq!(
        names(json!([clip("a"), clip("a")]), json!([])),
        [file("a"), file("a")],
        "repeats within a list are meant"
    );
}

#[test]
fn every_spelling_of_the_background_is_read_in_order() {
    let layer = |fields: Value| load(json!({"progression": [], "background_noise": fields})).0.background;
    let names = ["file_path", "file", "params_path", "noise_file"];
    for (index, name) in names.iter().enumerate() {
        let fields: Map<String, Value> = names[index..].iter().map(|n| ((*n).to_owned(), json!(n))).collect();
        let layer = layer(Value::Object(fields)).unwrap();
        assert_eq!((layer.file.as_deref(), layer.source_at), (Some(*name), format!("background_noise.{name}")));
    }
    assert_eq!(layer(json!({"file_path": " ", "file": "x"})).unwrap().file.as_deref(), Some("x"));
    let gain = |fields: Value| {
        let mut map = fields.as_object().unwrap().clone();
        map.insert("file".to_owned(), json!("x"));
        layer(Value::Object(map)).unwrap().gain
    };
    assert_eq!(gain(json!({})), 1.0);
    assert_eq!(gain(json!({"amp": 0.0})), 0.0);
    assert_eq!(gain(json!({"gain": 0.5, "amp": 0.0})), 0.5);
    assert_eq!(layer(json!({"file": "x", "start_time_seconds": 3})).unwrap().start_time, 3.0);
    assert_eq!(
        layer(json!({"file": "x", "amp_envelope": [[-1, 1], [2, 0, 0.5]]})).unwrap().amp_envelope,
        [(0.0, [1.0; 2]), (2.0, [0.0, 0.5])]
    );
    let inline = layer(json!({"params": {"lfo_freq": 0.1}, "file_path": ""})).unwrap();
    assert_eq!((inline.file, inline.params.unwrap()["lfo_freq"].clone()), (None, json!(0.1)));
    assert_eq!(inline.source_at, "background_noise.params");
    for none in [json!({}), json!({"file_path": "", "amp": 0.0, "amp_envelope": []}), Value::Null] {
        assert_eq!(layer(none), None);
    }
}

#[test]
fn legacy_rules_read_only_legacy_spellings_of_layers() {
    let (track, _) = load(json!({
        "progression": [{"duration": 1}],
        "overlay_clips": [
            {"path": "a.wav", "start_time": 0.4, "gain": 0.5},
            {"file_path": "b.wav", "start": 1.0, "amp": 0.9},
            {"file_path": "c.wav", "path": "c.wav", "start": 2.0, "amp": 0.5, "pan": 1.0},
        ],
        "background_noise": {"file_path": "x.noise", "file": "y.noise", "amp": 0.3},
    }));
    let seen: Vec<_> = track.clips_under(&Compat::LEGACY).iter().map(|c| (c.source.clone(), c.start, c.gain)).collect();
    assert_eq!(seen, [(file("a.wav"), 0.4, 0.5), (file("c.wav"), 0.0, 1.0)]);
    let layer = track.background_under(&Compat::LEGACY).unwrap();
    assert_eq!((layer.file.as_deref(), layer.gain), (Some("y.noise"), 1.0));
    assert_eq!(track.clips_under(&Compat::DEFAULT).len(), 3);
    let layer = track.background_under(&Compat::DEFAULT).unwrap();
    assert_eq!((layer.file.as_deref(), layer.gain), (Some("x.noise"), 0.3));
}

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
fn unsupported_scene_parts_are_reported_with_their_path() {
    let document = json!({
        "sam_scene": {"stages": {"stages": [{"id": "a", "startS": 0, "durationS": 1}]}},
        "progression": [{"duration": 1, "voices": [
            {"synth_function_name": "binaural_beat", "params": {"samStages": {"stages": [{}]}, "samRouting": {}}},
            {"synth_function_name": "spatial_angle_modulation_sam2",
             "params": {"samModulation": {"routes": [1]}, "samRouting": {"buses": [1]}}},
        ]}],
    });
    let (track, said) = load(document.clone());
    let places: Vec<&str> = said.iter().map(|problem| problem.path.as_str()).collect();
    let voice = |index: usize, key: &str| format!("progression[0].voices[{index}].params.{key}");
    assert_eq!(places.len(), 4, "{places:?}");
    for place in ["sam_scene".to_owned(), voice(0, "samStages"), voice(1, "samModulation"), voice(1, "samRouting")] {
        assert!(places.contains(&place.as_str()), "{place} {places:?}");
    }
    assert!(said.iter().all(|problem| problem.message.contains("not heard yet")), "{said:?}");
    assert_eq!(track.to_value()["sam_scene"], document["sam_scene"]);
    let empty = json!({"sam_scene": {}, "progression": [{"duration": 1}]});
    assert_eq!(load(empty).1, []);
}
