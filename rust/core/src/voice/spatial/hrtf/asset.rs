//! Finds the file of a set of responses (spec hrtf-renderer 2).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::filters::{FilterRules, Filters};
use super::settings::Settings;
use crate::error::{Error, Result};
use crate::media::location;
use crate::media::sofa::Hrirs;
use crate::voice::params::Params;
use crate::voice::spatial::rows::{ASSET, ASSET_HASH};

/// Degrees outside the measured elevations from which on a warning is given.
const BEYOND: f64 = 10.0;

/// Names the folder of the sets of the spatial workbench.
const VARIABLE: &str = "SAM_WORKBENCH_HRTF_DIR";

/// The set that a voice names: a path or a `data:` URL. Relative paths are searched in the folder of the project, in
/// that of the track, and in the one that the variable `SAM_WORKBENCH_HRTF_DIR` names; without a track also in the
/// working directory.
fn open(text: &str, project: Option<&Path>, track: Option<&Path>) -> Result<Arc<Hrirs>> {
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

/// The filters of the set that the parameters name, for a voice at `rate` Hz in a track of the folder `track`; `None` if
/// they name none.
pub(crate) fn filters(
    params: &Params<'_>,
    settings: &Settings,
    rate: f64,
    track: Option<&Path>,
) -> Result<Option<Arc<Filters>>> {
    let Some(given) = params.text_as(ASSET.name).filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let set = open(&given, settings.folder.as_deref(), track).map_err(at_asset)?;
    let hash = params.text_as(ASSET_HASH.name).unwrap_or_default();
    let hash = hash.trim();
    if !hash.is_empty() && !hash.eq_ignore_ascii_case(&set.sha256) {
        let message = format!("expected {hash}, but {} has {}: it is another file", set.name, set.sha256);
        return Err(Error::invalid(ASSET_HASH.name, message));
    }
    for warning in &set.warnings {
        params.warn(ASSET.name, warning.clone());
    }
    let rules = FilterRules { rate, policy: settings.policy, recorded: settings.is_recorded() };
    Filters::of(&set, rules).map(Some).map_err(at_asset)
}

/// An error about a file, as one about the parameter that names it.
fn at_asset(error: Error) -> Error {
    match error {
        Error::Media { .. } | Error::Io { .. } => Error::invalid(ASSET.name, error.to_string()),
        other => other,
    }
}

/// Warn of a source with elevations where the set has no directions; `at` names what says them.
pub(crate) fn covers(params: &Params<'_>, at: &str, filters: &Filters, [low, high]: [f64; 2]) {
    let [lowest, highest] = filters.elevations();
    if low < lowest - BEYOND || high > highest + BEYOND {
        let message = format!(
            "the source has elevations from {low:.0} to {high:.0} degrees, the set from {lowest:.0} to {highest:.0}; \
             the nearest direction is heard"
        );
        params.warn(at, message);
    }
}
