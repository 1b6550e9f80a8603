//! The command line of `realtime_backend`: arguments, progress bars, messages and exit codes. The native binary and
//! `python -m realtime_backend` both call [`run`]. This crate contains no signal processing and no track logic.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod args;
mod bars;
mod completion;
mod config;
mod console;
mod convert;
mod doctor;
mod gpu;
mod info;
mod interrupt;
mod lanes;
mod legacy;
mod measure;
mod pages;
mod play;
mod preparing;
mod render;
mod source;
mod tracks;
mod validate;
mod verify;
mod voices;

use std::ffi::OsString;

use clap::FromArgMatches as _;
use clap::error::{ContextKind, ContextValue};
use realtime_backend_core::error::Error;
use realtime_backend_core::printable::{printable, printable_lines};

use args::{Cli, Command};
use console::note;

/// Exit code: everything was done.
const DONE: u8 = 0;
/// Exit code: something failed. The message is on the standard error stream.
const FAILED: u8 = 1;
/// Exit code: the arguments are wrong.
const USAGE: u8 = 2;

/// Run the command line `args`, whose first item is the name of the program. Returns the exit code: 0 done, 1 failed, 2
/// wrong usage, 130 interrupted by Ctrl-C, 143 by SIGTERM.
pub fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    if let Some(code) = completion::answered(&args) {
        return code;
    }
    let mut command = args::command();
    let matches = command.try_get_matches_from_mut(args::tidied(args));
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(message) => {
            let message = message.format(&mut command);
            // help and version are errors for clap too, with exit code 0
            let plain = message.to_string();
            if printable_lines(&plain) == plain {
                let _ = message.print();
            } else {
                // an argument contains terminal control characters: escape them
                note(plain.trim_end());
            }
            if let Some(track) = track_in_place_of_command(&message) {
                note(format_args!(
                    "\n  tip: to play it: realtime_backend play {track}\n       to write a file: realtime_backend render {track}"
                ));
            }
            return u8::try_from(message.exit_code()).unwrap_or(USAGE);
        }
    };
    interrupt::listen();
    match cli.command {
        Command::Render(args) => render::run(&args),
        Command::Play(args) => play::run(&args),
        Command::Validate(args) => validate::run(&args),
        Command::Info(args) => info::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Convert(args) => convert::run(&args),
        Command::Voices(args) => voices::run(&args),
        Command::Devices(args) => play::devices(&args),
        Command::Doctor => doctor::run(),
        Command::GenerateConfig(args) => config::generate(&args),
        Command::Completions(args) => completion::script(&args),
        Command::Man(args) => pages::man(&args),
        Command::Run(args) => legacy::run(&args),
    }
}

/// The name of a track that stands where a command is expected.
fn track_in_place_of_command(error: &clap::Error) -> Option<String> {
    match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(word)) if std::path::Path::new(word).exists() => Some(word.clone()),
        _ => None,
    }
}

/// Print the error about `subject` and return its exit code.
fn report(subject: &str, error: &Error) -> u8 {
    let subject = &*printable(subject);
    match error {
        Error::Cancelled => {
            note(format_args!("{subject}: interrupted, nothing written"));
            return interrupt::exit_code();
        }
        Error::Invalid(problems) => {
            for problem in problems {
                note(source::finding(subject, "error", problem));
            }
        }
        other => {
            let text = other.to_string();
            // an error about the subject itself begins with its name already
            let text = text.strip_prefix(subject).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&text);
            note(format_args!("{subject}: error: {text}"));
        }
    }
    FAILED
}
