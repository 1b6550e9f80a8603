//! What the module reads that plays most tracks: JSON. For the rest there is another module.

use std::sync::Arc;

use realtime_backend_core::error::{Error, Problem, Result};
use realtime_backend_core::json::parse;
use realtime_backend_core::plan::MediaCache;
use realtime_backend_core::track::{LoadOptions, Track, files};
use serde_json::Value;

/// The document in a JSON text.
pub(super) fn document(text: &str, _: &LoadOptions) -> Result<(Value, Vec<Problem>)> {
    if parse::begins(text) { parse::parse(text) } else { Err(Error::Missing("read session files of other programs")) }
}

/// Whether this module can play the track; `noise` is the content of its `.noise` file.
pub(super) fn check(track: &Track, noise: Option<&Value>) -> Result<()> {
    if track.needs_media() || noise.and_then(Value::as_object).is_some_and(files::needs_media) {
        return Err(Error::Missing("read audio files"));
    }
    if track.is_placed() {
        return Err(Error::Missing("place sound round the head"));
    }
    Ok(())
}

/// Whether this module plays the clips of the track to the end.
pub(super) fn check_clips(track: &Track) -> Result<()> {
    if track.clips.is_empty() { Ok(()) } else { Err(Error::Missing("keep the samples of clips for another module")) }
}

/// Whether the content of the file `path` is audio or a set of head-related responses.
pub(super) fn recognises(_: Arc<[u8]>, _: &str) -> bool {
    false
}

/// Nothing: no audio file is inserted that could replace its name.
pub(super) const fn inline(_: &mut Value, _: &MediaCache) {}
