//! Pan of a tone: a position that rests, ramps or oscillates, as equal-power gains per channel (spec 1.5).
//!
//! The phase of the movement is exact (the legacy's single-precision running sum is not reproduced).

use std::f64::consts::{FRAC_PI_4, SQRT_2};

use super::signal::Signal;
use crate::dsp::phase::Turns;
use crate::dsp::sine::{cosine, sine};
use crate::voice::params::Ramp;

/// How the position moves within its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Movement {
    /// A sine between the ends of the range.
    Linear,
    /// From an end of the range to the centre, each cycle from the other end.
    Inward,
    /// From the centre to an end of the range, each cycle to the other end.
    Outward,
}

/// The pan stage. Absent (`None` in the signal) means gain 1 on both channels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pan {
    pub(crate) low: Ramp,
    pub(crate) high: Ramp,
    pub(crate) rate: Ramp,
    /// Cycles.
    pub(crate) phase: Ramp,
    pub(crate) movement: Movement,
    /// Seconds per frame of the pan's own clock, `1 / sample_rate`.
    pub(crate) step: f64,
    /// Frames before the first one of this call.
    pub(crate) origin: f64,
    /// Gains without the 3 dB step: unity in the centre (`Compat::smooth_pan_onset`).
    pub(crate) unity_centre: bool,
}

impl Pan {
    /// Whether the position oscillates (a rate that is never positive means that it does not).
    pub(crate) fn oscillates(&self) -> bool {
        self.rate.start > 0.0 || self.rate.end > 0.0
    }

    pub(crate) fn moves(&self) -> bool {
        self.oscillates() || self.low.moves() || self.high.moves()
    }

    /// Cycles of the movement at `frame` without the phase parameter: exclusive sum of the rate's magnitude.
    fn swept(&self, signal: &Signal, frame: u64) -> f64 {
        let (start, end) = (self.rate.start.abs(), self.rate.end.abs());
        let moving = if start == end { 0.0 } else { (end - start) * signal.alpha_sum(frame) };
        self.step * ((frame as f64 + self.origin) * start + moving)
    }

    pub(crate) fn cycles(&self, signal: &Signal, frame: u64, alpha: f64) -> f64 {
        self.phase.at(alpha) + self.swept(signal, frame)
    }

    /// Position at `frame`, -1 to 1.
    pub(crate) fn position(&self, signal: &Signal, frame: u64) -> f64 {
        let alpha = signal.alpha.at(frame);
        let (a, b) = (self.low.at(alpha), self.high.at(alpha));
        let (low, high) = (a.min(b), a.max(b));
        let middle = 0.5 * (low + high);
        if !self.oscillates() {
            return middle.clamp(-1.0, 1.0);
        }
        let cycles = self.cycles(signal, frame, alpha);
        let position = if self.movement == Movement::Linear {
            middle + 0.5 * (high - low) * sine(Turns::from_cycles(cycles))
        } else {
            let whole = cycles.floor();
            let edge = if whole.rem_euclid(2.0) == 0.0 { high } else { low };
            let part = cycles - whole;
            edge * if self.movement == Movement::Inward { 1.0 - part } else { part }
        };
        position.clamp(-1.0, 1.0)
    }

    /// Upper bound of both gains.
    pub(crate) fn bound(&self) -> f64 {
        if self.unity_centre { SQRT_2 } else { 1.0 }
    }

    /// Left and right gain at `frame`.
    pub(crate) fn gains(&self, signal: &Signal, frame: u64) -> [f64; 2] {
        let angle = Turns::from_cycles((self.position(signal, frame) + 1.0) * FRAC_PI_4 / std::f64::consts::TAU);
        let scale = if self.unity_centre { SQRT_2 } else { 1.0 };
        [scale * cosine(angle), scale * sine(angle)]
    }

    /// Whether the movement jumps or has a corner between two frames.
    pub(crate) fn is_rough(&self, signal: &Signal, from: u64, to: u64) -> bool {
        let ends = |ramp: Ramp| (ramp.at(signal.alpha.at(from)), ramp.at(signal.alpha.at(to)));
        let ((l0, l1), (h0, h1)) = (ends(self.low), ends(self.high));
        if (l0 <= h0) != (l1 <= h1) {
            return true;
        }
        let at = |frame: u64| self.cycles(signal, frame, signal.alpha.at(frame)).floor();
        self.oscillates() && self.movement != Movement::Linear && at(from) != at(to)
    }
}
