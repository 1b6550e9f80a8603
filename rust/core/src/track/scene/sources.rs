//! Where the scene of a track comes from, and which voice is which of its sources (spec spatial-workbench 2.2 and 2.3).

use std::collections::HashSet;
use std::sync::Arc;

use super::{Scene, Sections};
use crate::compat::Compat;
use crate::error::suggestion;
use crate::json::fields::Fields;
use crate::json::path;
use crate::json::value::truthy;
use crate::track::model::{Step, Track, VoiceSpec};
use crate::track::names;
use crate::voice::registry;
use crate::voice::spatial::scene::VoiceScene;

/// The scene of a document: its `sam_scene`, or the parts of a scene that the first such voice holds.
pub(in crate::track) fn of_voices(document: &Fields<'_>, steps: &[Step]) -> Option<Scene> {
    let voices = steps.iter().flat_map(|step| &step.voices);
    let mut parts = voices.filter_map(|voice| Some((voice, voice.scene_parts.as_deref()?)));
    let given = document.pick(names::SAM_SCENE).filter(|found| truthy(found.value) || found.value.is_object());
    let (scene, at, instead) = if let Some(found) = given {
        let (at, map) = document.object_of(found)?;
        (Scene::read(&Fields::new(map, at.clone(), document.findings), &Sections::OF_SCENE), at, "the track")
    } else {
        let (voice, map) = parts.next()?;
        let fields = Fields::new(map, voice.params_at.clone(), document.findings);
        (Scene::read(&fields, &Sections::OF_VOICE), voice.params_at.clone(), "an earlier voice")
    };
    for (voice, map) in parts {
        for key in map.keys() {
            let message = format!("ignored: the scene of {instead} is heard on all voices");
            document.findings.warn(path::member(&voice.params_at, key), message);
        }
    }
    let known = ids(steps, &scene, document.findings.rules);
    let known: HashSet<&str> = known.iter().flatten().flatten().map(String::as_str).collect();
    for id in scene.targets().filter(|id| !known.contains(id)) {
        let hint = suggestion(id, known.iter().copied());
        document.findings.warn(at.clone(), format!("no voice is called {id:?} in the scene{hint}"));
    }
    Some(scene)
}

/// The ids of the voices that take part in a scene, by step and position.
fn ids(steps: &[Step], scene: &Scene, compat: Compat) -> Vec<Vec<Option<String>>> {
    let mut taken: HashSet<&str> = scene.taken().collect();
    if compat.true_workbench {
        let voices = steps.iter().flat_map(|step| &step.voices).filter(|voice| takes_part(voice));
        taken.extend(voices.filter_map(|voice| voice.source_id.as_deref()));
    }
    let mut given: HashSet<String> = HashSet::new();
    // ids are never given back
    let mut next = 1;
    let mut numbered = |given: &HashSet<String>| loop {
        let id = format!("source.{next}");
        next += 1;
        if !taken.contains(id.as_str()) && !given.contains(&id) {
            break id;
        }
    };
    let mut id_of = |voice: &VoiceSpec| {
        let id = voice.source_id.clone().unwrap_or_else(|| numbered(&given));
        given.insert(id.clone());
        id
    };
    let mut of = |voice: &VoiceSpec| takes_part(voice).then(|| id_of(voice));
    steps.iter().map(|step| step.voices.iter().map(&mut of).collect()).collect()
}

/// What the scene of `track` does to each voice, by step and position; `None` where it does nothing. Empty without a
/// scene.
pub(crate) fn cast(track: &Track, compat: Compat) -> Vec<Vec<Option<Arc<VoiceScene>>>> {
    let Some(scene) = &track.scene else { return Vec::new() };
    let acted = |id: Option<String>| Some(Arc::new(scene.of_voice(&id?))).filter(|scene| !scene.is_idle());
    ids(&track.steps, scene, compat).into_iter().map(|step| step.into_iter().map(acted).collect()).collect()
}

/// Whether a scene acts on the voice.
fn takes_part(voice: &VoiceSpec) -> bool {
    registry::resolve(&voice.function, voice.is_transition).is_ok_and(|(family, _)| family.in_scenes)
}
