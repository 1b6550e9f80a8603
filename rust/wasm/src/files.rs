//! Files in a place without a file system: which ones a track needs, and a track loaded with those that were put in.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use realtime_backend_core::error::{Problem, Result};
use realtime_backend_core::plan::Library;
use realtime_backend_core::track::{LoadOptions, Source, Track, json};
use serde_json::{Map, Value};

/// Parameters of voices that name audio files.
const VOICE_FILES: [&str; 3] = ["audio_path", "audio_paths", "input_audio_path"];

/// Load a track from JSON text. Audio that its voices read is taken from `library` into the track; clips and beds are
/// looked up when it is compiled.
///
/// # Errors
/// If it is not a valid track.
pub fn load(text: &str, options: LoadOptions, library: &Library) -> Result<(Track, Vec<Problem>)> {
    let (mut value, mut problems) = json::parse(text)?;
    inline(&mut value, library);
    let (track, more) = Track::from_value_with(value, &LoadOptions { fill_starts: true, ..options })?;
    problems.extend(more);
    Ok((track, problems))
}

/// The files that `track` names, as written, each once, without those in `library`.
pub fn wanted_files(track: &Track, library: &Library) -> Vec<String> {
    let mut found = BTreeSet::new();
    let clips = track.clips.iter().filter_map(|clip| match &clip.source {
        Source::File(path) => Some(path.clone()),
        _ => None,
    });
    found.extend(clips);
    if let Some(bed) = &track.background {
        found.extend(bed.file.clone());
        found.extend(bed.params.iter().flat_map(named));
    }
    for voice in track.steps.iter().flat_map(|step| &step.voices) {
        found.extend(named(&voice.params));
    }
    found.retain(|path| !path.trim().is_empty() && library.inserted(&track.resolve(path)).is_none());
    found.into_iter().collect()
}

/// Audio files that parameters name.
fn named(params: &Map<String, Value>) -> Vec<String> {
    let values = VOICE_FILES.iter().filter_map(|key| params.get(*key));
    let paths = values.flat_map(|value| match value {
        Value::String(text) => text.split(';').map(|path| path.trim().to_owned()).collect(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    });
    paths.filter(|path| !path.starts_with("data:") && !path.is_empty()).collect()
}

/// Put the audio that voices name into the document itself, as `data:` URLs.
fn inline(value: &mut Value, library: &Library) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map.iter_mut() {
                if VOICE_FILES.contains(&key.as_str()) {
                    replace(inner, library);
                } else {
                    inline(inner, library);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| inline(item, library)),
        _ => {}
    }
}

fn replace(value: &mut Value, library: &Library) {
    match value {
        Value::String(text) if text.contains(';') && !text.starts_with("data:") => {
            *value = Value::Array(text.split(';').map(|path| Value::from(path.trim())).collect());
            replace(value, library);
        }
        Value::String(text) => {
            if let Some(bytes) = library.inserted(text.trim().as_ref()) {
                *text = format!("data:;base64,{}", STANDARD.encode(&bytes));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, library)),
        _ => {}
    }
}
