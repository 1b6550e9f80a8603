//! From the voices of a schedule to lanes (spec interchange 3).

use super::super::lanes::{AudioFile, Colour, Edge, Flank, Gate, Kind, Lane, Lanes, Shape, Stretch, Values};
use super::super::report::Report;
use super::super::text::Word;
use crate::json::fields::MAX_TRACK_SECONDS;
use crate::track::Movement;

/// Most entries of all voices and repetitions.
const MAX_ENTRIES: usize = 10_000;

/// Noise at volume 1.
const NOISE: Colour = Colour { name: "white", rms: 0.29, correlation: 0.0, cutoff: 1000.0 };
/// Length of the edges of pulses in seconds: 100 frames at 44.1 kHz.
pub const FLANK: f64 = 100.0 / 44_100.0;
/// The pulses: half of the cycle.
const PULSES: Gate = Gate { start: 0.0, open: 0.5, flank: Flank::Seconds(FLANK), edge: Edge::Linear, inverted: false };

/// A schedule as written.
#[derive(Debug, Clone)]
pub(super) struct Schedule<'t> {
    pub(super) at: Word<'t>,
    /// Title, description and author.
    pub(super) about: Vec<(&'static str, String)>,
    pub(super) loops: f64,
    pub(super) loops_at: Option<Word<'t>>,
    pub(super) volume: [f64; 2],
    pub(super) swapped: bool,
    pub(super) voices: Vec<Voice<'t>>,
}

impl Default for Schedule<'_> {
    fn default() -> Self {
        Self {
            at: Word { text: "", line: 1, column: 1 },
            about: Vec::new(),
            loops: 1.0,
            loops_at: None,
            volume: [1.0; 2],
            swapped: false,
            voices: Vec::new(),
        }
    }
}

/// A voice as written.
#[derive(Debug, Clone)]
pub(super) struct Voice<'t> {
    pub(super) at: Word<'t>,
    pub(super) description: String,
    pub(super) kind: i64,
    pub(super) kind_at: Option<Word<'t>>,
    pub(super) muted: bool,
    pub(super) mono: bool,
    pub(super) entries: Vec<Entry>,
}

impl Default for Voice<'_> {
    fn default() -> Self {
        Self {
            at: Word { text: "", line: 1, column: 1 },
            description: String::new(),
            kind: 0,
            kind_at: None,
            muted: false,
            mono: false,
            entries: Vec::new(),
        }
    }
}

impl Voice<'_> {
    fn seconds(&self) -> f64 {
        self.entries.iter().map(|entry| entry.duration).sum()
    }
}

/// An entry: values, and how long they take to become those of the next one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub(super) duration: f64,
    pub(super) amps: [f64; 2],
    pub(super) beat: f64,
    pub(super) base: f64,
}

impl<'t> Schedule<'t> {
    /// Keep a text that is not empty.
    pub(super) fn note(&mut self, key: &'static str, text: String) {
        if !text.trim().is_empty() {
            self.about.push((key, text.trim().to_owned()));
        }
    }

    /// The lanes; `None` if nothing can be played, which is reported.
    pub(super) fn lanes(&self, report: &Report<'t>) -> Option<Lanes> {
        let lengths = self.voices.iter().map(Voice::seconds).filter(|seconds| *seconds > 0.0);
        let Some(once) = lengths.reduce(f64::min) else {
            report.error(self.at, "the schedule has no voice with a duration");
            return None;
        };
        let loops = self.repetitions(once, report)?;
        let mut lanes = Lanes { end: once * loops as f64, ..Lanes::default() };
        for voice in &self.voices {
            if voice.muted {
                if voice.seconds() > 0.0 {
                    report.warn(voice.at, "a muted voice; left out");
                }
            } else if voice.seconds() > 0.0 {
                self.add(voice, once, loops, &mut lanes, report);
            }
        }
        for repetition in 1..loops {
            lanes.marks.push(once * repetition as f64);
        }
        Some(lanes)
    }

    /// How many times the schedule is played.
    fn repetitions(&self, once: f64, report: &Report<'t>) -> Option<usize> {
        let at = self.loops_at.unwrap_or(self.at);
        if self.loops < 1.0 {
            report.warn(at, "an endless loop: the schedule is played once");
            return Some(1);
        }
        let loops = self.loops as usize;
        let entries: usize = self.voices.iter().map(|voice| voice.entries.len()).sum();
        if entries.saturating_mul(loops) > MAX_ENTRIES {
            let message = format!("{entries} entries in {loops} loops are more than {MAX_ENTRIES} entries");
            report.error(at, message);
            return None;
        }
        if once * loops as f64 > MAX_TRACK_SECONDS {
            report.error(at, "the schedule is longer than 7 days");
            return None;
        }
        Some(loops)
    }

    fn add(&self, voice: &Voice<'t>, once: f64, loops: usize, lanes: &mut Lanes, report: &Report<'t>) {
        let at = voice.kind_at.unwrap_or(voice.at);
        let inverse = Gate { inverted: true, ..PULSES };
        let both = |values: Values| values;
        let ear = |kept: usize| {
            move |values: Values| {
                let mut amps = [0.0; 2];
                amps[kept] = values.amps[kept];
                Values { amps, ..values }
            }
        };
        let mut lane = |kind: &dyn Fn(&Values, &Values) -> Kind, change: &dyn Fn(Values) -> Values| {
            lanes.lanes.push(self.lane(voice, once, loops, kind, change));
        };
        let gated = |gate: Gate| {
            move |start: &Values, end: &Values| match (start.beat, end.beat) {
                (0.0, 0.0) => Kind::Tone(Shape::Sine),
                _ => Kind::Pulsed(Shape::Sine, gate),
            }
        };
        match voice.kind {
            0 if voice.mono => lane(&|_, _| Kind::Monaural(Shape::Sine), &both),
            0 => lane(&|_, _| Kind::Tone(Shape::Sine), &both),
            1 => {
                let correlation = f64::from(u8::from(voice.mono));
                lane(&|_, _| Kind::Noise(Colour { correlation, ..NOISE }), &both);
            }
            3 => lane(&gated(PULSES), &both),
            4 => {
                lane(&gated(PULSES), &ear(usize::from(self.swapped)));
                lane(&gated(inverse), &ear(usize::from(!self.swapped)));
            }
            2 if voice.description.is_empty() => report.warn(at, "an audio file without a name; left out"),
            2 => {
                let file =
                    AudioFile { path: voice.description.as_str().into(), looped: true, movement: Movement::default() };
                lane(&|_, _| Kind::Audio(file.clone()), &both);
            }
            5 => report.warn(at, "water drops have no counterpart; left out"),
            6 => report.warn(at, "rain has no counterpart; left out"),
            other => report.warn(at, format!("voices of type {other} have no counterpart; left out")),
        }
    }

    fn lane(
        &self,
        voice: &Voice<'t>,
        once: f64,
        loops: usize,
        kind: &dyn Fn(&Values, &Values) -> Kind,
        change: &dyn Fn(Values) -> Values,
    ) -> Lane {
        let values: Vec<Values> = voice.entries.iter().map(|entry| change(self.values(voice, entry))).collect();
        let mut lane = Lane { name: voice.description.clone(), ..Lane::default() };
        let mut time = 0.0;
        for (index, entry) in voice.entries.iter().enumerate() {
            let (start, end) = (values[index], values[(index + 1) % values.len()]);
            let mut stretch = Stretch::linear(time, time + entry.duration, kind(&start, &end), start, end);
            if time < once {
                lane.points.push(time);
            }
            time += entry.duration;
            if stretch.to > once {
                stretch = stretch.cut(stretch.from.min(once), once);
            }
            lane.push(stretch);
        }
        let first = lane.stretches.clone();
        let points = lane.points.clone();
        for repetition in 1..loops {
            lane.points.extend(points.iter().map(|time| time + once * repetition as f64));
            let offset = once * repetition as f64;
            for stretch in &first {
                lane.push(Stretch { from: stretch.from + offset, to: stretch.to + offset, ..stretch.clone() });
            }
        }
        lane
    }

    /// The values of an entry in the ears in which they are heard.
    fn values(&self, voice: &Voice<'t>, entry: &Entry) -> Values {
        let mut amps = entry.amps;
        let mut beat = entry.beat;
        if voice.mono {
            amps = match voice.kind {
                // the tones of both ears, each in both ears
                0 => amps,
                1 => [amps[0].hypot(amps[1]); 2],
                _ => [amps[0] + amps[1]; 2],
            };
        } else if self.swapped {
            amps = [amps[1], amps[0]];
            if voice.kind == 0 {
                beat = -beat;
            }
        }
        let carrier = if matches!(voice.kind, 1 | 2) { 0.0 } else { entry.base.max(0.0) };
        let beat = if matches!(voice.kind, 1 | 2) { 0.0 } else { beat };
        if matches!(voice.kind, 1 | 2) {
            amps = amps.map(f64::abs);
        }
        Values { carrier, beat, amps: [amps[0] * self.volume[0], amps[1] * self.volume[1]], effect: None }
    }
}
