//! Where the scene of a track comes from, and which voice is which of its sources (spec spatial-workbench 2.2 and 2.3).

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::model::{Step, Track, VoiceSpec};
use super::scene::Scene;
use super::{names, scene};
use crate::compat::Compat;
use crate::json::fields::Fields;
use crate::json::path;
use crate::json::value::truthy;
use crate::voice::registry;
use crate::voice::spatial::scene::VoiceScene;

/// The scene of a document: its `sam_scene`, or the parts of a scene that the first such voice holds.
pub(super) fn of_voices(document: &Fields<'_>, steps: &[Step]) -> Option<Scene> {
    let voices = steps.iter().flat_map(|step| &step.voices);
    let mut parts = voices.filter_map(|voice| Some((voice, voice.scene_parts.as_deref()?)));
    let given = document.pick(names::SAM_SCENE).filter(|found| truthy(found.value) || found.value.is_object());
    let (scene, instead) = match given {
        Some(found) => {
            (document.object_of(found).map(|(at, map)| scene::read(&Fields::new(map, at, document.findings))), "")
        }
        None => {
            let (voice, map) = parts.next()?;
            let renamed: Map<String, Value> =
                map.iter().map(|(key, value)| (section(key).to_owned(), value.clone())).collect();
            let fields = Fields::new(&renamed, voice.params_at.clone(), document.findings);
            (Some(scene::read(&fields)), "of an earlier voice ")
        }
    };
    for (voice, map) in parts {
        for key in map.keys() {
            let message = format!("ignored: the scene {instead}is heard on all voices");
            document.findings.warn(path::member(&voice.params_at, key), message.replace("  ", " "));
        }
    }
    scene
}

/// The section of a scene that a key of a voice gives.
fn section(key: &str) -> &str {
    match key {
        "samStages" => "stages",
        "samModulation" => "modulation",
        "samRouting" => "routing",
        other => other,
    }
}

/// What the scene of `track` does to each voice, by step and position; `None` where it does nothing. Empty without a
/// scene.
pub(crate) fn cast(track: &Track, compat: Compat) -> Vec<Vec<Option<Arc<VoiceScene>>>> {
    let Some(scene) = &track.scene else { return Vec::new() };
    let voices = || track.steps.iter().flat_map(|step| &step.voices).filter(|voice| takes_part(voice));
    let mut taken: HashSet<&str> = scene.taken().collect();
    if compat.true_workbench {
        taken.extend(voices().filter_map(|voice| voice.source_id.as_deref()));
    }
    let mut given: HashSet<String> = HashSet::new();
    // ids are never given back
    let mut next = 1;
    let mut id_of = |voice: &VoiceSpec| {
        let id = voice.source_id.clone().unwrap_or_else(|| {
            loop {
                let id = format!("source.{next}");
                next += 1;
                if !taken.contains(id.as_str()) && !given.contains(&id) {
                    break id;
                }
            }
        });
        given.insert(id.clone());
        id
    };
    let mut of = |voice: &VoiceSpec| {
        if !takes_part(voice) {
            return None;
        }
        Some(Arc::new(scene.of_voice(&id_of(voice)))).filter(|scene| !scene.is_idle())
    };
    track.steps.iter().map(|step| step.voices.iter().map(&mut of).collect()).collect()
}

/// Whether a scene acts on the voice.
fn takes_part(voice: &VoiceSpec) -> bool {
    registry::resolve(&voice.function, voice.is_transition).is_ok_and(|(family, _)| family.in_scenes)
}
