//! The tracks that a command line names: files, folders and patterns.

use std::path::{Path, PathBuf};

use realtime_backend_core::error::{Error, Result};
use realtime_backend_player::tracks_in;

use crate::source;

/// The files that `paths` name: each file, the tracks of each folder, and what fits a pattern (`*`, `?`, `[a-c]`, `**`)
/// where the shell has not looked for it. Folders and patterns give files in the order of their names.
pub(crate) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        match pattern(path) {
            Some(text) => {
                let before = files.len();
                for found in fitting(path, text)? {
                    files.extend(in_folder(&found)?);
                }
                if files.len() == before {
                    return Err(about(path, "expected a pattern that fits a track; there is none"));
                }
            }
            None => files.extend(in_folder(path)?),
        }
    }
    Ok(files)
}

/// The text of a path that is a pattern and no file.
fn pattern(path: &Path) -> Option<&str> {
    path.to_str().filter(|text| text.contains(['*', '?', '[']) && std::fs::symlink_metadata(path).is_err())
}

fn fitting(path: &Path, text: &str) -> Result<Vec<PathBuf>> {
    let found = glob::glob(text).map_err(|error| about(path, &format!("expected a pattern of names: {error}")))?;
    found.map(|path| path.map_err(|error| io(error.path(), error.error()))).collect()
}

fn in_folder(path: &Path) -> Result<Vec<PathBuf>> {
    let found = tracks_in(path).map_err(|error| io(path, &error))?;
    if found.is_empty() { Err(about(path, "expected a folder with tracks; there are none in it")) } else { Ok(found) }
}

fn io(path: &Path, source: &std::io::Error) -> Error {
    Error::Io { path: path.display().to_string(), source: source.kind().into() }
}

fn about(path: &Path, message: &str) -> Error {
    Error::invalid(source::raw_name(path), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_sorted_and_existing_names_are_no_patterns() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.json", "a.json", "notes.txt", "c[1].json"] {
            std::fs::write(folder.path().join(name), "{}").unwrap();
        }
        let names = |given: &str| {
            files(&[folder.path().join(given)]).map(|found| {
                let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
                found.iter().map(name).collect::<Vec<_>>()
            })
        };
        assert_eq!(names("").unwrap(), ["a.json", "b.json", "c[1].json"]);
        assert_eq!(names("[ab].json").unwrap(), ["a.json", "b.json"]);
        assert_eq!(names("c[1].json").unwrap(), ["c[1].json"]);
        // a file that is named is taken, whatever its extension is
        assert_eq!(names("notes.txt").unwrap(), ["notes.txt"]);
        assert!(names("*.sbg").unwrap_err().to_string().contains("expected a pattern that fits a track"));
    }
}
