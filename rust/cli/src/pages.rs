//! Generates shell completions and manual pages from the definitions of the arguments.

use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man as Page;
use realtime_backend_core::error::{Error, Result, suggestion};
use realtime_backend_core::files::atomic;

use crate::args::{Cli, Completions, Man};
use crate::console::{say, write};
use crate::{DONE, USAGE, report};

/// `completions`: prints the completion script of a shell.
pub(crate) fn completions(args: &Completions) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "realtime_backend", &mut script);
    write(&script).map_or_else(|error| report("error", &error), |()| DONE)
}

/// `man`: prints a manual page, or writes all of them to a folder.
pub(crate) fn man(args: &Man) -> u8 {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    if let Some(folder) = &args.out {
        return all(&program, folder).map_or_else(|error| report("error", &error), |()| DONE);
    }
    let page = match &args.command {
        None => program,
        Some(name) => match program.find_subcommand(name) {
            Some(command) => command.clone(),
            None => {
                let known: Vec<&str> = program.get_subcommands().map(Command::get_name).collect();
                let hint = suggestion(name, known.iter().copied());
                crate::console::note(format_args!("error: expected one of {}, got \"{name}\"{hint}", known.join(", ")));
                return USAGE;
            }
        },
    };
    rendered(page).and_then(|text| write(&text)).map_or_else(|error| report("error", &error), |()| DONE)
}

/// Write the pages of all commands to a folder.
fn all(program: &Command, folder: &Path) -> Result<()> {
    for command in std::iter::once(program).chain(program.get_subcommands()) {
        let path = folder.join(Page::new(command.clone()).get_filename());
        atomic::write(&path, &rendered(command.clone())?)?;
        say(path.display())?;
    }
    Ok(())
}

fn rendered(command: Command) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    let made = Page::new(command).render(&mut page);
    made.map_err(|source| Error::Io { path: "manual page".to_owned(), source })?;
    Ok(page)
}
