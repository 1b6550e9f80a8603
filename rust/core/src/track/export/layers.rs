//! The bed and looping clips of a track as lanes.

use std::collections::BTreeMap;

use super::lanes::{Piece, Row, Sound};
use super::misfit;
use crate::error::Result;
use crate::track::Movement;
use crate::track::import::Values;
use crate::track::model::{Background, Clip, Source, Track};

/// Times that are nearer than this are one, in seconds.
const NEAR: f64 = 1e-6;

/// An audio file that is looped from the beginning of the track to its end.
struct Layer<'t> {
    path: &'t str,
    /// Whether it is faded out where the track ends.
    faded: bool,
    /// Times and levels of the ears, joined by lines.
    points: Vec<(f64, [f64; 2])>,
    at: &'t str,
}

/// The rows with a lane for each layer. They are cut where the level of a layer has a break point.
pub(super) fn added(track: &Track, rows: Vec<Row>) -> Result<Vec<Row>> {
    let end = rows.last().map_or(0.0, |row| row.to);
    let bed = track.background.iter().map(bed);
    let layers = bed.chain(track.clips.iter().map(|clip| looped(clip, end))).collect::<Result<Vec<_>>>()?;
    if layers.is_empty() {
        return Ok(rows);
    }
    let used: Vec<usize> = rows.iter().flat_map(|row| row.pieces.keys().copied()).collect();
    // lanes that an imported track remembers, and then those that follow
    let remembered = break_points(track);
    let free = remembered.keys().copied().chain(0..).filter(|number| !used.contains(number));
    let mut numbers: Vec<usize> = Vec::new();
    for number in free {
        if numbers.len() == layers.len() {
            break;
        }
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    let mut rows = cut(rows, &layers);
    for (layer, number) in layers.iter().zip(numbers) {
        for row in &mut rows {
            let level = |time: f64, before: bool| Values { amps: layer.level(time, before), ..Values::default() };
            let kind = Sound::Audio { path: layer.path.to_owned(), faded: layer.faded };
            let (start, end) = (level(row.from, false), level(row.to, true));
            let (label, at) = (layer.path.to_owned(), layer.at.to_owned());
            row.pieces.insert(number, Piece { kind, start, end, label, struck: false, at });
        }
    }
    Ok(rows)
}

/// The break points that an imported track remembers for each lane.
pub(super) fn break_points(track: &Track) -> BTreeMap<usize, Vec<f64>> {
    let found = track.document.get("metadata").and_then(|found| found.get("break_points"));
    let lists = found.and_then(|found| found.as_object()).into_iter().flatten();
    let numbers = |value: &serde_json::Value| {
        value.as_array().into_iter().flatten().filter_map(serde_json::Value::as_f64).collect()
    };
    lists.filter_map(|(lane, times)| Some((lane.parse::<usize>().ok()?.checked_sub(1)?, numbers(times)))).collect()
}

fn bed(bed: &Background) -> Result<Layer<'_>> {
    let Some(path) = bed.file.as_deref().filter(|file| !file.to_ascii_lowercase().ends_with(".noise")) else {
        return Err(misfit(&bed.at, "a background layer of generated noise"));
    };
    if bed.start_time > 0.0 {
        return Err(misfit(&bed.at, "a background layer that begins later than the track"));
    }
    plain(&bed.at, [bed.fade_in, bed.fade_out, bed.pan], &bed.movement)?;
    let points = points(bed.gain, &bed.amp_envelope);
    Ok(Layer { path, faded: false, points, at: &bed.at })
}

fn looped(clip: &Clip, end: f64) -> Result<Layer<'_>> {
    let Source::File(path) = &clip.source else { return Err(misfit(&clip.at, "a clip without a file of its own")) };
    if !clip.repeats {
        return Err(misfit(&clip.at, "a clip that is not repeated"));
    }
    if clip.loop_start > 0.0 || clip.loop_end.is_some() {
        return Err(misfit(&clip.at, "a clip of which only a part is repeated"));
    }
    if clip.start != 0.0 || clip.duration.is_some_and(|seconds| (seconds - end).abs() > 1e-3) {
        return Err(misfit(&clip.at, "a clip that does not last from the beginning of the steps to their end"));
    }
    plain(&clip.at, [clip.fade_in, clip.fade_out, clip.pan], &clip.movement)?;
    let points = points(clip.gain, &clip.amp_envelope);
    Ok(Layer { path, faded: clip.duration.is_some(), points, at: &clip.at })
}

/// Refuse fades, a balance and movements.
fn plain(at: &str, [fade_in, fade_out, pan]: [f64; 3], movement: &Movement) -> Result<()> {
    if fade_in > 0.0 || fade_out > 0.0 {
        return Err(misfit(at, "a fade of an audio file"));
    }
    if pan != 0.0 {
        return Err(misfit(at, "a balance of an audio file"));
    }
    if *movement != Movement::default() {
        return Err(misfit(at, "a cyclic movement of an audio file"));
    }
    Ok(())
}

fn points(gain: f64, envelope: &[(f64, [f64; 2])]) -> Vec<(f64, [f64; 2])> {
    match envelope {
        [] => vec![(0.0, [gain; 2])],
        points if gain == 1.0 => points.to_vec(),
        points => points.iter().map(|(time, gains)| (*time, gains.map(|own| own * gain))).collect(),
    }
}

impl Layer<'_> {
    /// The levels at `time`: before a jump there, or after it.
    fn level(&self, time: f64, before: bool) -> [f64; 2] {
        let time = self.points.iter().map(|(at, _)| *at).find(|at| (at - time).abs() < NEAR).unwrap_or(time);
        let next = self.points.partition_point(|(at, _)| if before { *at < time } else { *at <= time });
        match (next.checked_sub(1).and_then(|last| self.points.get(last)), self.points.get(next)) {
            (None, None) => [1.0; 2],
            (Some((_, only)), None) | (None, Some((_, only))) => *only,
            (Some((from, a)), Some((to, b))) => {
                let (start, end) = (Values { amps: *a, ..Values::default() }, Values { amps: *b, ..Values::default() });
                start.toward(end, (time - from) / (to - from)).amps
            }
        }
    }
}

/// The rows, cut at the break points of all layers.
fn cut(rows: Vec<Row>, layers: &[Layer<'_>]) -> Vec<Row> {
    let mut times: Vec<f64> = layers.iter().flat_map(|layer| layer.points.iter().map(|(time, _)| *time)).collect();
    times.sort_by(f64::total_cmp);
    times.dedup_by(|a, b| (*a - *b).abs() < NEAR);
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let inside = times.iter().copied().filter(|time| row.from + NEAR < *time && *time < row.to - NEAR);
        let places: Vec<f64> = [row.from].into_iter().chain(inside).chain([row.to]).collect();
        for pair in places.windows(2) {
            let along = |time: f64| (time - row.from) / (row.to - row.from);
            let part = |piece: &Piece| Piece {
                start: piece.start.toward(piece.end, along(pair[0])),
                end: piece.start.toward(piece.end, along(pair[1])),
                kind: piece.kind.cut(along(pair[0]), along(pair[1])),
                struck: piece.struck && pair[0] == row.from,
                ..piece.clone()
            };
            let pieces = row.pieces.iter().map(|(number, piece)| (*number, part(piece))).collect();
            out.push(Row { from: pair[0], to: pair[1], pieces, at: row.at.clone() });
        }
    }
    out
}
