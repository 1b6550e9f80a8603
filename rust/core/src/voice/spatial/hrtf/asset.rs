//! Finds the file of a set of responses (spec hrtf-renderer 2).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::media::location;
use crate::media::sofa::Hrirs;

/// Names the folder of the sets of the spatial workbench.
const VARIABLE: &str = "SAM_WORKBENCH_HRTF_DIR";

/// The set that a voice names: a path or a `data:` URL. Relative paths are searched in the folder of the project, in
/// that of the track, and in the one that the variable `SAM_WORKBENCH_HRTF_DIR` names; without a track also in the
/// working directory.
pub(crate) fn open(text: &str, project: Option<&Path>, track: Option<&Path>) -> Result<Arc<Hrirs>> {
    let text = text.trim();
    if location::is_data_url(text) {
        return Hrirs::of_bytes(&location::parse_data_url(text)?.bytes, &location::label(text));
    }
    let path = at_home(text);
    if path.is_absolute() {
        return Hrirs::open(&path);
    }
    let base = track.unwrap_or_else(|| Path::new(""));
    let shelf = std::env::var_os(VARIABLE).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let folders = [project.map(|folder| base.join(folder)), Some(base.to_owned()), shelf];
    let mut places: Vec<PathBuf> = folders.into_iter().flatten().map(|folder| folder.join(&path)).collect();
    places.dedup();
    if let Some(found) = places.iter().find(|place| place.is_file()) {
        return Hrirs::open(found);
    }
    let places: Vec<String> = places.iter().map(|place| place.display().to_string()).collect();
    let hint = if std::env::var_os(VARIABLE).is_some() { "" } else { "; SAM_WORKBENCH_HRTF_DIR is not set" };
    Err(Error::Media { path: text.to_owned(), message: format!("not found as {}{hint}", places.join(" or ")) })
}

/// The path with `~` replaced by the user's folder.
fn at_home(text: &str) -> PathBuf {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    match (text.strip_prefix("~/").or_else(|| text.strip_prefix("~\\")), home) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(text),
    }
}
