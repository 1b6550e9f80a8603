//! What a scene does to its voices.

use serde_json::{Value, json};

use super::*;
use crate::compat::Compat;
use crate::error::Problem;
use crate::json::fields::Fields;
use crate::json::findings::Findings;

fn scene(value: &Value, keep: bool, rules: Compat) -> Result<(Scene, Vec<Problem>), Vec<Problem>> {
    let mut findings = Findings::default();
    findings.keep_bad_voices = keep;
    findings.rules = rules;
    let fields = Fields::new(value.as_object().unwrap(), "sam_scene", &findings);
    let found = Scene::read(&fields, &Sections::OF_SCENE);
    findings.conclude(found).map_err(|error| match error {
        crate::error::Error::Invalid(problems) => problems,
        other => panic!("{other}"),
    })
}

fn good(value: &Value) -> Scene {
    let (scene, said) = scene(value, false, Compat::DEFAULT).unwrap();
    assert!(said.is_empty(), "{said:?}");
    scene
}

#[test]
fn bindings_act_on_their_target_or_on_everyone() {
    let bound = |target: &str, path: &str| json!({"targetId": target, "parameterPath": path, "value": 3});
    let overrides = [bound("a", "carrierFreq"), bound("voice", "amp"), bound("*", "modFreq"), bound("b", "amp")];
    let scene = good(&json!({"stages": {"stages": [{"id": "s", "durationS": 1, "parameterOverrides": overrides}]}}));
    let names = |id: &str| scene.of_voice(id).parameters.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names("a"), ["carrierFreq", "modFreq"]);
    assert_eq!(names("b"), ["modFreq"]);
    assert_eq!(["a", "b"].map(|id| scene.of_voice(id).gain.at(0.5, false)), [3.0, 9.0]);
}

#[test]
fn routes_take_their_modulator_or_a_sine_of_1_hz() {
    let route = |modulator: &str| json!({"modulatorId": modulator, "targetId": "a", "parameterPath": "carrierFreq", "depth": 10, "polarity": -1});
    let document = json!({
        "modulators": [{"id": "m", "rateHz": 2, "waveform": "square"}],
        "modulation": {"routes": [route("m"), route("lfo.slow")]},
    });
    let (scene, said) = scene(&document, false, Compat::DEFAULT).unwrap();
    let carrier = scene.of_voice("a").parameters[0].1.clone();
    // the square is up; the sine of 1 Hz is at its middle and going up to its top
    assert!((carrier.value(0.25 - 1e-9, 100.0) - (100.0 - 10.0 - 10.0)).abs() < 1e-6);
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].path, "sam_scene.modulation.routes[1].modulatorId");
}

#[test]
fn solo_silences_the_others_and_buses_have_gains() {
    let scene = good(&json!({"routing": {
        "buses": [{"id": "b", "gainDb": -20}],
        "sources": [{"sourceId": "a", "busId": "b", "soloed": true}, {"sourceId": "c", "gainDb": 6}],
    }}));
    let gain = |id: &str, meant| scene.of_voice(id).gain.at(0.0, meant);
    assert!((gain("a", false) - 0.1).abs() < 1e-12);
    assert_eq!(gain("c", false), 0.0);
    // a voice without an entry
    assert_eq!((gain("z", false), gain("z", true)), (1.0, 0.0));
}

#[test]
fn a_bad_entry_is_an_error_or_left_out() {
    let bad = json!({"stages": {"stages": [
        {"durationS": 1},
        {"id": "s", "startS": -1},
        {"id": "t", "durationS": 1, "parameterOverrides": [{"targetId": "voice", "parameterPath": "amp"}]},
        {"id": "u", "durationS": 1, "parameterOverrides": [
            {"targetId": "voice", "parameterPath": "amp", "value": 2, "curve": "log"}]},
        {"id": "v", "durationS": 1, "parameterOverrides": [{"targetId": "voice", "parameterPath": "amp", "value": 2}]},
    ]}});
    let places: Vec<String> =
        scene(&bad, false, Compat::DEFAULT).unwrap_err().into_iter().map(|problem| problem.path).collect();
    assert_eq!(
        places,
        [
            "sam_scene.stages.stages[0].id",
            "sam_scene.stages.stages[1].startS",
            "sam_scene.stages.stages[2].parameterOverrides[0].value",
            "sam_scene.stages.stages[3].parameterOverrides[0].curve",
        ]
    );
    let (rest, said) = scene(&bad, true, Compat::DEFAULT).unwrap();
    assert_eq!(rest.of_voice("a").gain.at(0.5, false), 2.0);
    assert_eq!(said.len(), 4, "{said:?}");
    let (silent, _) = scene(&bad, true, Compat::LEGACY).unwrap();
    assert_eq!(silent.of_voice("a").gain.at(0.5, false), 0.0);
}

#[test]
fn a_scene_of_a_later_version_is_refused() {
    let said = scene(&json!({"schemaVersion": 3}), true, Compat::DEFAULT).unwrap_err();
    assert_eq!(said[0].to_string(), "sam_scene.schemaVersion: expected 1 or 2, got 3");
}
