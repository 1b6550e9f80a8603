//! Spellings and defaults of steps and voices.

use realtime_backend_core::track::{Bus, Envelope, Identity, LoadOptions, Track};
use serde_json::{Map, Value, json};

use super::{load, quiet, step, voice};

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
