//! From the time table of a sequence to lanes (spec interchange 4).

use super::super::lanes::{Curve, Effect, Kind, Lane, Lanes, Stretch};
use super::super::report::Report;
use super::super::text::Word;
use super::preset::Track;
use super::read::{Entry, Movement, SILENCE, Sequence};

/// Longest fade of a lane to one of another kind, in seconds.
const FADE: f64 = 30.0;
/// Most movements of all lanes.
const MAX_MOVES: usize = 10_000;

/// The lanes; `None` if nothing can be played, which is reported.
pub(super) fn lanes(sequence: &Sequence, report: &Report<'_>) -> Option<Lanes> {
    let times = &sequence.times;
    let (Some(_), Some(last)) = (times.get(1), times.last()) else {
        let at = Word::line(report.lines.first().copied()?, 1);
        report.error(at, "expected a time table with two lines or more");
        return None;
    };
    let moves: usize = times.iter().map(|entry| 2 * entry.steps + 1).sum();
    if moves > MAX_MOVES {
        let at = Word::line(report.lines.get(last.line - 1).copied()?, last.line);
        report.error(at, format!("more than {MAX_MOVES} entries and steps"));
        return None;
    }
    let count = times.iter().map(|entry| tracks(sequence, entry).len()).max()?;
    let mut lanes = Lanes {
        end: last.time,
        sample_rate: sequence.sample_rate,
        labels: times.iter().map(|entry| (entry.time, entry.preset.clone())).collect(),
        ..Lanes::default()
    };
    for number in 0..count {
        let mut lane = Lane { name: format!("track {}", number + 1), ..Lane::default() };
        for index in 0..times.len() - 1 {
            period(sequence, index, number, &mut lane);
        }
        lanes.lanes.push(lane);
        for entry in times {
            let Some(Kind::Audio(file)) = tracks(sequence, entry).get(number).map(|track| &track.kind) else {
                continue;
            };
            if !sequence.files.contains_key(&*file.path) {
                let at = Word::line(report.lines.get(entry.line - 1).copied()?, entry.line);
                report.error(at, format!("there is no @ambiance or @music \"{}\"", file.path));
            }
        }
    }
    Some(lanes)
}

fn tracks<'s>(sequence: &'s Sequence, entry: &Entry) -> &'s [Track] {
    sequence.presets.get(&entry.preset).map_or(&[], |preset| preset.tracks.as_slice())
}

/// The stretches of lane `number` from entry `index` to the next one.
fn period(sequence: &Sequence, index: usize, number: usize, lane: &mut Lane) {
    let times = &sequence.times;
    let (entry, next) = (&times[index], &times[index + 1]);
    let of = |entry: &Entry| tracks(sequence, entry).get(number).cloned();
    let is_silence = |entry: &Entry| entry.preset == SILENCE;
    let (mut x, mut y) = (of(entry), of(next));
    let silent = |track: &Option<Track>| track.clone().map(|t| Track { values: t.values.silent(), ..t });
    if is_silence(entry) {
        x = silent(&y);
    }
    if is_silence(next) {
        y = silent(&x);
    }
    let Some(x) = x else { return };
    let same = y.as_ref().is_some_and(|y| x.is_like(y));
    let (from, to) = (entry.time, next.time);
    let fade = FADE.min(to - from);
    let before = index.checked_sub(1).map(|before| &times[before]);
    let faded_in = before.is_some_and(|before| {
        !is_silence(before) && !is_silence(entry) && !of(before).is_some_and(|before| before.is_like(&x))
    });
    let end = y.filter(|_| same).map_or(x.values, |y| y.values);
    let mut parts = moves(entry, from, to, &x, end);
    if !same {
        parts = ramped(parts, to - fade, to, false);
    }
    if faded_in {
        parts = ramped(parts, from, from + fade, true);
    }
    for mut part in parts {
        if let Kind::Audio(file) = &mut part.kind {
            file.path = sequence.files.get(&*file.path).map_or("", String::as_str).into();
            file.movement = part.start.effect.map(Effect::movement).unwrap_or_default();
            part.start.effect = None;
            part.end.effect = None;
        }
        part.start.amps = part.start.amps.map(|amp| amp * sequence.volume);
        part.end.amps = part.end.amps.map(|amp| amp * sequence.volume);
        lane.push(part);
    }
}

/// From `x` to `end` and, with steps, back and there again.
fn moves(entry: &Entry, from: f64, to: f64, x: &Track, end: super::super::lanes::Values) -> Vec<Stretch> {
    let count = if x.values == end { 1 } else { 2 * entry.steps + 1 };
    let place = |k: usize| if k == count { to } else { from + (to - from) * k as f64 / count as f64 };
    let one = |k: usize| {
        let (a, b) = if k % 2 == 0 { (x.values, end) } else { (end, x.values) };
        let whole = Stretch::linear(place(k), place(k + 1), x.kind.clone(), a, b);
        match entry.movement {
            _ if a == b => vec![whole],
            Movement::Along(curve) => vec![Stretch { curve, ..whole }],
            Movement::Smooth => {
                let (middle, half) = (f64::midpoint(whole.from, whole.to), a.toward(b, 0.5));
                let first = Stretch { to: middle, end: half, curve: Curve::EaseIn, ..whole.clone() };
                vec![first, Stretch { from: middle, start: half, curve: Curve::EaseOut, ..whole }]
            }
        }
    };
    (0..count).flat_map(one).collect()
}

/// `parts` with amplitudes that rise from 0 (or fall to 0) between `from` and `to`, in a straight line.
fn ramped(parts: Vec<Stretch>, from: f64, to: f64, rises: bool) -> Vec<Stretch> {
    let gain = |time: f64| {
        let u = ((time - from) / (to - from)).clamp(0.0, 1.0);
        if rises { u } else { 1.0 - u }
    };
    let mut out = Vec::new();
    for part in parts {
        let mut places = vec![part.from];
        places.extend([from, to].into_iter().filter(|time| part.from < *time && *time < part.to));
        places.push(part.to);
        for pair in places.windows(2) {
            let mut cut = part.cut(pair[0], pair[1]);
            let gains = [gain(pair[0]), gain(pair[1])];
            if gains != [1.0, 1.0] {
                cut.start.amps = cut.start.amps.map(|amp| amp * gains[0]);
                cut.end.amps = cut.end.amps.map(|amp| amp * gains[1]);
                cut.curve = if gains[0] == gains[1] { cut.curve } else { Curve::Linear };
                cut.part = if gains[0] == gains[1] { cut.part } else { (0.0, 1.0) };
            }
            out.push(cut);
        }
    }
    out.retain(|part| part.kind == Kind::Bell || part.to > part.from);
    out
}
