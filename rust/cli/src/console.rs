//! The standard streams, and how times are written there. A reader that went away (`| head`) is no error, and nothing here panics.

use std::fmt::Display;
use std::io::{self, Write as _};

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::printable::{printable_json, printable_lines};

/// What messages call the standard output.
const OUTPUT: &str = "standard output";

/// Write a line (or several) to the standard output; nothing in it acts on a terminal.
pub(crate) fn say(line: impl Display) -> Result<()> {
    write(format!("{}\n", printable_lines(&line.to_string())).as_bytes())
}

/// Write JSON text to the standard output; it means the same, and nothing in it acts on a terminal.
pub(crate) fn say_json(json: impl Display) -> Result<()> {
    write(format!("{}\n", printable_json(&json.to_string())).as_bytes())
}

/// Write bytes to the standard output.
pub(crate) fn write(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::Io { path: OUTPUT.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}

/// Write a line to the standard error stream; nothing in it acts on a terminal. If nobody listens there is nothing left to
/// be told.
pub(crate) fn note(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{}", printable_lines(&line.to_string()));
}

/// Write to the standard error stream as it is, at once.
pub(crate) fn draw(text: impl Display) {
    let mut err = io::stderr().lock();
    let _ = write!(err, "{text}");
    let _ = err.flush();
}

/// `3:07.5` for 187.5 seconds, with hours where there are any.
pub(crate) fn clock(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round() as u64;
    let (minutes, rest) = (tenths / 600, tenths % 600);
    let tail = format!("{:02}.{}", rest / 10, rest % 10);
    if minutes < 60 { format!("{minutes}:{tail}") } else { format!("{}:{:02}:{tail}", minutes / 60, minutes % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_like_a_clock() {
        assert_eq!(clock(0.04), "0:00.0");
        assert_eq!(clock(187.46), "3:07.5");
        assert_eq!(clock(3599.96), "1:00:00.0");
    }
}
