//! The scene of a track (spec spatial-workbench 2 to 4): stages, modulators and their routes, buses and sources. It acts
//! on the voices whose families are in scenes.

mod entries;
mod read;
mod routing;
mod sources;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::compat::Compat;
use crate::error::{Error, Problem, Result};
use crate::json::fields::Fields;
use crate::json::findings::Findings;
use crate::json::value::shown;
use crate::voice::spatial::scene::{Automation, Binding, Gain, Route, VoiceScene};
use read::Sections;
use routing::Routing;

pub(crate) use sources::cast;
pub(super) use sources::of_voices;

/// Names of the gain of a voice; all mean the same.
const GAINS: &[&str] = &["amp", "amplitude", "amplitude_linear", "signal.amplitude"];
/// Targets that mean every voice.
const EVERYONE: &[&str] = &["voice", "*"];

/// What a stage or a route acts on.
#[derive(Debug, Clone, PartialEq)]
struct Target {
    /// The id of a voice, or one of [`EVERYONE`].
    id: String,
    /// The name of a parameter, or one of [`GAINS`].
    parameter: String,
}

impl Target {
    fn is(&self, id: &str) -> bool {
        self.id == id || EVERYONE.contains(&self.id.as_str())
    }
}

/// A scene.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scene {
    /// Ids of sources that no other voice gets.
    ids: Vec<String>,
    bindings: Vec<(Target, Binding)>,
    routes: Vec<(Target, Route)>,
    routing: Routing,
    /// Whether an entry is unusable, which silences all voices of the scene under `Compat::silence_bad_voices`.
    broken: bool,
}

impl Scene {
    /// Read a scene document (`sam_scene`), and return it with the warnings.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all unusable entries; under `Compat::silence_bad_voices` only an unknown version.
    ///
    /// ```
    /// use realtime_backend_core::compat::Compat;
    /// use realtime_backend_core::track::scene::Scene;
    /// use serde_json::json;
    ///
    /// let binding = json!({"targetId": "voice", "parameterPath": "amp", "value": 0.5});
    /// let stage = json!({"id": "soft", "startS": 10, "durationS": 5, "parameterOverrides": [binding]});
    /// let (scene, _) = Scene::from_value(&json!({"stages": {"stages": [stage]}}), Compat::DEFAULT)?;
    /// let gain = scene.of_voice("source.1").gain;
    /// assert_eq!([9.0, 12.0].map(|seconds| gain.at(seconds, false)), [1.0, 0.5]);
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn from_value(value: &Value, rules: Compat) -> Result<(Self, Vec<Problem>)> {
        let mut findings = Findings::default();
        findings.rules = rules;
        findings.keep_bad_voices = rules.silence_bad_voices;
        let Value::Object(map) = value else {
            return Err(Error::invalid("", format!("expected a scene (an object), got {}", shown(value))));
        };
        let scene = Self::read(&Fields::new(map, "", &findings), &Sections::OF_SCENE);
        findings.conclude(scene)
    }

    /// What the scene does to the voice of this id.
    pub fn of_voice(&self, id: &str) -> VoiceScene {
        let mut found = VoiceScene::default();
        for (target, binding) in self.bindings.iter().filter(|(target, _)| target.is(id)) {
            automation(&mut found, &target.parameter).bindings.push(*binding);
        }
        for (target, route) in self.routes.iter().filter(|(target, _)| target.is(id)) {
            automation(&mut found, &target.parameter).routes.push(*route);
        }
        let (routed, listed) = self.routing.of(id);
        found.gain = Gain { routed, listed, ..found.gain };
        if self.broken {
            found.gain = Gain { routed: 0.0, ..Gain::default() };
        }
        found
    }

    /// The scene in `fields`. Errors are reported; unusable entries are left out.
    fn read(fields: &Fields<'_>, sections: &Sections) -> Self {
        read::read(fields, sections)
    }

    /// The ids that stages and routes name, each once.
    pub(super) fn targets(&self) -> impl Iterator<Item = &str> {
        let bound = self.bindings.iter().map(|(target, _)| target);
        let all = bound.chain(self.routes.iter().map(|(target, _)| target)).map(|target| target.id.as_str());
        all.filter(|id| !EVERYONE.contains(id)).collect::<BTreeSet<_>>().into_iter()
    }

    /// Ids that no voice without one of its own gets.
    pub(super) fn taken(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(String::as_str)
    }
}

/// What drives the parameter `name`; a gain for any of its names.
fn automation<'a>(scene: &'a mut VoiceScene, name: &str) -> &'a mut Automation {
    if GAINS.contains(&name) {
        return &mut scene.gain.automation;
    }
    let known = scene.parameters.iter().position(|(known, _)| known == name);
    let at = known.unwrap_or_else(|| {
        scene.parameters.push((name.to_owned(), Automation::default()));
        scene.parameters.len() - 1
    });
    &mut scene.parameters[at].1
}

#[cfg(test)]
mod tests;
