//! Settings: finds and reads `realtime_backend.toml` (spec track-format 12).

mod find;
mod generate;
mod keys;
mod read;

use std::path::{Path, PathBuf};

use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::Error;
use realtime_backend_core::plan::LayerGains;
use realtime_backend_core::render::TargetLevel;
use realtime_backend_core::render::encode::Container;
use realtime_backend_player::Latency;

use crate::args::Subtype;
use crate::report;
pub(crate) use generate::generate;

/// Settings from a file. `None`: the default of the command.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Config {
    /// Folder for relative names of output files.
    pub(crate) output_dir: Option<PathBuf>,
    /// Whether a graphics processor computes the tones of files.
    pub(crate) gpu: bool,
    /// `voice_gain`, `noise_gain` and `clip_gain`: linear, 0 to 100.
    pub(crate) gains: LayerGains,
    /// Level of a file.
    pub(crate) target_level: Option<TargetLevel>,
    pub(crate) format: Option<Container>,
    pub(crate) subtype: Option<Subtype>,
    pub(crate) compat: Option<Compat>,
    /// Part of the name of the output device.
    pub(crate) device: Option<String>,
    /// Length of the sound that is buffered during playback.
    pub(crate) latency: Option<Latency>,
    /// Length of the fade-in at the start of the track, in seconds, 0 to 3600.
    pub(crate) startup_fade: Option<f64>,
    /// Linear volume of playback, 0 to 1.
    pub(crate) volume: Option<f64>,
}

/// The settings file that is read when no option names one.
pub(crate) fn file() -> Option<PathBuf> {
    find::find(None)
}

/// Where settings files are searched, in this order, for people.
pub(crate) use find::places;

/// Load the settings from `explicit`, or from the file that is searched. Without any file, they are the defaults. The
/// error includes the path of the file.
pub(crate) fn load(explicit: Option<&Path>) -> Result<Config, (String, Error)> {
    let Some(path) = find::find(explicit) else { return Ok(Config::default()) };
    read::read(&path).map_err(|error| (path.display().to_string(), error))
}

/// Load the settings as [`load`] does. An error is printed, and its exit code is returned.
pub(crate) fn load_or_report(explicit: Option<&Path>) -> Result<Config, u8> {
    load(explicit).map_err(|(file, error)| report(&file, &error))
}
