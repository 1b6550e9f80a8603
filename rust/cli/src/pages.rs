//! Manual pages, from the definitions of the arguments.

use std::path::Path;

use clap::Command;
use clap_mangen::Man as Page;
use realtime_backend_core::error::{Error, Result, suggestion};
use realtime_backend_core::files::atomic;
use roff::{Inline, Roff, bold, roman};

use crate::args::{Man, command, examples};
use crate::console::{note, say, write};
use crate::{DONE, USAGE, report};

/// Exit codes and their meanings.
const EXITS: &[(&str, &str)] = &[
    ("0", "Done."),
    ("1", "An error, described on the standard error stream."),
    ("2", "Invalid arguments."),
    ("130", "Interrupted by Ctrl-C. No unfinished file is left behind."),
    ("143", "Terminated by SIGTERM. No unfinished file is left behind."),
];

/// Settings files.
const FILES: &[(&str, &str)] = &[
    ("./realtime_backend.toml", "Settings of this folder; generate-config writes one to edit."),
    (
        "~/.config/realtime_backend/config.toml",
        "Settings of the user, if the folder has none ($XDG_CONFIG_HOME in place of ~/.config, if set; %APPDATA% on Windows).",
    ),
];

/// Environment variables, and the commands that have to do with them; none: all.
const ENVIRONMENT: &[(&str, &str, &[&str])] = &[
    (
        "REALTIME_BACKEND_CONFIG",
        "Settings file, in place of those below FILES.",
        &["render", "play", "info", "verify", "run"],
    ),
    (
        "REALTIME_BACKEND_AUDIO_HOST",
        "Audio system to use: pulseaudio, alsa, jack, or null for a device without output.",
        &["play", "devices", "run"],
    ),
    ("NO_COLOR", "If it is set and not empty, there are no colours.", &[]),
    ("TERM", "With the value dumb, play shows one line instead of a screen.", &["play", "run"]),
];

/// `man`: prints a manual page, or writes all of them to a folder.
pub(crate) fn man(args: &Man) -> u8 {
    let mut program = command().disable_help_subcommand(true);
    program.build();
    if let Some(folder) = &args.out {
        return all(&program, folder).map_or_else(|error| report("error", &error), |()| DONE);
    }
    let (page, name) = match &args.command {
        None => (program, None),
        Some(name) => match program.find_subcommand(name) {
            Some(command) => (command.clone(), Some(name.as_str())),
            None => {
                let known: Vec<&str> = program.get_subcommands().map(Command::get_name).collect();
                let hint = suggestion(name, known.iter().copied());
                note(format_args!("error: expected one of {}, got \"{name}\"{hint}", known.join(", ")));
                return USAGE;
            }
        },
    };
    rendered(page, name).and_then(|text| write(&text)).map_or_else(|error| report("error", &error), |()| DONE)
}

/// Write the pages of all commands to a folder.
fn all(program: &Command, folder: &Path) -> Result<()> {
    let commands = program.get_subcommands().map(|command| (command, Some(command.get_name())));
    for (command, name) in std::iter::once((program, None)).chain(commands) {
        let path = folder.join(Page::new(command.clone()).get_filename());
        atomic::write(&path, &rendered(command.clone(), name)?)?;
        say(path.display())?;
    }
    Ok(())
}

/// The page of a command; `None` is the name of the program.
fn rendered(command: Command, name: Option<&str>) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    let settings = command.get_arguments().any(|arg| arg.get_id() == "config") || name.is_none();
    let has_commands = command.has_subcommands();
    let man =
        Page::new(command).manual("realtime_backend").source(concat!("realtime_backend ", env!("CARGO_PKG_VERSION")));
    let mut made = man.render_title(&mut page).and_then(|()| man.render_name_section(&mut page));
    made = made.and_then(|()| man.render_synopsis_section(&mut page));
    made = made.and_then(|()| man.render_description_section(&mut page));
    made = made.and_then(|()| man.render_options_section(&mut page));
    if has_commands {
        made = made.and_then(|()| man.render_subcommands_section(&mut page));
    }
    made = made.and_then(|()| further(name, settings).to_writer(&mut page));
    made.map_err(|source| Error::Io { path: "manual page".to_owned(), source })?;
    Ok(page)
}

/// Examples, exit codes, files and environment.
fn further(name: Option<&str>, settings: bool) -> Roff {
    let mut roff = Roff::new();
    let mut section = |title: &str, items: Vec<(Inline, &str)>| {
        if items.is_empty() {
            return;
        }
        roff.control("SH", [title]);
        for (term, text) in items {
            roff.control("TP", []).text([term]).text([roman(text)]);
        }
    };
    section("EXAMPLES", examples::of(name).iter().map(|(command, does)| (bold(*command), *does)).collect());
    section("EXIT STATUS", EXITS.iter().map(|(code, text)| (bold(*code), *text)).collect());
    if settings {
        section("FILES", FILES.iter().map(|(path, text)| (bold(*path), *text)).collect());
    }
    let concerned = |commands: &[&str]| commands.is_empty() || name.is_none_or(|name| commands.contains(&name));
    let variables = ENVIRONMENT.iter().filter(|(.., commands)| concerned(commands));
    section("ENVIRONMENT", variables.map(|(variable, text, _)| (bold(*variable), *text)).collect());
    roff
}
