//! From the entries of an `.sbg` file to the stretches of its lanes (spec interchange 2.4).

use std::sync::Arc;

use super::super::lanes::{Kind, Lane, Lanes, Stretch};
use super::MAX_LANES;
use super::entries::Entry;
use super::line::Fade;
use super::tone::{Tone, Tones};

/// Whether nothing of a tone-set is heard.
pub(super) fn is_silent(tones: &Tones) -> bool {
    tones.iter().flatten().all(|tone| tone.values.is_silent())
}

/// The way from one tone-set to the next.
#[derive(Debug, Clone, Copy)]
struct Transition {
    from: f64,
    to: f64,
    /// It takes the whole time between the entries.
    arrow: bool,
}

/// The lanes of a time table, in the time of the entries.
pub(super) fn lanes(entries: &[Entry<'_>], fade: f64) -> Lanes {
    let transitions = transitions(entries, fade);
    let mut lanes = Lanes { lanes: vec![Lane::default(); MAX_LANES], ..Lanes::default() };
    let silence = Arc::new(Tones::new());
    for (index, (entry, way)) in entries.iter().zip(&transitions).enumerate() {
        let before = index.checked_sub(1).and_then(|index| entries.get(index));
        let before_tones = before.map_or(&silence, |before| &before.tones);
        let hold_end = transitions.get(index + 1).map_or(f64::INFINITY, |next| next.from);
        let out = before.map_or(Fade::Through, |before| before.fades.out);
        for (number, lane) in lanes.lanes.iter_mut().enumerate() {
            let x = before_tones.get(number).and_then(Option::as_ref);
            let y = entry.tones.get(number).and_then(Option::as_ref);
            // a bell may sound on from the middle of the transition to the end of the hold
            let struck = cross(lane, x, y, *way, [out, entry.fades.into], entries[0].time);
            if let Some(tone) = y {
                lane.push(match &tone.kind {
                    Kind::Bell => Stretch::bell(struck.unwrap_or(way.to), tone.values),
                    kind => Stretch::linear(way.to, hold_end, kind.clone(), tone.values, tone.values),
                });
            }
        }
        if way.to > way.from
            && let Some(before) = before.filter(|before| before.name != entry.name)
        {
            lanes.labels.push((way.from, format!("{} to {}", before.name, entry.name)));
        }
        lanes.labels.push((way.to, entry.name.to_owned()));
    }
    lanes
}

/// The transition into each entry.
fn transitions(entries: &[Entry<'_>], fade: f64) -> Vec<Transition> {
    let mut ways: Vec<Transition> = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| entries.get(index));
        let from = before.filter(|before| before.arrow).map_or(entry.time, |before| before.time);
        ways.push(Transition { from, to: entry.time, arrow: before.is_some_and(|before| before.arrow) });
    }
    // the way in from silence is widened last, as if it followed the last entry
    for index in (1..ways.len()).chain(0..ways.len().min(1)) {
        let Transition { from, to, arrow } = ways[index];
        if arrow || to - from >= fade {
            continue;
        }
        let wider = (fade - (to - from)) / 2.0;
        let before = if index == 0 { f64::INFINITY } else { from - ways[index - 1].to };
        let after = ways.get(index + 1).map_or(f64::INFINITY, |next| next.from - to);
        ways[index].from = from - wider.min(before);
        ways[index].to = to + wider.min(after);
    }
    ways
}

/// One lane of a transition. Returns when a bell is struck in it.
fn cross(
    lane: &mut Lane,
    x: Option<&Tone>,
    y: Option<&Tone>,
    way: Transition,
    [out, into]: [Fade; 2],
    begin: f64,
) -> Option<f64> {
    let Transition { from, to, arrow } = way;
    let bell = |tone: Option<&Tone>| tone.is_some_and(|tone| tone.kind == Kind::Bell);
    let faded = if arrow {
        // an unused side takes the tone of the other one, without sound
        x.zip(y).is_some_and(|(x, y)| x.kind != y.kind)
    } else {
        let silence = out == Fade::Silence || into == Fade::Silence;
        let through = out == Fade::Through || into == Fade::Through;
        match (x, y) {
            (Some(x), Some(y)) => {
                let moves = x.values.carrier != y.values.carrier || x.values.beat != y.values.beat;
                silence || x.kind != y.kind || through && x.kind.has_pitch() && moves
            }
            _ => true,
        }
    };
    if faded {
        let middle = f64::midpoint(from, to);
        if let Some(x) = x.filter(|_| !bell(x)) {
            lane.push(Stretch::linear(from, middle, x.kind.clone(), x.values, x.values.silent()));
        }
        if bell(y) {
            return Some(middle.max(begin.min(to)));
        }
        if let Some(y) = y {
            lane.push(Stretch::linear(middle, to, y.kind.clone(), y.values.silent(), y.values));
        }
    } else if !bell(x) && !bell(y) {
        let kind = x.or(y).map(|tone| tone.kind.clone())?;
        let start = x.map(|x| x.values).or_else(|| y.map(|y| y.values.silent()))?;
        let end = y.map(|y| y.values).or_else(|| x.map(|x| x.values.silent()))?;
        lane.push(Stretch::linear(from, to, kind, start, end));
    }
    None
}
