//! Folders as lists of tracks.

use std::io;
use std::path::{Path, PathBuf};

/// Extensions of the files of a folder that are tracks, sessions or session files of other programs.
const EXTENSIONS: [&str; 5] = ["json", "session", "sbg", "gnaural", "spsq"];

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
        if known.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str())) && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
