//! Which settings file is read.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use super::read::{self, Whose};
use crate::console::note;

/// Environment variable that names the settings file.
pub(crate) const VARIABLE: &str = "REALTIME_BACKEND_CONFIG";
/// Name of the settings file in the working directory.
pub(crate) const FILE: &str = "realtime_backend.toml";
/// Its former name there. Many programs have a file of this name.
const FORMER: &str = "config.toml";
/// Name of the settings file in the user's configuration folder.
const OF_USER: &str = "realtime_backend/config.toml";

/// The settings file to read. A file that the option or the environment names is returned even if it does not exist.
pub(super) fn find(explicit: Option<&Path>) -> Option<PathBuf> {
    let named = std::env::var_os(VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
    let asked = explicit.map(Path::to_owned).or(named);
    let here = || Some(PathBuf::from(FILE)).filter(|path| path.exists());
    asked.or_else(here).or_else(former).or_else(|| of_user().filter(|path| path.exists()))
}

/// Where settings files are searched, in this order, for people.
pub(crate) fn places() -> Vec<String> {
    let user = of_user().map(|path| path.display().to_string());
    [format!("${VARIABLE}"), format!("{FILE} in the working directory")].into_iter().chain(user).collect()
}

/// The settings file of the user.
fn of_user() -> Option<PathBuf> {
    etcetera::choose_base_strategy().ok().map(|base| base.config_dir().join(OF_USER))
}

/// The file of the former name in the working directory, if it is ours. Says so, or why it is not read although it may
/// be meant.
fn former() -> Option<PathBuf> {
    let path = Path::new(FORMER);
    match read::whose(path) {
        Whose::Ours => {
            note(format_args!("{FORMER}: note: read as settings; rename it to {FILE}"));
            Some(path.to_owned())
        }
        Whose::Shared(key) => {
            note(format_args!(
                "{FORMER}: note: not read, because its key \"{key}\" is none of ours; settings of a folder are in {FILE}"
            ));
            None
        }
        Whose::Another => None,
    }
}
