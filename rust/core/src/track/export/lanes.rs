//! From the steps of a track back to lanes.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{layers, misfit};
use crate::error::{Error, Result};
use crate::json::value::number;
use crate::track::import::{BELL_DECAY, Kind, Shape, Values};
use crate::track::model::{Envelope, Normalization, Track, VoiceSpec};

/// One lane in one step.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) kind: Sound,
    pub(super) start: Values,
    pub(super) end: Values,
    /// Label of the voice.
    pub(super) label: String,
    /// Whether a bell is struck at the beginning.
    pub(super) struck: bool,
    /// JSON path of the voice.
    pub(super) at: String,
}

/// What a piece sounds like, as far as both formats have it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sound {
    /// A carrier in each ear, the left one higher by the beat.
    Binaural,
    /// The same with carriers of this shape.
    Shaped(String),
    /// Sines, multiplied by an envelope of these points once per beat.
    Waved(Vec<f64>),
    /// A sine in both ears, gated at the beat.
    Pulsed(Pulses),
    /// Noise with this colour, correlation and cut-off.
    Noise(String, f64, f64),
    /// Noise of this colour whose interaural delay swings.
    Spin(String),
    /// A struck tone.
    Bell,
    /// An audio file from the beginning of the track on, repeated; the amplitudes are gains.
    Audio {
        /// Its path as the track names it.
        path: String,
        /// Whether it is faded out where the track ends.
        faded: bool,
    },
}

/// Gate of [`Sound::Pulsed`], at the start and at the end, as shares of the cycle.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pulses {
    /// Name of the form of the flanks.
    pub(super) shape: String,
    /// Where the gate begins to open.
    pub(super) start: [f64; 2],
    /// Length of the open part.
    pub(super) open: [f64; 2],
    /// Length of each flank as a share of the open part.
    pub(super) flank: [f64; 2],
}

impl Sound {
    /// The stretch from `a` to `b` (0..1) of a step.
    pub(super) fn cut(&self, a: f64, b: f64) -> Self {
        let Self::Pulsed(pulses) = self else { return self.clone() };
        let part = |[from, to]: [f64; 2]| [a, b].map(|u| if u == 1.0 { to } else { from + (to - from) * u });
        Self::Pulsed(Pulses {
            shape: pulses.shape.clone(),
            start: part(pulses.start),
            open: part(pulses.open),
            flank: part(pulses.flank),
        })
    }

    /// Short name for messages.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Binaural | Self::Shaped(_) => Kind::Tone(Shape::Sine).name(),
            Self::Waved(_) => "an envelope over the beat",
            Self::Pulsed(_) => "isochronic",
            Self::Noise(..) => "steady_noise",
            Self::Spin(_) => "spin",
            Self::Bell => Kind::Bell.name(),
            Self::Audio { .. } => "an audio file",
        }
    }
}

/// A step: its time, and its lanes by number.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) pieces: BTreeMap<usize, Piece>,
    /// JSON path of the step.
    pub(super) at: String,
}

/// The steps of a track that states its amplitudes, in order and without gaps.
pub(super) fn rows(track: &Track) -> Result<Vec<Row>> {
    if track.globals.normalization != Some(Normalization::None) {
        return Err(misfit("global.normalization", "levels that are set by peaks instead of \"none\""));
    }
    let mut rows: Vec<Row> = Vec::new();
    let mut numbers = Numbers::default();
    let mut problems = Vec::new();
    for (index, step) in track.steps.iter().enumerate().filter(|(_, step)| step.duration > 0.0) {
        let from = step.start.or_else(|| rows.last().map(|row| row.to)).unwrap_or(0.0);
        let next = track.steps[index + 1..].iter().find_map(|next| next.start);
        // starts are exact, durations are those of whole frames
        let end = from + step.duration;
        let frame = 1.5 / f64::from(track.globals.sample_rate);
        let to = next.filter(|next| (next - end).abs() <= frame).unwrap_or_else(|| tidy(end));
        if rows.last().is_some_and(|last| (last.to - from).abs() > frame) {
            return Err(misfit(&step.at, "a step that does not begin where the one before ends"));
        }
        if step.crossfade_duration.unwrap_or(track.globals.crossfade_duration) > 0.0 && index + 1 < track.steps.len() {
            return Err(misfit(&step.at, "a crossfade"));
        }
        for volume in [step.binaural_volume, step.noise_volume] {
            if volume.is_some_and(|volume| volume != 1.0) {
                return Err(misfit(&step.at, "a volume of a bus"));
            }
        }
        let mut pieces = BTreeMap::new();
        for voice in &step.voices {
            match piece(voice) {
                Ok(found) => {
                    let number = numbers.of(voice, &pieces);
                    if pieces.insert(number, found).is_some() {
                        problems.push(misfit(&voice.at, "two voices of one identity"));
                    }
                }
                Err(error) => problems.push(error),
            }
        }
        rows.push(Row { from, to, pieces, at: step.at.clone() });
    }
    if rows.is_empty() {
        return Err(misfit("", "a track without steps"));
    }
    let found = problems.into_iter().flat_map(|error| match error {
        Error::Invalid(found) => found,
        _ => Vec::new(),
    });
    let all: Vec<_> = found.collect();
    if all.is_empty() { layers::added(track, rows) } else { Err(Error::Invalid(all)) }
}

/// `time` without what is left of a millionth of a frame.
fn tidy(time: f64) -> f64 {
    let round = (time * 1e9).round() / 1e9;
    let coarse = (time * 1e6).round() / 1e6;
    if (time - coarse).abs() < 1e-9 { coarse } else { round }
}

/// Numbers lanes by their identity.
#[derive(Default)]
struct Numbers(Vec<String>);

impl Numbers {
    fn of(&mut self, voice: &VoiceSpec, taken: &BTreeMap<usize, Piece>) -> usize {
        // `lane 3`, or the seed of a noise that has no id
        let seed = voice.params.get("seed").and_then(number).map(|seed| format!("lane {seed}"));
        let id = match &voice.identity {
            crate::track::Identity::Id(id) => id.clone(),
            other => seed.unwrap_or_else(|| format!("{other:?}")),
        };
        let written = id.strip_prefix("lane ").and_then(|number| number.parse::<usize>().ok());
        if let Some(number) = written.filter(|number| (1..=64).contains(number)) {
            return number - 1;
        }
        let known = self.0.iter().position(|known| *known == id).unwrap_or_else(|| {
            self.0.push(id);
            self.0.len() - 1
        });
        // after the lanes with numbers
        (known..=known + taken.len()).find(|number| !taken.contains_key(number)).unwrap_or(known)
    }
}

fn piece(voice: &VoiceSpec) -> Result<Piece> {
    if voice.flange.is_some() {
        return Err(misfit(&voice.at, "a flanger"));
    }
    if let Some(envelope) = voice.envelope.filter(|envelope| !is_edge(*envelope)) {
        return Err(misfit(&voice.at, format!("a volume envelope ({envelope:?})")));
    }
    let mut struck = false;
    let mut reader = Reader { params: voice.params.clone(), moves: voice.is_transition, at: &voice.params_at };
    let base = voice.function.strip_suffix("_transition").unwrap_or(&voice.function);
    let (kind, [carrier, beat], names) = match base {
        "binaural_beat" => {
            let high = reader.flag("leftHigh");
            let (carrier, beat) = (reader.moving("baseFreq", 200.0)?, reader.moving("beatFreq", 4.0)?);
            let sign = if high { 1.0 } else { -1.0 };
            (Sound::Binaural, [carrier, beat.map(|beat| sign * beat)], ("ampL", "ampR", 0.5))
        }
        "shaped_beat" => {
            let high = reader.flag("leftHigh");
            let (carrier, beat) = (reader.moving("baseFreq", 200.0)?, reader.moving("beatFreq", 4.0)?);
            let sign = if high { 1.0 } else { -1.0 };
            let shape = reader.text("waveform", "sine");
            let kind = match (shape.as_str(), reader.numbers("beatEnvelope")?) {
                ("sine", None) => Sound::Binaural,
                ("sine", Some(points)) => Sound::Waved(points),
                (_, None) => Sound::Shaped(shape),
                (_, Some(_)) => return Err(misfit(&voice.at, "a shaped carrier with an envelope over the beat")),
            };
            (kind, [carrier, beat.map(|beat| sign * beat)], ("ampL", "ampR", 0.5))
        }
        "dual_pulse_binaural" => {
            let carrier = reader.moving("baseFreq", 200.0)?;
            if reader.moving("beatFreq", 4.0)? != [0.0; 2] {
                return Err(misfit(&voice.at, "pulses of a binaural beat"));
            }
            let rate = reader.moving("pulseRate", 0.0)?;
            let pulses = Pulses {
                shape: reader.text("pulseShape", "trapezoid"),
                start: reader.moving("pulsePhaseOffset", 0.0)?.map(|offset| -offset),
                open: reader.moving("gapPercent", 0.15)?.map(|gap| 1.0 - gap),
                flank: reader.moving("rampPercent", 0.2)?,
            };
            (Sound::Pulsed(pulses), [carrier, rate], ("ampL", "ampR", 0.5))
        }
        "steady_noise" => {
            let colour = reader.text("noise_type", "pink");
            let (correlation, cutoff) = (reader.fixed("correlation", 1.0)?, reader.fixed("cutoff", 0.0)?);
            for name in ["seed", "position", "spinPhase"] {
                reader.params.shift_remove(name);
            }
            let (width, rate) = (reader.moving("spinWidth", 0.0)?, reader.moving("spinFreq", 0.0)?);
            let kind = if width == [0.0; 2] {
                Sound::Noise(colour, correlation, cutoff)
            } else if cutoff == 0.0 {
                Sound::Spin(colour)
            } else {
                return Err(misfit(&voice.at, "spinning noise with a cut-off"));
            };
            let pitch = if width == [0.0; 2] { [[0.0; 2]; 2] } else { [width, rate] };
            (kind, pitch, ("rmsL", "rmsR", 0.1))
        }
        "bell" => {
            struck = reader.fixed("age", 0.0)? == 0.0;
            let decay = reader.fixed("decay", BELL_DECAY)?;
            if decay != BELL_DECAY {
                return Err(misfit(&voice.at, format!("a bell with a decay of {decay} s")));
            }
            (Sound::Bell, [[reader.fixed("baseFreq", 440.0)?; 2], [0.0; 2]], ("ampL", "ampR", 0.5))
        }
        other => return Err(misfit(&voice.at, format!("the voice \"{other}\""))),
    };
    let (left, right, default) = names;
    let (left, right) = (reader.moving(left, default)?, reader.moving(right, default)?);
    reader.finish()?;
    let end = |k: usize| Values { carrier: carrier[k], beat: beat[k], amps: [left[k], right[k]], effect: None };
    Ok(Piece { kind, start: end(0), end: end(1), label: voice.description.clone(), struck, at: voice.at.clone() })
}

/// Whether an envelope only keeps the edges of a voice from clicking.
fn is_edge(envelope: Envelope) -> bool {
    match envelope {
        Envelope::LinearFade { start_amp, end_amp, .. } => start_amp == 1.0 && end_amp == 1.0,
        Envelope::Linen { attack, release } => attack.max(release) <= 0.01,
        Envelope::Flat => true,
        Envelope::Adsr { .. } => false,
    }
}

/// Takes parameters out of a voice; what is left does not fit.
struct Reader<'a> {
    params: Map<String, Value>,
    moves: bool,
    at: &'a str,
}

impl Reader<'_> {
    fn fixed(&mut self, name: &str, default: f64) -> Result<f64> {
        let Some(value) = self.params.shift_remove(name) else { return Ok(default) };
        number(&value).ok_or_else(|| misfit(self.at, format!("\"{name}\" without a number")))
    }

    fn text(&mut self, name: &str, default: &str) -> String {
        let value = self.params.shift_remove(name);
        value.as_ref().and_then(Value::as_str).unwrap_or(default).to_owned()
    }

    fn numbers(&mut self, name: &str) -> Result<Option<Vec<f64>>> {
        let Some(value) = self.params.shift_remove(name) else { return Ok(None) };
        let numbers = value.as_array().and_then(|items| items.iter().map(number).collect());
        numbers.map(Some).ok_or_else(|| misfit(self.at, format!("\"{name}\" that is not a list of numbers")))
    }

    fn flag(&mut self, name: &str) -> bool {
        self.params.shift_remove(name).is_some_and(|value| crate::json::value::truthy(&value))
    }

    /// Start and end value.
    fn moving(&mut self, name: &str, default: f64) -> Result<[f64; 2]> {
        let fixed = self.fixed(name, default)?;
        if !self.moves {
            return Ok([fixed; 2]);
        }
        let (first, rest) = name.split_at(1);
        let first = first.to_uppercase();
        let start = self.fixed(&format!("start{first}{rest}"), fixed)?;
        Ok([start, self.fixed(&format!("end{first}{rest}"), start)?])
    }

    fn finish(self) -> Result<()> {
        match self.params.keys().next() {
            Some(name) => Err(misfit(&format!("{}.{name}", self.at), format!("\"{name}\""))),
            None => Ok(()),
        }
    }
}
