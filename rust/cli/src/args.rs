//! Definitions of the command line arguments. The doc comments are the help texts.
// a command line has many flags
#![allow(clippy::struct_excessive_bools)]

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use realtime_backend_core::compat::Compat;
use realtime_backend_core::parallel::MOST_THREADS;

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
    /// Check tracks and list every error and warning, without rendering
    Validate(Validate),
    /// Show length, steps, levels and warnings of tracks
    Info(Info),
    /// Compare carriers, beats and levels in the sound with those that tracks declare
    Verify(Verify),
    /// Write a track, a session, or a session file of another program (.sbg, .gnaural, .spsq) as a track in the current
    /// dialect and spelling
    Convert(Convert),
    /// List all voices, or the parameters of some
    Voices(Voices),
    /// List output devices
    Devices(Devices),
    /// Write a config.toml to edit
    GenerateConfig(GenerateConfig),
    /// Print the completion script of a shell
    Completions(Completions),
    /// Print a manual page, or write all of them
    Man(Man),
    /// Play or render a track with the options of the legacy command line (`run` may be left out)
    Run(Run),
}

/// Options that all commands with sound have.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Sound {
    /// Settings file; default: $REALTIME_BACKEND_CONFIG, ./config.toml, then the user's
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Rules that replace those of the track: default, legacy or intended
    #[arg(long, value_name = "PRESET", value_parser = preset)]
    pub(crate) compat: Option<Compat>,
    /// Seed of random parts that have no seed in the track
    #[arg(long)]
    pub(crate) seed: Option<u64>,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Render {
    /// Tracks or sessions (JSON files); - is the standard input
    #[arg(required = true, value_name = "TRACK")]
    pub(crate) tracks: Vec<PathBuf>,
    /// Audio file to write (.wav or .flac), a folder, or - for the standard output; default: the name of the track with
    /// the extension of the format
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Position at which to start, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, value_parser = seconds)]
    pub(crate) start: f64,
    /// Duration to render, in seconds; default: to the end
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) duration: Option<f64>,
    /// File format; default: by the extension of the output, otherwise wav
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Sample format; default: pcm16
    #[arg(long, value_name = "TYPE")]
    pub(crate) subtype: Option<Subtype>,
    /// Add triangular dither before rounding to integers: the default, except under legacy rules
    #[arg(long, overrides_with = "no_dither")]
    pub(crate) dither: bool,
    /// Round to integers without dither
    #[arg(long, overrides_with = "dither")]
    pub(crate) no_dither: bool,
    /// Peak of the file, 0 to 1 of full scale; 0: the level of the mix; default: 0.25, or 0 for a track with the
    /// normalization "none"
    #[arg(long, value_name = "LEVEL", value_parser = level, conflicts_with_all = ["peak", "loudness"])]
    pub(crate) target_level: Option<f64>,
    /// Peak of the file in dBFS, -100 to 0
    #[arg(long, value_name = "DB", value_parser = decibels, allow_negative_numbers = true, conflicts_with = "loudness")]
    pub(crate) peak: Option<f64>,
    /// Integrated loudness of the file in LUFS (EBU R 128), -70 to 0
    #[arg(long, value_name = "LUFS", value_parser = loudness, allow_negative_numbers = true)]
    pub(crate) loudness: Option<f64>,
    /// Highest true peak of the file in dBTP, -100 to 0: the level is lowered as far as this takes. Without another
    /// target, the file is brought to this true peak
    #[arg(long, value_name = "DB", value_parser = decibels, allow_negative_numbers = true)]
    pub(crate) true_peak: Option<f64>,
    /// Frames per second; default: the rate of the track
    #[arg(long, value_name = "HZ", value_parser = clap::value_parser!(u32).range(1000..=1_000_000))]
    pub(crate) sample_rate: Option<u32>,
    /// Table of events to write as well (BIDS events.tsv): onsets of steps, crossfades and pulses
    #[arg(long, value_name = "FILE")]
    pub(crate) markers: Option<PathBuf>,
    /// List every Nth pulse of a voice only
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) marker_every: u64,
    /// Add a third channel to a WAV file, with a pulse at each of these events
    #[arg(long)]
    pub(crate) trigger_channel: bool,
    /// Width of these pulses: `sample` for one frame, or milliseconds (up to 1000)
    #[arg(long, value_name = "WIDTH", default_value = "sample", value_parser = trigger_width)]
    pub(crate) trigger_width: TriggerWidth,
    #[command(flatten)]
    pub(crate) sound: Sound,
    /// Leave out voices that cannot be rendered, with a warning, instead of refusing the track
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Let a graphics processor compute the tones; samples differ by at most 1e-6 of full scale
    #[arg(long)]
    pub(crate) gpu: bool,
    /// Number of tracks to render at the same time; 0: one per core, at most 4
    #[arg(short, long, value_name = "N", default_value_t = 0, value_parser = threads)]
    pub(crate) jobs: usize,
    /// Number of threads for each track; 0: all cores
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = threads)]
    pub(crate) threads: usize,
    /// Show no progress bars and no summary
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// Width of the pulses in a trigger channel.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) enum TriggerWidth {
    /// One frame.
    #[default]
    Sample,
    /// Milliseconds.
    Milliseconds(f64),
}

impl TriggerWidth {
    /// Frames at `rate` frames per second, at least one.
    pub(crate) fn frames(self, rate: u32) -> u64 {
        match self {
            Self::Sample => 1,
            Self::Milliseconds(ms) => ((ms / 1000.0 * f64::from(rate)).round() as u64).max(1),
        }
    }
}

fn trigger_width(text: &str) -> Result<TriggerWidth, String> {
    let tidy = text.trim().to_lowercase();
    if matches!(tidy.as_str(), "sample" | "1sample" | "1-sample" | "1 sample") {
        return Ok(TriggerWidth::Sample);
    }
    let number = tidy.strip_suffix("ms").unwrap_or(&tidy).trim();
    match number.parse::<f64>() {
        Ok(ms) if ms > 0.0 && ms <= 1000.0 => Ok(TriggerWidth::Milliseconds(ms)),
        _ => Err("expected \"sample\", or milliseconds above 0 and up to 1000".to_owned()),
    }
}

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

#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// Tracks or sessions (JSON files); - is the standard input
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
    /// Tracks or sessions (JSON files); - is the standard input
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
    /// Tracks or sessions (JSON files); - is the standard input
    #[arg(required = true, value_name = "TRACK")]
    pub(crate) tracks: Vec<PathBuf>,
    /// Print JSON, one object per track
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) sound: Sound,
}

#[derive(Debug, Args)]
pub(crate) struct Convert {
    /// Track (JSON) in either dialect, session, or session file of another program; - is the standard input
    #[arg(value_name = "TRACK", default_value = "-")]
    pub(crate) track: PathBuf,
    /// Folder of presets (.voice, .noise, tracks) for a session, in addition to its own folder; may be given several
    /// times
    #[arg(long, value_name = "FOLDER")]
    pub(crate) presets: Vec<PathBuf>,
    /// File to write, a track or by its extension a session file of another program (.sbg, .gnaural); default: the
    /// standard output
    #[arg(short, long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub(crate) output: PathBuf,
    /// Replace the input file
    #[arg(long, conflicts_with = "output")]
    pub(crate) in_place: bool,
    /// Rules that the track is to name: default, legacy or intended; nothing else of it changes
    #[arg(long, value_name = "PRESET", value_parser = preset_name)]
    pub(crate) compat: Option<&'static str>,
    /// Session files of other programs: refuse what has no counterpart instead of warning about it
    #[arg(long)]
    pub(crate) strict: bool,
    /// Session files of other programs: seconds for which a state without an end is held; default: 600
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) hold: Option<f64>,
    /// Session files of other programs: print their lanes, break points and what is left out, and write no track
    #[arg(long, conflicts_with_all = ["output", "in_place"])]
    pub(crate) report: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Voices {
    /// Voices to describe with all parameters; default: list all voices
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Print a JSON list with all parameters
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct GenerateConfig {
    /// File to write; - is the standard output
    #[arg(long, value_name = "FILE", default_value = "config.toml")]
    pub(crate) out: PathBuf,
    /// Replace a file that exists
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Shell to generate the script for
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Command to describe; default: the whole program
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
    /// Write the pages of all commands into this folder instead
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Track file (JSON)
    #[arg(long, value_name = "FILE")]
    pub(crate) path: PathBuf,
    /// Write the audio file that the track names (output_filename) instead of playing
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_value = "false", default_missing_value = "true",
        hide_default_value = true)]
    pub(crate) generate: bool,
    /// With --generate: audio file to write, in any folder, instead of the one that the track names
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// With --generate: let a graphics processor compute the tones, if the build supports it
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub(crate) gpu: Option<bool>,
    /// Position at which to start, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, value_parser = seconds)]
    pub(crate) start: f64,
    /// Settings file; default: $REALTIME_BACKEND_CONFIG, ./config.toml, then the user's
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Wav,
    Flac,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subtype {
    /// 16-bit integers
    Pcm16,
    /// 24-bit integers
    Pcm24,
    /// 32-bit floats (wav only)
    Float,
}

/// Insert `run` where the legacy command line had no command: `realtime_backend --path FILE ...`.
pub(crate) fn with_run(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    let names_path = |arg: &OsString| arg.to_str().is_some_and(|arg| arg == "--path" || arg.starts_with("--path="));
    if args.get(1).and_then(|arg| arg.to_str()).is_some_and(|arg| arg.starts_with("--")) && args.iter().any(names_path)
    {
        args.insert(1, "run".into());
    }
    args
}

/// Parse a position or a length in a track. It is clamped to the track later.
fn seconds(text: &str) -> Result<f64, String> {
    within(text, 0.0, 1e9, "seconds")
}

fn fade(text: &str) -> Result<f64, String> {
    within(text, 0.0, 3600.0, "seconds")
}

fn within(text: &str, least: f64, most: f64, unit: &str) -> Result<f64, String> {
    let expected = || format!("expected a number of {unit} from {least} to {most}");
    text.parse().ok().filter(|value| (least..=most).contains(value)).ok_or_else(expected)
}

fn decibels(text: &str) -> Result<f64, String> {
    within(text, -100.0, 0.0, "decibels")
}

fn loudness(text: &str) -> Result<f64, String> {
    within(text, -70.0, 0.0, "LUFS")
}

fn pressure(text: &str) -> Result<f64, String> {
    within(text, 40.0, 160.0, "decibels")
}

fn threads(text: &str) -> Result<usize, String> {
    let expected = || format!("expected a whole number from 0 to {MOST_THREADS}");
    text.parse().ok().filter(|count| *count <= MOST_THREADS).ok_or_else(expected)
}

fn milliseconds(text: &str) -> Result<f64, String> {
    within(text, 20.0, 5000.0, "milliseconds")
}

fn level(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "expected a number between 0 and 1".to_owned())?;
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err("expected a number between 0 and 1".to_owned()) }
}

fn preset(text: &str) -> Result<Compat, String> {
    Compat::named(text).map_err(|error| error.to_string())
}

fn preset_name(text: &str) -> Result<&'static str, String> {
    preset(text)?;
    let name = text.trim().to_lowercase();
    Ok(Compat::PRESETS.into_iter().find(|preset| *preset == name).unwrap_or("default"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thread_counts_above_the_limit_are_refused() {
        for text in ["100000", "2147483648", "-1", "1.5"] {
            assert!(threads(text).is_err(), "{text}");
        }
        assert_eq!((threads("0"), threads("8")), (Ok(0), Ok(8)));
    }

    #[test]
    fn numbers_out_of_range_are_refused_before_anything_is_read() {
        let taken = |args: &[&str]| Cli::try_parse_from(["x"].iter().chain(args)).is_ok();
        let render = |option: &str, value: &str| taken(&["render", "a.json", &format!("{option}={value}")]);
        let play = |option: &str, value: &str| taken(&["play", "a.json", &format!("{option}={value}")]);
        for odd in ["nan", "inf", "-inf", "1e300", "-1", "", "abc", "99999999999999999999"] {
            for option in ["--start", "--duration", "--target-level", "--sample-rate", "--jobs", "--threads"] {
                assert!(!render(option, odd), "{option} {odd}");
            }
            for option in ["--start", "--volume", "--sample-rate", "--latency", "--startup-fade"] {
                assert!(!play(option, odd), "{option} {odd}");
            }
        }
        for (option, odd) in [("--loudness", "1"), ("--loudness", "-71"), ("--peak", "0.1"), ("--true-peak", "nan")] {
            assert!(!render(option, odd), "{option} {odd}");
        }
        assert!(!render("--sample-rate", "999") && !render("--sample-rate", "1000001") && !play("--sample-rate", "0"));
        assert!(!play("--startup-fade", "3601") && !play("--latency", "19.9"));
        assert!(render("--sample-rate", "1000000") && render("--start", "-0.0") && play("--startup-fade", "3600"));
    }

    #[test]
    fn levels_that_contradict_each_other_are_refused() {
        let taken =
            |args: &str| Cli::try_parse_from(["x", "render", "a.json"].into_iter().chain(args.split(' '))).is_ok();
        for both in ["--loudness -23 --peak -1", "--loudness -23 --target-level 0.5", "--peak -1 --target-level 0.5"] {
            assert!(!taken(both), "{both}");
        }
        for one in ["--loudness -23 --true-peak -1", "--peak -1 --true-peak -1.5", "--true-peak -1", "--no-dither"] {
            assert!(taken(one), "{one}");
        }
    }

    #[test]
    fn the_arguments_are_consistent() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }

    /// The section `## name` of the documentation.
    fn section(name: &str) -> &'static str {
        let document = include_str!("../../../docs/command-line.md");
        let start = document.find(&format!("\n## {name}\n")).unwrap_or_else(|| panic!("no section on {name}"));
        let rest = &document[start + 1..];
        &rest[..rest.find("\n## ").unwrap_or(rest.len())]
    }

    #[test]
    fn the_documentation_names_exactly_the_existing_commands_and_options() {
        use clap::CommandFactory as _;
        for command in Cli::command().get_subcommands() {
            let text = section(command.get_name());
            let known: Vec<String> =
                command.get_arguments().filter_map(|arg| arg.get_long()).map(|long| format!("--{long}")).collect();
            for option in known.iter().filter(|option| *option != "--help") {
                assert!(text.contains(&format!("`{option}")), "{} {option} is not documented", command.get_name());
            }
            let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
            let option =
                |word: &&str| word.strip_prefix("--").is_some_and(|rest| rest.starts_with(char::is_alphabetic));
            for word in words.filter(option) {
                assert!(known.iter().any(|option| option == word), "{} has no {word}", command.get_name());
            }
        }
    }

    #[test]
    fn run_is_inserted_only_where_it_is_missing() {
        let put = |args: &[&str]| with_run(args.iter().map(OsString::from)).get(1).is_some_and(|arg| arg == "run");
        assert!(put(&["x", "--path", "a"]) && put(&["x", "--generate", "--path=a"]));
        assert!(!put(&["x", "render", "--path"]) && !put(&["x", "--help"]) && !put(&["x"]));
    }
}
