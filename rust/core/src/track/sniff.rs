//! Opens a document that is a track or a session; a session is converted to a track.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::kind::is_session;
use super::model::Track;
use super::read::LoadOptions;
use super::{Catalogue, Role, SessionFile, read};
use crate::error::{Error, Problem, Result};
use crate::json::parse;

/// Load the track in a file, or convert the session in it to a track. Presets are looked up among the built-in ones, in
/// the folder of the session, and in the folders `presets`.
///
/// # Errors
/// [`Error::Io`] if a file or folder cannot be read; [`Error::Invalid`] with all errors in the document;
/// [`Error::Cancelled`].
pub fn open(path: &Path, options: &LoadOptions, presets: &[PathBuf]) -> Result<(Track, Vec<Problem>)> {
    let folder = options.folder.clone().or_else(|| path.parent().map(Path::to_owned));
    let options = LoadOptions { folder, ..options.clone() };
    let (mut track, problems, role) = parsed(&read::document_text(path)?, &options, presets)?;
    track.note_origin(path, role);
    Ok((track, problems))
}

/// Like [`open`], from JSON text.
///
/// # Errors
/// Those of [`open`].
pub fn open_text(text: &str, options: &LoadOptions, presets: &[PathBuf]) -> Result<(Track, Vec<Problem>)> {
    parsed(text, options, presets).map(|(track, problems, _)| (track, problems))
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
