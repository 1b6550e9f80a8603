//! The reader of a voice's parameters.

use std::cell::RefCell;
use std::f64::consts::PI;

use serde_json::{Map, Value};

use super::param::{AlsoWritten, COMMON, Fallback, Kind, Moves, Param};
use crate::compat::Compat;
pub use crate::dsp::ramp::Ramp;
use crate::error::{Error, Problem, Result, suggestion};
use crate::json::fields::is_authors_own;
use crate::json::value::{number, shown, truthy};

/// Reads the parameters of one voice and checks them against its table. Errors have the parameter's name as their path.
#[derive(Debug)]
pub struct Params<'a> {
    map: &'a Map<String, Value>,
    table: &'static [&'static [Param]],
    /// Rows that every voice has besides.
    common: &'static [&'static [Param]],
    missing_stage: &'static [Param],
    also_written: &'static [AlsoWritten],
    /// Whether the transition voice's spelling is read.
    pub transition: bool,
    compat: Compat,
    warnings: RefCell<Vec<Problem>>,
}

impl<'a> Params<'a> {
    /// A reader of `map` by `table`, which has several slices so that families can share rows.
    pub const fn new(
        map: &'a Map<String, Value>,
        table: &'static [&'static [Param]],
        transition: bool,
        compat: Compat,
    ) -> Self {
        Self {
            map,
            table,
            common: COMMON,
            missing_stage: &[],
            also_written: &[],
            transition,
            compat,
            warnings: RefCell::new(Vec::new()),
        }
    }

    /// Know the table alone, without the rows that every voice has besides.
    #[must_use]
    pub const fn alone(mut self) -> Self {
        self.common = &[];
        self
    }

    /// Do not warn about the parameters of `stage` while its switch, the first row, is off: the editor writes them for
    /// every voice, even for voices without that stage.
    #[must_use]
    pub const fn without(mut self, stage: &'static [Param]) -> Self {
        self.missing_stage = stage;
        self
    }

    /// Do not warn about `others`, parameters that presets contain and the voice does not read, unless they should be
    /// heard.
    #[must_use]
    pub const fn accepting(mut self, others: &'static [AlsoWritten]) -> Self {
        self.also_written = others;
        self
    }

    fn rows(&self) -> impl Iterator<Item = &'static Param> + use<> {
        self.table.iter().chain(self.common).copied().flatten()
    }

    /// The family's own row with the name of `wanted`: a shared part reads its own constants, in whose place families
    /// can have rows with other defaults and ranges.
    fn row(&self, wanted: &'static Param) -> &'static Param {
        let row = self.rows().find(|row| row.name == wanted.name);
        debug_assert!(row.is_some(), "parameter {} is not in the family's table", wanted.name);
        row.unwrap_or(wanted)
    }

    /// The raw value under the static name of `param`; `None` if it is absent or null.
    pub fn raw(&self, param: &'static Param) -> Option<&'a Value> {
        self.raw_as(param.name)
    }

    /// The raw value under exactly `spelling`; `None` if it is absent or null.
    pub fn raw_as(&self, spelling: &str) -> Option<&'a Value> {
        self.map.get(spelling).filter(|v| !v.is_null())
    }

    /// Add a warning about `name`.
    pub fn warn(&self, name: &str, message: impl Into<String>) {
        self.warnings.borrow_mut().push(Problem::warning(name, message));
    }

    /// The collected warnings, plus one for each name that the voice does not read and for each unused number out of
    /// range.
    pub fn into_warnings(self) -> Vec<Problem> {
        let mut warnings = self.warnings.take();
        let row = |key: &str| self.rows().find(|row| row.reads(self.transition, key));
        let found = self.map.iter().filter_map(|(key, value)| match row(key) {
            None => self.stray(key, value),
            Some(_) if warnings.iter().any(|said| said.path == *key) => None,
            Some(row) => outside(row, key, value),
        });
        let found: Vec<_> = found.collect();
        warnings.extend(found);
        warnings
    }

    /// The warning about a name that no row reads, if one is due.
    fn stray(&self, key: &str, value: &Value) -> Option<Problem> {
        if is_authors_own(key) {
            return None;
        }
        if let Some(kept) = self.also_written.iter().find(|kept| kept.name == key) {
            let matters = kept.sounds && number(value).map_or_else(|| truthy(value), |number| number != 0.0);
            return matters
                .then(|| Problem::warning(key, "kept with the voice, but not heard: the voice does not read it"));
        }
        match self.missing_stage.iter().position(|row| row.name == key) {
            Some(0) if truthy(value) => Some(Problem::warning(key, "this voice has no such stage; ignored")),
            Some(_) => None,
            None => Some(Problem::warning(key, format!("unknown parameter, ignored{}", self.hint(key)))),
        }
    }

    /// The first name that neither the voice nor an editor knows, and a hint at the nearest one that it reads.
    pub(crate) fn unknown(&self) -> Option<(&'a str, String)> {
        let known = |key: &str| {
            self.rows().any(|row| row.reads(self.transition, key))
                || self.also_written.iter().any(|kept| kept.name == key)
                || self.missing_stage.iter().any(|row| row.name == key)
        };
        let key = self.map.keys().find(|key| !known(key))?;
        Some((key, self.hint(key)))
    }

    fn hint(&self, key: &str) -> String {
        let known: Vec<String> = self.rows().flat_map(|row| row.spellings(self.transition)).collect();
        suggestion(key, known.iter().map(String::as_str))
    }

    fn number_from(&self, row: &Param, name: &str, value: &Value) -> Result<f64> {
        let number =
            number(value).ok_or_else(|| Error::invalid(name, format!("expected a number, got {}", shown(value))))?;
        if !number.is_finite() {
            return Err(Error::invalid(name, format!("expected a finite number, got {}", shown(value))));
        }
        if number < row.min || number > row.max {
            return Err(Error::invalid(
                name,
                format!("expected a number {}, got {number}", range_text(row.min, row.max)),
            ));
        }
        Ok(if row.kind == Kind::Integer { number.trunc() } else { number })
    }

    /// The number under exactly `spelling`, checked against the row of `param`; `None` if absent.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Invalid`] if the value is not a finite number within the row's range.
    pub fn number_as(&self, param: &'static Param, spelling: &str) -> Result<Option<f64>> {
        self.raw_as(spelling).map(|value| self.number_from(self.row(param), spelling, value)).transpose()
    }

    /// The number under its static name. If it is absent, the table's default, or 0 if there is none.
    ///
    /// # Errors
    ///
    /// As [`number_as`](Self::number_as).
    pub fn number(&self, param: &'static Param) -> Result<f64> {
        Ok(self.optional(param)?.unwrap_or_else(|| self.default_number(param)))
    }

    /// The number under its static name; `None` if absent.
    ///
    /// # Errors
    ///
    /// As [`number_as`](Self::number_as).
    pub fn optional(&self, param: &'static Param) -> Result<Option<f64>> {
        self.number_as(param, param.name)
    }

    fn default_number(&self, param: &'static Param) -> f64 {
        self.row(param).default_number()
    }

    /// A parameter as a ramp: equal ends in the static voice, start and end by the row's [`Moves`] in the transition
    /// voice.
    ///
    /// # Errors
    ///
    /// As [`number_as`](Self::number_as).
    pub fn ramp(&self, param: &'static Param) -> Result<Ramp> {
        self.ramp_or(param, self.default_number(param))
    }

    /// As [`ramp`](Self::ramp), with another default than that of the table.
    ///
    /// # Errors
    ///
    /// As [`number_as`](Self::number_as).
    pub fn ramp_or(&self, param: &'static Param, default: f64) -> Result<Ramp> {
        let row = self.row(param);
        let names = row.spellings(self.transition);
        if !self.transition || matches!(row.moves, Moves::Fixed | Moves::TransitionOnly | Moves::StaticOnly) {
            return Ok(Ramp::fixed(self.optional(row)?.unwrap_or(default)));
        }
        let given = |index: usize| names.get(index).map_or(Ok(None), |name| self.number_as(row, name));
        if let Moves::Own { start, end } | Moves::OwnNamed { start: (_, start), end: (_, end) } = row.moves {
            return Ok(Ramp { start: given(0)?.unwrap_or(start), end: given(1)?.unwrap_or(end) });
        }
        let editors = |word: &str, instead: usize| self.editor_spelling(row, word, names.get(instead));
        let start = match given(0)?.or(editors("start", 0)?) {
            Some(value) => value,
            None if row.moves == Moves::PairOnly => default,
            None => given(2)?.unwrap_or(default),
        };
        Ok(Ramp { start, end: given(1)?.or(editors("end", 1)?).unwrap_or(start) })
    }

    /// The spellings of `param` that are written.
    pub fn given(&self, param: &'static Param) -> Vec<String> {
        self.row(param).spellings(self.transition).into_iter().filter(|name| self.raw_as(name).is_some()).collect()
    }

    /// Whether `param` is written under any of its spellings.
    pub fn gives(&self, param: &'static Param) -> bool {
        !self.given(param).is_empty()
    }

    /// The value under the voice editor's spelling `start_x` or `end_x`, if the row has that spelling. Adds a warning
    /// that says whether it is used.
    fn editor_spelling(&self, row: &'static Param, word: &str, instead: Option<&String>) -> Result<Option<f64>> {
        let spelling = format!("{word}_{}", row.name);
        if !row.editor_spelling || self.raw_as(&spelling).is_none() || instead == Some(&spelling) {
            return Ok(None);
        }
        let instead = instead.map_or("another name", String::as_str);
        if self.compat.ignore_editor_spellings {
            self.warn(&spelling, format!("ignored; this voice reads {instead}"));
            return Ok(None);
        }
        self.warn(&spelling, format!("taken as {instead}"));
        self.number_as(row, &spelling)
    }

    /// The flag under exactly `spelling`; `None` if absent.
    pub fn flag_as(&self, spelling: &str) -> Option<bool> {
        self.raw_as(spelling).map(|value| {
            if let Value::String(text) = value
                && matches!(text.trim().to_lowercase().as_str(), "false" | "0" | "no" | "off")
            {
                if self.compat.text_is_true {
                    return true; // legacy behaviour: any non-empty string is true
                }
                self.warn(spelling, format!("the text {} is taken as false", shown(value)));
                return false;
            }
            truthy(value)
        })
    }

    /// The flag under exactly `spelling`, which may be a word such as `yes`, `on`, `no` or `off` (spec voice-pipeline
    /// 1, "lenient bool"). `None` if it is absent, and with a warning for other words.
    pub fn lenient_flag_as(&self, spelling: &str) -> Option<bool> {
        let value = self.raw_as(spelling)?;
        let Value::String(text) = value else { return Some(truthy(value)) };
        match text.trim().to_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Some(true),
            "false" | "0" | "no" | "off" => Some(false),
            _ => {
                self.warn(spelling, format!("expected true or false, got {}; using the default", shown(value)));
                None
            }
        }
    }

    /// The flag under its static name, or the table's default.
    pub fn flag(&self, param: &'static Param) -> bool {
        self.flag_as(param.name).unwrap_or(matches!(self.row(param).default, Fallback::Flag(true)))
    }

    /// The word under its static name, trimmed and lower-cased. Unknown words give the default and a warning.
    pub fn choice(&self, param: &'static Param) -> &'static str {
        self.choice_as(param, param.name).unwrap_or_else(|| self.default_text(param))
    }

    /// The word under exactly `spelling`, one of the row of `param`; `None` if absent.
    pub fn choice_as(&self, param: &'static Param, spelling: &str) -> Option<&'static str> {
        let row = self.row(param);
        let Kind::Choice(words) = row.kind else { return None };
        let given = self.text_as(spelling)?.trim().to_lowercase();
        Some(words.iter().copied().find(|word| *word == given).unwrap_or_else(|| {
            let hint = suggestion(&given, words.iter().copied());
            let default = self.default_text(row);
            self.warn(spelling, format!("\"{given}\" is not one of {}; using \"{default}\"{hint}", words.join(", ")));
            default
        }))
    }

    /// As [`choice`](Self::choice), but another word is an error.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Invalid`] with the words that count.
    pub fn word(&self, param: &'static Param) -> Result<&'static str> {
        let Kind::Choice(words) = self.row(param).kind else { return Ok("") };
        let given = self.text_as(param.name).map(|text| text.trim().to_lowercase());
        if let Some(other) = given.filter(|given| !words.contains(&given.as_str())) {
            let hint = suggestion(&other, words.iter().copied());
            let known = words.join(", ");
            return Err(Error::invalid(param.name, format!("expected one of {known}, got {other:?}{hint}")));
        }
        Ok(self.choice(param))
    }

    fn default_text(&self, param: &'static Param) -> &'static str {
        if let Fallback::Text(text) = self.row(param).default { text } else { "" }
    }

    /// The text under exactly `spelling`; other values are written as JSON. `None` if absent.
    pub fn text_as(&self, spelling: &str) -> Option<String> {
        self.raw_as(spelling).map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    }

    /// The text under its static name, or the table's default.
    pub fn text(&self, param: &'static Param) -> String {
        self.text_as(param.name).unwrap_or_else(|| self.default_text(param).to_owned())
    }
}

/// The warning about a number outside its row's range in a voice that could be built: it belongs to a stage that is
/// off.
fn outside(row: &Param, key: &str, value: &Value) -> Option<Problem> {
    if !matches!(row.kind, Kind::Number | Kind::Integer) {
        return None;
    }
    let given = number(value).filter(|number| number.is_finite())?;
    let expected = range_text(row.min, row.max);
    (given < row.min || given > row.max)
        .then(|| Problem::warning(key, format!("expected a number {expected}, got {given}; it is not used")))
}

fn range_text(min: f64, max: f64) -> String {
    match (min == f64::MIN, max == f64::MAX) {
        (true, true) => "that is finite".to_owned(),
        (false, true) => format!("of at least {min}"),
        (true, false) => format!("of at most {max}"),
        (false, false) => format!("between {min} and {max}"),
    }
}

/// Convert radians to cycles.
pub const fn cycles(radians: f64) -> f64 {
    radians / (2.0 * PI)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::param::TIMING;
    use crate::voice::registry::FAMILIES;
    use crate::voice::stages::flange;

    #[test]
    fn a_row_reads_exactly_its_spellings() {
        let rows = || FAMILIES.iter().flat_map(|family| family.params.iter().copied().flatten()).chain(TIMING);
        let rows: Vec<&Param> = rows().chain(flange::PARAMS).collect();
        let mut keys: Vec<String> =
            rows.iter().flat_map(|row| [false, true].into_iter().flat_map(|moves| row.spellings(moves))).collect();
        keys.extend(["", "start", "end", "start_", "startbaseFreq", "end_baseFreq"].map(str::to_owned));
        for row in rows {
            for transition in [false, true] {
                let spellings = row.spellings(transition);
                for key in &keys {
                    assert_eq!(row.reads(transition, key), spellings.contains(key), "{} {key} {transition}", row.name);
                }
            }
        }
    }
}
