//! Arguments of `play` and `devices`.

use std::path::PathBuf;

use clap::Args;
use realtime_backend_player::OnDeviceLoss;

use super::Sound;
use super::times::{Part, Time, part, time, time_of_day};
use super::values::{crossfade, device_loss, fade, level, milliseconds, seconds};

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Play {
    /// Tracks or sessions (JSON files), which play in turn; - is the standard input, a folder is all tracks in it
    #[arg(value_name = "TRACK", required = true)]
    pub(crate) tracks: Vec<PathBuf>,
    /// End after this time of sound, with a fade: 90 (seconds), 45m, 1h30m or 1:30:00
    #[arg(long = "for", value_name = "TIME", value_parser = time)]
    pub(crate) length: Option<f64>,
    /// End at this time of day, with a fade: 22:30
    #[arg(long, value_name = "HH:MM", value_parser = time_of_day, conflicts_with = "length")]
    pub(crate) at: Option<Time>,
    /// Length of the fade before the end of --for, --at and the key t; default: 1m
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) fade_out: Option<f64>,
    /// Play the track, this part of it in seconds, or the list of tracks again and again
    #[arg(long = "loop", value_name = "START-END", num_args = 0..=1, require_equals = true, default_missing_value = "", value_parser = part)]
    pub(crate) looped: Option<Part>,
    /// Play the tracks in an order by chance, or by --seed
    #[arg(long)]
    pub(crate) shuffle: bool,
    /// Length of the crossfade between two tracks, in seconds (up to 60); default: 5
    #[arg(long, value_name = "SECONDS", value_parser = crossfade)]
    pub(crate) crossfade: Option<f64>,
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
    /// When the device goes away (headphones are pulled out): pause, or follow to the current default; default: pause
    #[arg(long, value_name = "CHOICE", value_parser = device_loss)]
    pub(crate) on_device_loss: Option<OnDeviceLoss>,
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
    /// Show one line instead of a screen
    #[arg(long)]
    pub(crate) plain: bool,
    /// Show nothing
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Devices {
    /// Print a JSON list
    #[arg(long)]
    pub(crate) json: bool,
}
