//! Scenes and paths of the spatial workbench in whole tracks (spec spatial-workbench).

use std::sync::Arc;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::{Error, Problem};
use realtime_backend_core::plan::{OnError, Plan, PlanOptions};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::{LoadOptions, Track};
use serde_json::{Value, json};
use tests_rs::golden;

const RATE: usize = 16_000;

fn load(document: Value, compat: Compat) -> (Track, Vec<Problem>) {
    let options = LoadOptions { compat: Some(compat), folder: Some(golden::folder()), ..LoadOptions::default() };
    Track::from_value_with(document, &options).expect("a track")
}

fn plan(track: &Track, compat: Compat) -> Arc<Plan> {
    let options = PlanOptions { compat: Some(compat), ..PlanOptions::default() };
    Arc::new(Plan::compile(track, &options).expect("a plan").0)
}

fn audio(plan: &Arc<Plan>) -> Vec<f32> {
    render_array(plan, 0, None, 0, &mut |_| true).expect("audio")
}

/// The left channel of a track without levelling, at 16 kHz.
fn heard(scene: &Value, voices: &Value, compat: Compat) -> Vec<f32> {
    let (track, _) = load(document(scene, voices), compat);
    audio(&plan(&track, compat)).into_iter().step_by(2).collect()
}

fn document(scene: &Value, voices: &Value) -> Value {
    json!({
        "global": {"sample_rate": RATE, "normalization": "none", "crossfade_duration": 0},
        "progression": [{"duration": 1.0, "voices": voices}],
        "sam_scene": scene,
    })
}

fn tone(params: &Value) -> Value {
    let mut params = params.clone();
    params["amp"] = json!(0.5);
    json!({"synth_function_name": "spatial_angle_modulation_sam2", "params": params, "volume_envelope": {"type": "x"}})
}

fn stage(target: &str, path: &str, value: f64) -> Value {
    let binding = json!({"targetId": target, "parameterPath": path, "value": value});
    let stage = json!({"id": "s", "startS": 0.25, "durationS": 0.5, "parameterOverrides": [binding]});
    json!({"stages": {"stages": [stage]}})
}

/// Level of the tone from second `from` on, over 0.1 s.
fn level(samples: &[f32], from: f64) -> f64 {
    let start = (from * RATE as f64) as usize;
    let part = &samples[start..start + RATE / 10];
    (2.0 * part.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / part.len() as f64).sqrt()
}

/// Zero crossings upwards from second `from` on, per second, over 0.1 s.
fn pitch(samples: &[f32], from: f64) -> f64 {
    let start = (from * RATE as f64) as usize;
    let part = &samples[start..start + RATE / 10];
    let crossings: Vec<f64> = part
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| pair[0] < 0.0 && pair[1] >= 0.0)
        .map(|(i, pair)| i as f64 + f64::from(pair[0]) / f64::from(pair[0] - pair[1]))
        .collect();
    let turns = (crossings.len() - 1) as f64;
    turns * RATE as f64 / (crossings[crossings.len() - 1] - crossings[0])
}

#[test]
fn tracks_with_scenes_match_their_recordings() {
    let mut compared = 0;
    for case in golden::cases("workbench_scene") {
        let Some(document) = case.meta.get("track") else { continue };
        let (track, _) = load(document.clone(), Compat::LEGACY);
        let audio: Vec<f64> = audio(&plan(&track, Compat::LEGACY)).into_iter().map(f64::from).collect();
        let (error, frame) = case.array.worst(&audio);
        assert!(error <= case.tolerance, "{}: {error:e} at frame {frame}", case.name);
        compared += 1;
    }
    assert_eq!(compared, 6);
}

#[test]
fn a_stage_changes_the_pitch_from_the_voices_own() {
    let still = json!([tone(&json!({"carrierFreq": 400, "spatialScale": 0}))]);
    let moved = heard(&stage("voice", "carrierFreq", 600.0), &still, Compat::INTENDED);
    for (from, hertz) in [(0.1, 400.0), (0.4, 600.0), (0.8, 400.0)] {
        assert!((pitch(&moved, from) - hertz).abs() < 0.5, "{from}");
    }
    // without the parameter: from the default of the voice, or from 0 as recorded
    let plain = json!([tone(&json!({"spatialScale": 0}))]);
    let intended = heard(&stage("voice", "carrierFreq", 600.0), &plain, Compat::INTENDED);
    assert!((pitch(&intended, 0.1) - 440.0).abs() < 0.5);
    let legacy = heard(&stage("voice", "carrierFreq", 600.0), &plain, Compat::DEFAULT);
    assert!(legacy[..RATE / 4].iter().all(|x| *x == 0.0));
}

#[test]
fn a_stage_changes_the_pitch_in_measured_responses() {
    let params = json!({
        "carrierFreq": 400, "spatialScale": 0, "rendererMode": "hrtf", "hrtfAsset": "sofa/synth_ring187_44k.sofa"
    });
    let voices = json!([tone(&params)]);
    let heard = |rules| heard(&stage("voice", "carrierFreq", 600.0), &voices, rules);
    let intended = heard(Compat::INTENDED);
    // the source moves, and the delays of the responses with it
    for (from, hertz) in [(0.1, 400.0), (0.4, 600.0), (0.8, 400.0)] {
        assert!((pitch(&intended, from) - hertz).abs() < 4.0, "{from}: {}", pitch(&intended, from));
    }
    let default = heard(Compat::DEFAULT);
    assert!((pitch(&default, 0.4) - 400.0).abs() < 4.0);
}

#[test]
fn a_scene_alone_is_refused_with_where_it_belongs() {
    for alone in [json!({"sam_scene": {}}), json!({"stages": {}, "routing": {}})] {
        let error = Track::from_value(alone).unwrap_err().to_string();
        assert!(error.contains("beside the steps with the voices that it moves"), "{error}");
    }
}

#[test]
fn a_gain_of_a_stage_is_a_factor() {
    let voices = json!([tone(&json!({"spatialScale": 0}))]);
    let soft = heard(&stage("source.1", "amp", 0.2), &voices, Compat::DEFAULT);
    for (from, gain) in [(0.1, 0.5), (0.4, 0.1), (0.8, 0.5)] {
        assert!((level(&soft, from) - gain).abs() < 1e-3, "{from}");
    }
}

#[test]
fn a_voice_can_be_named_and_soloed() {
    let mut named = tone(&json!({"carrierFreq": 400, "spatialScale": 0}));
    named["sam_source_id"] = json!("lead");
    let other = tone(&json!({"carrierFreq": 900, "spatialScale": 0}));
    let solo = json!({"routing": {"sources": [{"sourceId": "lead", "soloed": true, "gainDb": -6.0206}]}});
    let both = heard(&solo, &json!([other, named.clone()]), Compat::INTENDED);
    let alone = heard(&json!({}), &json!([named]), Compat::INTENDED);
    for (a, b) in both.iter().zip(&alone) {
        assert!((a - 0.5 * b).abs() < 1e-5);
    }
}

#[test]
fn a_scene_runs_on_through_the_steps() {
    let mut document = document(&stage("voice", "amp", 0.2), &json!([tone(&json!({"spatialScale": 0}))]));
    let step = json!({"duration": 0.5, "voices": document["progression"][0]["voices"]});
    document["progression"] = json!([step, step]);
    let (track, _) = load(document, Compat::INTENDED);
    let samples: Vec<f32> = audio(&plan(&track, Compat::INTENDED)).into_iter().step_by(2).collect();
    for (from, gain) in [(0.1, 0.5), (0.35, 0.1), (0.55, 0.1), (0.85, 0.5)] {
        assert!((level(&samples, from) - gain).abs() < 1e-3, "{from}");
    }
}

#[test]
fn parts_in_a_voice_are_a_scene_for_all() {
    let mut document = document(&Value::Null, &json!([]));
    let parts = stage("voice", "amp", 0.2)["stages"].clone();
    let holder = json!({"synth_function_name": "binaural_beat", "params": {"samStages": parts, "ampL": 0, "ampR": 0}});
    let late = json!({"synth_function_name": "binaural_beat", "params": {"samRouting": {}, "ampL": 0, "ampR": 0}});
    document["progression"][0]["voices"] = json!([holder, tone(&json!({"spatialScale": 0})), late]);
    let (track, said) = load(document.clone(), Compat::DEFAULT);
    let samples: Vec<f32> = audio(&plan(&track, Compat::DEFAULT)).into_iter().step_by(2).collect();
    assert!((level(&samples, 0.4) - 0.1).abs() < 1e-3);
    let about_scenes = |said: &[Problem]| said.iter().filter(|problem| problem.path.contains(".params.sam")).count();
    assert_eq!(about_scenes(&said), 1, "{said:?}");
    document["sam_scene"] = json!({});
    let (track, said) = load(document, Compat::DEFAULT);
    let samples: Vec<f32> = audio(&plan(&track, Compat::DEFAULT)).into_iter().step_by(2).collect();
    assert!((level(&samples, 0.4) - 0.5).abs() < 1e-3);
    assert_eq!(about_scenes(&said), 2, "{said:?}");
}

#[test]
fn a_target_without_a_voice_gives_a_warning() {
    let voices = json!([tone(&json!({})), {"synth_function_name": "binaural_beat", "sam_source_id": "beat"}]);
    for (target, warned) in [("source.1", false), ("*", false), ("source.2", true), ("beat", true)] {
        let (_, said) = load(document(&stage(target, "amp", 0.5), &voices), Compat::DEFAULT);
        let about: Vec<_> = said.iter().filter(|problem| problem.path == "sam_scene").collect();
        assert_eq!(about.len(), usize::from(warned), "{target}: {said:?}");
    }
}

#[test]
fn numbered_ids_keep_clear_of_written_ones() {
    let mut written = tone(&json!({"carrierFreq": 900}));
    written["sam_source_id"] = json!("source.1");
    let voices = json!([tone(&json!({"carrierFreq": 400, "spatialScale": 0})), written]);
    let mute = json!({"routing": {"sources": [{"sourceId": "source.1", "muted": true}]}});
    assert!(heard(&mute, &voices, Compat::DEFAULT).iter().all(|x| *x == 0.0), "both have one id");
    assert!((pitch(&heard(&mute, &voices, Compat::INTENDED), 0.5) - 400.0).abs() < 0.5);
}

#[test]
fn a_live_edit_of_a_scene_is_heard() {
    let voices = json!([tone(&json!({"carrierFreq": 400, "spatialScale": 0}))]);
    let (before, _) = load(document(&json!({}), &voices), Compat::INTENDED);
    let (after, _) = load(document(&stage("voice", "carrierFreq", 600.0), &voices), Compat::INTENDED);
    let options = PlanOptions { compat: Some(Compat::INTENDED), ..PlanOptions::default() };
    let old = plan(&before, Compat::INTENDED);
    let (edited, _) = Plan::compile_continuing(&after, &options, &old, RATE as u64 / 2).expect("a plan");
    let old: Vec<f32> = audio(&old).into_iter().step_by(2).collect();
    let new: Vec<f32> = audio(&Arc::new(edited)).into_iter().step_by(2).collect();
    assert!((pitch(&new, 0.5) - 600.0).abs() < 0.5);
    // the tone goes on where it was, at another pitch
    assert!((new[RATE / 2] - old[RATE / 2]).abs() < 1e-4, "{} {}", new[RATE / 2], old[RATE / 2]);
}

#[test]
fn any_stretch_and_block_of_a_scene_is_the_same() {
    let path = json!({"geometry": {"type": "circle"}, "traversal": {"durationS": 0.7}});
    let geometric = tone(&json!({"rendererMode": "geometric", "canonicalTrajectory": path}));
    let mut scene = stage("source.1", "carrierFreq", 600.0);
    scene["stages"]["stages"][0]["transitionInS"] = json!(0.2);
    scene["modulation"] = json!({"routes": [
        {"modulatorId": "m", "targetId": "voice", "parameterPath": "modFreq", "depth": 3},
        {"modulatorId": "m", "targetId": "voice", "parameterPath": "amp", "depth": -0.3},
        {"modulatorId": "m", "targetId": "source.2", "parameterPath": "carrierFreq", "depth": 40},
    ]});
    let voices = json!([tone(&json!({"carrierFreq": 400})), geometric]);
    for compat in [Compat::DEFAULT, Compat::INTENDED] {
        let (track, _) = load(document(&scene, &voices), compat);
        let whole = audio(&plan(&track, compat));
        for (start, count, threads) in [(9000, 500, 1), (0, 16_000, 1), (4097, 3001, 2), (255, 2, 1)] {
            // a new plan, which has computed nothing before
            let part = render_array(&plan(&track, compat), start, Some(count), threads, &mut |_| true).expect("audio");
            let from = 2 * start as usize;
            assert_eq!(part, whole[from..from + 2 * count as usize], "{start} {count}");
        }
    }
}

#[test]
fn unusable_entries_and_modes_are_errors_with_their_paths() {
    let refused = |document: Value| {
        let track = match Track::from_value(document) {
            Err(Error::Invalid(problems)) => return problems,
            Err(other) => panic!("{other}"),
            Ok((track, _)) => track,
        };
        match Plan::compile(&track, &PlanOptions { on_error: OnError::Fail, ..PlanOptions::default() }) {
            Err(Error::Invalid(problems)) => problems,
            _ => panic!("a plan"),
        }
    };
    let voice = |params: Value| document(&json!({}), &json!([tone(&params)]));
    let bad = stage("voice", "amp", 1.0)["stages"]["stages"][0].clone();
    let without_id = json!({"stages": {"stages": [{"startS": 0, "parameterOverrides": bad["parameterOverrides"]}]}});
    let cases = [
        (document(&without_id, &json!([])), "sam_scene.stages.stages[0].id"),
        (document(&json!({"routing": []}), &json!([])), "sam_scene.routing"),
        (document(&json!("x"), &json!([])), "sam_scene"),
        (voice(json!({"rendererMode": "hybrid"})), "progression[0].voices[0].params.rendererMode"),
        (voice(json!({"rendererMode": "geometric"})), "progression[0].voices[0].params.canonicalTrajectory"),
        (
            voice(json!({"rendererMode": "geometric", "canonicalTrajectory": {"geometry": {"type": "cube"}}})),
            "progression[0].voices[0].params.canonicalTrajectory.geometry.type",
        ),
    ];
    for (document, path) in cases {
        let problems = refused(document);
        assert!(problems.iter().any(|problem| problem.path == path), "{path}: {problems:?}");
    }
}
