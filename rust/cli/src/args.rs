//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use realtime_backend_core::compat::Compat;

/// Renders tracks of binaural beats, isochronic tones and other entrainment audio.
#[derive(Debug, Parser)]
#[command(name = "realtime_backend", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Render tracks to audio files
    Render(Render),
    /// Play a track: p pauses, arrows seek, + and - change the volume, q quits
    Play(Play),
    /// Check tracks and list every mistake, without rendering
    Validate(Validate),
    /// List output devices
    Devices(Devices),
}

#[derive(Debug, Args)]
pub(crate) struct Render {
    /// Track files (JSON)
    #[arg(required = true, value_name = "TRACK")]
    pub(crate) tracks: Vec<PathBuf>,
    /// Audio file to write (.wav or .flac); default: the name of the track with the format's extension
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Where to begin, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, value_parser = seconds)]
    pub(crate) start: f64,
    /// How much to render, in seconds; default: to the end
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) duration: Option<f64>,
    /// Kind of file; default: by the extension of the output, else wav
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// How samples are stored
    #[arg(long, value_name = "TYPE", default_value = "pcm16")]
    pub(crate) subtype: Subtype,
    /// Add triangular dither before rounding to integers
    #[arg(long)]
    pub(crate) dither: bool,
    /// Peak of the file, 0 to 1 of full scale; 0: as rendered
    #[arg(long, value_name = "LEVEL", default_value_t = 0.25, value_parser = level)]
    pub(crate) target_level: f64,
    /// Frames per second; default: as the track says
    #[arg(long, value_name = "HZ")]
    pub(crate) sample_rate: Option<u32>,
    /// Rules to render under, over those that the track names: default, legacy or intended
    #[arg(long, value_name = "PRESET", value_parser = preset)]
    pub(crate) compat: Option<Compat>,
    /// Seed for noise that has none in the track
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Leave out voices that cannot be rendered, and say so, instead of refusing the track
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Threads to use; 0: all cores
    #[arg(long, default_value_t = 0)]
    pub(crate) threads: usize,
    /// No progress bar and no summary
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Play {
    /// Track file (JSON)
    #[arg(value_name = "TRACK")]
    pub(crate) track: PathBuf,
    /// Where to begin, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, value_parser = seconds)]
    pub(crate) start: f64,
    /// Volume, 0 to 1
    #[arg(long, value_name = "LEVEL", default_value_t = 1.0, value_parser = level)]
    pub(crate) volume: f64,
    /// Part of the output device's name (see `devices`); default: the system's default output
    #[arg(long, value_name = "NAME")]
    pub(crate) device: Option<String>,
    /// Frames per second; default: the track's, if the device can
    #[arg(long, value_name = "HZ")]
    pub(crate) sample_rate: Option<u32>,
    /// Sound kept ready, in milliseconds (20 to 5000); default: 120
    #[arg(long, value_name = "MS", value_parser = milliseconds)]
    pub(crate) latency: Option<f64>,
    /// Rise from silence at the very start, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 3.0, value_parser = seconds)]
    pub(crate) startup_fade: f64,
    /// Rules to play under, over those that the track names: default, legacy or intended
    #[arg(long, value_name = "PRESET", value_parser = preset)]
    pub(crate) compat: Option<Compat>,
    /// Seed for noise that has none in the track
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Play to nobody, in real time
    #[arg(long)]
    pub(crate) null: bool,
    /// No position line
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Devices {
    /// Print a JSON list
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// Track files (JSON)
    #[arg(required = true, value_name = "TRACK")]
    pub(crate) tracks: Vec<PathBuf>,
    /// Rules to check under, over those that the track names: default, legacy or intended
    #[arg(long, value_name = "PRESET", value_parser = preset)]
    pub(crate) compat: Option<Compat>,
    /// Print the findings as JSON, one object a track
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Wav,
    Flac,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Subtype {
    /// 16-bit integers
    Pcm16,
    /// 24-bit integers
    Pcm24,
    /// 32-bit floats (wav only)
    Float,
}

fn seconds(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "expected a number of seconds".to_owned())?;
    if value.is_finite() && value >= 0.0 {
        Ok(value)
    } else {
        Err("expected a number of seconds, 0 or more".to_owned())
    }
}

fn milliseconds(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "expected a number of milliseconds".to_owned())?;
    if (20.0..=5000.0).contains(&value) { Ok(value) } else { Err("expected 20 to 5000 milliseconds".to_owned()) }
}

fn level(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "expected a number between 0 and 1".to_owned())?;
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err("expected a number between 0 and 1".to_owned()) }
}

fn preset(text: &str) -> Result<Compat, String> {
    Compat::preset(text).ok_or_else(|| format!("expected one of {}", Compat::PRESETS.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }
}
