//! Arguments of `validate`, `info` and `verify`.

use std::path::PathBuf;

use clap::Args;
use realtime_backend_core::compat::Compat;

use super::Sound;
use super::values::{preset, pressure};

#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// Tracks or sessions, folders of them, or patterns such as 'set/*.json'; - is the standard input
    #[arg(required = true, value_name = "TRACK")]
    pub(crate) tracks: Vec<PathBuf>,
    /// Rules that replace those of the track: default, legacy or intended
    #[arg(long, value_name = "PRESET", value_parser = preset)]
    pub(crate) compat: Option<Compat>,
    /// Sound pressure level in dB that a sine of full scale gives at the ear, 40 to 160: warn if the track is too loud
    /// for 40 hours a week. Renders the whole track
    #[arg(long, value_name = "DB", value_parser = pressure)]
    pub(crate) spl_at_full_scale: Option<f64>,
    /// Print the findings as JSON, one object per track
    #[arg(long)]
    pub(crate) json: bool,
    /// Leave out the notes on compatibility switches that the sound of a track depends on
    #[arg(long)]
    pub(crate) no_notes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Info {
    /// Tracks or sessions, folders of them, or patterns such as 'set/*.json'; - is the standard input
    #[arg(required = true, value_name = "TRACK")]
    pub(crate) tracks: Vec<PathBuf>,
    /// Leave out peak and loudness, which need a render
    #[arg(long)]
    pub(crate) no_levels: bool,
    /// Show everything that is measured, of the whole track and of each step: levels, tones and beats
    #[arg(long, conflicts_with = "no_levels")]
    pub(crate) levels: bool,
    /// Print JSON, one object per track
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) sound: Sound,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Tracks or sessions, folders of them, or patterns such as 'set/*.json'; - is the standard input
    #[arg(required = true, value_name = "TRACK")]
    pub(crate) tracks: Vec<PathBuf>,
    /// Print JSON, one object per track
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) sound: Sound,
}
