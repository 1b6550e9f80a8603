//! A track as an `.sbg` file: a tone-set for each end of each step, joined by `->`.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::lanes::{Piece, Pulses, Row, Sound, rows};
use super::{in_units, misfit};
use crate::error::Result;
use crate::track::import::{SBG_GATE, Values};
use crate::track::model::Track;

/// Most lanes of the format.
const MAX_LANES: usize = 16;
/// Most envelopes of the format.
const MAX_WAVES: usize = 100;

/// The text of the file.
pub(super) fn write(track: &Track) -> Result<String> {
    let rows = rows(track)?;
    let mut out = String::new();
    let about = track.document.get("metadata").and_then(|found| found.get("description"));
    for line in about.and_then(|text| text.as_str()).unwrap_or_default().lines() {
        // writing to a `String` cannot fail
        let _ = writeln!(out, "## {line}");
    }
    let rate = track.globals.sample_rate;
    let _ = writeln!(out, "-SE{}", if rate == 44_100 { String::new() } else { format!(" -r {rate}") });
    if let Some(file) = mixed(&rows)? {
        let _ = writeln!(out, "-m {file}");
    }
    let mut sets = Sets::default();
    let mut waves = Waves::default();
    let mut times = Vec::new();
    let mut last: Option<String> = None;
    for row in &rows {
        let (start, end) = ends(row, &mut waves)?;
        let (at, to) = (clock(row.from, row)?, clock(row.to, row)?);
        if let Some(before) = last.take().filter(|before| *before != start) {
            // something jumps here: the end of the step before has an entry of its own
            times.push(format!("NOW+{at} == {}", sets.name(before)));
        }
        times.push(format!("NOW+{at} == {} ->", sets.name(start)));
        last = Some(end.clone());
        if std::ptr::eq(row, &raw const rows[rows.len() - 1]) {
            times.push(format!("NOW+{to} == {}", sets.name(end)));
        }
    }
    for (number, points) in waves.0.iter().enumerate() {
        let points: Vec<String> = points.iter().map(ToString::to_string).collect();
        let _ = writeln!(out, "wave{number:02}: {}", points.join(" "));
    }
    for (index, tones) in sets.order.iter().enumerate() {
        let _ = writeln!(out, "s{}: {tones}", index + 1);
    }
    for line in times {
        out.push_str(&line);
        out.push('\n');
    }
    Ok(out)
}

/// The one audio file of all lanes.
fn mixed(rows: &[Row]) -> Result<Option<&str>> {
    let mut found = None;
    for piece in rows.iter().flat_map(|row| row.pieces.values()) {
        let Sound::Audio { path, faded } = &piece.kind else { continue };
        if *faded {
            return Err(misfit(&piece.at, "a clip with a duration"));
        }
        if path.contains(|c: char| c.is_whitespace() || matches!(c, '#' | '\\')) {
            return Err(misfit(&piece.at, format!("a file name with blanks, \"#\" or \"\\\" (\"{path}\")")));
        }
        if found.is_some_and(|known| known != path) {
            return Err(misfit(&piece.at, "a second audio file"));
        }
        found = Some(path.as_str());
    }
    Ok(found)
}

/// Tone-sets that are defined once each.
#[derive(Default)]
struct Sets {
    order: Vec<String>,
    known: HashMap<String, usize>,
}

impl Sets {
    fn name(&mut self, tones: String) -> String {
        let next = self.order.len();
        let number = *self.known.entry(tones.clone()).or_insert(next);
        if number == next {
            self.order.push(tones);
        }
        format!("s{}", number + 1)
    }
}

/// Envelopes that are defined once each; their position is their number.
#[derive(Default)]
struct Waves(Vec<Vec<f64>>);

impl Waves {
    fn number(&mut self, points: &[f64], at: &str) -> Result<usize> {
        let known = self.0.iter().position(|known| known == points);
        if known.is_none() && self.0.len() == MAX_WAVES {
            return Err(misfit(at, format!("more than {MAX_WAVES} envelopes over the beat")));
        }
        Ok(known.unwrap_or_else(|| {
            self.0.push(points.to_vec());
            self.0.len() - 1
        }))
    }
}

/// The tone-sets at both ends of a step.
fn ends(row: &Row, waves: &mut Waves) -> Result<(String, String)> {
    let count = row.pieces.keys().last().map_or(1, |last| last + 1);
    if count > MAX_LANES {
        return Err(misfit(&row.at, format!("more than {MAX_LANES} voices")));
    }
    let (mut start, mut end) = (Vec::new(), Vec::new());
    for number in 0..count {
        let Some(piece) = row.pieces.get(&number) else {
            start.push("-".to_owned());
            end.push("-".to_owned());
            continue;
        };
        if piece.kind == Sound::Bell {
            // a bell is struck where a hold begins, and it rings through what follows
            start.push(if piece.struck { bell(piece)? } else { "-".to_owned() });
            end.push("-".to_owned());
            continue;
        }
        start.push(tone(piece, piece.start, waves)?);
        end.push(tone(piece, piece.end, waves)?);
    }
    Ok((start.join(" "), end.join(" ")))
}

fn bell(piece: &Piece) -> Result<String> {
    let [left, right] = piece.start.amps;
    if left != right {
        return Err(misfit(&piece.at, "different amplitudes in the ears"));
    }
    Ok(format!("bell+{}/{}", piece.start.carrier, in_units(left, 0.01)))
}

fn tone(piece: &Piece, values: Values, waves: &mut Waves) -> Result<String> {
    let [left, right] = values.amps;
    if left != right {
        return Err(misfit(&piece.at, "different amplitudes in the ears"));
    }
    let percent = |unit: f64| in_units(in_units(left, unit), 0.01);
    Ok(match &piece.kind {
        Sound::Binaural | Sound::Shaped(_) | Sound::Waved(_) | Sound::Pulsed(_) if values.carrier < 0.0 => {
            return Err(misfit(&piece.at, "a negative frequency"));
        }
        Sound::Binaural => pitched(values, percent(1.0)),
        Sound::Shaped(shape) => format!("{shape}:{}", pitched(values, percent(1.0))),
        Sound::Waved(points) => {
            format!("wave{:02}:{}", waves.number(points, &piece.at)?, pitched(values, percent(1.0)))
        }
        Sound::Pulsed(pulses) if is_default(pulses) => {
            format!("{}@{}/{}", values.carrier, values.beat, percent(1.0))
        }
        Sound::Pulsed(_) => return Err(misfit(&piece.at, "pulses of another form")),
        Sound::Noise(colour, correlation, cutoff) => match (colour.as_str(), *correlation, *cutoff) {
            ("pink", 1.0, 0.0) => format!("pink/{}", percent(0.153)),
            ("white", 0.0, 0.0) => format!("white/{}", percent(0.577)),
            ("brown", 1.0, 0.0) => format!("brown/{}", percent(0.590)),
            _ => {
                return Err(misfit(
                    &piece.at,
                    format!("{colour} noise with correlation {correlation}, cut-off {cutoff} Hz"),
                ));
            }
        },
        Sound::Spin(colour) => {
            let (word, unit) = match colour.as_str() {
                "white" => ("wspin", 0.577),
                "brown" => ("bspin", 0.590),
                _ => ("spin", 0.153),
            };
            format!("{word}:{}+{}/{}", values.carrier, values.beat, percent(unit))
        }
        Sound::Bell => "-".to_owned(),
        Sound::Audio { .. } => format!("mix/{}", percent(1.0)),
    })
}

/// Whether the pulses are those of `@` without `-I`.
fn is_default(pulses: &Pulses) -> bool {
    let near = |found: [f64; 2], wanted: f64| found.iter().all(|found| (found - wanted).abs() < 1e-9);
    // the importer takes half a cosine for the smoothstep of the format
    pulses.shape == "raised_cosine"
        && near(pulses.start, SBG_GATE.start)
        && near(pulses.open, SBG_GATE.open)
        && near(pulses.flank, 0.5)
}

/// `C+B/A`.
fn pitched(values: Values, percent: f64) -> String {
    let sign = if values.beat.is_sign_negative() { '-' } else { '+' };
    format!("{}{sign}{}/{percent}", values.carrier, values.beat.abs())
}

/// `h:mm:ss`; the format has no fractions of seconds.
fn clock(seconds: f64, row: &Row) -> Result<String> {
    let whole = seconds.round();
    if (seconds - whole).abs() > 1e-6 {
        return Err(misfit(&row.at, format!("a step that begins or ends at {seconds} s, between two seconds")));
    }
    let whole = whole as u64;
    Ok(format!("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60))
}
