//! Compares every registered voice with every recorded call of it, under the legacy rules.

use std::collections::BTreeSet;
use std::f64::consts::TAU;
use std::sync::Arc;

use rayon::prelude::*;
use realtime_backend_core::compat::Compat;
use realtime_backend_core::track::scene::Scene;
use realtime_backend_core::voice::spatial::scene::SceneAt;
use realtime_backend_core::voice::{Block, Context, Phases, names, registry};
use serde_json::{Map, Value};
use tests_rs::golden::{self, Case};

/// Files whose cases are calls of helpers, unless the function of a case is a voice.
const HELPER_FILES: [&str; 4] = ["noise_filter", "voice_pipeline", "workbench_geometric", "workbench_scene"];

/// The result of one case.
enum Outcome {
    Error(String),
    Compared { error: f64, frame: usize, phase: f64 },
}

fn render(case: &Case) -> Outcome {
    let mut context = Context::new(case.duration(), case.sample_rate()).with_compat(Compat::LEGACY);
    context.folder = Some(golden::folder());
    let Some((family, transition)) = registry::find(&case.function) else {
        return Outcome::Error("not registered".to_owned());
    };
    let mut params = case.params();
    context.scene = scene(&mut params, case.sample_rate());
    let (mut voice, _warnings) = match registry::build(family, transition, &context, &params) {
        Ok(built) => built,
        Err(error) => return Outcome::Error(format!("refused: {error}")),
    };
    // Noise made from a file is as long as the file (spec noise 12).
    let from_file = case.params().contains_key("input_audio_path");
    let frames = if from_file { case.array.frames() } else { context.frames as usize };
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    voice.render(0, Block::new(&mut left, &mut right));
    let (error, frame) = case.array.worst_planar(&left, &right);
    let phase = recorded_phases(case).map_or(0.0, |recorded| {
        voice
            .phases_at(context.frames)
            .map_or(f64::INFINITY, |ours| turned(ours.left - recorded.left).max(turned(ours.right - recorded.right)))
    });
    Outcome::Compared { error, frame, phase }
}

/// The scene that is recorded with the call, taken out of its parameters.
fn scene(params: &mut Map<String, Value>, sample_rate: f64) -> Option<SceneAt> {
    let document = params.shift_remove("_sam_scene")?;
    let id = params.shift_remove("_sam_source_id").expect("the id of the source");
    let start = params.shift_remove("_sam_scene_start_s").expect("the start in the scene");
    let (scene, _) = Scene::from_value(&document, Compat::LEGACY).expect("a scene");
    let scene = Arc::new(scene.of_voice(id.as_str().expect("a text")));
    Some(SceneAt::new(scene, start.as_f64().expect("a number"), sample_rate))
}

fn recorded_phases(case: &Case) -> Option<Phases> {
    let state = case.meta.get("state")?;
    let phase = |key: &str| state.get(key).and_then(Value::as_f64);
    Some(Phases { left: phase("startPhaseL")?, right: phase("startPhaseR")? })
}

/// The magnitude of a phase difference, wrapped to half a turn, in radians.
fn turned(difference: f64) -> f64 {
    ((difference + TAU / 2.0).rem_euclid(TAU) - TAU / 2.0).abs()
}

fn recorded_voice_cases() -> Vec<Case> {
    let (helpers, voices): (Vec<_>, Vec<_>) =
        golden::files().into_iter().partition(|file| HELPER_FILES.contains(&file.as_str()));
    let names: BTreeSet<String> = voices.iter().cloned().collect();
    let mut all: Vec<Case> = voices.iter().flat_map(|file| golden::cases(file)).collect();
    all.extend(helpers.iter().flat_map(|file| golden::cases(file)).filter(|case| names.contains(&case.function)));
    all
}

#[test]
fn registered_voices_match_their_recordings() {
    let registered: BTreeSet<String> = names().into_iter().collect();
    let phase_tolerance = golden::tolerances()["phases"].as_f64().expect("a tolerance for phases");
    let cases: Vec<Case> = recorded_voice_cases()
        .into_iter()
        .filter(|case| case.deterministic && case.deviation.is_none() && registered.contains(&case.function))
        .collect();
    let outcomes: Vec<Outcome> = cases.par_iter().map(render).collect();
    let mut failures = Vec::new();
    let mut fine = 0;
    for (case, outcome) in cases.iter().zip(&outcomes) {
        match outcome {
            Outcome::Error(message) => failures.push(format!("{}: {message}", case.key())),
            Outcome::Compared { error, frame, phase } => {
                fine += usize::from(*error <= 1e-6);
                if *error > case.tolerance {
                    failures.push(format!(
                        "{}: {error:.3e} at frame {frame} of {}, allowed {:.0e}",
                        case.key(),
                        case.array.frames(),
                        case.tolerance
                    ));
                }
                if *phase > phase_tolerance {
                    failures.push(format!("{}: end phase off by {phase:.3e} rad", case.key()));
                }
            }
        }
    }
    println!("{} cases compared, {fine} of them within 1e-6", cases.len());
    assert!(failures.is_empty(), "{} findings in {} cases:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

#[test]
fn registered_and_recorded_voices_are_the_same() {
    let recorded: BTreeSet<String> = recorded_voice_cases().into_iter().map(|case| case.function).collect();
    // other tests compare voices that the legacy implementation does not have with closed forms
    let new = |name: &String| registry::find(name).is_some_and(|(family, _)| family.is_new);
    let registered: BTreeSet<String> = names().into_iter().filter(|name| !new(name)).collect();
    let missing: Vec<_> = recorded.difference(&registered).collect();
    assert!(missing.is_empty(), "recorded voices that are not registered: {missing:?}");
    let unrecorded: Vec<_> = registered.difference(&recorded).collect();
    assert!(unrecorded.is_empty(), "registered voices without a recording: {unrecorded:?}");
}

#[test]
fn tolerance_exceptions_name_existing_cases_and_give_a_reason() {
    let known: BTreeSet<String> =
        golden::files().iter().flat_map(|file| golden::cases(file)).map(|case| case.key()).collect();
    let tolerances = golden::tolerances();
    let deviations = std::fs::read_to_string(golden::folder().join("../DEVIATIONS.md")).expect("parity/DEVIATIONS.md");
    for (key, entry) in tolerances["cases"].as_object().expect("cases") {
        assert!(known.contains(key), "no such case: {key}");
        assert!(entry["why"].as_str().is_some_and(|why| why.len() > 10), "{key}: say why");
    }
    for (key, why) in tolerances["deviations"].as_object().expect("deviations") {
        assert!(known.contains(key), "no such case: {key}");
        assert!(why.as_str().is_some_and(|why| why.len() > 10), "{key}: say why");
        assert!(deviations.contains(&format!("`{key}`")), "{key} is not in parity/DEVIATIONS.md");
    }
}
