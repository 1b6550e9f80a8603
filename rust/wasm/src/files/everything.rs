//! What the module with everything reads: all tracks, session files of other programs, audio, sets of responses.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use realtime_backend_core::error::{Problem, Result};
use realtime_backend_core::json::parse;
use realtime_backend_core::media;
use realtime_backend_core::plan::MediaCache;
use realtime_backend_core::track::{self, LoadOptions, Track, files, import};
use realtime_backend_core::voice::registry::file_params;
use serde_json::Value;

/// The document in a text: JSON, or a session file of another program.
pub(super) fn document(text: &str, options: &LoadOptions) -> Result<(Value, Vec<Problem>)> {
    let Some(importer) = import::recognised(text.as_bytes(), None) else { return parse::parse(text) };
    let imported = import::read(importer, text.as_bytes(), &track::import_options(None, options))?;
    Ok((imported.to_value()?, imported.warnings))
}

/// Whether this module can play the track; `noise` is the content of its `.noise` file.
#[allow(clippy::unnecessary_wraps, reason = "the module that plays most tracks refuses some")]
pub(super) fn check(_: &Track, _: Option<&Value>) -> Result<()> {
    Ok(())
}

/// Whether this module plays the clips of the track to the end.
#[allow(clippy::unnecessary_wraps, reason = "the module that plays most tracks refuses some")]
pub(super) fn check_clips(_: &Track) -> Result<()> {
    Ok(())
}

/// Whether the content of the file `path` is audio or a set of head-related responses.
pub(super) fn recognises(bytes: Arc<[u8]>, path: &str) -> bool {
    media::sofa::is_set(&bytes) || media::recognises(bytes, path)
}

/// Replace the names of inserted audio files in a document with their content, as `data:` URLs.
pub(super) fn inline(value: &mut Value, media_cache: &MediaCache) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map.iter_mut() {
                if file_params().contains(&key.as_str()) {
                    replace(inner, media_cache);
                } else {
                    inline(inner, media_cache);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| inline(item, media_cache)),
        _ => {}
    }
}

/// Replace the names in the value of one parameter. A text that lists several files becomes a list.
fn replace(value: &mut Value, media_cache: &MediaCache) {
    match value {
        Value::String(text) if files::split(text).len() > 1 => {
            *value = files::split(text).into_iter().map(Value::from).collect();
            replace(value, media_cache);
        }
        Value::String(text) => {
            if let Some(bytes) = media_cache.inserted(text.trim().as_ref()) {
                *text = format!("data:;base64,{}", STANDARD.encode(&bytes));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, media_cache)),
        _ => {}
    }
}
