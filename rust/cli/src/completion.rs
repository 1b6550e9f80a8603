//! Completions of a shell: the script that asks for them, and the answers.

use std::ffi::OsString;

use clap_complete::env::Shells;
use realtime_backend_core::error::{Error, Result};

use crate::args::{Completions, command};
use crate::console::write;
use crate::{DONE, FAILED, report};

/// Environment variable with the name of the shell that asks.
const VARIABLE: &str = "_REALTIME_BACKEND_COMPLETE";
const NAME: &str = "realtime_backend";

/// `completions`: prints the script that makes a shell ask for completions.
pub(crate) fn script(args: &Completions) -> u8 {
    registration(&args.shell.to_string())
        .and_then(|script| write(&script))
        .map_or_else(|error| report("error", &error), |()| DONE)
}

fn registration(shell: &str) -> Result<Vec<u8>> {
    let mut script = Vec::new();
    let io = |source| Error::Io { path: "completions".to_owned(), source };
    if let Some(shell) = Shells::builtins().completer(shell) {
        shell.write_registration(VARIABLE, NAME, NAME, NAME, &mut script).map_err(io)?;
    }
    Ok(script)
}

/// If a shell asks for completions, print them. `args` is the program, `--` and the words that were typed.
pub(crate) fn answered(args: &[OsString]) -> Option<u8> {
    let shell = std::env::var(VARIABLE).ok().filter(|shell| !shell.is_empty())?;
    let shells = Shells::builtins();
    let shell = shells.completer(&shell)?;
    let words = args.iter().skip_while(|word| *word != "--").skip(1).cloned().collect();
    let mut answer = Vec::new();
    let here = std::env::current_dir().ok();
    let asked = shell.write_complete(&mut command(), words, here.as_deref(), &mut answer);
    // a shell shows no message
    Some(if asked.is_ok() && write(&answer).is_ok() { DONE } else { FAILED })
}
