//! Opens a document that is a track, a session or a session file of another program; the latter two are converted to a
//! track.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::import::{ImportOptions, Importer};
use super::kind::is_session;
use super::model::Track;
use super::read::LoadOptions;
use super::{Catalogue, Role, SessionFile, import, read};
use crate::error::{Error, Problem, Result};
use crate::json::parse;

/// Load the track in a file, or convert the session in it to a track. Presets are looked up among the built-in ones, in
/// the folder of the session, and in the folders `presets`.
///
/// # Errors
/// [`Error::Io`] if a file or folder cannot be read; [`Error::Invalid`] with all errors in the document;
/// [`Error::Cancelled`].
///
/// ```no_run
/// # use realtime_backend_core::track::{LoadOptions, open};
/// let (track, warnings) = open("night.sbg".as_ref(), &LoadOptions::filling_starts(), &[])?;
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn open(path: &Path, options: &LoadOptions, presets: &[PathBuf]) -> Result<(Track, Vec<Problem>)> {
    let folder = options.folder.clone().or_else(|| path.parent().map(Path::to_owned));
    let options = LoadOptions { folder, ..options.clone() };
    let (bytes, audio) = read::document(path)?;
    let (mut track, problems, role) = from_bytes(bytes, Some(path), &options, presets)?;
    // an audio file is no document that may be replaced
    track.note_origin(path, if audio { Role::Sound } else { role });
    Ok((track, problems))
}

/// Like [`open`], from text.
///
/// # Errors
/// Those of [`open`].
///
/// ```
/// # use realtime_backend_core::track::{LoadOptions, open_text};
/// let night = "deep: 200+4/20\noff: -\nNOW deep\n+00:10:00 off\n";
/// let (track, _) = open_text(night, &LoadOptions::filling_starts(), &[])?;
/// assert!(track.steps[0].voices[0].function.starts_with("binaural_beat"));
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn open_text(text: &str, options: &LoadOptions, presets: &[PathBuf]) -> Result<(Track, Vec<Problem>)> {
    open_bytes(text.as_bytes().to_vec(), None, options, presets)
}

/// Like [`open`], from the content of a file. `name`, if there is one, helps to recognise the format by its extension.
///
/// # Errors
/// Those of [`open`].
pub fn open_bytes(
    bytes: Vec<u8>,
    name: Option<&Path>,
    options: &LoadOptions,
    presets: &[PathBuf],
) -> Result<(Track, Vec<Problem>)> {
    let bytes = match read::embedded(&mut Cursor::new(&bytes)) {
        Ok(Some(track)) => track?,
        _ => bytes,
    };
    from_bytes(bytes, name, options, presets).map(|(track, problems, _)| (track, problems))
}

fn from_bytes(
    bytes: Vec<u8>,
    path: Option<&Path>,
    options: &LoadOptions,
    presets: &[PathBuf],
) -> Result<(Track, Vec<Problem>, Role)> {
    match import::recognised(&bytes, path) {
        Some(importer) => {
            let (track, problems) = imported(importer, &bytes, path, options)?;
            Ok((track, problems, Role::Session))
        }
        None => parsed(&parse::text(bytes)?, options, presets),
    }
}

/// How a session file of another program at `path` is read.
pub fn import_options(path: Option<&Path>, options: &LoadOptions) -> ImportOptions {
    let default = ImportOptions::default();
    let name = path.and_then(Path::file_name).map_or(default.name, |name| name.to_string_lossy().into_owned());
    let hold = options.hold.filter(|hold| hold.is_finite() && *hold > 0.0).unwrap_or(default.hold);
    ImportOptions { name, strict: options.strict, hold, folder: options.folder.clone() }
}

fn imported(
    importer: &dyn Importer,
    bytes: &[u8],
    path: Option<&Path>,
    options: &LoadOptions,
) -> Result<(Track, Vec<Problem>)> {
    let imported = import::read(importer, bytes, &import_options(path, options))?;
    let (track, more) = Track::from_value_with(imported.to_value()?, options)?;
    let mut problems = imported.warnings;
    problems.extend(more);
    Ok((track, problems))
}

/// The track, the warnings, and whether the text was a track or a session.
fn parsed(text: &str, options: &LoadOptions, presets: &[PathBuf]) -> Result<(Track, Vec<Problem>, Role)> {
    let (value, mut problems) = parse::parse_until(text, &options.interrupt)?;
    let role = if is_session(&value) { Role::Session } else { Role::Track };
    let (track, more) = match role {
        Role::Session => converted(value, options, presets),
        _ => Track::from_value_with(value, options),
    }?;
    problems.extend(more);
    Ok((track, problems, role))
}

fn converted(value: Value, options: &LoadOptions, presets: &[PathBuf]) -> Result<(Track, Vec<Problem>)> {
    let (mut session, mut problems) = SessionFile::from_value(value)?;
    session.folder.clone_from(&options.folder);
    let mut catalogue = Catalogue::built_in();
    let mut skipped =
        catalogue.add_folder_until(options.folder.as_deref().unwrap_or(Path::new(".")), &options.interrupt)?;
    for folder in presets {
        skipped.extend(catalogue.add_folder_until(folder, &options.interrupt)?);
    }
    match session.to_track_with(&catalogue, options) {
        Ok((track, more)) => {
            problems.extend(more);
            Ok((track, problems))
        }
        // A missing preset may be one of the files that could not be read.
        Err(Error::Invalid(mut mistakes)) => {
            mistakes.extend(skipped);
            Err(Error::Invalid(mistakes))
        }
        Err(other) => Err(other),
    }
}
