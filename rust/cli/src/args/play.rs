//! Arguments of `play` and `devices`.

use std::path::PathBuf;

use clap::Args;
use realtime_backend_core::render::TargetLevel;
use realtime_backend_player::{Latency, OnDeviceLoss};

use super::Sound;
use super::times::{Part, Time, crossfade, fade, latency, part, time, time_of_day, timer};
use super::values::{device_loss, sample_rate, target_level, volume};

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Play {
    /// Tracks or sessions, folders of them, or patterns such as 'set/*.json', which play in turn; - is the standard input.
    /// Or tones, which play until you quit: 200+10/20 is a carrier of 200 Hz with a beat of 10 Hz at 20 % of full scale,
    /// pink/30 is noise
    #[arg(value_name = "TRACK", required_unless_present = "voice")]
    pub(crate) tracks: Vec<PathBuf>,
    /// Play a voice until you quit, with these values of its parameters (see `voices NAME`); several voices may be given
    #[arg(long, value_name = "NAME [PARAMETER=VALUE]", num_args = 1.., conflicts_with = "tracks")]
    pub(crate) voice: Vec<String>,
    /// End after this time of sound, with a fade
    #[arg(long = "for", value_name = "TIME", value_parser = timer)]
    pub(crate) length: Option<f64>,
    /// End at this time of day, with a fade: 22:30
    #[arg(long, value_name = "HH:MM", value_parser = time_of_day, conflicts_with = "length")]
    pub(crate) at: Option<Time>,
    /// Length of the fade before the end of --for, --at and the key t; default: 1m
    #[arg(long, value_name = "TIME", value_parser = timer)]
    pub(crate) fade_out: Option<f64>,
    /// Play the track, this part of it (1m-2m), or the list of tracks again and again
    #[arg(long = "loop", value_name = "START-END", num_args = 0..=1, require_equals = true, default_missing_value = "", value_parser = part)]
    pub(crate) looped: Option<Part>,
    /// Play the tracks in an order by chance, or by --seed
    #[arg(long)]
    pub(crate) shuffle: bool,
    /// Length of the crossfade between two tracks, at most 1m; default: 5s
    #[arg(long, value_name = "TIME", value_parser = crossfade)]
    pub(crate) crossfade: Option<f64>,
    /// Position at which to start: 90 (seconds), 45m, 1:30 or 1:30:00, as all times; default: 0
    #[arg(long, value_name = "TIME", default_value = "0", hide_default_value = true, value_parser = time)]
    pub(crate) start: f64,
    /// Linear volume, 0 to 1; default: 1
    #[arg(long, value_name = "LEVEL", value_parser = volume)]
    pub(crate) volume: Option<f64>,
    /// Peak of the whole track, as in a file, 0 to 1 of full scale; none: the level of the mix; default: the level of a
    /// file under the rules `intended`, otherwise that of the mix
    #[arg(long, visible_alias = "level", value_name = "LEVEL", value_parser = target_level)]
    pub(crate) target_level: Option<TargetLevel>,
    /// Part of the name of the output device (see `devices`); default: the default output of the system
    #[arg(long, value_name = "NAME")]
    pub(crate) device: Option<String>,
    /// When the device goes away (headphones are pulled out): pause, or follow to the current default; default: pause
    #[arg(long, value_name = "CHOICE", value_parser = device_loss)]
    pub(crate) on_device_loss: Option<OnDeviceLoss>,
    /// Frames per second; default: the rate of the track, if the device supports it
    #[arg(long, value_name = "HZ", value_parser = sample_rate)]
    pub(crate) sample_rate: Option<u32>,
    /// Length of the sound that is buffered: low (60ms), normal (120ms, the default), high (400ms), or a time from 20ms to
    /// 5s
    #[arg(long, value_name = "TIME", value_parser = latency)]
    pub(crate) latency: Option<Latency>,
    /// Length of the fade-in at the start of the track, at most 1h; default: 3s
    #[arg(long, value_name = "TIME", value_parser = fade)]
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
    /// List all devices of ALSA, also its plug-ins
    #[arg(long)]
    pub(crate) all: bool,
}
