//! Definitions of the command line arguments. The doc comments are the help texts.
// a command line has many flags
#![allow(clippy::struct_excessive_bools)]

mod check;
mod command;
mod convert;
pub(crate) mod examples;
mod file;
mod pages;
mod play;
mod render;
mod run;
#[cfg(test)]
mod tests;
mod times;
mod values;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use realtime_backend_core::compat::Compat;

pub(crate) use check::{Info, Validate, Verify};
pub(crate) use command::command;
pub(crate) use convert::Convert;
pub(crate) use pages::{Completions, GenerateConfig, Man, Voices};
pub(crate) use play::{Devices, Play};
pub(crate) use render::{Channels, Render, Stems, Subtype};
pub(crate) use run::{Run, tidied};
pub(crate) use times::{Part, Time, fade, latency};
pub(crate) use values::target_level;
use values::{preset, seed};

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
    /// Play tracks, tones or a voice; ? lists the keys
    Play(Play),
    /// Check tracks and list every error and warning
    Validate(Validate),
    /// Show length, steps, levels and warnings of tracks
    Info(Info),
    /// Compare carriers, beats and levels in the sound with those that tracks declare
    Verify(Verify),
    /// Write a track, a session or a session file of another program as a track
    Convert(Convert),
    /// List all voices, or the parameters of some
    Voices(Voices),
    /// List output devices
    Devices(Devices),
    /// Show what this build can do, and the sound, the settings and the processor it finds
    Doctor,
    /// Write a settings file to edit
    GenerateConfig(GenerateConfig),
    /// Print the completion script of a shell
    Completions(Completions),
    /// Print a manual page, or write all of them
    Man(Man),
    /// Play or render a track with the options of the legacy command line; without a command, --path means this one
    Run(Run),
}

/// Options that all commands with sound have.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Sound {
    /// Settings file; default: $REALTIME_BACKEND_CONFIG, ./realtime_backend.toml, then the user's
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Rules that replace those of the track: default, legacy or intended
    #[arg(long, value_name = "PRESET", value_parser = preset)]
    pub(crate) compat: Option<Compat>,
    /// Seed of random parts that have no seed in the track; default: 0
    #[arg(long, value_name = "SEED", value_parser = seed)]
    pub(crate) seed: Option<u64>,
}
