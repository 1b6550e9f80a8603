//! Arguments of `play` and `devices`.

use std::path::PathBuf;

use clap::Args;

use super::Sound;
use super::values::{fade, level, milliseconds, seconds};

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Play {
    /// Track or session (JSON file); - is the standard input
    #[arg(value_name = "TRACK")]
    pub(crate) track: PathBuf,
    /// Position at which to start, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, value_parser = seconds)]
    pub(crate) start: f64,
    /// Linear volume, 0 to 1; default: 1
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(crate) volume: Option<f64>,
    /// Peak of the whole track, as in a file, 0 to 1 of full scale; 0: the level of the mix; default: the level of a
    /// file under the rules `intended`, otherwise that of the mix
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(crate) target_level: Option<f64>,
    /// Part of the name of the output device (see `devices`); default: the default output of the system
    #[arg(long, value_name = "NAME")]
    pub(crate) device: Option<String>,
    /// Frames per second; default: the rate of the track, if the device supports it
    #[arg(long, value_name = "HZ", value_parser = clap::value_parser!(u32).range(1000..=1_000_000))]
    pub(crate) sample_rate: Option<u32>,
    /// Length of the sound that is buffered, in milliseconds (20 to 5000); default: 120
    #[arg(long, value_name = "MS", value_parser = milliseconds)]
    pub(crate) latency: Option<f64>,
    /// Length of the fade-in at the start of the track, in seconds (up to 3600); default: 3
    #[arg(long, value_name = "SECONDS", value_parser = fade)]
    pub(crate) startup_fade: Option<f64>,
    #[command(flatten)]
    pub(crate) sound: Sound,
    /// Play in real time without a device
    #[arg(long)]
    pub(crate) null: bool,
    /// Show no position line
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Devices {
    /// Print a JSON list
    #[arg(long)]
    pub(crate) json: bool,
}
