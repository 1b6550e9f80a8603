//! Folders as lists of tracks.

use std::io;
use std::path::{Path, PathBuf};

use realtime_backend_core::track::import::IMPORTERS;

/// Extensions of tracks, sessions and session files of other programs, in lower case.
///
/// ```
/// assert!(realtime_backend_player::track_extensions().any(|extension| extension == "sbg"));
/// ```
pub fn track_extensions() -> impl Iterator<Item = &'static str> {
    ["json", "session"].into_iter().chain(IMPORTERS.iter().map(|importer| importer.name()))
}

/// The track files in `folder`, in the order of their names; folders within it are not looked into. A path that is no
/// folder is a list of itself.
///
/// # Errors
/// If the folder cannot be read.
///
/// ```
/// use realtime_backend_player::tracks_in;
///
/// assert_eq!(tracks_in("evening.json".as_ref())?, [std::path::PathBuf::from("evening.json")]);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn tracks_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(vec![folder.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let known = path.extension().and_then(|extension| extension.to_str()).map(str::to_lowercase);
        if known.is_some_and(|extension| track_extensions().any(|known| known == extension)) && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
