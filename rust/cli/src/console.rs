//! Output to the standard streams, its width, and the format of times. A closed pipe (`| head`) is no error. Nothing
//! here panics.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::printable::{printable_json, printable_lines};
use terminal_size::{Width, terminal_size_of};

/// Name of the standard output in messages.
const OUTPUT: &str = "standard output";
/// Columns of a terminal that does not tell its size.
const USUAL_WIDTH: u16 = 80;
/// Most columns of text. Longer lines are hard to read.
const WIDEST: usize = 120;

/// Write one or several lines to the standard output. Terminal control characters are escaped.
pub(crate) fn say(line: impl Display) -> Result<()> {
    write(format!("{}\n", printable_lines(&line.to_string())).as_bytes())
}

/// Write JSON text to the standard output. Terminal control characters are escaped; the value stays the same.
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

/// Write a line to the standard error stream. Terminal control characters are escaped. Errors are ignored, because
/// there is no place to report them.
pub(crate) fn note(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{}", printable_lines(&line.to_string()));
}

/// Write text to the standard error stream without a change, and flush it.
pub(crate) fn draw(text: impl Display) {
    let mut err = io::stderr().lock();
    let _ = write!(err, "{text}");
    let _ = err.flush();
}

/// Columns of the terminal of the standard error stream.
pub(crate) fn columns() -> u16 {
    terminal_size_of(io::stderr()).map_or(USUAL_WIDTH, |(Width(columns), _)| columns)
}

/// Columns of text on the standard output; `None` if it is no terminal, whose reader wants whole lines.
pub(crate) fn text_width() -> Option<usize> {
    let width = || terminal_size_of(io::stdout()).map_or(USUAL_WIDTH, |(Width(columns), _)| columns);
    io::stdout().is_terminal().then(|| usize::from(width()).min(WIDEST))
}

/// `text` in lines of `width` columns; `None`: in one line. All lines but the first begin with `indent` spaces, and the
/// first has `indent` columns before it.
pub(crate) fn wrapped(text: &str, indent: usize, width: Option<usize>) -> String {
    let Some(width) = width else { return text.to_owned() };
    let lines = textwrap::wrap(text, width.saturating_sub(indent).max(1));
    lines.join(&format!("\n{:indent$}", ""))
}

/// Text for the standard output whose lines fit the terminal: what is too long goes on below, after `indent` columns.
pub(crate) fn fitted(text: &str, indent: usize) -> String {
    let Some(width) = text_width().filter(|width| *width > 2 * indent) else { return text.to_owned() };
    let indent = " ".repeat(indent);
    let options = textwrap::Options::new(width).subsequent_indent(&indent);
    text.lines().map(|line| textwrap::wrap(line, &options).join("\n")).collect::<Vec<_>>().join("\n")
}

/// Format seconds as `3:07.5`, or as `1:00:00.0` from one hour on.
pub(crate) fn clock(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round() as u64;
    let (minutes, rest) = (tenths / 600, tenths % 600);
    let tail = format!("{:02}.{}", rest / 10, rest % 10);
    if minutes < 60 { format!("{minutes}:{tail}") } else { format!("{}:{:02}:{tail}", minutes / 60, minutes % 60) }
}

/// Format whole seconds, rounded down, as `3:07`, or as `1:00:00` from one hour on. A time below 0 is 0.
pub(crate) fn time(seconds: f64) -> String {
    let seconds = seconds as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours == 0 { format!("{minutes}:{seconds:02}") } else { format!("{hours}:{minutes:02}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_formatted_as_minutes_and_hours() {
        assert_eq!(clock(0.04), "0:00.0");
        assert_eq!(clock(187.46), "3:07.5");
        assert_eq!(clock(3599.96), "1:00:00.0");
        assert_eq!([time(-1.0), time(187.96), time(3600.0)], ["0:00", "3:07", "1:00:00"]);
    }

    #[test]
    fn wrapped_text_keeps_its_column() {
        assert_eq!(wrapped("one two three", 4, Some(11)), "one two\n    three");
        assert_eq!(wrapped("one two three", 4, None), "one two three");
    }
}
