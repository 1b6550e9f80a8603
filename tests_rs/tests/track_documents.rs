//! Whole documents: the examples of the format, the recorded tracks, and tracks made with the legacy editor. Loading
//! and saving loses nothing.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::Problem;
use realtime_backend_core::track::{CrossfadeCurve, Envelope, LoadOptions, Source, Track};
use serde_json::{Map, Value, json};

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn open(name: &str) -> (Track, Vec<Problem>) {
    Track::from_path(&here("tracks").join(name)).unwrap()
}

fn parsed(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The track without the JSON paths of its parts, which saving changes.
fn placeless(mut track: Track) -> Track {
    for step in &mut track.steps {
        step.at.clear();
        for voice in &mut step.voices {
            voice.at.clear();
            voice.params_at.clear();
        }
    }
    track.clips.iter_mut().for_each(|clip| clip.at.clear());
    if let Some(layer) = &mut track.background {
        layer.at.clear();
        layer.source_at.clear();
    }
    track
}

/// All parts of a track that determine its sound.
fn heard(track: Track) -> impl PartialEq + std::fmt::Debug {
    let track = placeless(track);
    (track.globals, track.steps, track.background, track.clips, track.sam_scene)
}

#[test]
fn the_first_complete_example_reads_as_documented() {
    let (track, problems) = open("evening.json");
    assert_eq!(problems, []);
    assert_eq!(track.globals.sample_rate, 48_000);
    assert_eq!(track.globals.crossfade_curve, Some(CrossfadeCurve::EqualPower));
    assert_eq!(track.globals.output_filename.as_deref(), Some("evening.flac"));
    // Loading places the second step by the global crossfade, not by the first step's own.
    assert_eq!(track.steps.iter().map(|s| s.start).collect::<Vec<_>>(), [Some(0.0), Some(58.0)]);
    assert_eq!((track.steps[0].crossfade_duration, track.steps[0].noise_volume), (Some(5.0), Some(0.2)));
    let [carrier, hiss] = &track.steps[0].voices[..] else { panic!("two voices") };
    assert_eq!(carrier.envelope, Some(Envelope::LinearFade { fade_duration: 4.0, start_amp: 0.0, end_amp: 1.0 }));
    assert!(hiss.noise_bus() && !carrier.noise_bus());
    let deepened = &track.steps[1].voices[0];
    assert_eq!(deepened.identity, carrier.identity);
    assert!(deepened.is_transition);
    assert_eq!(track.clips[0].source, Source::File("voice/intro.wav".to_owned()));
    assert_eq!((track.clips[0].start, track.clips[0].gain), (3.5, 0.6));
    assert_eq!(track.background, None);
}

#[test]
fn the_second_complete_example_reads_as_documented() {
    let (track, problems) = open("focus.json");
    assert_eq!(problems, []);
    assert!(track.globals.preserve_relative_step_loudness);
    assert_eq!(track.steps[1].start, Some(29.0));
    assert_eq!(track.steps[1].voices[0].params["transition_duration"], json!(20.0));
    let layer = track.background.unwrap();
    assert_eq!((layer.file.as_deref(), layer.gain), (Some("beds/rain.noise"), 0.15));
    assert_eq!(layer.amp_envelope, [(0.0, [0.5; 2]), (20.0, [1.0; 2])]);
    let bell = &track.clips[0];
    assert_eq!((bell.duration, bell.gain, bell.fade_out), (Some(2.4), 0.8, 0.2));
    assert_eq!(bell.description, "bell");
}

#[test]
fn tracks_of_the_legacy_editor_load_without_warnings() {
    let (track, problems) = open("editor.json");
    assert_eq!(problems, []);
    assert!(track.steps.iter().all(|step| !step.voices.is_empty()));
    assert_eq!(track.background, None);
}

/// The recorded tracks: name, JSON, and the recorded steps with their start frames.
fn recorded() -> Vec<(String, Value, Value)> {
    let folder = here("../parity/golden/tracks");
    let index = parsed(&folder.join("index.json"));
    let rows = index.as_array().unwrap().iter();
    rows.map(|row| {
        (row["name"].as_str().unwrap().to_owned(), parsed(&folder.join(row["track"].as_str().unwrap())), row.clone())
    })
    .collect()
}

#[test]
fn filled_starts_agree_with_the_recorded_placement() {
    let mut compared = 0;
    for (name, value, row) in recorded().into_iter().filter(|(_, _, row)| row["load_mode"] == "load") {
        let options = LoadOptions { compat: Some(Compat::LEGACY), ..LoadOptions::filling_starts() };
        let (track, _) = Track::from_value_with(value, &options).unwrap();
        let rate = f64::from(track.globals.sample_rate);
        for step in row["steps"].as_array().unwrap() {
            let start = track.steps[step["step"].as_u64().unwrap() as usize].start.unwrap();
            assert_eq!((start.max(0.0) * rate) as u64, step["start_sample"].as_u64().unwrap(), "{name}");
            compared += 1;
        }
    }
    assert!(compared > 3, "{compared} steps");
}

#[test]
fn saving_does_not_change_the_sound() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("saved.json");
    let lenient = LoadOptions { keep_bad_voices: true, ..LoadOptions::filling_starts() };
    let local = ["evening.json", "focus.json", "editor.json"].map(|name| parsed(&here("tracks").join(name)));
    for value in local.into_iter().chain(recorded().into_iter().map(|(_, value, _)| value)) {
        let (track, _) = Track::from_value_with(value, &lenient).unwrap();
        track.save(&path).unwrap();
        let (again, _) = Track::from_path_with(&path, &lenient).unwrap();
        assert_eq!(again.document(), &track.to_value());
        assert_eq!(again.to_json(), track.to_json());
        assert_eq!(heard(again), heard(track));
    }
}

#[test]
fn saving_writes_the_second_dialect_and_keeps_unknown_keys() {
    let (track, _) = Track::from_json(
        r#"{"author": {"name": "x"}, "steps": [{"z": 1, "Duration": 2, "start_time": "0.5",
            "voices": [{"synthFunctionName": "binaural_beat", "isTransition": false, "parameters": {"q": null, "_sam_scene": 1}, "tag": [1]}]},
            {"duration": 1}],
            "globalSettings": {"sampleRate": 48000, "house": "y"}, "clips": [{"path": "a.wav", "k": 1}],
            "noise": {"file": "b.noise", "l": 2}}"#,
    )
    .unwrap();
    let expected = json!({
        "global": {"sample_rate": 48000, "house": "y"},
        "progression": [
            {"z": 1, "duration": 2, "voices": [{"synth_function_name": "binaural_beat", "is_transition": false,
                "params": {"q": null}, "tag": [1]}], "start": 0.5},
            {"duration": 1, "start": 2.5},
        ],
        "background_noise": {"file": "b.noise", "l": 2},
        "overlay_clips": [{"path": "a.wav", "k": 1}],
        "author": {"name": "x"},
    });
    assert_eq!(track.to_value(), expected);
    let keys: Vec<_> = track.to_value().as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["global", "progression", "background_noise", "overlay_clips", "author"]);
    assert!(track.to_json().starts_with("{\n    \"global\": {\n        \"sample_rate\": 48000"));
}

#[test]
fn a_scene_is_written_only_if_there_is_one() {
    let saved = |scene: Value| Track::from_value(json!({"steps": [], "sam_scene": scene})).unwrap().0.to_value();
    assert_eq!(saved(json!({"a": [1]}))["sam_scene"], json!({"a": [1]}));
    assert!(saved(Value::Null).get("sam_scene").is_none());
}

#[test]
fn saving_replaces_the_file_and_leaves_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.json");
    std::fs::write(&path, "x".repeat(1 << 20)).unwrap();
    let (track, _) = Track::from_value(json!({"steps": [{"duration": 1}]})).unwrap();
    track.save(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), track.to_json());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let refused = track.save(folder.path()).unwrap_err().to_string();
    assert!(refused.starts_with(&folder.path().display().to_string()), "{refused}");
}

/// Any small JSON value.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
        "[ -~äß∞]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-z_]{1,6}", inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// Unknown keys for any object.
fn extras() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec(("x_[a-z]{1,5}", any_json()), 0..3).prop_map(|entries| entries.into_iter().collect())
}

prop_compose! {
    fn any_voice()(
        name in prop::sample::select(vec!["synth_function_name", "synthFunctionName", "synth_function"]),
        params_name in prop::sample::select(vec!["params", "parameters"]),
        freq in prop::num::f64::NORMAL, id in prop::option::of("[a-z]{1,3}"), extra in extras(),
    ) -> Value {
        let mut map = extra;
        map.insert(name.to_owned(), json!("binaural_beat"));
        map.insert(params_name.to_owned(), json!({"baseFreq": freq, "pan": null}));
        map.insert("voice_id".to_owned(), json!(id));
        Value::Object(map)
    }
}

prop_compose! {
    fn any_step()(
        name in prop::sample::select(vec!["duration", "Duration", "durationSeconds", "stepDuration"]),
        seconds in 0.0..4000.0f64, start in prop::option::of(-10.0..9000.0f64), old in any::<bool>(),
        volume in prop::option::of(-1.0..2.0f64), voices in prop::collection::vec(any_voice(), 0..3), extra in extras(),
    ) -> Value {
        let mut map = extra;
        map.insert(name.to_owned(), json!(seconds));
        map.insert(if old { "start_time" } else { "start" }.to_owned(), json!(start));
        map.insert("noise_volume".to_owned(), json!(volume));
        map.insert("voices".to_owned(), json!(voices));
        Value::Object(map)
    }
}

prop_compose! {
    fn any_track()(
        v1 in any::<bool>(), crossfade in prop::option::of(-1.0..20.0f64), overlap in prop::option::of(-1.0..2.0f64),
        steps in prop::collection::vec(any_step(), 0..5), overlay in any::<bool>(),
        clips in prop::collection::vec((prop::option::of("[a-z./]{0,6}"), -5.0..5.0f64, extras()), 0..4),
        background in prop::option::of(extras()), extra in extras(),
    ) -> Value {
        let clip = |(path, start, extra): (Option<String>, f64, Map<String, Value>)| {
            let mut map = extra;
            map.insert("path".to_owned(), json!(path));
            map.insert("start".to_owned(), json!(start));
            Value::Object(map)
        };
        let mut map = extra;
        map.insert(if v1 { "steps" } else { "progression" }.to_owned(), json!(steps));
        let globals = json!({"crossfadeDuration": crossfade, "crossfade_overlap": overlap, "x": 1});
        map.insert(if v1 { "global_settings" } else { "global" }.to_owned(), globals);
        map.insert(if overlay { "overlay_clips" } else { "clips" }.to_owned(), clips.into_iter().map(clip).collect());
        map.insert("noise".to_owned(), json!(background));
        Value::Object(map)
    }
}

/// Every unknown key (`x…`) at any depth, with its value.
fn unknown(value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => {
            for (key, item) in map {
                if key.starts_with('x') {
                    found.push((key.clone(), item.to_string()));
                } else {
                    unknown(item, found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| unknown(item, found)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn load_save_load_loses_nothing(value in any_track()) {
        let (track, _) = Track::from_json(&value.to_string()).unwrap();
        let (again, _) = Track::from_json(&track.to_json()).unwrap();
        prop_assert_eq!(again.document(), &track.to_value());
        prop_assert_eq!(again.to_json(), track.to_json());
        let (mut before, mut after) = (Vec::new(), Vec::new());
        unknown(&value, &mut before);
        unknown(again.document(), &mut after);
        before.sort();
        after.sort();
        prop_assert_eq!(before, after);
        prop_assert_eq!(heard(again), heard(track));
    }

    #[test]
    fn any_json_is_loaded_or_refused_but_never_panics(value in any_json()) {
        let _ = Track::from_value(value.clone());
        let wrapped = json!({"global": value, "progression": [value, {"duration": 1, "voices": [value, {"params": value}]}],
            "background_noise": value, "overlay_clips": [value], "clips": value});
        let _ = Track::from_value(wrapped);
    }

    #[test]
    fn any_text_is_loaded_or_refused_but_never_panics(text in "[\\PC\n]{0,64}", cut in 0usize..2000) {
        let _ = Track::from_json(&text);
        let whole = std::fs::read_to_string(here("tracks/evening.json")).unwrap();
        let part: String = whole.chars().take(cut).collect();
        let _ = Track::from_json(&format!("{part}{text}"));
    }
}

#[test]
fn loading_only_to_play_gives_the_same_track() {
    let voice = json!({"synth_function_name": "binaural_beat", "params": {"baseFreq": 150, "odd": 1}, "x": 2});
    let steps = json!([{"duration": 2, "voices": [voice]}, 7, {"duration": "3"}]);
    let documents = [
        json!({"progression": []}),
        json!({"progression": [steps[0], steps[2]], "global": {}}),
        json!({"steps": [steps[0], steps[2]], "progression": [steps[2]]}),
        json!({"progression": [steps[2]], "steps": null}),
        json!({"progression": steps}),
        json!({"progression": "none"}),
    ];
    for document in documents {
        let loaded = |only_to_play| {
            let options = LoadOptions { only_to_play, ..LoadOptions::default() };
            Track::from_value_with(document.clone(), &options)
                .map(|(track, warnings)| (track.steps, format!("{warnings:?}")))
                .map_err(|error| error.to_string())
        };
        assert_eq!(loaded(true), loaded(false), "{document}");
    }
}

#[test]
fn a_track_loaded_only_to_play_cannot_be_saved() {
    let options = LoadOptions { only_to_play: true, ..LoadOptions::default() };
    let document = json!({"progression": [{"duration": 1.0, "voices": []}], "mine": 1});
    let (track, _) = Track::from_value_with(document, &options).unwrap();
    assert_eq!(track.steps.len(), 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("track.json");
    let refused = track.save(&path).unwrap_err().to_string();
    assert!(refused.contains("only to be played"), "{refused}");
    assert!(!path.exists() && track.to_value().is_null());
}

#[test]
fn the_title_is_that_of_the_metadata() {
    for only_to_play in [false, true] {
        let options = LoadOptions { only_to_play, ..LoadOptions::default() };
        let title = |metadata: serde_json::Value| {
            let document = json!({"progression": [], "metadata": metadata});
            Track::from_value_with(document, &options).unwrap().0.title
        };
        assert_eq!(title(json!({"title": "Evening"})).as_deref(), Some("Evening"));
        assert_eq!(
            [title(json!({"title": " "})), title(json!({"title": 3})), title(json!("Evening"))],
            [None, None, None]
        );
    }
}
