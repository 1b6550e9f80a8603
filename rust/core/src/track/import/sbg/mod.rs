//! `.sbg`: sessions of SBaGen and its descendants (spec interchange 2).

mod effects;
mod entries;
mod line;
mod options;
mod periods;
mod time;
mod tone;

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Map;

use self::entries::{Entry, expanded};
use self::line::{Definition, Line, TimeLine};
pub use self::options::GATE;
use self::options::Options;
use self::tone::{Tone, Tones};
use super::lanes::{Lane, Lanes, Stretch};
use super::report::Report;
use super::text::Word;
use super::{ImportOptions, Imported, Importer, decoded};
use crate::error::{Result, suggestion};

/// Most lanes of a tone-set.
const MAX_LANES: usize = 16;

/// The importer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sbg;

impl Importer for Sbg {
    fn name(&self) -> &'static str {
        "sbg"
    }

    fn about(&self) -> &'static str {
        "SBaGen and its descendants"
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        let head = &bytes[..bytes.len().min(super::MAX_BYTES as usize)];
        let Ok(text) = decoded(head, "") else { return false };
        let report = Report::new("", &text, false);
        let first = report.words().map(line::without_comment).find(|line| !line.text.is_empty());
        first.is_some_and(|first| line::looks_like_one(first))
    }

    fn read(&self, text: &str, options: &ImportOptions) -> Result<Imported> {
        let report = Report::new(&options.name, text, options.strict);
        let session = Session::read(&report);
        let lanes = session.lanes(&report, options.hold);
        let mut metadata = Map::new();
        if !session.comments.is_empty() {
            metadata.insert("description".to_owned(), session.comments.join("\n").into());
        }
        let (lanes, warnings) = report.conclude(lanes)?;
        Ok(Imported { format: "sbg", lanes, metadata, warnings })
    }
}

/// A file in parts.
struct Session<'t> {
    options: Options<'t>,
    sets: HashMap<&'t str, Arc<Tones>>,
    /// Names of the tone-sets in the order of the file.
    order: Vec<&'t str>,
    blocks: HashMap<&'t str, Vec<TimeLine<'t>>>,
    times: Vec<TimeLine<'t>>,
    /// Comments to keep.
    comments: Vec<&'t str>,
}

impl<'t> Session<'t> {
    fn read(report: &Report<'t>) -> Self {
        let mut found = Self {
            options: Options::default(),
            sets: HashMap::new(),
            order: Vec::new(),
            blocks: HashMap::new(),
            times: Vec::new(),
            comments: Vec::new(),
        };
        let mut waves: HashMap<u32, Arc<[f64]>> = HashMap::new();
        let mut sets: Vec<(Word<'t>, Word<'t>)> = Vec::new();
        let mut block: Option<(Word<'t>, Vec<TimeLine<'t>>)> = None;
        for whole in report.words() {
            if let Some(kept) = whole.text.strip_prefix("##") {
                found.comments.push(kept.trim_start_matches('#').trim());
            }
            let words = line::without_comment(whole);
            match line::read(words, block.is_some(), report) {
                Some(Line::Options(words)) => found.options.read(&words, report),
                Some(Line::Definition(name, Definition::Block)) => block = Some((name, Vec::new())),
                Some(Line::Definition(name, Definition::Wave(number, words))) => {
                    if let Some(wave) = tone::wave(&words, report) {
                        waves.insert(number, wave);
                    }
                    let _ = name;
                }
                Some(Line::Definition(name, Definition::Tones(words))) => sets.push((name, words)),
                Some(Line::BlockEnd) => {
                    if let Some((name, lines)) = block.take() {
                        found.define(name, report);
                        found.blocks.insert(name.text, lines);
                    }
                }
                Some(Line::Time(time)) => match &mut block {
                    Some((_, lines)) => lines.push(time),
                    None => found.times.push(time),
                },
                None => {}
            }
        }
        if let Some((name, _)) = block {
            report.error(name, "the block has no end; expected a line \"}\"");
        }
        // tones come last: options and envelopes may stand anywhere
        for (name, words) in sets {
            found.define(name, report);
            let tones = tone::set(words, &found.options, &waves, report);
            found.sets.insert(name.text, Arc::new(tones));
            found.order.push(name.text);
        }
        if let Some(words) = found.options.immediate {
            let tones = tone::set(words, &found.options, &waves, report);
            found.times.clear();
            found.sets = HashMap::from([("", Arc::new(tones))]);
            found.order = vec![""];
        }
        found
    }

    /// Warn if `name` is defined already.
    fn define(&self, name: Word<'t>, report: &Report<'t>) {
        if self.sets.contains_key(name.text) || self.blocks.contains_key(name.text) {
            report.warn(name, format!("\"{}\" is defined again; the last definition counts", name.text));
        }
    }

    /// The lanes of the session; `None` if there is nothing to play, which is reported.
    fn lanes(&self, report: &Report<'t>, hold: f64) -> Option<Lanes> {
        let whole = Word::line(report.lines.first().copied().unwrap_or_default(), 1);
        if self.sets.is_empty() {
            report.error(whole, "expected a tone-set such as \"name: 200+10/20\", got none");
            return None;
        }
        let mut lanes = if self.times.is_empty() {
            self.one_after_the_other(self.options.length.unwrap_or(hold))
        } else {
            let entries = expanded(&self.times, &self.sets, &self.blocks, report)?;
            self.sequence(&entries, hold)
        };
        lanes.sample_rate = self.options.sample_rate;
        if let Some(file) = self.options.mix
            && !has_audio(&lanes)
        {
            report.warn(file, "no tone-set has \"mix/...\": the file is not heard");
        }
        Some(lanes)
    }

    /// Every tone-set as a step of its own.
    fn one_after_the_other(&self, hold: f64) -> Lanes {
        let mut lanes = Lanes { lanes: vec![Lane::default(); MAX_LANES], ..Lanes::default() };
        for name in &self.order {
            let (from, to) = (lanes.end, lanes.end + hold);
            let Some(tones) = self.sets.get(name) else { continue };
            if self.order.len() > 1 && periods::is_silent(tones) {
                continue;
            }
            for (lane, tone) in lanes.lanes.iter_mut().zip(tones.iter()) {
                if let Some(Tone { kind, values }) = tone {
                    lane.push(Stretch::linear(from, to, kind.clone(), *values, *values));
                }
            }
            lanes.labels.push((from, (*name).to_owned()));
            lanes.marks.push(from);
            lanes.end = to;
        }
        trimmed(lanes)
    }

    /// The entries in time.
    fn sequence(&self, entries: &[Entry<'t>], hold: f64) -> Lanes {
        let mut lanes = periods::lanes(entries, self.options.fade);
        let first = entries.first().map_or(0.0, |entry| entry.time);
        let last = entries.last().map_or(0.0, |entry| entry.time);
        let silent = entries.last().is_none_or(|entry| periods::is_silent(&entry.tones));
        let mut end = if last > first && (self.options.end || silent) { last } else { last + hold };
        let mut begin = first;
        if let Some(start) = self.options.start {
            let wanted = start + ((first - start) / time::DAY).ceil().max(0.0) * time::DAY;
            if wanted < end {
                begin = wanted;
            }
        }
        if let Some(length) = self.options.length {
            end = begin + length;
        }
        lanes.cut(begin, end);
        trimmed(lanes)
    }
}

fn has_audio(lanes: &Lanes) -> bool {
    let mut stretches = lanes.lanes.iter().flat_map(|lane| &lane.stretches);
    stretches.any(|stretch| matches!(stretch.kind, super::Kind::Audio(_)))
}

/// Without unused lanes at the end; with names.
fn trimmed(mut lanes: Lanes) -> Lanes {
    let used = lanes.lanes.iter().rposition(|lane| !lane.stretches.is_empty()).map_or(0, |index| index + 1);
    lanes.lanes.truncate(used);
    for (index, lane) in lanes.lanes.iter_mut().enumerate() {
        lane.name = format!("lane {}", index + 1);
    }
    lanes
}

/// The error for a name that is neither a tone-set nor a block.
fn unknown<'t>(name: Word<'t>, known: impl IntoIterator<Item = &'t str>, report: &Report<'t>) {
    let hint = suggestion(name.text, known);
    report.error(name, format!("\"{}\" is not defined{hint}", name.text));
}
