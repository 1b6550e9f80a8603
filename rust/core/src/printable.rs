//! Makes text from outside safe to show: it can neither control a terminal nor change the reading order.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character has an effect instead of a glyph: control characters, line separators, interlinear annotations
/// and marks that change the direction of text (Unicode Technical Report 9).
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fff9}'..='\u{fffb}'
        )
}

/// `text` on one line, with escapes such as `\x1b` or `\u{202e}` in place of control characters.
pub fn printable(text: &str) -> Cow<'_, str> {
    replaced(text, acts, |out, c| match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c => {
            let code = u32::from(c);
            // writing to a `String` cannot fail
            let _ = if c.is_ascii() { write!(out, "\\x{code:02x}") } else { write!(out, "\\u{{{code:x}}}") };
        }
    })
}

/// Like [`printable`], but line breaks (`\n`) stay.
pub fn printable_lines(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return printable(text);
    }
    Cow::Owned(text.split('\n').map(printable).collect::<Vec<_>>().join("\n"))
}

/// JSON text with the same meaning and without control characters; line breaks between values stay.
pub fn printable_json(json: &str) -> Cow<'_, str> {
    // Valid JSON already escapes ASCII control characters; the others can occur in strings only.
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
    fn control_characters_are_escaped_and_other_text_is_unchanged() {
        assert_eq!(printable("\x1b]0;x\x07\x1b[2J"), "\\x1b]0;x\\x07\\x1b[2J");
        assert_eq!(printable("a\u{9b}1m\u{7f}\u{202e}b\nc\t"), "a\\u{9b}1m\\x7f\\u{202e}b\\nc\\t");
        assert_eq!(printable("Größe 5 µs, שלום"), "Größe 5 µs, שלום");
        assert_eq!(printable_lines("a\r\nb\u{85}"), "a\\r\nb\\u{85}");
        // escaping twice changes nothing more
        assert_eq!(printable(&printable("\x1b")), "\\x1b");
    }

    #[test]
    fn escaped_json_parses_to_the_same_value() {
        let value = serde_json::json!({"a\u{202e}": ["\u{9b}31m\x1b\x7f", "ä\n"]});
        let text = format!("{value:#}");
        let shown = printable_json(&text);
        assert!(!shown.chars().any(|c| c != '\n' && acts(c)));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }
}
