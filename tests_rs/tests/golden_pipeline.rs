//! Compares the per-voice pipeline with every recorded call of it, through the track loader and the real voices, under
//! the legacy rules (spec voice-pipeline 12). Also tests its behaviour under other rules.

use realtime_backend_core::compat::Compat;
use realtime_backend_core::track::{LoadOptions, Track, VoiceSpec};
use realtime_backend_core::voice::stages::envelope::edge_faded;
use realtime_backend_core::voice::{Block, Context, Phases, Voice, pipeline, registry};
use serde_json::{Map, Value, json};
use tests_rs::golden::{self, Case};

fn recorded() -> Vec<Case> {
    golden::cases("voice_pipeline").into_iter().filter(|case| case.function == "generate_voice_audio").collect()
}

/// The voice as the track loader reads it, under the legacy rules.
fn spec(voice_data: &Value, duration: f64) -> VoiceSpec {
    let track =
        json!({"global_settings": {}, "progression": [{"duration": duration.max(1.0), "voices": [voice_data]}]});
    let options = LoadOptions { compat: Some(Compat::LEGACY), keep_bad_voices: true, ..LoadOptions::default() };
    let (track, _) = Track::from_value_with(track, &options).expect("a track");
    track.steps[0].voices[0].clone()
}

fn samples(voice: &mut dyn Voice, context: &Context) -> [Vec<f32>; 2] {
    let mut planes = [vec![0.0; context.frames as usize], vec![0.0; context.frames as usize]];
    let [left, right] = &mut planes;
    voice.render(0, Block::new(left, right));
    planes
}

fn is_chunk(case: &Case) -> bool {
    case.kwargs.contains_key("chunk_start_time")
}

fn context(case: &Case) -> Context {
    Context::new(case.duration(), case.sample_rate()).with_compat(Compat::LEGACY)
}

#[test]
fn every_voice_matches_its_recording() {
    let mut wrong = Vec::new();
    let (mut count, mut close) = (0, 0);
    for case in recorded().iter().filter(|case| !is_chunk(case)) {
        let context = context(case);
        let voice_spec = spec(&case.kwargs["voice_data"], case.duration());
        let (mut voice, _) = pipeline::build(&context, &voice_spec.call(), None).expect("a voice or silence");
        let [left, right] = samples(voice.as_mut(), &context);
        let (error, frame) = case.array.worst_planar(&left, &right);
        count += 1;
        close += usize::from(error < 1e-6);
        if error > case.tolerance {
            wrong.push(format!("{}: {error:e} at {frame}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{count} voices, {close} within 1e-6");
    assert!(count > 40);
}

/// In the recordings each chunk is a separate call; the arguments of the generator tell where it continues.
#[test]
fn recorded_chunks_match_a_call_with_their_arguments() {
    let chunks: Vec<Case> = recorded().into_iter().filter(is_chunk).collect();
    assert!(chunks.len() >= 4);
    for case in chunks {
        let context = context(&case);
        let call = &case.meta["synth_call"];
        let (family, transition) = registry::find(call["function"].as_str().expect("name")).expect("a voice");
        let (voice, _) = registry::build(family, transition, &context, &arguments_of(call)).expect("a voice");
        let [left, right] = samples(edge_faded(voice, &context, [true; 2]).as_mut(), &context);
        let (error, frame) = case.array.worst_planar(&left, &right);
        assert!(error < case.tolerance, "{}: {error:e} at {frame}", case.name);
    }
}

fn arguments_of(call: &Value) -> Map<String, Value> {
    let mut arguments = call["kwargs"].as_object().expect("kwargs").clone();
    arguments.shift_remove("duration");
    arguments.shift_remove("sample_rate");
    arguments
}

#[test]
fn generators_get_the_recorded_arguments() {
    let mut compared = 0;
    for case in recorded().iter().filter(|case| !is_chunk(case)) {
        let Some(call) = case.meta.get("synth_call") else { continue };
        let voice_spec = spec(&case.kwargs["voice_data"], case.duration());
        let Ok((family, transition)) = registry::resolve(&voice_spec.function, voice_spec.is_transition) else {
            continue; // an unknown voice
        };
        let suffix = if transition { "_transition" } else { "" };
        assert_eq!(call["function"], format!("{}{suffix}", family.name), "{}", case.name);
        let called = pipeline::arguments(&context(case), &voice_spec.call(), transition).expect("arguments");
        let mut ours = called.params.into_owned();
        if let Some(timing) = called.timing {
            ours.insert("initial_offset".to_owned(), timing.initial_offset.into());
            ours.insert("transition_duration".to_owned(), timing.duration.into());
        }
        let mut recorded = arguments_of(call);
        if !transition {
            // Here the first frame of a static voice is always at time 0, and a static voice has no transition timing.
            recorded.shift_remove("initial_offset");
            recorded.shift_remove("transition_duration");
        }
        let sorted = |map: Map<String, Value>| map.into_iter().collect::<std::collections::BTreeMap<_, _>>();
        assert_eq!(numbers(sorted(ours)), numbers(sorted(recorded)), "{}", case.name);
        compared += 1;
    }
    assert!(compared > 20, "{compared}");
}

/// Convert integers to floats, because `1` and `1.0` are the same argument.
fn numbers(map: std::collections::BTreeMap<String, Value>) -> std::collections::BTreeMap<String, Value> {
    map.into_iter().map(|(key, value)| (key, value.as_f64().map_or(value, Value::from))).collect()
}

#[test]
fn end_phases_match_the_recorded_state() {
    for case in recorded().iter().filter(|case| !is_chunk(case) && case.duration() > 0.0) {
        let Some(state) = case.meta.get("state").filter(|state| state.get("startPhaseL").is_some()) else { continue };
        let context = context(case);
        let voice_spec = spec(&case.kwargs["voice_data"], case.duration());
        let (voice, _) = pipeline::build(&context, &voice_spec.call(), None).expect("a voice");
        let phases = voice.phases_at(context.frames).expect("phases");
        for (ours, key) in [(phases.left, "startPhaseL"), (phases.right, "startPhaseR")] {
            let turns = (ours - state[key].as_f64().expect("phase")) / std::f64::consts::TAU;
            assert!((turns - turns.round()).abs() < 1e-6, "{}: {ours} {}", case.name, state[key]);
        }
    }
}

fn voice(params: Value, is_transition: bool, envelope: Value) -> VoiceSpec {
    let data = json!({
        "synth_function_name": "binaural_beat",
        "is_transition": is_transition,
        "params": params,
        "volume_envelope": envelope,
    });
    spec(&data, 2.0)
}

fn flanged() -> VoiceSpec {
    let params = json!({
        "startBaseFreq": 200.0, "endBaseFreq": 240.0, "flangeEnable": true, "flangeDelayMs": 1.7, "flangeMix": 0.6,
        "flangeRateHz": 2.3, "flangeFeedback": 0.5, "flangeLoopHpfHz": 40, "endFlangeDelayMs": 3.1, "duration": 1.2,
        "initial_offset": 0.3,
    });
    voice(params, true, Value::Null)
}

#[test]
fn any_stretch_equals_the_slice_of_the_whole() {
    let fade = json!({"type": "linear_fade", "params": {"fade_duration": 0.7, "start_amp": 0.1, "end_amp": 0.9}});
    let adsr = json!({"type": "adsr", "params": {"attack": 0.3, "decay": 0.2, "sustain_level": 0.5, "release": 0.4}});
    for spec in [
        flanged(),
        voice(json!({"panFreq": 0.7, "panRangeMin": -1, "panRangeMax": 1}), false, Value::Null),
        voice(json!({}), false, fade),
        voice(json!({}), false, adsr),
    ] {
        let context = Context::new(2.0, 22_050.0);
        let (mut built, _) = pipeline::build(&context, &spec.call(), None).expect("a voice");
        let [left, right] = samples(built.as_mut(), &context);
        let mut other = built.fork();
        for (from, count) in [(40_000, 4100), (0, 1), (219, 3), (43_879, 221), (100, 20_000), (99, 5)] {
            let (mut l, mut r) = (vec![0.0; count], vec![0.0; count]);
            other.render(from as u64, Block::new(&mut l, &mut r));
            assert!(l == left[from..from + count] && r == right[from..from + count], "{from} {:?}", spec.params);
        }
    }
}

#[test]
fn edges_fade_to_silence_unless_there_is_an_envelope() {
    let context = Context::new(1.0, 44_100.0);
    let phase = json!({"startPhaseL": 1.0, "startPhaseR": 1.0});
    let (mut plain, _) = pipeline::build(&context, &voice(phase.clone(), false, Value::Null).call(), None).unwrap();
    let [left, _] = samples(plain.as_mut(), &context);
    assert_eq!((left[0], left[44_099]), (0.0, 0.0));
    let flat = json!({"type": "linear_fade", "params": {"fade_duration": 0, "start_amp": 1, "end_amp": 1}});
    let (mut open, _) = pipeline::build(&context, &voice(phase, false, flat).call(), None).unwrap();
    let [left, _] = samples(open.as_mut(), &context);
    assert!(left[0].abs() > 0.1);
}

#[test]
fn legacy_rules_ignore_envelopes_that_other_rules_apply() {
    let linen = json!({"type": "linen", "params": {"attack": 0.5, "release": 0.5}});
    let spec = voice(json!({"startPhaseL": 1.0}), false, linen);
    let flat = voice(json!({"startPhaseL": 1.0}), false, json!({"type": "none"}));
    for (compat, expected) in [(Compat::DEFAULT, 0.5), (Compat::LEGACY, 1.0)] {
        let context = Context::new(2.0, 8000.0).with_compat(compat);
        let (mut shaped, _) = pipeline::build(&context, &spec.call(), None).unwrap();
        let (mut plain, _) = pipeline::build(&context, &flat.call(), None).unwrap();
        let ([shaped, _], [plain, _]) = (samples(shaped.as_mut(), &context), samples(plain.as_mut(), &context));
        assert!((shaped[2000] - expected * plain[2000]).abs() < 1e-6);
        assert!((shaped[8000] - plain[8000]).abs() < 1e-6);
    }
}

#[test]
fn bad_voices_give_an_error_or_silence_with_a_warning() {
    let spec = voice(json!({"baseFreq": "fast"}), false, Value::Null);
    let context = Context::new(0.1, 8000.0);
    let error = pipeline::build(&context, &spec.call(), None).err().expect("an error").to_string();
    assert!(error.starts_with("progression[0].voices[0].params.baseFreq: expected a number"), "{error}");
    let legacy = context.with_compat(Compat::LEGACY);
    let (mut silent, warnings) = pipeline::build(&legacy, &spec.call(), None).expect("silence");
    assert!(samples(silent.as_mut(), &legacy).concat().iter().all(|x| *x == 0.0));
    assert!(warnings[0].message.ends_with("the voice is silent"), "{warnings:?}");
}

#[test]
fn unknown_flanger_parameters_are_reported() {
    let spec = voice(
        json!({"flangeEnable": true, "flangeDeley": 2.0, "flangeLoudnessMode": true, "flangeInterp": false}),
        false,
        Value::Null,
    );
    let (_, warnings) = pipeline::build(&Context::new(0.1, 8000.0), &spec.call(), None).unwrap();
    let text: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert!(text.iter().any(|w| w.starts_with("progression[0].voices[0].params.flangeDeley: unknown")), "{text:?}");
}

#[test]
fn a_carried_phase_replaces_the_start_phase() {
    let context = Context::new(1.0, 8000.0);
    let spec = voice(json!({"startPhaseL": 0.3}), false, Value::Null);
    let carried = Phases { left: 1.25, right: -2.0 };
    let (voice, _) = pipeline::build(&context, &spec.call(), Some(carried)).unwrap();
    let start = voice.phases_at(0).expect("phases");
    for (ours, expected) in [(start.left, 1.25), (start.right, -2.0)] {
        let turns = (ours - expected) / std::f64::consts::TAU;
        assert!((turns - turns.round()).abs() < 1e-9, "{start:?}");
    }
}

#[test]
fn null_flanger_values_count_as_absent() {
    let context = Context::new(0.2, 8000.0).with_compat(Compat::LEGACY);
    let [with, without] =
        [json!({"flangeEnable": true, "flangeMix": null}), json!({"flangeEnable": true})].map(|params| {
            let (mut built, _) = pipeline::build(&context, &voice(params, false, Value::Null).call(), None).unwrap();
            samples(built.as_mut(), &context)
        });
    assert_eq!(with, without);
    assert!(with[0].iter().any(|x| x.abs() > 0.1));
}
