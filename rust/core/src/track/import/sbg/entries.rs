//! The time table of an `.sbg` file with its blocks expanded (spec interchange 2.3).

use std::collections::HashMap;
use std::sync::Arc;

use super::super::report::Report;
use super::line::{Fades, TimeLine};
use super::time::{Base, DAY};
use super::tone::Tones;
use super::unknown;
use crate::json::fields::MAX_TRACK_SECONDS;

/// Most entries of an expanded time table.
const MAX_ENTRIES: usize = 10_000;
/// Deepest nesting of blocks.
const MAX_DEPTH: usize = 16;

/// A moment from which a tone-set counts.
#[derive(Debug, Clone)]
pub(super) struct Entry<'t> {
    /// In seconds; only differences count.
    pub(super) time: f64,
    pub(super) name: &'t str,
    pub(super) tones: Arc<Tones>,
    pub(super) fades: Fades,
    /// Go to the next entry all the time.
    pub(super) arrow: bool,
}

/// The entries in order; `None` if something is wrong, which is reported.
pub(super) fn expanded<'t>(
    lines: &[TimeLine<'t>],
    sets: &HashMap<&'t str, Arc<Tones>>,
    blocks: &HashMap<&'t str, Vec<TimeLine<'t>>>,
    report: &Report<'t>,
) -> Option<Vec<Entry<'t>>> {
    let mut expansion = Expansion { sets, blocks, report, entries: Vec::new() };
    // the last absolute time, on a clock that does not wrap
    let mut last: Option<f64> = None;
    let mut uses_now = false;
    for line in lines {
        let base = match line.time.base {
            Base::Last => match last {
                Some(last) => last,
                None => {
                    report.error(line.word, "\"+\" counts from the last absolute time, but there is none before it");
                    return None;
                }
            },
            Base::Now => {
                uses_now = true;
                0.0
            }
            Base::Clock(clock) => {
                if uses_now {
                    report.warn(line.word, "a time of day after NOW: NOW is taken as 0:00");
                    uses_now = false;
                }
                let before = expansion.entries.last().map_or(0.0, |entry| entry.time);
                let time = clock + line.time.offset;
                clock + ((before - time) / DAY).ceil().max(0.0) * DAY
            }
        };
        if line.time.base != Base::Last {
            last = Some(base);
        }
        expansion.add(line, base + line.time.offset, 0)?;
    }
    let (Some(first), Some(end)) = (expansion.entries.first(), expansion.entries.last()) else {
        let at = lines.first()?.word;
        report.error(at, "the time table is empty");
        return None;
    };
    if end.time - first.time > MAX_TRACK_SECONDS {
        report.error(lines.last()?.word, "the session is longer than 7 days");
        return None;
    }
    Some(expansion.entries)
}

struct Expansion<'a, 't> {
    sets: &'a HashMap<&'t str, Arc<Tones>>,
    blocks: &'a HashMap<&'t str, Vec<TimeLine<'t>>>,
    report: &'a Report<'t>,
    entries: Vec<Entry<'t>>,
}

impl<'t> Expansion<'_, 't> {
    /// Add the entries of a line that counts from `time`. `None` if something is wrong.
    fn add(&mut self, line: &TimeLine<'t>, time: f64, depth: usize) -> Option<()> {
        if let Some(lines) = self.blocks.get(line.name.text).filter(|_| !self.sets.contains_key(line.name.text)) {
            if depth == MAX_DEPTH {
                self.report.error(line.name, format!("blocks are nested more than {MAX_DEPTH} times"));
                return None;
            }
            if line.fades != Fades::default() || line.arrow {
                self.report.warn(line.name, "fades and \"->\" of a block are left out; they belong to its lines");
            }
            for inner in lines {
                if inner.time.base != Base::Last {
                    self.report.error(inner.word, "times in a block begin with \"+\"");
                    return None;
                }
                self.add(inner, time + inner.time.offset, depth + 1)?;
            }
            return Some(());
        }
        let Some(tones) = self.sets.get(line.name.text) else {
            unknown(line.name, self.sets.keys().chain(self.blocks.keys()).copied(), self.report);
            return None;
        };
        if self.entries.len() == MAX_ENTRIES {
            self.report.error(line.word, format!("more than {MAX_ENTRIES} entries"));
            return None;
        }
        if let Some(before) = self.entries.last().filter(|before| time < before.time) {
            let late = before.time - time;
            self.report.error(line.word, format!("this is {late} s earlier than the entry before it"));
            return None;
        }
        let (name, tones) = (line.name.text, tones.clone());
        self.entries.push(Entry { time, name, tones, fades: line.fades, arrow: line.arrow });
        Some(())
    }
}
