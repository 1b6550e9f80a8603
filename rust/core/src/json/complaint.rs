//! Error messages of the JSON parser, reworded for people who write tracks by hand.

use serde_json::Error;

/// First bytes of files that are often mistaken for tracks, and what they are.
const OTHERS: &[(&str, &str)] = &[
    ("RIFF", "a WAV file"),
    ("RF64", "a WAV file"),
    ("fLaC", "a FLAC file"),
    ("OggS", "an Ogg file"),
    ("ID3", "an MP3 file"),
];
/// Words of other languages for a JSON value, and the JSON spelling.
const WORDS: &[(&str, &str)] = &[("True", "true"), ("False", "false"), ("None", "null"), ("undefined", "null")];

/// ` at line 3 column 7`, with a leading blank; column 0 means the end of the line before.
pub(crate) fn place(line: usize, column: usize) -> String {
    if column == 0 { format!(" at the end of line {}", line - 1) } else { format!(" at line {line} column {column}") }
}

/// The message for the parser error `error` in the document `text`.
pub(crate) fn complaint(text: &str, error: &Error) -> String {
    let place = place(error.line(), error.column());
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or(&said);
    if error.is_data() {
        return format!("{said}{place}");
    }
    if let Some(kind) = OTHERS.iter().find(|(head, _)| text.starts_with(head)).map(|(_, kind)| kind) {
        return format!("expected a JSON document, got {kind}");
    }
    if text.contains('\0') {
        return "expected a JSON document, got a binary file".to_owned();
    }
    if let Some(inside) = said.strip_prefix("EOF while parsing ") {
        let inside = if inside.contains("string") { "a text" } else { inside };
        return format!("not valid JSON: the document ends in the middle of {inside}{place}; is it cut off?");
    }
    if said.starts_with("number out of range") {
        return format!("expected a finite number, got one out of range{place}");
    }
    let rest = from(text, error);
    let not_finite = ["NaN", "-Infinity", "Infinity", "-NaN"].into_iter().find(|word| rest.starts_with(word));
    if let Some(word) = not_finite {
        return format!("expected a finite number, got {word}{place}");
    }
    match hint(said, rest) {
        Some(hint) => format!("not valid JSON: {hint}{place}"),
        None => format!("not valid JSON: {said}{place}"),
    }
}

/// The rest of the line, from the value or key at which the parser failed.
fn from<'t>(text: &'t str, error: &Error) -> &'t str {
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    // columns count bytes from 1; the parser may have consumed the sign of a number already
    let at = error.column().saturating_sub(1).min(line.len());
    let bytes = line.as_bytes();
    let at = if at > 0 && bytes[at - 1] == b'-' { at - 1 } else { at };
    line.get(at..).unwrap_or_default()
}

/// A hint for common mistakes: notation that JSON does not have.
fn hint(said: &str, rest: &str) -> Option<String> {
    let starts = |words: &[&str]| words.iter().any(|word| rest.starts_with(word));
    if said.starts_with("control character") {
        return Some(
            "a line break or another control character inside a text (a line break is written \\n)".to_owned(),
        );
    }
    if said.starts_with("invalid number") || starts(&[".", "+"]) {
        return Some("a number may not begin with zeros, a plus or a point, nor end in a point".to_owned());
    }
    if starts(&["//", "/*", "#"]) {
        return Some("JSON has no comments".to_owned());
    }
    if starts(&["'", "\u{2018}", "\u{201c}"]) {
        return Some("texts and keys stand between plain double quotes (\")".to_owned());
    }
    if said.starts_with("key must be a string") {
        return Some("expected a key between double quotes".to_owned());
    }
    WORDS.iter().find(|(word, _)| rest.starts_with(word)).map(|(word, json)| format!("expected {json}, got {word}"))
}
