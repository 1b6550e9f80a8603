//! Reads the fields of a path. What is wrong is reported and replaced by the default, so that one pass finds every
//! mistake; a path with an error is refused as a whole.

use serde_json::{Map, Value};

use super::Point;
use crate::error::suggestion;
use crate::json::fields::{Fields, Names};
use crate::json::findings::Findings;
use crate::json::path::item;
use crate::json::value::{number, shown};

/// Largest magnitude of a number.
const LARGEST: f64 = 1e9;

/// The fields of one object of a path.
pub(super) struct Reader<'a>(Fields<'a>);

impl<'a> Reader<'a> {
    /// The fields of `value`, which has to be an object.
    pub(super) fn of(value: &'a Value, at: &str, findings: &'a Findings) -> Option<Self> {
        match value {
            Value::Object(map) => Some(Self(Fields::new(map, at, findings))),
            other => {
                findings.error(at, format!("expected a path (an object), got {}", shown(other)));
                None
            }
        }
    }

    /// The fields of the object under one of `names`.
    pub(super) fn object(&self, names: Names) -> Option<Self> {
        let (at, map) = self.0.object(names)?;
        Some(Self(Fields::new(map, at, self.0.findings)))
    }

    /// As [`object`](Self::object); other types count as absent, with a warning, and so does an absent object.
    pub(super) fn lenient_object(&self, names: Names) -> Self {
        static NOTHING: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
        let Some(found) = self.0.pick(names) else {
            return Self(Fields::new(&NOTHING, self.0.at(names[0]), self.0.findings));
        };
        if let Value::Object(map) = found.value {
            return Self(Fields::new(map, self.0.at(found.key), self.0.findings));
        }
        self.0.warn(found.key, format!("expected an object, got {}; the defaults are used", shown(found.value)));
        Self(Fields::new(&NOTHING, self.0.at(found.key), self.0.findings))
    }

    /// Report that the member `key` is missing.
    pub(super) fn missing(&self, key: &str, expected: &str) {
        // a value of another type was reported already
        if self.0.map().get(key).is_none_or(Value::is_null) {
            self.0.error(key, format!("missing; expected {expected}"));
        }
    }

    /// Report a keyframe without a position.
    pub(super) fn missing_position(&self) {
        if self.0.pick(&["position", "positionM"]).is_none() {
            self.0.error(
                "position",
                "missing; expected three numbers, or azimuthDegrees, elevationDegrees, distanceMetres",
            );
        }
    }

    /// Report an error about the member `key`.
    pub(super) fn error(&self, key: &str, message: impl Into<String>) {
        self.0.error(key, message);
    }

    /// Report an error about the geometry of a path.
    pub(super) fn geometry_error(&self, message: &str) {
        self.0.error("geometry", message);
    }

    /// Warn about the object itself.
    pub(super) fn warn(&self, message: &str) {
        self.0.findings.warn(self.0.at.clone(), message);
    }

    /// Members that are kept and have no effect.
    pub(super) fn stored(&self, names: Names) {
        self.0.known(names);
    }

    /// Warn about members that nothing asked for.
    pub(super) fn finish(&self) {
        self.0.warn_unknown();
    }

    /// A flag.
    pub(super) fn flag(&self, names: Names) -> Option<bool> {
        self.0.flag(names)
    }

    /// Whether one of `names` is present.
    pub(super) fn has(&self, names: Names) -> bool {
        self.0.pick(names).is_some()
    }

    /// A number that is finite and counts by `good`; `expected` says what would be right.
    fn checked(&self, names: Names, expected: &str, good: impl Fn(f64) -> bool) -> Option<f64> {
        let found = self.0.pick(names)?;
        let given = number(found.value).filter(|x| x.abs() <= LARGEST && good(*x));
        if given.is_none() {
            self.0.error(found.key, format!("expected {expected}, got {}", shown(found.value)));
        }
        given
    }

    /// A number, or `default`.
    pub(super) fn number(&self, names: Names, default: f64) -> f64 {
        self.optional(names).unwrap_or(default)
    }

    /// A number, if there is one.
    pub(super) fn optional(&self, names: Names) -> Option<f64> {
        self.checked(names, "a number between -1e9 and 1e9", |_| true)
    }

    /// A number above 0, or `default`.
    pub(super) fn positive(&self, names: Names, default: f64) -> f64 {
        self.checked(names, "a number above 0", |x| x > 0.0).unwrap_or(default)
    }

    /// A number of at least 0, or `default`.
    pub(super) fn at_least_0(&self, names: Names, default: f64) -> f64 {
        self.checked(names, "a number of at least 0", |x| x >= 0.0).unwrap_or(default)
    }

    /// An elevation in degrees, or `default`.
    pub(super) fn elevation(&self, names: Names, default: f64) -> f64 {
        self.optional_elevation(names).unwrap_or(default)
    }

    /// An elevation in degrees, if there is one.
    pub(super) fn optional_elevation(&self, names: Names) -> Option<f64> {
        self.checked(names, "an elevation between -90 and 90 degrees", |x| x.abs() <= 90.0)
    }

    /// A whole number from `min` to `max`, or `default`; fractions are cut off.
    pub(super) fn whole(&self, names: Names, (min, max): (f64, f64), default: f64) -> f64 {
        let expected = format!("a whole number between {min} and {max}");
        self.checked(names, &expected, |x| x.trunc() >= min && x.trunc() <= max).map_or(default, f64::trunc)
    }

    /// A seed: a whole number of at least 0.
    pub(super) fn seed(&self, names: Names) -> u64 {
        let Some(found) = self.0.pick(names) else { return 0 };
        let whole = found.value.as_u64().or_else(|| {
            number(found.value).filter(|x| *x >= 0.0 && *x < 18_446_744_073_709_551_616.0).map(|x| x as u64)
        });
        whole.unwrap_or_else(|| {
            let given = shown(found.value);
            self.0.error(found.key, format!("expected a whole number of at least 0 and below 2^64, got {given}"));
            0
        })
    }

    /// One of `words` in any case; another word is an error.
    pub(super) fn choice(&self, names: Names, words: &[&'static str]) -> Option<&'static str> {
        let found = self.0.pick(names)?;
        let given = self.0.text_of(found)?.trim().to_lowercase();
        let word = words.iter().copied().find(|word| *word == given);
        if word.is_none() {
            let hint = suggestion(&given, words.iter().copied());
            let known = words.join(", ");
            self.0.error(found.key, format!("expected one of {known}, got {}{hint}", shown(found.value)));
        }
        word
    }

    /// Text; numbers are converted.
    pub(super) fn text(&self, names: Names, default: &str) -> String {
        self.0.text(names).unwrap_or_else(|| default.to_owned())
    }

    /// `N` numbers, or `default`.
    pub(super) fn numbers<const N: usize>(&self, names: Names, default: [f64; N]) -> [f64; N] {
        self.optional_numbers(names).unwrap_or(default)
    }

    /// `N` numbers, if there are any.
    pub(super) fn optional_numbers<const N: usize>(&self, names: Names) -> Option<[f64; N]> {
        let found = self.0.pick(names)?;
        self.list_of(&self.0.at(found.key), found.value)
    }

    fn list_of<const N: usize>(&self, at: &str, value: &Value) -> Option<[f64; N]> {
        let given = value.as_array().filter(|list| list.len() == N);
        let numbers: Option<Vec<f64>> =
            given.and_then(|list| list.iter().map(|x| number(x).filter(|x| x.abs() <= LARGEST)).collect());
        let numbers = numbers.and_then(|list| <[f64; N]>::try_from(list).ok());
        if numbers.is_none() {
            self.0.findings.error(at, format!("expected {N} numbers between -1e9 and 1e9, got {}", shown(value)));
        }
        numbers
    }

    /// The points under `names`; `None` if there are none, or if they are unusable.
    pub(super) fn points(&self, names: Names) -> Option<Vec<Point>> {
        let (at, list) = self.0.list(names)?;
        if list.is_empty() {
            return None;
        }
        let points = list.iter().enumerate().map(|(index, point)| self.list_of(&item(&at, index), point));
        let points: Vec<Option<Point>> = points.collect();
        points.into_iter().collect()
    }

    /// The objects of the list under `names`, each with its fields.
    pub(super) fn objects(&self, names: Names) -> Vec<Self> {
        let Some((at, list)) = self.0.list(names) else { return Vec::new() };
        let each = list.iter().enumerate().filter_map(|(index, value)| {
            let at = item(&at, index);
            let Value::Object(map) = value else {
                self.0.findings.error(at, format!("expected an object, got {}", shown(value)));
                return None;
            };
            Some(Self(Fields::new(map, at, self.0.findings)))
        });
        each.collect()
    }
}
