//! Reads tracks from files and from the standard input (`-`). Sessions, and session files of other programs, are
//! converted to tracks.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use realtime_backend_core::error::{Error, Problem, Result};
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::json::parse;
use realtime_backend_core::printable::printable;
use realtime_backend_core::track;
use realtime_backend_core::track::{LoadOptions, Track};

use crate::console::note;

/// Time between two checks for signals.
const LOOK: Duration = Duration::from_millis(20);

/// Whether `path` means the standard input (or output).
pub(crate) fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Name of the track at `path` in messages. Terminal control characters are escaped.
pub(crate) fn name(path: &Path) -> String {
    printable(&raw_name(path)).into_owned()
}

/// A path in messages. Terminal control characters are escaped.
pub(crate) fn shown(path: &Path) -> String {
    printable(&path.display().to_string()).into_owned()
}

/// Name of the track at `path` in JSON.
pub(crate) fn raw_name(path: &Path) -> String {
    if is_stream(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// Load the track, session or session file of another program at `path` as a track. Relative paths in a track from the standard input start at the
/// working directory.
pub(crate) fn load(path: &Path, options: &LoadOptions) -> Result<(Track, Vec<Problem>)> {
    load_with(path, options, &[])
}

/// Load a track as [`load`] does, with further folders in which the presets of a session are looked up.
pub(crate) fn load_with(path: &Path, options: &LoadOptions, presets: &[PathBuf]) -> Result<(Track, Vec<Problem>)> {
    if !is_stream(path) {
        return track::open(path, options, presets);
    }
    track::open_bytes(bytes(path, &options.interrupt)?, None, options, presets)
}

/// The content of the file at `path`, or of the standard input.
pub(crate) fn bytes(path: &Path, interrupt: &Interrupt) -> Result<Vec<u8>> {
    if !is_stream(path) {
        return track::read::document_bytes(path);
    }
    standard_input(interrupt)?.map_err(|source| Error::Io { path: name(path), source })
}

/// Read the standard input to its end. An interrupt ends the wait.
fn standard_input(interrupt: &Interrupt) -> Result<io::Result<Vec<u8>>> {
    let (done, wait) = mpsc::channel();
    // a blocked read cannot be cancelled, so its thread stays until the process ends
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().take(parse::MAX_BYTES + 1).read_to_end(&mut bytes);
        let _ = done.send(read.map(|_| bytes));
    });
    loop {
        interrupt.check()?;
        match wait.recv_timeout(LOOK) {
            Ok(read) => return Ok(read),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return Ok(Err(io::ErrorKind::UnexpectedEof.into())),
        }
    }
}

/// Print warnings about the track called `name`.
pub(crate) fn warn(name: &str, warnings: &[Problem]) {
    for warning in warnings {
        note(finding(name, "warning", warning));
    }
}

/// A finding of this `kind` about the track called `name`. One about a line of a text file begins with its place, as
/// compilers write it.
pub(crate) fn finding(name: &str, kind: &str, problem: &Problem) -> String {
    let Problem { path, message, excerpt, .. } = problem;
    match excerpt {
        Some(excerpt) => format!("{}: {kind}: {}\n{excerpt}", printable(path), printable(message)),
        None => format!("{name}: {kind}: {problem}"),
    }
}
