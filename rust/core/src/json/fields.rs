//! Reads one JSON object by field names: aliases, nulls, numeric text, ranges, and a report of unknown fields.

use std::cell::RefCell;

use serde_json::{Map, Value};

use super::findings::Findings;
use super::path;
use super::value::{number, shown, truthy};
use crate::error::suggestion;

/// Accepted names of one field, the canonical one first.
pub(crate) type Names = &'static [&'static str];

/// Longest step in seconds: 48 hours.
pub const MAX_STEP_SECONDS: f64 = 48.0 * 3600.0;
/// Longest track in seconds: 7 days.
pub const MAX_TRACK_SECONDS: f64 = 7.0 * 24.0 * 3600.0;
/// Largest magnitude of a gain, level or amplitude (linear).
pub(crate) const MAX_GAIN: f64 = 1.0e6;

/// One object that is being read. It remembers which fields were asked for.
pub(crate) struct Fields<'a> {
    map: &'a Map<String, Value>,
    /// Path of the object.
    pub(crate) at: String,
    read: RefCell<Vec<&'static str>>,
    /// Receives the errors and warnings.
    pub(crate) findings: &'a Findings,
}

/// A value and the name under which it was found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) key: &'static str,
    pub(crate) value: &'a Value,
}

impl<'a> Fields<'a> {
    /// Reads `map`, the object at the path `at`, and reports to `findings`.
    pub(crate) fn new(map: &'a Map<String, Value>, at: impl Into<String>, findings: &'a Findings) -> Self {
        Self { map, at: at.into(), read: RefCell::default(), findings }
    }

    /// The object that is being read.
    pub(crate) fn map(&self) -> &'a Map<String, Value> {
        self.map
    }

    /// The path of the member `key`.
    pub(crate) fn at(&self, key: &str) -> String {
        path::member(&self.at, key)
    }

    /// Reports an error about the member `key`.
    pub(crate) fn error(&self, key: &str, message: impl Into<String>) {
        self.findings.error(self.at(key), message);
    }

    /// Reports a warning about the member `key`.
    pub(crate) fn warn(&self, key: &str, message: impl Into<String>) {
        self.findings.warn(self.at(key), message);
    }

    fn wrong(&self, found: Found<'_>, expected: &str) {
        self.error(found.key, format!("expected {expected}, got {}", shown(found.value)));
    }

    /// The value of the first name for which `counts` holds. A different value under another name gives a warning.
    fn pick_if(&self, names: Names, counts: impl Fn(&Value) -> bool) -> Option<Found<'a>> {
        self.read.borrow_mut().extend(names);
        let mut found = names
            .iter()
            .filter_map(|key| self.map.get(*key).filter(|value| counts(value)).map(|value| Found { key, value }));
        let first = found.next()?;
        for other in found.filter(|other| other.value != first.value) {
            self.warn(other.key, format!("ignored, because \"{}\" is given too", first.key));
        }
        Some(first)
    }

    /// The value of the first name that is present; null counts as absent.
    pub(crate) fn pick(&self, names: Names) -> Option<Found<'a>> {
        self.pick_if(names, |value| !value.is_null())
    }

    /// The value of the first name that is present and neither null, an empty object nor blank text.
    pub(crate) fn pick_filled(&self, names: Names) -> Option<Found<'a>> {
        self.pick_if(names, |value| match value {
            Value::String(text) => !text.trim().is_empty(),
            Value::Object(entries) => !entries.is_empty(),
            other => !other.is_null(),
        })
    }

    /// A number from `min` to `max`; `None` if it is absent, or if it is unusable, which is reported as an error.
    pub(crate) fn number(&self, names: Names, min: f64, max: f64) -> Option<f64> {
        self.pick(names).and_then(|found| self.number_of(found, min, max))
    }

    /// Like [`number`](Self::number), for a value that was found already.
    pub(crate) fn number_of(&self, found: Found<'_>, min: f64, max: f64) -> Option<f64> {
        match number(found.value) {
            None => self.wrong(found, "a number"),
            Some(x) if !x.is_finite() => self.wrong(found, "a finite number"),
            Some(x) if x < min || x > max => {
                self.wrong(found, &format!("a number between {} and {}", plain(min), plain(max)));
            }
            Some(x) => return Some(x),
        }
        None
    }

    /// A gain, level or amplitude, up to [`MAX_GAIN`] in magnitude.
    pub(crate) fn gain(&self, names: Names) -> Option<f64> {
        self.number(names, -MAX_GAIN, MAX_GAIN)
    }

    /// A point in time on the track, in seconds.
    pub(crate) fn time(&self, names: Names) -> Option<f64> {
        self.pick(names).and_then(|found| self.time_of(found))
    }

    /// Like [`time`](Self::time), for a value that was found already.
    pub(crate) fn time_of(&self, found: Found<'_>) -> Option<f64> {
        self.seconds(found, -MAX_TRACK_SECONDS, MAX_TRACK_SECONDS, "7 days")
    }

    /// A length in seconds; a negative one becomes 0 with a warning.
    pub(crate) fn length(&self, names: Names) -> Option<f64> {
        let found = self.pick(names)?;
        let seconds = self.time_of(found)?;
        if seconds < 0.0 {
            self.warn(found.key, format!("{} s means 0", plain(seconds)));
        }
        Some(seconds.max(0.0))
    }

    /// A number of seconds from `min` to `max`; `words` is the maximum in words, for the error message.
    pub(crate) fn seconds(&self, found: Found<'_>, min: f64, max: f64, words: &str) -> Option<f64> {
        match number(found.value) {
            Some(x) if x.is_finite() && x < min => self.wrong(found, &format!("at least {} seconds", plain(min))),
            Some(x) if x.is_finite() && x > max => {
                self.wrong(found, &format!("at most {} seconds ({words})", plain(max)));
            }
            _ => return self.number_of(found, min, max),
        }
        None
    }

    /// A number clamped to `min..=max`, with a warning if that changes it.
    pub(crate) fn clamped(&self, names: Names, min: f64, max: f64) -> Option<f64> {
        let found = self.pick(names)?;
        let given = self.number_of(found, f64::MIN, f64::MAX)?;
        let used = given.clamp(min, max);
        if used != given {
            self.warn(found.key, format!("{} is outside {min} to {max}; {used} is used", plain(given)));
        }
        Some(used)
    }

    /// Text. Numbers and booleans are converted to text; lists and objects are errors.
    pub(crate) fn text(&self, names: Names) -> Option<String> {
        self.pick(names).and_then(|found| self.text_of(found))
    }

    /// Like [`text`](Self::text), for a value that was found already.
    pub(crate) fn text_of(&self, found: Found<'_>) -> Option<String> {
        if matches!(found.value, Value::Array(_) | Value::Object(_)) {
            self.wrong(found, "a text");
            return None;
        }
        Some(plain_text(found.value))
    }

    /// A flag. The texts `false`, `0`, `no` and `off` mean false, with a warning.
    pub(crate) fn flag(&self, names: Names) -> Option<bool> {
        let found = self.pick(names)?;
        Some(match found.value {
            Value::String(text) if says_no(text) && !self.findings.rules.text_is_true => {
                self.warn(found.key, format!("the text {} is taken as false", shown(found.value)));
                false
            }
            other => truthy(other),
        })
    }

    /// One of `words`, in any case, with `-` and blanks read as `_`. Any other word gives a warning, which says that
    /// `instead` is used.
    pub(crate) fn word(&self, names: Names, words: &[&'static str], instead: &str) -> Option<&'static str> {
        let found = self.pick(names)?;
        let given = self.text_of(found)?;
        let plain = given.trim().to_lowercase().replace(['-', ' '], "_");
        let word = words.iter().copied().find(|word| *word == plain);
        if word.is_none() {
            let hint = suggestion(&plain, words.iter().copied());
            self.warn(
                found.key,
                format!("{} is not one of {}; {instead} is used{hint}", shown(found.value), words.join(", ")),
            );
        }
        word
    }

    /// A list and its path; any other type is an error.
    pub(crate) fn list(&self, names: Names) -> Option<(String, &'a [Value])> {
        let found = self.pick(names)?;
        let Value::Array(items) = found.value else {
            self.wrong(found, "a list");
            return None;
        };
        Some((self.at(found.key), items))
    }

    /// An object and its path; any other type is an error.
    pub(crate) fn object(&self, names: Names) -> Option<(String, &'a Map<String, Value>)> {
        self.pick(names).and_then(|found| self.object_of(found))
    }

    /// Like [`object`](Self::object), for a value that was found already.
    pub(crate) fn object_of(&self, found: Found<'a>) -> Option<(String, &'a Map<String, Value>)> {
        let Value::Object(entries) = found.value else {
            self.wrong(found, "an object");
            return None;
        };
        Some((self.at(found.key), entries))
    }

    /// Marks fields as known, so that [`finish`](Self::finish) does not warn about them.
    pub(crate) fn known(&self, names: Names) {
        self.read.borrow_mut().extend(names);
    }

    /// Warns about every field that was not asked for, except those of the author.
    pub(crate) fn finish(self) {
        self.warn_unknown();
    }

    /// As [`finish`](Self::finish), for fields that are lent.
    pub(crate) fn warn_unknown(&self) {
        let known = self.read.borrow();
        for key in self.map.keys().filter(|key| !known.contains(&key.as_str()) && !is_authors_own(key)) {
            let hint = suggestion(key, known.iter().copied());
            self.findings.warn(path::member(&self.at, key), format!("unknown field, ignored{hint}"));
        }
    }
}

/// Whether a key is one that authors may use for their own data: it begins with `x_`, or is `metadata`.
pub(crate) fn is_authors_own(key: &str) -> bool {
    key.starts_with("x_") || key == "metadata"
}

/// A scalar as text; null is empty.
pub(crate) fn plain_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Whether the text of a flag means false.
pub(crate) fn says_no(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "false" | "0" | "no" | "off")
}

/// A number for messages, without an exponent below 10¹⁵.
fn plain(x: f64) -> String {
    if x.abs() < 1.0e15 { format!("{x}") } else { format!("{x:e}") }
}
