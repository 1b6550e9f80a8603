//! Where tracks come from: a file, or the standard input (`-`). Sessions are turned into tracks.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use realtime_backend_core::error::{Error, Problem, Result};
use realtime_backend_core::track::{self, LoadOptions, Track, json};

use crate::console::note;

/// Whether `path` means the standard input (or output).
pub(crate) fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What messages call the track at `path`.
pub(crate) fn name(path: &Path) -> String {
    if is_stream(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// Load the track at `path`, or the one that the session there means. Relative paths from the standard input count from
/// the working directory.
pub(crate) fn load(path: &Path, options: &LoadOptions) -> Result<(Track, Vec<Problem>)> {
    load_with(path, options, &[])
}

/// As [`load`], with folders in which the presets of a session are looked up too.
pub(crate) fn load_with(path: &Path, options: &LoadOptions, presets: &[PathBuf]) -> Result<(Track, Vec<Problem>)> {
    if !is_stream(path) {
        return track::open(path, options, presets);
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(json::MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|source| Error::Io { path: name(path), source })?;
    track::open_text(&json::text(bytes)?, options, presets)
}

/// Say what is odd about the track called `name`.
pub(crate) fn warn(name: &str, warnings: &[Problem]) {
    for warning in warnings {
        note(format_args!("{name}: warning: {warning}"));
    }
}
