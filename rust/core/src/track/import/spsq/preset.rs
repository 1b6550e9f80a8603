//! Presets: named lists of tracks.

use std::collections::HashMap;

use super::super::lanes::{Effect, Kind, Values};
use super::super::report::Report;
use super::super::text::Word;
use super::read::SILENCE;
use crate::error::suggestion;

/// A preset.
#[derive(Debug, Clone, Default)]
pub(super) struct Preset {
    pub(super) tracks: Vec<Track>,
    /// Made from another preset: its lines change tracks and add none.
    pub(super) derived: bool,
}

/// One sound of a preset.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Track {
    /// What it sounds like; of an audio file the name that `@ambiance` or `@music` gives it.
    pub(super) kind: Kind,
    pub(super) values: Values,
}

impl Track {
    /// Whether values can move from this track to `other`.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let (own, others) = (self.values.effect, other.values.effect);
        // the movements of a file do not change
        let same = if matches!(self.kind, Kind::Audio(_)) { own == others } else { Effect::meet(own, others) };
        same && self.kind == other.kind
    }
}

/// Begin a preset: `NAME`, `NAME as template`, `NAME from TEMPLATE`. Returns its name.
pub(super) fn begin(presets: &mut HashMap<String, Preset>, words: &[Word<'_>], report: &Report<'_>) -> Option<String> {
    let name = words[0];
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    if !name.text.starts_with(char::is_alphabetic) || !name.text.chars().all(plain) {
        report.error(name, format!("expected an option, a preset or a time, got \"{}\"", name.text));
        return None;
    }
    if name.text == SILENCE {
        report.error(name, "\"silence\" is built in");
        return None;
    }
    if presets.contains_key(name.text) {
        report.warn(name, format!("\"{}\" is defined again; the last definition counts", name.text));
    }
    let preset = match words.iter().map(|word| word.text).collect::<Vec<_>>().as_slice() {
        [_] | [_, "as", "template"] => Preset::default(),
        [_, "from", template] => {
            let Some(found) = presets.get(*template) else {
                let hint = suggestion(template, presets.keys().map(String::as_str));
                report.error(words[2], format!("there is no preset \"{template}\"{hint}"));
                return None;
            };
            Preset { derived: true, ..found.clone() }
        }
        _ => {
            report.error(words[1], "expected \"as template\", \"from TEMPLATE\" or the end of the line");
            return None;
        }
    };
    presets.insert(name.text.to_owned(), preset);
    Some(name.text.to_owned())
}
