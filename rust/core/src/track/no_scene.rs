//! In place of [`scene`](super): whether there is one, because this build places no sound round the head (the feature
//! `spatial`).

use std::sync::Arc;

use serde_json::Value;

use super::model::{Step, Track};
use super::names;
use crate::compat::Compat;
use crate::error::{Error, Problem, Result};
use crate::json::fields::Fields;
use crate::json::value::truthy;
use crate::voice::spatial::scene::VoiceScene;

/// A scene that was not read.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene;

#[allow(missing_docs, reason = "those of the scenes that are read")]
impl Scene {
    pub fn from_value(_: &Value, _: Compat) -> Result<(Self, Vec<Problem>)> {
        Err(Error::unplaced())
    }
}

/// Whether a document or one of its voices has a scene.
pub(super) fn of_voices(document: &Fields<'_>, steps: &[Step]) -> Option<Scene> {
    let given = document.pick(names::SAM_SCENE).is_some_and(|found| truthy(found.value) || found.value.is_object());
    let parts = || steps.iter().flat_map(|step| &step.voices).any(|voice| voice.scene_parts.is_some());
    (given || parts()).then_some(Scene)
}

/// Nothing: a track with a scene is refused before.
pub(crate) const fn cast(_: &Track, _: Compat) -> Vec<Vec<Option<Arc<VoiceScene>>>> {
    Vec::new()
}
