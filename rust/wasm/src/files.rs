//! Files without a file system: lists the files that a track needs, and loads a track with files that were inserted.

#[cfg(feature = "full")]
#[path = "files/everything.rs"]
mod scope;
#[cfg(not(feature = "full"))]
#[path = "files/documents.rs"]
mod scope;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use js_sys::Array;
use realtime_backend_core::error::{Problem, Result};
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::json::parse;
use realtime_backend_core::plan::MediaCache;
use realtime_backend_core::track::{LoadOptions, Source, Track, files};
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

use crate::convert::Strings;

/// Load a track from JSON text, or from the text of a session file of another program. Audio files of its voices are
/// copied from `media_cache` into the track. Files of clips and beds are looked up when the track is compiled.
///
/// # Errors
/// If the text is not a valid track; [`Error::Missing`](realtime_backend_core::error::Error::Missing) if only the module
/// with everything can play it.
pub fn load(text: &str, options: LoadOptions, media_cache: &MediaCache) -> Result<(Track, Vec<Problem>)> {
    let (mut value, mut problems) = scope::document(text, &options)?;
    scope::inline(&mut value, media_cache);
    let (track, more) = Track::from_value_with(value, &LoadOptions { fill_starts: true, ..options })?;
    problems.extend(more);
    let noise = noise_file(&track, media_cache);
    scope::check(&track, noise.as_ref().map(|(_, content)| content))?;
    if let Some((path, mut content)) = noise {
        scope::inline(&mut content, media_cache);
        media_cache.insert(path, content.to_string().into_bytes());
    }
    Ok((track, problems))
}

/// As [`wanted_files`], of a track in JSON text, for JavaScript. Clips whose samples are pushed need the module with
/// everything, because it could not take over what another module was given.
///
/// # Errors
/// If the text is not a valid track.
pub(crate) fn wanted(track_json: &str, options: LoadOptions, media_cache: &MediaCache) -> Result<Strings> {
    let (track, _) = load(track_json, options, media_cache)?;
    scope::check_clips(&track)?;
    let names = wanted_files(&track, media_cache).into_iter().map(JsValue::from);
    Ok(JsValue::from(names.collect::<Array>()).unchecked_into())
}

/// Insert the content of a file that tracks name `path` into `media_cache`. Returns false if it is neither a `.noise`
/// file, nor a set of head-related responses, nor audio in a format that the engine decodes.
pub fn insert(media_cache: &MediaCache, path: &str, bytes: Vec<u8>) -> bool {
    let bytes: Arc<[u8]> = bytes.into();
    media_cache.insert(path, Arc::clone(&bytes));
    files::is_noise(path) || scope::recognises(bytes, path)
}

/// List the files that `track` names and that are not in `media_cache`, as written in the track, each once.
pub fn wanted_files(track: &Track, media_cache: &MediaCache) -> Vec<String> {
    let mut found = BTreeSet::new();
    let clips = track.clips.iter().filter_map(|clip| match &clip.source {
        Source::File(path) => Some(path.clone()),
        _ => None,
    });
    found.extend(clips);
    let places = track.clips.iter().filter_map(|clip| clip.spatial.as_ref()?.as_object());
    found.extend(places.flat_map(named));
    if let Some(bed) = &track.background {
        found.extend(bed.file.clone());
        found.extend(bed.params.iter().flat_map(named));
    }
    if let Some((_, Value::Object(content))) = noise_file(track, media_cache) {
        found.extend(named(&content));
    }
    for voice in track.steps.iter().flat_map(|step| &step.voices) {
        found.extend(named(&voice.params));
    }
    found.retain(|path| !path.trim().is_empty() && media_cache.inserted(&track.resolve(path)).is_none());
    found.into_iter().collect()
}

/// Path and content of the `.noise` file of the bed, if it was inserted.
fn noise_file(track: &Track, media_cache: &MediaCache) -> Option<(PathBuf, Value)> {
    let file = track.background.as_ref()?.file.as_deref().filter(|file| files::is_noise(file))?;
    let path = track.resolve(file);
    let text = parse::text(media_cache.inserted(&path)?.to_vec()).ok()?;
    let (content, _) = parse::object(&text, &Interrupt::default()).ok()?;
    Some((path, Value::Object(content)))
}

/// The audio files that parameters name.
fn named(params: &Map<String, Value>) -> impl Iterator<Item = String> {
    files::named(params).map(|(_, path)| path)
}

#[cfg(test)]
mod tests {
    use realtime_backend_core::plan::{Plan, PlanOptions};
    use serde_json::json;

    use super::*;

    /// A mono WAV file at 8000 Hz.
    fn wav(samples: &[i16]) -> Vec<u8> {
        let size = 2 * samples.len() as u32;
        let mut file = b"RIFF".to_vec();
        file.extend((36 + size).to_le_bytes());
        file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data");
        file.extend(size.to_le_bytes());
        file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
        file
    }

    fn wanted(document: &Value, media_cache: &MediaCache) -> Vec<String> {
        let (track, _) = load(&document.to_string(), LoadOptions::default(), media_cache).unwrap();
        wanted_files(&track, media_cache)
    }

    #[test]
    fn files_are_wanted_until_they_are_inserted() {
        let media_cache = MediaCache::default();
        let speech =
            json!({"synth_function_name": "subliminal_encode", "params": {"audio_paths": "a.wav; data:,x;b.wav"}});
        let inside = json!({"synth_function_name": "subliminal_encode", "params": {"audio_path": "data:;base64,AAAA"}});
        let document = json!({
            "progression": [{"duration": 1.0, "voices": [speech, inside]}],
            "clips": [
                {"file_path": "c.flac", "spatial": {"hrtfAsset": "ears.sofa"}},
                {"file_path": "data:audio/wav;base64,AAAA"},
                {"file_path": ""}
            ]
        });
        assert_eq!(wanted(&document, &media_cache), ["a.wav", "b.wav", "c.flac", "ears.sofa"]);
        for name in ["a.wav", "b.wav"] {
            assert!(insert(&media_cache, name, wav(&[100; 80])));
        }
        for name in ["c.flac", "ears.sofa"] {
            assert!(!insert(&media_cache, name, b"neither audio nor responses".to_vec()));
        }
        assert_eq!(wanted(&document, &media_cache), [""; 0]);
    }

    #[test]
    fn audio_of_a_noise_file_is_wanted_and_used() {
        let media_cache = MediaCache::default();
        let document = json!({"progression": [], "background_noise": {"file_path": "sea.noise"}});
        assert_eq!(wanted(&document, &media_cache), ["sea.noise"]);
        let content = json!({"duration_seconds": 1.0, "input_audio_path": "sea.wav"});
        assert!(insert(&media_cache, "sea.noise", content.to_string().into_bytes()));
        assert_eq!(wanted(&document, &media_cache), ["sea.wav"]);
        assert!(insert(&media_cache, "sea.wav", wav(&[8000; 8000])));
        assert_eq!(wanted(&document, &media_cache), [""; 0]);
        let media_cache = Arc::new(media_cache);
        let (track, _) = load(&document.to_string(), LoadOptions::default(), &media_cache).unwrap();
        let options = PlanOptions { media_cache: Some(media_cache), ..PlanOptions::default() };
        assert_eq!(Plan::compile(&track, &options).unwrap().1, []);
    }

    #[test]
    fn the_responses_of_a_voice_are_wanted_and_used() {
        let media_cache = MediaCache::default();
        let params = json!({"rendererMode": "hrtf", "hrtfAsset": "ears.sofa"});
        let voice = json!({"synth_function_name": "spatial_angle_modulation_sam2", "params": params});
        let document = json!({"progression": [{"duration": 1.0, "voices": [voice]}]});
        assert_eq!(wanted(&document, &media_cache), ["ears.sofa"]);
        let ears = include_bytes!("../../../parity/golden/sofa/synth_ring187_44k.sofa");
        assert!(insert(&media_cache, "ears.sofa", ears.to_vec()));
        assert_eq!(wanted(&document, &media_cache), [""; 0]);
        let (track, _) = load(&document.to_string(), LoadOptions::default(), &media_cache).unwrap();
        assert_eq!(Plan::compile(&track, &PlanOptions::default()).unwrap().1, []);
    }
}
