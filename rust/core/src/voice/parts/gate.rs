//! A pulse train of constant rate that gates a channel (spec am-and-monaural-voices 7.3). Edges fall on exactly the
//! frames that the specified arithmetic gives; the stretches between them are filled at once.

use multiversion::multiversion;

use super::pulse_clock::PulseClock;
use crate::dsp::phase::Turns;
use crate::dsp::sine::sine_quarter;
use crate::dsp::trapezoid::Trapezoid;
use crate::voice::{Context, Onset, Ramp};

/// Shape of the pulses, derived from a trapezoid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PulseShape {
    /// Linear flanks.
    Trapezoid,
    /// 1 where the trapezoid is above 0.
    Square,
    /// Raised-cosine flanks.
    Cosine,
}

impl PulseShape {
    /// The names that the track format accepts.
    pub const WORDS: &'static [&'static str] =
        &["trapezoid", "square", "pulse", "raised_cosine", "raised-cosine", "cosine", "hann"];

    /// The shape for one of [`Self::WORDS`]; a trapezoid for other names.
    pub fn from_word(word: &str) -> Self {
        match word {
            "square" | "pulse" => Self::Square,
            "raised_cosine" | "raised-cosine" | "cosine" | "hann" => Self::Cosine,
            _ => Self::Trapezoid,
        }
    }

    /// The shaped level for a level of the trapezoid, both 0 to 1.
    #[inline(always)]
    pub(super) fn of(self, level: f32) -> f32 {
        match self {
            Self::Trapezoid => level,
            Self::Square => f32::from(u8::from(level > 0.0)),
            // (1 - cos πe)/2 = sin² πe/2
            Self::Cosine => {
                let sine = sine_quarter(0.25 * level);
                sine * sine
            }
        }
    }
}

/// The settings of a pulse train as written in a track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Pulses per second; at 0 and below there are no pulses and the gain is 1.
    pub rate_hz: f64,
    /// Length of each flank as a fraction of the audible part, limited to 0..1.
    pub ramp: f64,
    /// Silent fraction at the end of each cycle, limited to 0..1.
    pub gap: f64,
    /// Start phase, cycles.
    pub phase: f64,
    /// Shape of the pulses.
    pub shape: PulseShape,
    /// Depth, limited to 0 (none) .. 1 (full).
    pub depth: f64,
}

/// Shortest flank of a pulse under `Compat::band_limited`, in seconds. The sidebands of shorter ones fold.
const SHORTEST_FLANK: f64 = 2e-3;

/// The least `ramp` of a train that has gaps: flanks of [`SHORTEST_FLANK`], or pulses without a plateau.
fn least_ramp(gap: f64, rate_hz: f64) -> f64 {
    if gap > 0.0 && gap < 1.0 { (SHORTEST_FLANK * rate_hz / (1.0 - gap)).clamp(0.0, 0.5) } else { 0.0 }
}

/// The flanks `ramp` of a train with gaps, long enough under `Compat::band_limited` that no sideband folds.
pub(crate) fn softened(context: &Context, ramp: Ramp, gap: Ramp, rate_hz: Ramp) -> Ramp {
    if !context.compat.band_limited {
        return ramp;
    }
    let at = |ramp: f64, gap: f64, rate: f64| ramp.max(least_ramp(gap, rate));
    Ramp { start: at(ramp.start, gap.start, rate_hz.start), end: at(ramp.end, gap.end, rate_hz.end) }
}

impl Settings {
    /// As [`softened`]. Square pulses with gaps get flanks of a raised cosine.
    #[must_use]
    pub(crate) fn softened(self, context: &Context) -> Self {
        let least = least_ramp(self.gap, self.rate_hz);
        if !context.compat.band_limited || least == 0.0 {
            return self;
        }
        match self.shape {
            PulseShape::Square => Self { shape: PulseShape::Cosine, ramp: least, ..self },
            _ => Self { ramp: self.ramp.max(least), ..self },
        }
    }
}

/// A pulse train that gives the gain of any frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PulseGate {
    shape: PulseShape,
    depth: f32,
    sample_rate: f64,
    /// Seconds per cycle; infinite without pulses.
    cycle: f64,
    shift: f64,
    /// Seconds.
    pulse: Trapezoid,
}

/// The rest of one straight stretch of the trapezoid.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// Level at its first frame.
    value: f64,
    /// Change of the level per frame.
    slope: f64,
    /// Position in the cycle at which it ends, seconds.
    end: f64,
}

impl PulseGate {
    /// A pulse train on the sample clock `frame / sample_rate`.
    pub fn new(settings: Settings, sample_rate: f64) -> Self {
        let Settings { rate_hz, ramp, gap, phase, shape, depth } = settings;
        let depth = depth.clamp(0.0, 1.0);
        if rate_hz <= 0.0 || depth == 0.0 {
            let pulse = Trapezoid { rise: 0.0, fall: 0.0, audible: 0.0 };
            return Self { shape, depth: 0.0, sample_rate, cycle: f64::INFINITY, shift: 0.0, pulse };
        }
        let (ramp, gap) = (ramp.clamp(0.0, 1.0), gap.clamp(0.0, 1.0));
        let cycle = (1.0 / rate_hz).min(1e12);
        let pulse = Trapezoid::new(cycle, ramp, gap);
        let shift = phase.rem_euclid(1.0) * cycle;
        Self { shape, depth: depth as f32, sample_rate, cycle, shift, pulse }
    }

    /// The same train, ahead by `shift`.
    #[must_use]
    pub fn shifted(mut self, shift: Turns) -> Self {
        if !self.is_open() {
            self.shift = (self.shift + shift.cycles() * self.cycle) % self.cycle;
        }
        self
    }

    /// Position in the cycle at `frame`; `None` without pulses.
    pub fn phase(&self, frame: u64) -> Option<Turns> {
        (!self.is_open()).then(|| Turns::from_cycles(self.position(frame) / self.cycle))
    }

    /// Whether the gain is 1 at every frame.
    pub fn is_open(&self) -> bool {
        self.depth == 0.0
    }

    /// Position in the cycle at `frame` in seconds, by exactly the specified arithmetic.
    #[inline]
    fn position(&self, frame: u64) -> f64 {
        (frame as f64 / self.sample_rate + self.shift) % self.cycle
    }

    /// The rest of the stretch that contains the position `x` (seconds), from there on.
    fn stretch(&self, x: f64) -> Stretch {
        let Trapezoid { rise, fall, audible } = self.pulse;
        let step = 1.0 / self.sample_rate;
        let (slope, end) = if x >= audible {
            (0.0, self.cycle)
        } else if x < rise {
            (step / rise, rise)
        } else if x < fall {
            (0.0, fall)
        } else if rise > 0.0 {
            (-step / rise, audible)
        } else {
            (0.0, audible)
        };
        Stretch { value: self.pulse.level(x), slope, end }
    }

    /// Write the gains of the frames from `first` on.
    pub fn gains(&self, first: u64, out: &mut [f32]) {
        if self.is_open() {
            out.fill(1.0);
            return;
        }
        let mut done = 0;
        while done < out.len() {
            let x = self.position(first + done as u64);
            let stretch = self.stretch(x);
            // the frames that are certainly on the same stretch; near its end every frame is computed on its own
            let inside = ((stretch.end - x) * self.sample_rate - 1.5).clamp(0.0, 1e9) as usize;
            let count = (inside + 1).min(out.len() - done);
            let part = &mut out[done..done + count];
            if stretch.slope == 0.0 {
                part.fill(self.finished(stretch.value as f32));
            } else {
                slope(part, stretch.value, stretch.slope, self.shape, self.depth);
            }
            done += count;
        }
    }

    /// Call `each` with the pulses whose first frame is in `from..to`, called `label`.
    pub fn onsets(&self, from: u64, to: u64, label: &'static str, each: &mut dyn FnMut(Onset)) {
        let clock = PulseClock::steady(1.0 / self.cycle, self.sample_rate, self.shift / self.cycle);
        if let Some(clock) = clock.filter(|_| !self.is_open()) {
            clock.onsets(from, to, label, |_, _| self.pulse.audible, each);
        }
    }

    fn finished(&self, level: f32) -> f32 {
        finished(level, self.shape, self.depth)
    }
}

/// The gain for a level of the trapezoid: the level with the shape and the depth applied.
#[inline(always)]
fn finished(level: f32, shape: PulseShape, depth: f32) -> f32 {
    (1.0 - depth) + depth * shape.of(level.clamp(0.0, 1.0))
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn slope(out: &mut [f32], value: f64, slope: f64, shape: PulseShape, depth: f32) {
    let level = |j: usize| (value + slope * f64::from(j as i32)) as f32;
    match shape {
        PulseShape::Trapezoid => {
            out.iter_mut().enumerate().for_each(|(j, gain)| *gain = finished(level(j), PulseShape::Trapezoid, depth));
        }
        PulseShape::Square => {
            out.iter_mut().enumerate().for_each(|(j, gain)| *gain = finished(level(j), PulseShape::Square, depth));
        }
        PulseShape::Cosine => {
            out.iter_mut().enumerate().for_each(|(j, gain)| *gain = finished(level(j), PulseShape::Cosine, depth));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    /// The specified arithmetic, frame by frame.
    fn specified(s: Settings, sample_rate: f64, frame: u64) -> f64 {
        let depth = s.depth.clamp(0.0, 1.0);
        if s.rate_hz <= 0.0 || depth == 0.0 {
            return 1.0;
        }
        let (ramp, gap) = (s.ramp.clamp(0.0, 1.0), s.gap.clamp(0.0, 1.0));
        let c = 1.0 / s.rate_hz;
        let x = (frame as f64 / sample_rate + s.phase.rem_euclid(1.0) * c) % c;
        let a = (1.0 - gap) * c;
        let rt = (a * ramp * 2.0).clamp(0.0, a);
        let (st, ru) = (a - rt, rt / 2.0);
        let se = ru + st;
        let mut e = if x >= a {
            0.0
        } else if se <= x {
            if ru <= 0.0 { 0.0 } else { 1.0 - (x - se) / ru }
        } else if ru <= x {
            1.0
        } else {
            x / ru
        };
        e = e.clamp(0.0, 1.0);
        e = match s.shape {
            PulseShape::Square => f64::from(u8::from(e > 0.0)),
            PulseShape::Cosine => 0.5 - 0.5 * (PI * e).cos(),
            PulseShape::Trapezoid => e,
        };
        (1.0 - depth) + depth * e
    }

    #[test]
    fn every_frame_follows_the_specified_arithmetic() {
        let mut out = vec![0.0; 4000];
        for (rate_hz, ramp, gap) in [
            (10.0, 0.0, 0.5),
            (4.0, 0.2, 0.15),
            (6.3, 0.9, 0.0),
            (440.0, 0.1, 0.3),
            (3000.0, 0.2, 0.1),
            (7.0, 0.5, 1.0),
        ] {
            for shape in [PulseShape::Trapezoid, PulseShape::Square, PulseShape::Cosine] {
                for (phase, depth) in [(0.0, 1.0), (0.25, 0.6), (-1.3, 1.4), (0.999_999, 0.3)] {
                    let settings = Settings { rate_hz, ramp, gap, phase, shape, depth };
                    let gate = PulseGate::new(settings, 8000.0);
                    for first in [0, 77, 8000 * 3600 * 5 - 100] {
                        gate.gains(first, &mut out);
                        for (j, gain) in out.iter().enumerate() {
                            let exact = specified(settings, 8000.0, first + j as u64);
                            let error = (f64::from(*gain) - exact).abs();
                            assert!(error < 5e-7, "{settings:?} frame {}: {gain} {exact}", first + j as u64);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn without_rate_or_depth_the_gain_is_one() {
        let settings =
            Settings { rate_hz: 0.0, ramp: 0.2, gap: 0.15, phase: 0.0, shape: PulseShape::Trapezoid, depth: 1.0 };
        for settings in [settings, Settings { rate_hz: 4.0, depth: -0.5, ..settings }] {
            let mut out = [0.0; 100];
            PulseGate::new(settings, 8000.0).gains(0, &mut out);
            assert_eq!(out, [1.0; 100]);
        }
    }
}
