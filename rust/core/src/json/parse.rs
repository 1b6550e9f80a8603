//! Parses JSON with extra checks for files that are edited by hand: paths in error messages, a warning for duplicate
//! keys, and size limits.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::complaint::{complaint, place};
use super::path;
use super::value::shown;
use crate::error::{Error, Problem, Result};
use crate::interrupt::Interrupt;

/// Largest document in bytes. The limit is high because clips may be embedded as `data:` URLs.
pub const MAX_BYTES: u64 = 256 << 20;
/// Largest depth of nested lists and objects.
pub const MAX_DEPTH: usize = 100;
/// Longest string in bytes, except for `data:` URLs.
pub const MAX_TEXT: usize = 1 << 20;
/// Upper limit for the number of values (scalars, lists and objects) in one document.
const MAX_VALUES: usize = 4_000_000;

/// Parses a document. A byte order mark is skipped. A duplicate key gives a warning, and its last value counts.
///
/// # Errors
/// [`Error::Invalid`] if the text is not valid JSON or exceeds a limit.
pub fn parse(text: &str) -> Result<(Value, Vec<Problem>)> {
    parse_until(text, &Interrupt::default())
}

/// Like [`parse`], but can be interrupted.
///
/// # Errors
/// As [`parse`], and [`Error::Cancelled`] if `interrupt` asks to stop.
pub fn parse_until(text: &str, interrupt: &Interrupt) -> Result<(Value, Vec<Problem>)> {
    if text.len() as u64 > MAX_BYTES {
        return Err(too_large(text.len() as u64));
    }
    let text = text.trim_start().strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(Error::invalid("", "expected a JSON document, got nothing"));
    }
    let progress = Progress { interrupt: interrupt.clone(), ..Progress::default() };
    // from bytes, as elsewhere: the code for texts would come on top
    let mut reader = serde_json::Deserializer::from_slice(text.as_bytes());
    let value = At(&progress).deserialize(&mut reader);
    interrupt.check()?;
    let value = value.map_err(|error| Error::invalid(progress.path(), complaint(text, &error)))?;
    reader.end().map_err(|error| {
        Error::invalid("", format!("expected the end of the document{}", place(error.line(), error.column())))
    })?;
    if let Some((path, digits)) = progress.first_too_long(text) {
        let message = format!(
            "expected a whole number of at most 64 bits (-2^63 to 2^64 - 1), got {digits}; \
             a larger one is written as text, or with an exponent if it may be rounded"
        );
        return Err(Error::invalid(path, message));
    }
    Ok((value, progress.doubled.into_inner()))
}

/// The numbers of a valid document, in order, as they are written.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let at = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit())?;
            rest = &rest[at..];
            if let Some(inside) = rest.strip_prefix('"') {
                let mut escaped = false;
                let closes = |c: char| {
                    let plain = !std::mem::take(&mut escaped);
                    escaped = plain && c == '\\';
                    plain && c == '"'
                };
                let end = inside.find(closes)?;
                rest = &inside[end + 1..];
            } else {
                let end = rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'));
                let (number, after) = rest.split_at(end.unwrap_or(rest.len()));
                rest = after;
                return Some(number);
            }
        }
    })
}

/// Whether `text` is a document rather than a path: after blanks and a byte order mark it begins with `{` or `[`.
pub fn begins(text: &str) -> bool {
    text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').starts_with(['{', '['])
}

/// The content of a file as text.
///
/// # Errors
/// [`Error::Invalid`] with the offset of the first invalid byte if the content is not UTF-8.
pub fn text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let utf16 = matches!(error.as_bytes(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
        let hint = if utf16 { " (it looks like UTF-16)" } else { "" };
        Error::invalid("", format!("expected UTF-8 text, got an invalid byte at offset {at}{hint}"))
    })
}

/// The error for a document of `bytes` bytes, more than [`MAX_BYTES`].
pub fn too_large(bytes: u64) -> Error {
    Error::invalid("", format!("the document has {bytes} bytes; at most {MAX_BYTES} are read"))
}

/// The object that the document `text` is, within all limits.
///
/// # Errors
/// Those of [`parse_until`] and [`within_limits`]; [`Error::Invalid`] if it is no object.
pub fn object(text: &str, interrupt: &Interrupt) -> Result<(Map<String, Value>, Vec<Problem>)> {
    let (value, problems) = parse_until(text, interrupt)?;
    match within_limits(value)? {
        Value::Object(object) => Ok((object, problems)),
        other => Err(Error::invalid("", format!("expected a JSON object, got {}", shown(&other)))),
    }
}

/// Returns `value` unchanged if it is within [`MAX_DEPTH`] and [`MAX_TEXT`].
///
/// # Errors
/// [`Error::Invalid`] with the path of the value that exceeds a limit.
pub fn within_limits(value: Value) -> Result<Value> {
    let mut steps = Vec::new();
    match check(&value, &mut steps) {
        Ok(()) => Ok(value),
        Err(message) => {
            dismantle(value);
            Err(Error::invalid(path::written(&steps), message))
        }
    }
}

fn check(value: &Value, steps: &mut Vec<path::Part>) -> Result<(), String> {
    if steps.len() > MAX_DEPTH {
        return Err(too_deep());
    }
    match value {
        Value::String(text) if text.len() > MAX_TEXT && !text.starts_with("data:") => {
            return Err(format!("expected a text of at most {MAX_TEXT} bytes, got {}", text.len()));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                steps.push(path::Part::Index(index));
                check(item, steps)?;
                steps.pop();
            }
        }
        Value::Object(entries) => {
            for (key, item) in entries {
                if key.len() > MAX_TEXT {
                    return Err(format!("expected a key of at most {MAX_TEXT} bytes, got {}", key.len()));
                }
                steps.push(path::Part::Key(key.clone()));
                check(item, steps)?;
                steps.pop();
            }
        }
        _ => {}
    }
    Ok(())
}

fn too_deep() -> String {
    format!("nested more than {MAX_DEPTH} levels deep")
}

/// Drops a value of any depth without recursion, so that the stack cannot overflow.
fn dismantle(value: Value) {
    let mut rest = vec![value];
    while let Some(value) = rest.pop() {
        match value {
            Value::Array(items) => rest.extend(items),
            Value::Object(entries) => rest.extend(entries.into_iter().map(|(_, item)| item)),
            _ => {}
        }
    }
}

/// The current path of the parser, and what it has noticed so far.
#[derive(Default)]
struct Progress {
    steps: RefCell<Vec<path::Part>>,
    doubled: RefCell<Vec<Problem>>,
    values: Cell<usize>,
    /// Paths of the numbers that may be integers of more than 64 bits, in order, at most [`MOST_HUGE`].
    huge: RefCell<Vec<String>>,
    interrupt: Interrupt,
}

/// Integers below this magnitude fit into 64 bits; larger ones may not.
const HUGE: f64 = 9.2e18;
/// Upper limit for the number of paths in [`Progress::huge`].
const MOST_HUGE: usize = 1000;

impl Progress {
    fn path(&self) -> String {
        path::written(&self.steps.borrow())
    }

    /// Path and digits of the first integer that was rounded because it has more than 64 bits.
    fn first_too_long<'t>(&self, text: &'t str) -> Option<(String, &'t str)> {
        let huge = self.huge.borrow();
        if huge.is_empty() {
            return None;
        }
        let fits = |number: &str| number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok();
        let large = |number: &&str| !fits(number) && number.parse().is_ok_and(|value: f64| value.abs() >= HUGE);
        let found = numbers(text).filter(large).enumerate().find(|(_, number)| !number.contains(['.', 'e', 'E']));
        found.map(|(index, number)| {
            let shown = number.char_indices().nth(40).map_or(number, |(end, _)| &number[..end]);
            (huge.get(index).cloned().unwrap_or_default(), shown)
        })
    }

    fn enter<E: serde::de::Error>(&self, part: path::Part) -> Result<(), E> {
        let mut steps = self.steps.borrow_mut();
        steps.push(part);
        if steps.len() > MAX_DEPTH { Err(E::custom(too_deep())) } else { Ok(()) }
    }

    fn leave(&self) {
        self.steps.borrow_mut().pop();
    }
}

/// Deserialises the value at the current path. An error leaves the path unchanged for the message.
struct At<'p>(&'p Progress);

impl<'de> DeserializeSeed<'de> for At<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        self.0.values.set(self.0.values.get() + 1);
        if self.0.interrupt.is_requested() {
            return Err(D::Error::custom("cancelled"));
        }
        if self.0.values.get() > MAX_VALUES {
            return Err(D::Error::custom(format!("the document has more than {MAX_VALUES} values")));
        }
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for At<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(flag.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        if number.abs() >= HUGE && self.0.huge.borrow().len() < MOST_HUGE {
            self.0.huge.borrow_mut().push(self.0.path());
        }
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            self.0.enter(path::Part::Index(items.len()))?;
            let Some(item) = list.next_element_seed(At(self.0))? else { break };
            self.0.leave();
            items.push(item);
        }
        self.0.leave();
        // a long track has many short lists, and spare capacity adds up
        items.shrink_to_fit();
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut given: Vec<(String, Value)> = Vec::new();
        while let Some(key) = object.next_key::<String>()? {
            self.0.enter(path::Part::Key(key.clone()))?;
            given.push((key, object.next_value_seed(At(self.0))?));
            self.0.leave();
        }
        // a map that grows while it is filled ends half empty, and a long track has many small maps
        let mut entries = Map::with_capacity(given.len());
        for (key, value) in given {
            if let Some(at) = entries.get_key_value(&key).map(|(key, _)| path::Part::Key(key.clone())) {
                self.0.enter(at)?;
                let problem = Problem::warning(self.0.path(), "the key is given twice; the last one counts");
                self.0.doubled.borrow_mut().push(problem);
                self.0.leave();
            }
            entries.insert(key, value);
        }
        Ok(Value::Object(entries))
    }
}
