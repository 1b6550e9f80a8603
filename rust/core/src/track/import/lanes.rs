//! What all formats of session files have in common: lanes, whose values move linearly between break points (spec
//! interchange 1).

use std::sync::Arc;

pub use super::effect::{Effect, EffectKind};
use crate::track::Movement;

/// The voices of a session.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lanes {
    /// All voices; their index is their identity.
    pub lanes: Vec<Lane>,
    /// Length in seconds.
    pub end: f64,
    /// Names of states, in ascending order of the time in seconds from which they apply.
    pub labels: Vec<(f64, String)>,
    /// Times in seconds at which a step begins in any case.
    pub marks: Vec<f64>,
    /// Frames per second that the file asks for.
    pub sample_rate: Option<u32>,
}

/// An audio file.
#[derive(Debug, Clone, PartialEq)]
pub struct AudioFile {
    /// Its path, as the track will name it; empty: silence.
    pub path: Arc<str>,
    /// Whether it repeats.
    pub looped: bool,
    /// Cyclic movements of its level, balance and interaural delay.
    pub movement: Movement,
}

/// One voice: stretches in ascending order of time that do not overlap; it is silent between them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lane {
    /// Label.
    pub name: String,
    /// Its stretches.
    pub stretches: Vec<Stretch>,
    /// Times in seconds of the entries in the file, if it has them for each lane.
    pub points: Vec<f64>,
}

/// A voice from one break point to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// Beginning in seconds.
    pub from: f64,
    /// End in seconds.
    pub to: f64,
    /// What sounds.
    pub kind: Kind,
    /// Values at the beginning.
    pub start: Values,
    /// Values at the end.
    pub end: Values,
    /// How the values move.
    pub curve: Curve,
    /// The stretch of the curve, in 0..1, between `from` and `to`; for a bell the seconds since it was struck.
    pub part: (f64, f64),
}

/// Values that move.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Values {
    /// Carrier in Hz; for [`Kind::Spin`] the width in microseconds.
    pub carrier: f64,
    /// Beat, pulse or spin rate in Hz.
    pub beat: f64,
    /// Amplitude of each ear, 1 being full scale: the peak of a tone, and of a noise a share of its full level.
    pub amps: [f64; 2],
    /// Cyclic effect on a tone or a noise.
    pub effect: Option<Effect>,
}

impl Values {
    /// Equal amplitudes in both ears.
    pub fn new(carrier: f64, beat: f64, amp: f64) -> Self {
        Self { carrier, beat, amps: [amp; 2], effect: None }
    }

    /// The same pitch without sound.
    #[must_use]
    pub fn silent(self) -> Self {
        Self { amps: [0.0; 2], ..self }
    }

    /// Between these values and `other`: `u` is 0 for these, 1 for the others.
    #[must_use]
    pub fn toward(self, other: Self, u: f64) -> Self {
        // exactly the values at both ends
        let mix = |a: f64, b: f64| match u {
            _ if a == b => a,
            1.0 => b,
            u => a + (b - a) * u,
        };
        Self {
            carrier: mix(self.carrier, other.carrier),
            beat: mix(self.beat, other.beat),
            amps: [mix(self.amps[0], other.amps[0]), mix(self.amps[1], other.amps[1])],
            effect: Effect::toward(self.effect, other.effect, u),
        }
    }

    /// Whether both ears have the same amplitude.
    pub fn is_even(self) -> bool {
        self.amps[0] == self.amps[1]
    }

    /// Whether nothing sounds.
    pub fn is_silent(self) -> bool {
        self.amps == [0.0; 2]
    }
}

/// Form of a movement from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Curve {
    /// A straight line.
    #[default]
    Linear,
    /// Slow at the beginning.
    EaseIn,
    /// Slow at the end.
    EaseOut,
}

impl Curve {
    /// Value at `u`, 0..1.
    pub fn at(self, u: f64) -> f64 {
        match self {
            Self::Linear => u,
            Self::EaseIn => u * u,
            Self::EaseOut => 1.0 - (1.0 - u) * (1.0 - u),
        }
    }

    /// The stretch `part` of the curve as the `transition_curve` of a voice; `None` for a straight line.
    pub(super) fn written(self, (from, to): (f64, f64)) -> Option<String> {
        let (low, high) = (self.at(from), self.at(to));
        if self == Self::Linear || (high - low).abs() < 1e-12 {
            return None;
        }
        let u = format!("({from}+{}*alpha)", to - from);
        Some(match self {
            Self::EaseIn if (from, to) == (0.0, 1.0) => "exponential".to_owned(),
            Self::EaseOut if (from, to) == (0.0, 1.0) => "logarithmic".to_owned(),
            Self::EaseIn => format!("({u}**2-{low})/{}", high - low),
            _ => format!("(1-(1-{u})**2-{low})/{}", high - low),
        })
    }
}

/// What a lane sounds like.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A carrier in each ear; the left one is higher by the beat.
    Tone(Shape),
    /// Both carriers in both ears.
    Monaural(Shape),
    /// One carrier in both ears, gated.
    Pulsed(Shape, Gate),
    /// Binaural carriers, multiplied by an envelope that is read once per cycle of the beat.
    Waved(Arc<[f64]>),
    /// A struck tone; the amplitudes are those of the stroke.
    Bell,
    /// Noise.
    Noise(Colour),
    /// Noise whose interaural delay swings.
    Spin(Colour),
    /// An audio file; the amplitudes are gains.
    Audio(AudioFile),
}

impl Kind {
    /// Whether carrier and beat matter.
    pub fn has_pitch(&self) -> bool {
        !matches!(self, Self::Noise(_) | Self::Audio(_))
    }

    /// Short name for tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Tone(_) => "binaural",
            Self::Monaural(_) => "monaural",
            Self::Pulsed(..) => "isochronic",
            Self::Waved(_) => "wave",
            Self::Bell => "bell",
            Self::Noise(_) => "noise",
            Self::Spin(_) => "spin",
            Self::Audio(_) => "audio file",
        }
    }
}

/// Shape of a carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// Sine.
    #[default]
    Sine,
    /// Square.
    Square,
    /// Triangle.
    Triangle,
    /// Sawtooth.
    Sawtooth,
}

impl Shape {
    /// The shape called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "sine" => Self::Sine,
            "square" => Self::Square,
            "triangle" => Self::Triangle,
            "sawtooth" => Self::Sawtooth,
            _ => return None,
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sine => "sine",
            Self::Square => "square",
            Self::Triangle => "triangle",
            Self::Sawtooth => "sawtooth",
        }
    }
}

/// Pulses of a gate as shares of the cycle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gate {
    /// Where it begins to open.
    pub start: f64,
    /// Length of the open part.
    pub open: f64,
    /// Length of the flank, as a share of the open part; both flanks have the mean if they differ.
    pub flank: Flank,
    /// Form of the flanks.
    pub edge: Edge,
    /// Open where it would be closed.
    pub inverted: bool,
}

/// Length of the flanks of a gate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Flank {
    /// A share of the open part.
    Share(f64),
    /// Seconds.
    Seconds(f64),
}

/// Form of the flanks of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// A jump.
    Hard,
    /// A line.
    Linear,
    /// `3x² - 2x³`.
    Smooth,
    /// `6x⁵ - 15x⁴ + 10x³`.
    Smoother,
}

/// A noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Colour {
    /// Its colour.
    pub name: &'static str,
    /// Rms of each ear at amplitude 1.
    pub rms: f64,
    /// Correlation of the ears, 0..1.
    pub correlation: f64,
    /// Corner of a low-pass of order 1 in Hz; 0: none.
    pub cutoff: f64,
}

/// Seconds in which the level of a bell falls to 1/e.
pub const BELL_DECAY: f64 = 0.575;
/// Seconds after which a bell is not heard any more (-90 dB).
const BELL_SECONDS: f64 = 6.0;

impl Stretch {
    /// A stretch whose values move along a straight line.
    pub fn linear(from: f64, to: f64, kind: Kind, start: Values, end: Values) -> Self {
        Self { from, to, kind, start, end, curve: Curve::Linear, part: (0.0, 1.0) }
    }

    /// A bell that is struck at `from`.
    pub fn bell(from: f64, values: Values) -> Self {
        let part = (0.0, BELL_SECONDS);
        Self { part, ..Self::linear(from, from + BELL_SECONDS, Kind::Bell, values, values) }
    }

    /// Values at `time`, which is limited to the stretch.
    pub fn at(&self, time: f64) -> Values {
        let length = self.to - self.from;
        let u = if length > 0.0 { ((time - self.from) / length).clamp(0.0, 1.0) } else { 0.0 };
        if matches!(self.kind, Kind::Bell) {
            return self.start;
        }
        let (low, high) = (self.curve.at(self.part.0), self.curve.at(self.part.1));
        let along = match self.curve {
            Curve::Linear => u,
            curve => (curve.at(self.part.0 + (self.part.1 - self.part.0) * u) - low) / (high - low),
        };
        self.start.toward(self.end, along)
    }

    /// Whether the values stay.
    pub fn is_still(&self) -> bool {
        self.start == self.end
    }

    /// The part from `from` to `to`, which lie within the stretch.
    #[must_use]
    pub fn cut(&self, from: f64, to: f64) -> Self {
        let length = self.to - self.from;
        let place = |time: f64| {
            let u = if length > 0.0 { ((time - self.from) / length).clamp(0.0, 1.0) } else { 0.0 };
            self.part.0 + (self.part.1 - self.part.0) * u
        };
        let part = (place(from), place(to));
        Self { from, to, kind: self.kind.clone(), start: self.at(from), end: self.at(to), curve: self.curve, part }
    }
}

impl Lane {
    /// What sounds at `time`, and its values; `None` where the lane is silent.
    pub fn at(&self, time: f64) -> Option<(&Kind, Values)> {
        self.stretch(time).map(|stretch| (&stretch.kind, stretch.at(time)))
    }

    /// The stretch that covers `time`.
    pub(super) fn stretch(&self, time: f64) -> Option<&Stretch> {
        let index = self.stretches.partition_point(|stretch| stretch.to <= time);
        self.stretches.get(index).filter(|stretch| stretch.from <= time)
    }

    /// Add a stretch; one without length is left out, and one that goes on as the last one did is joined to it.
    pub(super) fn push(&mut self, stretch: Stretch) {
        if stretch.to <= stretch.from {
            return;
        }
        if let Some(last) = self.stretches.last_mut().filter(|last| last.to > stretch.from) {
            // only a bell is still sounding
            *last = last.cut(last.from, stretch.from);
        }
        if let Some(last) = self.stretches.last_mut()
            && last.to == stretch.from
            && last.kind == stretch.kind
            && last.kind != Kind::Bell
            && last.is_still()
            && stretch.is_still()
            && last.start == stretch.start
        {
            last.to = stretch.to;
            return;
        }
        self.stretches.push(stretch);
    }

    /// Keep what lies from `from` to `to`, and let it begin at 0.
    pub(super) fn cut(&mut self, from: f64, to: f64) {
        let inside = |stretch: &Stretch| {
            let (begin, end) = (stretch.from.max(from), stretch.to.min(to));
            (end > begin).then(|| {
                let part = stretch.cut(begin, end);
                Stretch { from: begin - from, to: end - from, ..part }
            })
        };
        self.stretches = self.stretches.iter().filter_map(inside).collect();
    }
}

impl Lanes {
    /// Keep what lies from `from` to `to` seconds, and let it begin at 0.
    pub(super) fn cut(&mut self, from: f64, to: f64) {
        for lane in &mut self.lanes {
            lane.cut(from, to);
        }
        let before = self.labels.iter().rposition(|(time, _)| *time <= from).unwrap_or(0);
        self.labels.drain(..before);
        for (time, _) in &mut self.labels {
            *time = (*time - from).max(0.0);
        }
        self.marks.retain(|time| *time >= from && *time <= to);
        self.marks.iter_mut().for_each(|time| *time -= from);
        self.end = to - from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_stretch_keeps_the_values_that_hold_there() {
        let (a, b) = (Values::new(100.0, 4.0, 0.0), Values::new(200.0, 8.0, 1.0));
        for curve in [Curve::Linear, Curve::EaseIn, Curve::EaseOut] {
            let whole = Stretch { curve, ..Stretch::linear(0.0, 10.0, Kind::Tone(Shape::Sine), a, b) };
            let part = whole.cut(2.0, 7.0).cut(3.0, 6.0);
            for time in [3.0, 4.5, 6.0] {
                assert!((whole.at(time).carrier - part.at(time).carrier).abs() < 1e-9, "{curve:?} {time}");
            }
        }
    }
}
