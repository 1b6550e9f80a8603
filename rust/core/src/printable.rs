//! Text from outside as it may be shown: nothing in it can steer a terminal or reorder what is read.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character would act instead of being seen: control characters, separators of lines, and those that change
/// the direction of writing (Unicode TR 9).
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fff9}'..='\u{fffb}'
        )
}

/// `text` on one line, with `\x1b` or `\u{202e}` in place of what would act.
pub fn printable(text: &str) -> Cow<'_, str> {
    replaced(text, acts, |out, c| match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c => {
            let code = u32::from(c);
            // writing to a text does not fail
            let _ = if c.is_ascii() { write!(out, "\\x{code:02x}") } else { write!(out, "\\u{{{code:x}}}") };
        }
    })
}

/// As [`printable`], line by line: ends of lines stay.
pub fn printable_lines(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return printable(text);
    }
    Cow::Owned(text.split('\n').map(printable).collect::<Vec<_>>().join("\n"))
}

/// JSON text that means the same and holds nothing that acts; ends of lines between values stay.
pub fn printable_json(json: &str) -> Cow<'_, str> {
    // Control characters of ASCII are escaped in JSON as it is; the others can stand in strings only.
    replaced(
        json,
        |c| c != '\n' && acts(c),
        |out, c| {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        },
    )
}

fn replaced(text: &str, which: impl Fn(char) -> bool, by: impl Fn(&mut String, char)) -> Cow<'_, str> {
    if !text.chars().any(&which) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if which(c) { by(&mut out, c) } else { out.push(c) }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown_and_nothing_else_changes() {
        assert_eq!(printable("\x1b]0;x\x07\x1b[2J"), "\\x1b]0;x\\x07\\x1b[2J");
        assert_eq!(printable("a\u{9b}1m\u{7f}\u{202e}b\nc\t"), "a\\u{9b}1m\\x7f\\u{202e}b\\nc\\t");
        assert_eq!(printable("Größe 5 µs, שלום"), "Größe 5 µs, שלום");
        assert_eq!(printable_lines("a\r\nb\u{85}"), "a\\r\nb\\u{85}");
        // shown twice is shown once
        assert_eq!(printable(&printable("\x1b")), "\\x1b");
    }

    #[test]
    fn json_for_a_terminal_means_the_same() {
        let value = serde_json::json!({"a\u{202e}": ["\u{9b}31m\x1b\x7f", "ä\n"]});
        let text = format!("{value:#}");
        let shown = printable_json(&text);
        assert!(!shown.chars().any(|c| c != '\n' && acts(c)));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }
}
