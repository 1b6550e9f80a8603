//! What the module with everything reads: all tracks, session files of other programs, audio, sets of responses.

use std::sync::Arc;

use realtime_backend_core::error::{Problem, Result};
use realtime_backend_core::json::parse;
use realtime_backend_core::media;
use realtime_backend_core::track::{self, LoadOptions, Track, import};
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
