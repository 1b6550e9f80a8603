//! Arguments of the legacy command line, `run`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::times::time;

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Track or session to play or render; - is the standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) path: PathBuf,
    /// Write the audio file that the track names (output_filename) instead of playing
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_value = "false", default_missing_value = "true",
        hide_default_value = true)]
    pub(crate) generate: bool,
    /// With --generate: audio file to write, in any folder, instead of the one that the track names
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// With --generate: let a graphics processor compute the tones; a build without support gives a warning
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub(crate) gpu: Option<bool>,
    /// Position at which to start; default: 0
    #[arg(long, value_name = "TIME", default_value = "0", hide_default_value = true, value_parser = time)]
    pub(crate) start: f64,
    /// Settings file; default: $REALTIME_BACKEND_CONFIG, ./realtime_backend.toml, then the user's
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// The arguments as they are defined: with `run` where the legacy command line had no command (`realtime_backend --path
/// FILE ...`), and with options as `--fade-in` where they are written as in Python, `--fade_in`.
pub(crate) fn tidied(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    let names_path = |arg: &OsString| arg.to_str().is_some_and(|arg| arg == "--path" || arg.starts_with("--path="));
    if args.get(1).and_then(|arg| arg.to_str()).is_some_and(|arg| arg.starts_with('-')) && args.iter().any(names_path) {
        args.insert(1, "run".into());
    }
    for arg in args.iter_mut().take_while(|arg| *arg != "--") {
        let Some(option) = arg.to_str().filter(|arg| arg.starts_with("--")) else { continue };
        let (name, value) = option.split_at(option.find('=').unwrap_or(option.len()));
        if name.contains('_') {
            *arg = format!("{}{value}", name.replace('_', "-")).into();
        }
    }
    args
}
