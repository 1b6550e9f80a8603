//! What a scene of the spatial workbench does to one voice: parameters that follow the time of the track, parameters that
//! are read once, and a gain (spec spatial-workbench 2 to 4). Everything is a function of the time.

mod automation;
mod gain;
mod stage;
mod staged;

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::json::value::number;

pub use automation::{Automation, Binding, Modulator, Route};
pub use gain::Gain;
pub use stage::{Shape, Span};
pub(crate) use staged::staged;

/// The parameters that follow a scene sample by sample.
pub const FOLLOWED: &[&str] = &["carrierFreq", "modFreq", "arcWidthDeg", "directionOffsetDeg", "spatialScale"];

/// What a scene does to one voice.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VoiceScene {
    /// The parameters that it drives, by their names.
    pub parameters: Vec<(String, Automation)>,
    /// The gain of the voice.
    pub gain: Gain,
}

impl VoiceScene {
    /// Whether it does nothing.
    pub fn is_idle(&self) -> bool {
        self.parameters.is_empty() && self.gain.is_unity()
    }
}

/// A scene that acts on a voice, and where the voice is on its time axis.
///
/// ```
/// use std::sync::Arc;
///
/// use realtime_backend_core::voice::spatial::scene::{SceneAt, VoiceScene};
///
/// let at = SceneAt::new(Arc::new(VoiceScene::default()), 2.0, 44_100.0);
/// assert_eq!(at.frame, 88_200.0);
/// ```
#[derive(Debug, Clone)]
pub struct SceneAt {
    /// The scene of the voice.
    pub scene: Arc<VoiceScene>,
    /// Scene time at which the voice begins, seconds.
    pub seconds: f64,
    /// The same in whole frames.
    pub frame: f64,
}

impl SceneAt {
    /// A voice that begins `seconds` into the scene, at `sample_rate` frames per second.
    pub fn new(scene: Arc<VoiceScene>, seconds: f64, sample_rate: f64) -> Self {
        Self { scene, seconds, frame: (seconds * sample_rate).round() }
    }

    /// What drives the parameter `name` sample by sample; `None` if nothing does.
    pub fn followed(&self, name: &str) -> Option<&Automation> {
        let all = self.scene.parameters.iter().filter(|(path, _)| path == name && FOLLOWED.contains(&name));
        all.map(|(_, automation)| automation).next()
    }

    /// The parameters of a voice, with those that the scene sets once, at the beginning of the voice (3.4). `default` gives
    /// a parameter that the voice does not state.
    pub(crate) fn overridden<'a>(
        &self,
        params: &'a Map<String, Value>,
        default: impl Fn(&str) -> f64,
    ) -> Cow<'a, Map<String, Value>> {
        let mut params = Cow::Borrowed(params);
        let start = (1000.0 * self.seconds).round_ties_even() / 1000.0;
        for (path, automation) in &self.scene.parameters {
            if !FOLLOWED.contains(&path.as_str()) && automation.acts_at(start) {
                let base = params.get(path).and_then(number).unwrap_or_else(|| default(path));
                params.to_mut().insert(path.clone(), automation.value(start, base).into());
            }
        }
        params
    }
}
