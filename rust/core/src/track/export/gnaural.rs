//! A track as a `.gnaural` file: each lane is a voice with its own entries.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::lanes::{Piece, Pulses, Row, Sound, rows};
use super::layers::break_points;
use super::{in_units, misfit};
use crate::error::Result;
use crate::track::import::{GNAURAL_FLANK, Values};
use crate::track::model::Track;

/// Rms of Gnaural's noise at volume 1.
const NOISE: f64 = 0.29;

/// A type of voices of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Binaural = 0,
    Noise = 1,
    Audio = 2,
    Pulsed = 3,
}

impl Type {
    /// The type that sounds like `piece`.
    fn of(piece: &Piece) -> Result<Self> {
        match &piece.kind {
            Sound::Binaural => Ok(Self::Binaural),
            Sound::Noise(colour, correlation, cutoff)
                if colour == "white" && *correlation == 0.0 && *cutoff == 1000.0 =>
            {
                Ok(Self::Noise)
            }
            Sound::Noise(colour, ..) => Err(misfit(&piece.at, format!("{colour} noise of another program"))),
            Sound::Audio { .. } => Ok(Self::Audio),
            Sound::Pulsed(pulses) if is_own(pulses, [piece.start.beat, piece.end.beat]) => Ok(Self::Pulsed),
            Sound::Pulsed(_) => Err(misfit(&piece.at, "pulses of another form")),
            Sound::Bell | Sound::Spin(_) | Sound::Shaped(_) | Sound::Waved(_) => {
                Err(misfit(&piece.at, piece.kind.name()))
            }
        }
    }
}

/// Whether pulses of these rates are open for half of the cycle, with the flanks of the format.
fn is_own(pulses: &Pulses, rates: [f64; 2]) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let ends = (0..2).all(|end| {
        let flank = (GNAURAL_FLANK * rates[end].abs()).min(0.25) / 0.5;
        near(pulses.start[end], 0.0) && near(pulses.open[end], 0.5) && near(pulses.flank[end], flank)
    });
    ends && pulses.shape == "trapezoid"
}

/// A line of a lane.
#[derive(Debug, Clone, Copy)]
struct Line {
    from: f64,
    to: f64,
    start: Values,
    end: Values,
}

/// The text of the file.
pub(super) fn write(track: &Track) -> Result<String> {
    let rows = rows(track)?;
    let end = rows.last().map_or(0.0, |row| row.to);
    let mut lanes: BTreeMap<usize, (Type, String)> = BTreeMap::new();
    // lanes without a beat so far
    let mut still: BTreeSet<usize> = rows.iter().flat_map(|row| row.pieces.keys().copied()).collect();
    for row in &rows {
        for (number, piece) in &row.pieces {
            let kind = Type::of(piece)?;
            let (known, label) = lanes.entry(*number).or_insert_with(|| (kind, piece.label.clone()));
            let steady = [piece.start, piece.end].iter().all(|values| values.beat == 0.0);
            match (*known, kind) {
                (known, kind) if known == kind => {}
                // pulses at the rate 0 are always open
                (Type::Binaural, Type::Pulsed) if still.contains(number) => *known = kind,
                (Type::Pulsed, Type::Binaural) if steady => {}
                _ => return Err(misfit(&piece.at, "a voice that becomes another kind")),
            }
            if kind == Type::Audio && *label != piece.label {
                return Err(misfit(&piece.at, "a voice that becomes another file"));
            }
            if kind == Type::Binaural && !steady {
                still.remove(number);
            }
        }
    }
    let metadata = |key: &str| {
        let found = track.document.get("metadata").and_then(|found| found.get(key)).and_then(|text| text.as_str());
        escaped(found.unwrap_or_default())
    };
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<schedule>\n".to_owned();
    // writing to a `String` cannot fail
    let _ = writeln!(out, "<title>{}</title>", metadata("title"));
    let _ = writeln!(out, "<schedule_description>{}</schedule_description>", metadata("description"));
    let _ = writeln!(out, "<author>{}</author>", metadata("author"));
    let _ = writeln!(out, "<totaltime>{end}</totaltime>\n<voicecount>{}</voicecount>", lanes.len());
    out.push_str("<loops>1</loops>\n<overallvolume_left>1</overallvolume_left>\n");
    out.push_str("<overallvolume_right>1</overallvolume_right>\n<stereoswap>0</stereoswap>\n");
    let points = break_points(track);
    for (index, (number, (kind, label))) in lanes.iter().enumerate() {
        let entries = entries(&lines(&rows, *number, points.get(number).map_or(&[], Vec::as_slice)));
        let unit = if *kind == Type::Noise { NOISE } else { 1.0 };
        let _ = writeln!(out, "<voice>\n<description>{}</description>\n<id>{index}</id>", escaped(label));
        let _ = writeln!(out, "<type>{}</type>", *kind as u8);
        out.push_str("<voice_mute>0</voice_mute>\n<voice_mono>0</voice_mono>\n");
        let _ = writeln!(out, "<entrycount>{}</entrycount>\n<entries>", entries.len());
        for (duration, values) in entries {
            let [left, right] = values.amps.map(|amp| in_units(amp, unit));
            let _ = writeln!(
                out,
                "<entry parent=\"{index}\" duration=\"{duration}\" volume_left=\"{left}\" volume_right=\"{right}\" \
                 beatfreq=\"{}\" basefreq=\"{}\" state=\"0\"/>",
                values.beat, values.carrier
            );
        }
        out.push_str("</entries>\n</voice>\n");
    }
    out.push_str("</schedule>\n");
    Ok(out)
}

/// The course of a lane, in as few lines as there are break points. `points` are kept in any case.
fn lines(rows: &[Row], number: usize, points: &[f64]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for row in rows {
        let values = row.pieces.get(&number).map(|piece| (piece.start, piece.end));
        let pitch = lines.last().map_or_else(
            || rows.iter().find_map(|row| row.pieces.get(&number)).map(|piece| piece.start).unwrap_or_default(),
            |last| last.end,
        );
        let (start, end) = values.unwrap_or((pitch.silent(), pitch.silent()));
        let mut places = vec![row.from];
        places.extend(points.iter().copied().filter(|point| row.from + 1e-6 < *point && *point < row.to - 1e-6));
        places.push(row.to);
        for pair in places.windows(2) {
            let at = |time: f64| start.toward(end, (time - row.from) / (row.to - row.from));
            let next = Line { from: pair[0], to: pair[1], start: at(pair[0]), end: at(pair[1]) };
            let kept = points.iter().any(|point| (point - next.from).abs() < 1e-6);
            match lines.last_mut() {
                Some(last) if !kept && goes_on(last, &next) => {
                    (last.to, last.end) = (next.to, next.end);
                }
                _ => lines.push(next),
            }
        }
    }
    lines
}

/// Whether both are one straight line.
fn goes_on(first: &Line, second: &Line) -> bool {
    let u = (first.to - first.from) / (second.to - first.from);
    let middle = first.start.toward(second.end, u);
    alike(middle, first.end) && alike(first.end, second.start)
}

/// Whether values are equal up to rounding.
fn alike(a: Values, b: Values) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * a.abs().max(1.0);
    near(a.carrier, b.carrier) && near(a.beat, b.beat) && near(a.amps[0], b.amps[0]) && near(a.amps[1], b.amps[1])
}

/// Durations and values. A jump, and an end that is not the beginning, are entries without length.
fn entries(lines: &[Line]) -> Vec<(f64, Values)> {
    let mut entries = Vec::with_capacity(lines.len() + 1);
    for (index, line) in lines.iter().enumerate() {
        let duration = ((line.to - line.from) * 1e9).round() / 1e9;
        entries.push((duration, line.start));
        let next = lines.get(index + 1).map_or(lines[0].start, |next| next.start);
        if !alike(next, line.end) {
            entries.push((0.0, line.end));
        }
    }
    entries
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
