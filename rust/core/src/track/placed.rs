//! Whether sound of a track is placed round the head.

use serde_json::{Map, Value};

use super::model::Track;
use crate::json::value::truthy;
use crate::voice::param::SPATIAL;
use crate::voice::registry;
use crate::voice::stages::spatial::SPATIAL_ENABLE;

impl Track {
    /// Whether a voice or a clip is heard from a place or moves round the head, or the track has a scene. Builds without
    /// the feature `spatial` cannot play such a track.
    ///
    /// ```
    /// # use realtime_backend_core::track::Track;
    /// let (track, _) = Track::from_json(r#"{"progression": [], "clips": [{"file_path": "rain.wav", "spatial": {}}]}"#)?;
    /// assert!(track.is_placed());
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn is_placed(&self) -> bool {
        let mut voices = self.steps.iter().flat_map(|step| &step.voices);
        let mut clips = self.clips.iter().chain(&self.legacy_clips);
        self.scene.is_some()
            || clips.any(|clip| clip.spatial.is_some())
            || voices.any(|voice| {
                let family = registry::resolve(&voice.function, voice.is_transition);
                family.is_ok_and(|(family, _)| family.is_spatial) || places(&voice.params)
            })
    }
}

/// Whether the parameters of a voice have the object `spatial`, or turn the spatial stage on.
fn places(params: &Map<String, Value>) -> bool {
    params.get(SPATIAL.name).is_some_and(|value| !value.is_null())
        || params.get(SPATIAL_ENABLE.name).is_some_and(truthy)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn placed(document: &Value) -> bool {
        Track::from_json(&document.to_string()).unwrap().0.is_placed()
    }

    fn voice(name: &str, params: &Value) -> Value {
        json!({"progression": [{"duration": 1.0, "voices": [{"synth_function_name": name, "params": params}]}]})
    }

    #[test]
    fn voices_stages_clips_and_scenes_are_placed() {
        for document in [
            voice("spatial_angle_modulation", &json!({})),
            voice("spatial_angle_modulation_sam2_transition", &json!({})),
            voice("binaural_beat", &json!({"spatialEnable": true})),
            voice("binaural_beat", &json!({"spatialEnable": "yes"})),
            voice("bell", &json!({"spatial": {"azimuthDeg": 30}})),
            json!({"progression": [], "clips": [{"file_path": "rain.wav", "spatial": {}}]}),
            json!({"progression": [], "sam_scene": {}}),
        ] {
            assert!(placed(&document), "{document}");
        }
    }

    #[test]
    fn a_stage_that_is_off_places_nothing() {
        for document in [
            voice("binaural_beat", &json!({"spatialEnable": false, "spatialTrajectory": [{"mode": "rotate"}]})),
            voice("binaural_beat", &json!({"spatialRolloff": 2.0, "spatial": null})),
            voice("spatial_angle_modulation_monaural_beat", &json!({})),
            json!({"progression": [], "clips": [{"file_path": "rain.wav"}], "sam_scene": null}),
        ] {
            assert!(!placed(&document), "{document}");
        }
    }
}
