//! Text of session files: encodings, lines, words with their columns.

use crate::error::{Error, Result};

/// Largest session file in bytes.
pub const MAX_BYTES: u64 = 1 << 20;

/// The text of a file: UTF-8 with or without a byte order mark, else Latin-1.
///
/// # Errors
/// [`Error::Invalid`] if the file is larger than [`MAX_BYTES`] or is not text.
pub fn decoded(bytes: &[u8], name: &str) -> Result<String> {
    if bytes.len() as u64 > MAX_BYTES {
        let message = format!("the file has {} bytes; at most {MAX_BYTES} are read", bytes.len());
        return Err(Error::invalid(format!("{name}:1:1"), message));
    }
    if is_binary(bytes) {
        return Err(Error::invalid(format!("{name}:1:1"), "expected a text file, got a binary one"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    Ok(std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), str::to_owned))
}

/// Whether the beginning of a file has bytes that no text has.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    bytes.iter().take(4096).any(|byte| matches!(byte, 0..=8 | 14..=25 | 28..=31))
}

/// The lines of a text that ends them by CR, LF or CRLF, up to an end-of-file mark.
pub(super) fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    // the end-of-file mark of old editors
    let text = text.split('\u{1a}').next().unwrap_or(text);
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        lines.extend(line.split('\r'));
    }
    lines
}

/// A piece of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'t> {
    /// Its text.
    pub(super) text: &'t str,
    /// Number of its line, from 1.
    pub(super) line: usize,
    /// Column of its first character, from 1.
    pub(super) column: usize,
}

impl<'t> Word<'t> {
    /// A whole line.
    pub(super) fn line(text: &'t str, line: usize) -> Self {
        Self { text, line, column: 1 }
    }

    /// The part from byte `at` on; empty if `at` is no place in it.
    pub(super) fn from(self, at: usize) -> Self {
        let (before, text) = self.text.split_at_checked(at).unwrap_or((self.text, ""));
        Self { text, column: self.column + before.chars().count(), ..self }
    }

    /// The part before byte `at`.
    pub(super) fn before(self, at: usize) -> Self {
        Self { text: self.text.get(..at).unwrap_or(self.text), ..self }
    }

    /// Without white space at both ends.
    pub(super) fn trimmed(self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        let rest = self.from(start);
        Self { text: rest.text.trim_end(), ..rest }
    }

    /// The parts between white space.
    pub(super) fn words(self) -> Vec<Self> {
        let mut rest = self.trimmed();
        let mut words = Vec::new();
        while !rest.text.is_empty() {
            let end = rest.text.find(char::is_whitespace).unwrap_or(rest.text.len());
            words.push(rest.before(end));
            rest = rest.from(end).trimmed();
        }
        words
    }
}

/// The number at the beginning of `text`, and the rest. Only digits and one point: signs separate numbers.
pub(super) fn leading_number(text: &str) -> Option<(f64, &str)> {
    let mut point = false;
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.' && !std::mem::replace(&mut point, true)))
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    digits.parse().ok().map(|number| (number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_separates_lines() {
        assert_eq!(lines("a\rb\r\nc\n\nd"), ["a", "b", "c", "", "d"]);
    }

    #[test]
    fn text_that_is_not_utf8_is_latin_1() {
        assert_eq!(decoded(b"# caf\xe9", "x").unwrap(), "# caf\u{e9}");
        assert_eq!(decoded(b"\xef\xbb\xbf# caf\xc3\xa9", "x").unwrap(), "# caf\u{e9}");
    }

    #[test]
    fn words_know_their_columns_in_characters() {
        let columns: Vec<_> = Word::line(" é:\ta  b", 3).words().iter().map(|w| (w.text, w.column)).collect();
        assert_eq!(columns, [("é:", 2), ("a", 5), ("b", 8)]);
    }

    #[test]
    fn a_number_ends_at_a_sign_or_a_second_point() {
        assert_eq!(leading_number("200+4"), Some((200.0, "+4")));
        assert_eq!(leading_number(".5.1"), Some((0.5, ".1")));
        assert_eq!(leading_number("10./2"), Some((10.0, "/2")));
        assert_eq!(leading_number("-1"), None);
        assert_eq!(leading_number("."), None);
    }
}
