//! How the loader reads every spelling, nulls and defaults (spec track-format 1 to 7, assembly 2 and 5.2).

mod layers;
mod rules;
mod settings;
mod steps;

use realtime_backend_core::error::Problem;
use realtime_backend_core::track::{Clip, Source, Step, Track, VoiceSpec};
use serde_json::{Value, json};

fn load(value: Value) -> (Track, Vec<Problem>) {
    Track::from_value(value).unwrap()
}

/// A track that must load without warnings.
fn quiet(value: Value) -> Track {
    let (track, problems) = load(value);
    assert_eq!(problems, [], "warnings");
    track
}

fn step(step: Value) -> Step {
    quiet(json!({"progression": [step]})).steps.remove(0)
}

fn voice(fields: Value) -> VoiceSpec {
    let mut map = json!({"synth_function_name": "binaural_beat"});
    map.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    step(json!({"duration": 1, "voices": [map]})).voices.remove(0)
}

fn clip(fields: Value) -> Clip {
    quiet(json!({"progression": [], "overlay_clips": [fields]})).clips.remove(0)
}

fn file(name: &str) -> Source {
    Source::File(name.to_owned())
}
