//! The command line as a whole: what all options have in common, examples, and what a shell completes.

use std::ffi::OsStr;
use std::path::Path;

use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory as _};
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter};
use realtime_backend_core::compat::Compat;
use realtime_backend_core::render::encode::Container;
use realtime_backend_core::voice::describe;
use realtime_backend_player::track_extensions;

use super::{Cli, examples};

/// The definition of the command line.
pub(crate) fn command() -> Command {
    Cli::command().after_help(examples::help(None)).mut_subcommands(|command| {
        let help = examples::help(Some(command.get_name()));
        let groups = if command.get_name() == "render" { RENDER } else { &[] };
        command.after_help(help).mut_args(|arg| grouped(tuned(arg), groups))
    })
}

/// Headings of the options of `render`, which are many.
const RENDER: &[(&str, &[&str])] = &[
    ("Part and fades", &["start", "duration", "fade_in", "fade_out", "seamless"]),
    ("Level", &["target_level", "peak", "loudness", "true_peak"]),
    ("File format", &["format", "quality", "subtype", "dither", "no_dither", "sample_rate", "channels"]),
    ("Tags and chapters", &["tag", "tags", "no_tags", "embed_track", "cue", "labels"]),
    ("Events and stems", &["markers", "marker_every", "trigger_channel", "trigger_width_ms", "stems"]),
    ("Batches", &["matrix", "manifest", "jobs", "threads", "keep_going"]),
];

fn grouped(arg: Arg, groups: &[(&'static str, &[&str])]) -> Arg {
    let heading = groups.iter().find(|(_, ids)| ids.contains(&arg.get_id().as_str())).map(|(heading, _)| *heading);
    match heading {
        Some(heading) => arg.help_heading(heading),
        None => arg,
    }
}

fn tuned(arg: Arg) -> Arg {
    let arg = completed(arg);
    let takes_values = arg.get_long().is_some() && arg.get_action().takes_values();
    if takes_values { arg.allow_negative_numbers(true) } else { arg }
}

/// What a shell offers for the values of `arg`.
fn completed(arg: Arg) -> Arg {
    let files = |extensions: Vec<&'static str>| {
        let fits = move |path: &Path| {
            let extension = path.extension().and_then(OsStr::to_str).map(str::to_lowercase);
            extension.is_some_and(|extension| extensions.contains(&extension.as_str()))
        };
        ArgValueCompleter::new(PathCompleter::any().filter(fits))
    };
    let tracks = || track_extensions().collect::<Vec<_>>();
    let audio = || Container::all().map(|info| info.names[0]).collect::<Vec<_>>();
    match arg.get_id().as_str() {
        "tracks" | "path" => arg.add(files(tracks())),
        // an audio file may have a track in it
        "track" | "output" => arg.add(files([tracks(), audio()].concat())),
        "config" => arg.add(files(vec!["toml"])),
        "manifest" => arg.add(files(vec!["csv"])),
        "markers" => arg.add(files(vec!["tsv"])),
        "cue" => arg.add(files(vec!["cue"])),
        "labels" => arg.add(files(vec!["txt"])),
        "presets" => arg.add(ArgValueCompleter::new(PathCompleter::dir())),
        "names" | "voice" => arg.add(ArgValueCandidates::new(voices)),
        "compat" => arg.add(ArgValueCandidates::new(|| words(&Compat::PRESETS))),
        "format" => {
            arg.add(ArgValueCandidates::new(|| words(&Container::all().map(|info| info.names[0]).collect::<Vec<_>>())))
        }
        "on_device_loss" => arg.add(ArgValueCandidates::new(|| words(&["pause", "follow"]))),
        "command" => arg.add(ArgValueCandidates::new(|| {
            let command = Cli::command();
            words(&command.get_subcommands().map(Command::get_name).collect::<Vec<_>>())
        })),
        _ => arg,
    }
}

fn words(words: &[&str]) -> Vec<CompletionCandidate> {
    words.iter().map(CompletionCandidate::new).collect()
}

fn voices() -> Vec<CompletionCandidate> {
    let described = describe::voices();
    let candidate = |row: &serde_json::Value| {
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        CompletionCandidate::new(text("name")).help(Some(StyledStr::from(text("summary"))))
    };
    described.as_array().into_iter().flatten().map(candidate).collect()
}
