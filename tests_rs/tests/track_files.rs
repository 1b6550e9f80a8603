//! `.noise`, `.voice` and `.voices` files, and sessions (spec track-format 8 to 10, noise 15).

use std::path::Path;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::{Error, Problem};
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::track::{
    Catalogue, CrossfadeCurve, LoadOptions, NoiseFile, SessionFile, Source, Track, VoicePreset, open, open_text,
};
use serde_json::{Map, Value, json};

fn noise(value: Value) -> (NoiseFile, Vec<Problem>) {
    NoiseFile::from_map(value.as_object().unwrap()).unwrap()
}

fn quiet_noise(value: Value) -> NoiseFile {
    let (file, problems) = noise(value);
    assert_eq!(problems, []);
    file
}

fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    result.unwrap_err().to_string()
}

const LEGACY_EDITOR: &str = r#"{"amp_envelope": [], "duration": 0.0, "duration_seconds": 60.0, "end_intra_phase_offset_deg": 0,
    "end_lfo_freq": 0.0833, "end_lfo_phase_offset_deg": 0, "fade_in": 0.0, "fade_out": 0.0, "initial_offset": 0.0,
    "input_audio_path": "", "lfo_freq": 0.0415, "lfo_waveform": "sine", "noise_parameters": {"amplitude": 0.85,
    "distribution_curve": 1.0, "exponent": 0.8, "high_exponent": 1.75, "highcut": 800.0, "lowcut": 50.0, "name": "Green 2",
    "seed": 1}, "sample_rate": 44100, "start_intra_phase_offset_deg": 180, "start_lfo_freq": 0.0415,
    "start_lfo_phase_offset_deg": 30, "start_time": 0.0, "static_notches": [], "sweeps": [{"end_casc": 10, "end_max": 10000,
    "end_min": 1000, "end_q": 25, "start_casc": 10, "start_max": 2000, "start_min": 100, "start_q": 25}, {"end_casc": 10,
    "end_max": 1000, "end_min": 500, "end_q": 25, "start_casc": 3, "start_max": 7000, "start_min": 250, "start_q": 5},
    {"end_casc": 10, "end_max": 3350, "end_min": 1850, "end_q": 25, "start_casc": 1, "start_max": 16000, "start_min": 2000,
    "start_q": 5}], "transition": false}"#;

#[test]
fn a_legacy_noise_file_equals_its_built_in_preset() {
    let file = quiet_noise(serde_json::from_str(LEGACY_EDITOR).unwrap());
    let catalogue = Catalogue::built_in();
    assert_eq!(catalogue.noise("noise_preset:Rolling Green").unwrap().0, &file);
    assert_eq!(catalogue.ids().count(), 6);
    let (_, params) = file.background_voice(&Compat::DEFAULT);
    let expected = json!({
        "lfo_waveform": "sine", "start_lfo_phase_offset_deg": 30, "start_intra_phase_offset_deg": 180, "lfo_freq": 0.0415,
        "sweeps": [[100, 2000, 25, 10], [250, 7000, 5, 3], [2000, 16000, 5, 1]],
        "noise_parameters": {"name": "Green 2", "exponent": 0.8, "high_exponent": 1.75, "distribution_curve": 1,
            "lowcut": 50, "highcut": 800, "amplitude": 0.85, "seed": 1},
    });
    assert_eq!(Value::Object(params), expected);
}

#[test]
fn an_empty_noise_file_has_the_defaults_of_the_format() {
    let file = quiet_noise(json!({}));
    assert_eq!(file, NoiseFile::default());
    assert_eq!((file.duration_seconds, file.sample_rate, file.lfo_freq), (60.0, 44_100.0, 1.0 / 12.0));
    assert_eq!(Value::Object(file.colour), json!({"name": "pink"}));
    let (transition, params) = NoiseFile::default().background_voice(&Compat::DEFAULT);
    assert!(!transition);
    assert_eq!(params["sweeps"], json!([]), "no moving notch, not the voices' default one");
}

#[test]
fn a_bed_fills_sweeps_with_its_own_defaults() {
    let (_, params) = quiet_noise(json!({"sweeps": [{}]})).background_voice(&Compat::DEFAULT);
    assert_eq!(params["sweeps"], json!([[1000, 10000, 30, 10]]));
    let (transition, params) = quiet_noise(json!({"transition": true, "post_offset": 5, "sweeps": [{"start_q": 7.5}]}))
        .background_voice(&Compat::DEFAULT);
    assert!(transition);
    let sweep = json!([{"start_min": 1000, "end_min": 1000, "start_max": 10000, "end_max": 10000, "start_q": 7.5,
        "end_q": 30, "start_casc": 10, "end_casc": 10}]);
    assert_eq!((&params["sweeps"], &params["transition_duration"]), (&sweep, &json!(5)));
    assert_eq!(params["transition_curve"], json!("linear"));
}

#[test]
fn a_colour_has_three_spellings_and_top_level_fields_override() {
    let colour = |value: Value| Value::Object(quiet_noise(value).colour);
    assert_eq!(colour(json!({"noise_parameters": {"name": "Brown"}})), json!({"name": "Brown"}));
    assert_eq!(
        colour(json!({"noise_parameters": {}, "color_params": {"exponent": 2}})),
        json!({"exponent": 2, "name": "pink"})
    );
    assert_eq!(colour(json!({"noise_type": "brown"})), json!({"name": "brown"}));
    assert_eq!(
        colour(json!({"noise_type": "brown", "noise_parameters": {"seed": 3}})),
        json!({"seed": 3, "name": "brown"})
    );
    let top = json!({"exponent": 2, "noise_parameters": {"name": "x", "exponent": 1, "lowcut": null}});
    assert_eq!(colour(top), json!({"name": "x", "exponent": 2}));
}

#[test]
fn legacy_rules_fill_named_colours_with_general_defaults() {
    let file = quiet_noise(json!({"noise_parameters": {"name": "brown", "high_exponent": null}}));
    let (_, legacy) = file.background_voice(&Compat::LEGACY);
    let expected = json!({"exponent": 1, "high_exponent": 1, "distribution_curve": 1, "amplitude": 1, "seed": 1});
    assert_eq!(legacy["noise_type"], expected);
    assert!(!legacy.contains_key("noise_parameters"));
    let (_, fixed) = file.background_voice(&Compat::DEFAULT);
    assert_eq!(fixed["noise_parameters"], json!({"name": "brown"}));
}

#[test]
fn saving_a_noise_file_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut value: Value = serde_json::from_str(LEGACY_EDITOR).unwrap();
    value["transition"] = json!(true);
    value["amp_envelope"] = json!([[0.0, 1.0], [2.5, 0.25]]);
    value["static_notches"] = json!([{"freq": 440, "q": 3}]);
    value["input_audio_path"] = json!("rain.wav");
    let file = quiet_noise(value.clone());
    file.save(&folder.path().join("bed.txt")).unwrap();
    let path = folder.path().join("bed.noise");
    let (again, problems) = NoiseFile::from_path(&path).unwrap();
    assert_eq!((&again, problems), (&file, vec![]));
    let written: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let keys = |value: &Value| {
        let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    };
    assert_eq!(keys(&written), keys(&value), "every field of the format is written");
}

#[test]
fn a_saved_colour_is_complete() {
    let written =
        |colour: Value| quiet_noise(json!({"noise_parameters": colour})).to_value()["noise_parameters"].clone();
    let fields = |name: &str, exponent: f64, high: f64, [low_cut, high_cut]: [Value; 2]| {
        json!({"name": name, "exponent": exponent, "high_exponent": high, "distribution_curve": 1.0, "lowcut": low_cut,
            "highcut": high_cut, "amplitude": 1.0, "seed": 1.0})
    };
    let floats = |colour: Value| -> Value {
        let all = colour.as_object().unwrap().clone().into_iter();
        all.map(|(key, value)| (key, value.as_f64().map_or(value, Value::from))).collect::<Map<_, _>>().into()
    };
    let open = || [Value::Null, Value::Null];
    assert_eq!(floats(written(json!({"name": "Red"}))), fields("Red", 2.0, 1.5, open()));
    assert_eq!(floats(written(json!({"name": "green"}))), fields("green", 0.0, 0.0, [json!(100.0), json!(8000.0)]));
    assert_eq!(floats(written(json!({}))), fields("pink", 1.0, 1.0, open()));
    assert_eq!(floats(written(json!({"name": "mine", "exponent": 0.5}))), fields("mine", 0.5, 0.5, open()));
    // Reading it again gives the same colour.
    let again = quiet_noise(json!({"noise_parameters": written(json!({"name": "green"}))}));
    assert_eq!(again.to_value()["noise_parameters"], written(json!({"name": "green"})));
}

#[test]
fn errors_in_noise_files_name_their_path() {
    let said = |value: Value| refusal(NoiseFile::from_map(value.as_object().unwrap()));
    assert!(said(json!({"lfo_freq": "slow"})).starts_with("lfo_freq: expected a number"));
    assert!(said(json!({"sweeps": [{}, 3]})).starts_with("sweeps[1]: expected a sweep (an object), got 3"));
    assert!(said(json!({"sweeps": [{"start_q": -1}]})).starts_with("sweeps[0].start_q: expected a number between"));
    assert!(said(json!({"noise_parameters": {"exponent": []}})).starts_with("noise_parameters.exponent: expected"));
    assert!(said(json!({"noise_parameters": "brown"})).starts_with("noise_parameters: expected an object"));
    let (_, problems) = noise(json!({"lfo_frequency": 1}));
    assert_eq!(problems[0].to_string(), "lfo_frequency: unknown field, ignored; did you mean \"lfo_freq\"?");
}

#[test]
fn voice_presets_are_stored_with_five_fields() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("v.voice");
    std::fs::write(
        &path,
        r#"{"synth_function_name": "binaural_beat", "params": {"baseFreq": 100, "pan": null}, "voice_id": 1}"#,
    )
    .unwrap();
    let (preset, problems) = VoicePreset::from_path(&path).unwrap();
    assert_eq!(problems, []);
    let expected = json!({"synth_function_name": "binaural_beat", "is_transition": false,
        "params": {"baseFreq": 100, "pan": null}, "volume_envelope": null, "description": ""});
    assert_eq!(preset.to_value(), expected);
    preset.save(&folder.path().join("again.json")).unwrap();
    assert_eq!(VoicePreset::from_path(&folder.path().join("again.voice")).unwrap().0, preset);
    let list = vec![preset, VoicePreset::default()];
    VoicePreset::save_list(&list, &folder.path().join("all.x")).unwrap();
    assert_eq!(VoicePreset::list_from_path(&folder.path().join("all.voices")).unwrap().0, list);
}

#[test]
fn a_list_of_voices_skips_entries_that_are_not_voices() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("v.voices");
    std::fs::write(&path, r#"[{"synth_function_name": "a"}, 5, {}]"#).unwrap();
    let (list, problems) = VoicePreset::list_from_path(&path).unwrap();
    assert_eq!(list.iter().map(|preset| preset.function.as_str()).collect::<Vec<_>>(), ["a", ""]);
    assert_eq!(problems[0].to_string(), "[1]: expected a voice (an object), got 5; skipped");
    std::fs::write(&path, "{}").unwrap();
    assert_eq!(refusal(VoicePreset::list_from_path(&path)), "expected a list of voices, got an object");
    assert_eq!(
        refusal(VoicePreset::from_path(&write(folder.path(), "x.voice", "[]"))),
        "expected a voice (a JSON object), got a list of 0"
    );
}

fn write(folder: &Path, name: &str, text: &str) -> std::path::PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn session(value: Value) -> SessionFile {
    let (session, problems) = SessionFile::from_value(value).unwrap();
    assert_eq!(problems, []);
    session
}

fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::built_in();
    let voice = json!({"synth_function_name": "binaural_beat", "params": {"baseFreq": 100}, "voice_type": "noise"});
    catalogue.insert_voices("builtin:calm", vec![voice.clone(), voice]);
    catalogue
}

#[test]
fn an_empty_session_has_the_defaults_of_the_format() {
    let session = session(json!({}));
    assert_eq!((session.sample_rate, session.crossfade_duration, session.normalization_level), (44_100, 0.0, 0.95));
    assert_eq!(
        (session.crossfade_curve, session.output_filename.as_str()),
        (CrossfadeCurve::Linear, "session_output.flac")
    );
    assert!(session.background.is_none() && session.steps.is_empty());
}

#[test]
fn session_steps_follow_each_other_in_time() {
    let session = session(json!({"crossfade_duration": 2.0, "steps": [
        {"duration": 10}, {"duration": 10, "crossfade_duration": 4}, {"duration": 10, "start": 50}, {"duration": 1},
        {"duration": 1}, {"duration": 10, "start": 3}, {"duration": 1}]}));
    let (track, _) = session.to_track(&catalogue()).unwrap();
    let starts: Vec<f64> = track.steps.iter().map(|step| step.start.unwrap()).collect();
    assert_eq!(starts, [0.0, 8.0, 50.0, 60.0, 60.0, 3.0, 60.0]);
}

#[test]
fn a_session_step_gets_its_voices_noise_and_audio() {
    let session = session(json!({"steps": [{
        "binaural_preset_id": "builtin:calm", "duration": 30, "noise_volume": 0.2, "description": "settle",
        "crossfade_curve": "equal_power", "background_audio_path": "rain.wav", "background_audio_volume": 0.3,
        "background_audio_extend": false}, {"duration": 5, "warmup_clip_path": "bell.wav"}]}));
    let (track, problems) = session.to_track(&catalogue()).unwrap();
    assert_eq!(problems, []);
    let step = &track.steps[0];
    assert_eq!((step.voices.len(), step.noise_volume, step.description.as_str()), (2, Some(0.2), "settle"));
    assert!(step.voices.iter().all(|voice| !voice.noise_bus()), "preset voices go to the binaural bus");
    assert_eq!(step.crossfade_curve, Some(CrossfadeCurve::EqualPower));
    let [rain, bell] = &track.clips[..] else { panic!("two clips") };
    assert_eq!((&rain.source, rain.gain, rain.duration), (&Source::File("rain.wav".to_owned()), 0.3, Some(30.0)));
    assert_eq!((&bell.source, bell.start, bell.duration), (&Source::File("bell.wav".to_owned()), 30.0, None));
    assert!(track.clips_under(&Compat::LEGACY).iter().all(|clip| clip.start == 0.0), "the old spelling is written too");
}

#[test]
fn step_noise_becomes_a_voice_with_split_sweeps() {
    let voice = |value: Value| quiet_noise(value).step_voice();
    let sweeps = json!([{"start_min": 100, "start_max": 200, "start_q": 3, "end_min": 300}, {"start_casc": 2}]);
    let fixed = voice(json!({"sweeps": sweeps, "noise_type": "brown"}));
    assert_eq!(fixed["synth_function_name"], json!("noise_swept_notch"));
    assert_eq!((&fixed["voice_type"], fixed.get("voice_id"), fixed.get("description")), (&json!("noise"), None, None));
    let params = &fixed["params"];
    assert_eq!(params["sweeps"], json!([[100, 200], [1000, 10000]]));
    assert_eq!((&params["notch_q"], &params["casc"]), (&json!([3, 25]), &json!([10, 2])));
    assert_eq!(params["noise_parameters"], json!({"name": "brown"}));
    let moving = voice(json!({"sweeps": sweeps, "transition": true, "duration": 9, "initial_offset": 1}));
    assert_eq!(
        (&moving["synth_function_name"], &moving["is_transition"]),
        (&json!("noise_swept_notch_transition"), &json!(true))
    );
    let params = &moving["params"];
    assert_eq!((&params["transition_duration"], &params["initial_offset"]), (&json!(9), &json!(1)));
    assert_eq!(params["start_sweeps"], json!([[100, 200], [1000, 10000]]));
    assert_eq!(params["end_sweeps"], json!([[300, 10000], [1000, 10000]]));
    assert_eq!((&params["end_q"], &params["end_casc"]), (&json!([25, 25]), &json!([10, 10])));
}

#[test]
fn a_session_bed_names_its_file_or_is_inline() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "rain.noise", "{}");
    let mut catalogue = catalogue();
    assert_eq!(catalogue.add_folder(folder.path()).unwrap(), []);
    let layer = |id: &str| {
        let session = session(json!({"background_noise_preset_id": id, "background_noise_gain": 0.3,
            "background_noise_fade_in": 2, "background_noise_amp_envelope": [[0, 1]]}));
        session.to_track(&catalogue).unwrap().0.background.unwrap()
    };
    let file = layer("noise:rain");
    assert_eq!((file.file, file.params), (Some(path.display().to_string()), None));
    assert_eq!((file.gain, file.fade_in, file.amp_envelope), (0.3, 2.0, vec![(0.0, [1.0; 2])]));
    let inline = layer("noise_preset:Rolling Pink");
    assert_eq!(inline.file, None);
    let again = NoiseFile::from_map(&inline.params.unwrap()).unwrap().0;
    assert_eq!(catalogue.noise("noise_preset:Rolling Pink").unwrap().0, &again);
}

#[test]
fn a_catalogue_reads_the_presets_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "one.voice", r#"{"synth_function_name": "binaural_beat"}"#);
    write(
        folder.path(),
        "two.json",
        r#"{"progression": [{"duration": 1, "voices": [{"synth_function_name": "binaural_beat"},
        {"synth_function_name": "isochronic_tone"}]}, {"duration": 1, "voices": []}]}"#,
    );
    write(folder.path(), "bad.noise", "{");
    write(folder.path(), "notes.txt", "x");
    let mut catalogue = Catalogue::default();
    let problems = catalogue.add_folder(folder.path()).unwrap();
    assert_eq!(catalogue.ids().collect::<Vec<_>>(), ["json:two", "voice:one"]);
    assert_eq!(catalogue.voices("json:two").unwrap().len(), 2);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].path.ends_with("bad.noise") && problems[0].message.starts_with("skipped: "), "{}", problems[0]);
}

#[test]
fn errors_in_sessions_name_their_path() {
    let said = |value: Value| refusal(session(value).to_track(&catalogue()));
    let unknown = said(json!({"steps": [{"duration": 1, "binaural_preset_id": "builtin:clam"}]}));
    assert_eq!(
        unknown,
        "steps[0].binaural_preset_id: no voices called \"builtin:clam\" in the catalogue; did you mean \"builtin:calm\"?"
    );
    let unknown = said(json!({"steps": [{"duration": 1, "noise_preset_id": "noise_preset:Brown Nose"}]}));
    assert!(unknown.contains("did you mean \"noise_preset:Brown Noise\"?"), "{unknown}");
    let refused = refusal(SessionFile::from_value(json!({"steps": [{"duration": -1}]})));
    assert_eq!(refused, "steps[0].duration: expected at least 0 seconds, got -1");
    let (_, problems) = SessionFile::from_value(json!({"steps": [], "colour": 1})).unwrap();
    assert_eq!(problems[0].to_string(), "colour: unknown field, ignored");
}

#[test]
fn builtin_presets_are_looked_up_in_files_of_their_names() {
    let mut catalogue = Catalogue::built_in();
    catalogue.insert_voices("json:F10", vec![json!({"synth_function_name": "binaural_beat"})]);
    assert_eq!(catalogue.voices("builtin:F10").unwrap().len(), 1);
    let said = catalogue.voices("builtin:Deep Sleep").unwrap_err();
    assert!(said.ends_with("have to lie in a file of that name"), "{said}");
}

#[test]
fn opening_a_session_file_converts_it_to_a_track() {
    let folder = tempfile::tempdir().unwrap();
    let more = tempfile::tempdir().unwrap();
    write(folder.path(), "rain.noise", "{}");
    write(folder.path(), "calm.voice", r#"{"synth_function_name": "binaural_beat"}"#);
    write(more.path(), "beat.voice", r#"{"synth_function_name": "isochronic_tone"}"#);
    let steps = json!([{"binaural_preset_id": "voice:calm", "duration": 5},
        {"binaural_preset_id": "voice:beat", "noise_preset_id": "noise:rain", "duration": 5}]);
    let stored = json!({"steps": steps, "background_noise_preset_id": "noise:rain", "colour": 1}).to_string();
    let path = write(folder.path(), "evening.session", &stored);
    let options = LoadOptions::filling_starts();
    let (track, problems) = open(&path, &options, &[more.path().to_owned()]).unwrap();
    assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), ["colour: unknown field, ignored"]);
    let names: Vec<&str> = track.steps.iter().flat_map(|step| &step.voices).map(|v| v.function.as_str()).collect();
    assert_eq!(names, ["binaural_beat", "isochronic_tone", "noise_swept_notch"]);
    assert_eq!(track.background.unwrap().file.as_deref(), Some("rain.noise"), "named from the folder of the session");
    assert_eq!(track.folder.as_deref(), Some(folder.path()));
    // A track opens unchanged.
    let (again, _) = open_text(r#"{"steps": [{"duration": 1}]}"#, &options, &[]).unwrap();
    assert_eq!(again.steps.len(), 1);
}

#[test]
fn missing_presets_are_reported_with_unreadable_files() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "calm.voice", "{");
    let path = write(folder.path(), "a.session", r#"{"steps": [{"binaural_preset_id": "voice:calm", "duration": 1}]}"#);
    let said = refusal(open(&path, &LoadOptions::default(), &[]));
    assert!(said.starts_with("steps[0].binaural_preset_id: no voices called \"voice:calm\""), "{said}");
    assert!(said.contains("calm.voice: skipped: not valid JSON"), "{said}");
}

#[test]
fn loading_a_session_as_a_track_gives_a_clear_error() {
    let text = json!({"sample_rate": 44100, "steps": [{"binaural_preset_id": "x", "duration": 1}]}).to_string();
    assert!(refusal(Track::from_json(&text)).contains("got a session"));
}

#[test]
fn inline_noise_of_a_track_is_read_like_a_file() {
    let inline = json!({"lfo_freq": 0.5, "noise_type": "brown"});
    let value = json!({"progression": [], "background_noise": {"params": inline}});
    let (track, _) = Track::from_value_with(value, &LoadOptions::default()).unwrap();
    let params: Map<String, Value> = track.background.unwrap().params.unwrap();
    assert_eq!(NoiseFile::from_map(&params).unwrap().0.lfo_freq, 0.5);
}

#[test]
fn a_session_bed_plays_under_legacy_rules() {
    let session = json!({"background_noise_preset_id": "noise_preset:Pink Noise", "background_noise_gain": 0.5,
        "steps": [{"duration": 2, "binaural_preset_id": null, "noise_preset_id": null}]});
    let (session, _) = SessionFile::from_value(session).unwrap();
    let options = LoadOptions { compat: Some(Compat::LEGACY), ..LoadOptions::default() };
    let (track, _) = session.to_track_with(&Catalogue::built_in(), &options).unwrap();
    let layer = track.background_under(&Compat::LEGACY).expect("a bed");
    assert_eq!(layer.gain, 0.5);
    let options = PlanOptions { compat: Some(Compat::LEGACY), ..PlanOptions::default() };
    let (plan, said) = Plan::compile(&track, &options).unwrap();
    assert!(plan.background().is_some(), "{said:?}");
}

#[test]
fn session_steps_with_noise_presets_give_no_warnings() {
    let catalogue = Catalogue::built_in();
    let ids: Vec<String> = catalogue.all_noises().map(|(id, _, _)| id.to_owned()).collect();
    assert!(ids.len() >= 6);
    for id in ids {
        let (session, mut said) =
            SessionFile::from_value(json!({"steps": [{"duration": 2, "noise_preset_id": id}]})).unwrap();
        let (track, more) = session.to_track(&catalogue).unwrap();
        said.extend(more);
        said.extend(Plan::findings(&track, &PlanOptions::default()).unwrap());
        assert_eq!(said, [], "{id}");
        // Also with the whole file in the parameters of a voice, as an editor writes it.
        let mut params = catalogue.noise(&id).unwrap().0.to_value();
        params.as_object_mut().unwrap().shift_remove("duration");
        let voice = json!({"synth_function_name": "noise_swept_notch", "params": params, "is_transition": false});
        let (track, mut said) =
            Track::from_value(json!({"progression": [{"duration": 2, "voices": [voice]}]})).unwrap();
        said.extend(Plan::findings(&track, &PlanOptions::default()).unwrap());
        assert_eq!(said, [], "{id}");
    }
}
