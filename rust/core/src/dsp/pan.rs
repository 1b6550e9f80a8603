//! Panning: equal-power gains, and a moving pan position (spec voice-pipeline 7) whose exact phase is known at any
//! frame.

use std::f64::consts::{FRAC_PI_4, SQRT_2, TAU};

use super::curve::Alpha;
use super::lfo::frac;
use super::marks::Marks;
use super::phase::Turns;
use super::ramp::Ramp;
use super::rounding;
use super::series::Series;
use super::sine::{cosine, sine, sine_cycles};

/// Equal-power gains (left, right) of the position `pan`, which is clipped to -1 (left) .. 1 (right). Both are 0.7071
/// in the centre.
#[inline(always)]
pub fn pan_gains(pan: f64) -> (f64, f64) {
    let eighth = (pan.clamp(-1.0, 1.0) + 1.0) * 0.125;
    (sine_cycles(0.25 - eighth), sine_cycles(eighth))
}

/// `pan2`: the left and right channel of a mono signal at the position `pan`, -1 to 1.
pub fn pan2(signal: &[f64], pan: f64) -> (Vec<f64>, Vec<f64>) {
    let (left, right) = pan_gains(pan);
    (signal.iter().map(|x| left * x).collect(), signal.iter().map(|x| right * x).collect())
}

/// `apply_pan_envelope`: scales both channels in place by the gains of a pan position per frame. This is a balance
/// control: the channels are not mixed.
pub fn apply_pan(left: &mut [f32], right: &mut [f32], pan: Series<'_>) {
    for (k, (l, r)) in left.iter_mut().zip(right).enumerate() {
        let (gain_left, gain_right) = pan_gains(pan.at(k));
        *l = (f64::from(*l) * gain_left) as f32;
        *r = (f64::from(*r) * gain_right) as f32;
    }
}

/// How a pan position moves within its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PanKind {
    /// A sine movement between the limits.
    #[default]
    Linear,
    /// From one limit to the centre, then a jump to the other limit, alternating.
    Inward,
    /// From the centre to one limit, then a jump back; the limits alternate.
    Outward,
}

impl PanKind {
    /// The names of the kinds in the track format.
    pub const NAMES: &'static [&'static str] = &["linear", "inward", "outward"];

    /// The kind called `name`, in any case; unknown names are linear.
    pub fn from_name(name: &str) -> Self {
        match name.trim().to_lowercase().as_str() {
            "inward" => Self::Inward,
            "outward" => Self::Outward,
            _ => Self::Linear,
        }
    }

    /// Position after `cycles` cycles of a movement between the limits `lo <= hi`, clipped to -1..1.
    #[inline(always)]
    pub fn position(self, cycles: f64, lo: f64, hi: f64) -> f64 {
        let part = frac(cycles);
        let edge = if frac(0.5 * cycles) < 0.5 { hi } else { lo };
        let position = match self {
            Self::Linear => 0.5 * (hi + lo) + 0.5 * (hi - lo) * sine_cycles(cycles),
            Self::Inward => edge * (1.0 - part),
            Self::Outward => edge * part,
        };
        position.clamp(-1.0, 1.0)
    }
}

/// `generate_pan_envelope`: the pan position, -1 to 1, of `frames` frames. The phase is summed in double precision,
/// unlike in the legacy implementation, which uses single precision. Limits may be in any order; `rate` is in Hz and
/// `phase` in radians. If no rate is above 0, the pan stays in the middle of the range.
pub fn pan_envelope(
    frames: usize,
    sample_rate: f64,
    limits: [Series<'_>; 2],
    rate: Series<'_>,
    kind: PanKind,
    phase: Series<'_>,
) -> Vec<f32> {
    let moves = (0..frames).any(|k| rate.at(k) > 0.0);
    let mut cycles = 0.0;
    (0..frames)
        .map(|k| {
            let (a, b) = (limits[0].at(k), limits[1].at(k));
            let (lo, hi) = (a.min(b), a.max(b));
            if !moves {
                return (0.5 * (lo + hi)).clamp(-1.0, 1.0) as f32;
            }
            let position = kind.position(phase.at(k) / TAU + cycles / sample_rate, lo, hi);
            cycles += rate.at(k).abs();
            position as f32
        })
        .collect()
}

/// Pan parameters of a voice. Each value may move with the voice's transition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PanSettings {
    /// One limit of the range, -1..1; the limits may come in any order.
    pub min: Ramp,
    /// The other limit, -1..1.
    pub max: Ramp,
    /// Rate in Hz. If the rate is above 0 at some frame, all rates count by magnitude; otherwise the pan does not move.
    pub rate: Ramp,
    /// Phase in cycles.
    pub phase: Ramp,
    /// Kind of movement.
    pub kind: PanKind,
}

/// The pan stage of a voice: gives position and gains at any frame and has no state.
#[derive(Debug, Clone)]
pub struct PanStage {
    settings: PanSettings,
    alpha: Alpha,
    /// Seconds per frame.
    step: f64,
    /// Whether the position oscillates.
    oscillates: bool,
    sweep: Sweep,
    options: PanOptions,
}

/// In which respects a pan differs from the legacy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PanOptions {
    /// The gains are scaled by √2, so that the centre has gain 1 and a small pan does not change the level of an
    /// unpanned voice (`Compat::smooth_pan_onset`).
    pub unity_centre: bool,
    /// The jumps of inward and outward movements take [`rounding::SECONDS`] (`Compat::smooth_jumps`).
    pub smooth_jumps: bool,
}

/// How the sum of the magnitudes of the rates is computed.
#[derive(Debug, Clone)]
enum Sweep {
    /// The rate never changes its sign: the magnitude of the signed sum.
    OneWay,
    /// The rate changes its sign once, at this frame: the magnitudes of two signed sums.
    Turns(u64),
    /// The rate may change its sign anywhere: check-points of the sum at every [`SPACING`]-th frame.
    Summed(Marks<f64>),
}

/// Number of frames between the check-points of [`Sweep::Summed`].
const SPACING: u64 = 1024;

impl PanStage {
    /// For a voice of `frames` frames.
    pub fn new(settings: PanSettings, alpha: Alpha, sample_rate: f64, frames: u64, options: PanOptions) -> Self {
        let rate = settings.rate;
        let [least, most] = extremes(rate, &alpha, frames);
        let sweep = if least >= 0.0 || most <= 0.0 {
            Sweep::OneWay
        } else if alpha.is_smooth() {
            // `alpha` is monotonic: bisect for the frame at which the sign changes
            let negative = |frame: u64| rate.at(alpha.at(frame)) < 0.0;
            let first = negative(0);
            let (mut same, mut other) = (0, frames);
            while same < other {
                let middle = same + (other - same) / 2;
                if negative(middle) == first { same = middle + 1 } else { other = middle }
            }
            Sweep::Turns(same)
        } else {
            Sweep::Summed(Marks::new(0.0))
        };
        Self { settings, alpha, step: 1.0 / sample_rate, oscillates: most > 0.0, sweep, options }
    }

    /// Whether the position oscillates, which needs a rate above 0 at some frame.
    pub const fn oscillates(&self) -> bool {
        self.oscillates
    }

    /// Whether the position changes at all.
    pub fn moves(&self) -> bool {
        self.oscillates || self.settings.min.moves() || self.settings.max.moves()
    }

    /// Upper bound of the rate of oscillation in Hz.
    pub const fn top_rate(&self) -> f64 {
        self.settings.rate.start.abs().max(self.settings.rate.end.abs())
    }

    /// Upper bound of both gains.
    pub const fn bound(&self) -> f64 {
        if self.options.unity_centre { SQRT_2 } else { 1.0 }
    }

    /// The sum of the signed rates of all frames before `frame`.
    fn signed(&self, frame: u64) -> f64 {
        let rate = self.settings.rate;
        let moved = if frame == 0 || !rate.moves() { 0.0 } else { (rate.end - rate.start) * self.alpha.sum(frame - 1) };
        frame as f64 * rate.start + moved
    }

    /// Cycles of the movement at `frame` without the phase: the sum of the magnitudes of all rates before it.
    fn swept(&self, frame: u64) -> f64 {
        let magnitude = |frame: u64| self.settings.rate.at(self.alpha.at(frame)).abs();
        let rates = match &self.sweep {
            Sweep::OneWay => self.signed(frame).abs(),
            Sweep::Turns(turn) if frame <= *turn => self.signed(frame).abs(),
            Sweep::Turns(turn) => {
                let before = self.signed(*turn);
                before.abs() + (self.signed(frame) - before).abs()
            }
            Sweep::Summed(marks) => {
                let mark = frame / SPACING;
                let sum = |sum: f64, from: u64, to: u64| (from..to).fold(sum, |sum, k| sum + magnitude(k));
                let before = marks.at(mark, |passed, at| sum(at, passed * SPACING, (passed + 1) * SPACING));
                sum(before, mark * SPACING, frame)
            }
        };
        self.step * rates
    }

    /// Phase of the movement at `frame`, cycles.
    pub fn cycles(&self, frame: u64) -> f64 {
        self.settings.phase.at(self.alpha.at(frame)) + self.swept(frame)
    }

    /// Position at `frame`, -1 (left) to 1 (right).
    pub fn position(&self, frame: u64) -> f64 {
        let alpha = self.alpha.at(frame);
        let (a, b) = (self.settings.min.at(alpha), self.settings.max.at(alpha));
        let (low, high) = (a.min(b), a.max(b));
        let middle = 0.5 * (low + high);
        if !self.oscillates {
            return middle.clamp(-1.0, 1.0);
        }
        let cycles = self.cycles(frame);
        let position = if self.settings.kind == PanKind::Linear {
            middle + 0.5 * (high - low) * sine(Turns::from_cycles(cycles))
        } else {
            let whole = cycles.floor();
            let edge = if whole.rem_euclid(2.0) == 0.0 { high } else { low };
            let part = cycles - whole;
            let sharp = edge * if self.settings.kind == PanKind::Inward { 1.0 - part } else { part };
            if self.options.smooth_jumps { sharp + self.rounded(frame, cycles, [low, high]) } else { sharp }
        };
        position.clamp(-1.0, 1.0)
    }

    /// What rounding the jump nearest to `cycles` adds to the position. A jump at the very start is not one.
    fn rounded(&self, frame: u64, cycles: f64, limits: [f64; 2]) -> f64 {
        let jump = cycles.round();
        let width = self.rounding(frame);
        let x = (cycles - jump) / width;
        if width <= 0.0 || x.abs() >= 0.5 || cycles - jump > self.swept(frame) - 1e-9 {
            return 0.0;
        }
        let [low, high] = limits;
        // the limit of the cycle before the jump and of the one after it
        let [before, after] = if jump.rem_euclid(2.0) == 0.0 { [low, high] } else { [high, low] };
        let (step, bend) = match self.settings.kind {
            PanKind::Outward => (-before, after - before),
            _ => (after, before - after),
        };
        step * rounding::step(x) + bend * width * rounding::bend(x)
    }

    /// Length of a rounded jump at `frame` in cycles.
    fn rounding(&self, frame: u64) -> f64 {
        (self.settings.rate.at(self.alpha.at(frame)).abs() * rounding::SECONDS).min(1.0)
    }

    /// Left and right gain at `frame`.
    pub fn gains(&self, frame: u64) -> [f64; 2] {
        let angle = Turns::from_cycles((self.position(frame) + 1.0) * FRAC_PI_4 / TAU);
        let scale = self.bound();
        [scale * cosine(angle), scale * sine(angle)]
    }

    /// Whether the movement may have a jump or a corner between the frames `from` and `to`.
    pub fn is_rough(&self, from: u64, to: u64) -> bool {
        let ends = |ramp: Ramp| (ramp.at(self.alpha.at(from)), ramp.at(self.alpha.at(to)));
        let ((a0, a1), (b0, b1)) = (ends(self.settings.min), ends(self.settings.max));
        let crosses = (a0 <= b0) != (a1 <= b1);
        let turns = match self.sweep {
            Sweep::OneWay => false,
            Sweep::Turns(turn) => from <= turn && turn <= to + 1,
            Sweep::Summed(_) => self.oscillates,
        };
        crosses || turns || self.oscillates && self.settings.kind != PanKind::Linear && self.may_jump(from, to)
    }

    /// Whether there may be a jump, or a part of a rounded one, between the frames `from` and `to`.
    fn may_jump(&self, from: u64, to: u64) -> bool {
        if !self.options.smooth_jumps {
            return self.cycles(from).floor() != self.cycles(to).floor();
        }
        let (a, b) = (self.cycles(from), self.cycles(to));
        let half = 0.5 * self.rounding(from).max(self.rounding(to));
        (a.min(b) - half).ceil() <= (a.max(b) + half).floor()
    }
}

/// The smallest and the largest value of `ramp` over the frames of a voice; sampled if the curve is an expression.
pub(crate) fn extremes(ramp: Ramp, alpha: &Alpha, frames: u64) -> [f64; 2] {
    let last = frames.saturating_sub(1);
    // the named curves are monotonic, so their ends suffice
    let count = if alpha.is_smooth() { 1 } else { 256 };
    let value = |i: u64| ramp.at(alpha.at((u128::from(last) * u128::from(i) / u128::from(count)) as u64));
    (0..=count)
        .map(value)
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[least, most], value| [least.min(value), most.max(value)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::curve::Curve;

    fn check(settings: PanSettings, alpha: &Alpha, frames: u64) {
        let rate = 8000.0;
        let values = |ramp: Ramp| (0..frames).map(|k| ramp.at(alpha.at(k))).collect::<Vec<_>>();
        let (min, max, freq, phase) = (
            values(settings.min),
            values(settings.max),
            values(settings.rate),
            values(settings.phase.map(|c| c * TAU)),
        );
        let direct = pan_envelope(
            frames as usize,
            rate,
            [Series::Values(&min), Series::Values(&max)],
            Series::Values(&freq),
            settings.kind,
            Series::Values(&phase),
        );
        let stage = PanStage::new(settings, alpha.clone(), rate, frames, PanOptions::default());
        for (k, direct) in direct.iter().enumerate() {
            let got = stage.position(k as u64);
            assert!((got - f64::from(*direct)).abs() < 2e-7, "{settings:?} {k}: {got} {direct}");
        }
    }

    #[test]
    fn the_pan_follows_the_sum_of_signed_rates() {
        let frames = 8000;
        let curves = ["linear", "logarithmic", "exponential", "alpha**3"];
        for curve in curves {
            for kind in [PanKind::Linear, PanKind::Inward, PanKind::Outward] {
                let alpha = Alpha::new(1.0, frames, 0.1, Some(0.7), Curve::parse(curve, false).unwrap());
                for rate in [(3.3, 3.3), (0.0, 7.1), (-3.1, 6.3), (6.3, -3.1), (-1.0, -2.0), (0.0, 0.0)] {
                    let settings = PanSettings {
                        min: Ramp { start: 0.8, end: -0.3 },
                        max: Ramp { start: -0.5, end: 0.9 },
                        rate: Ramp { start: rate.0, end: rate.1 },
                        phase: Ramp { start: 0.05, end: 0.2 },
                        kind,
                    };
                    check(settings, &alpha, frames);
                }
            }
        }
    }

    #[test]
    fn a_rate_that_is_never_reached_does_not_pan() {
        let settings = PanSettings {
            min: Ramp::fixed(-0.6),
            max: Ramp::fixed(1.0),
            rate: Ramp { start: -1.0, end: 2.0 },
            phase: Ramp::fixed(0.1),
            kind: PanKind::Linear,
        };
        check(settings, &Alpha::new(1.0, 8000, 5.0, None, Curve::Linear), 8000);
    }

    #[test]
    fn a_pan_after_hours_still_moves() {
        let settings = PanSettings {
            min: Ramp::fixed(-1.0),
            max: Ramp::fixed(1.0),
            rate: Ramp::fixed(0.3),
            phase: Ramp::fixed(0.0),
            kind: PanKind::Linear,
        };
        let frames = 8 * 3600 * 44_100;
        let stage = PanStage::new(settings, Alpha::still(), 44_100.0, frames, PanOptions::default());
        // a quarter of the 0.3 Hz cycle after a whole number of them: fully right
        let [left, right] = stage.gains(7 * 3600 * 44_100 + 36_750);
        assert!(left.abs() < 1e-3 && right > 0.999_999, "{left} {right}");
    }

    #[test]
    fn a_unity_centre_has_gain_one() {
        let still = Ramp::fixed(0.0);
        let settings = PanSettings { min: still, max: still, rate: still, phase: still, kind: PanKind::Linear };
        let options = PanOptions { unity_centre: true, ..PanOptions::default() };
        let stage = PanStage::new(settings, Alpha::still(), 44_100.0, 100, options);
        assert!(stage.gains(7).iter().all(|gain| (gain - 1.0).abs() < 1e-12));
    }
}
