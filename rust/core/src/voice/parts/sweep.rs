//! A sine whose frequency follows the transition, with an exact phase at any frame and little work per frame.
//!
//! The phase at the first frame of a cell has a closed form: fixed-point turns for a constant frequency, the running
//! sum of alpha for a moving one (spec am-and-monaural-voices 1.5). Within the cell the phase is a cubic polynomial;
//! where the frequency is constant, a table of rotations gives the sines.

use std::f64::consts::TAU;
use std::sync::Arc;

use super::glide::{CellMotion, Glide};
use super::nyquist;
use crate::dsp::cell;
use crate::dsp::cell::{CELL, Cell, PhaseCell, Rotation};
use crate::dsp::marks::Marks;
use crate::dsp::phase::Turns;
use crate::voice::{Context, Ramp};

/// How the phase follows from the frequency. All of these occur in the specifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// The sum of the increments of frames `1..=i`: phase 0 at frame 0.
    Sum,
    /// The sum of the increments of frames `0..=i`: frame 0 already has one increment.
    SumWithFirst,
    /// The sum of the increments of frames `0..i`: phase 0 at frame 0.
    SumBefore,
    /// The current frequency times the time since frame 0.
    Product,
}

/// A sine oscillator whose frequency and phase offset follow alpha.
#[derive(Debug, Clone)]
pub struct Sweep {
    /// Cycles per frame before the floor is applied.
    rate: Ramp,
    /// Lowest frequency, cycles per frame.
    floor: f64,
    /// Phase offset, cycles.
    offset: Ramp,
    law: Law,
    limit: Limit,
    /// Increment per frame at the ramp's start value, and at the floor.
    steps: [Turns; 2],
    /// Constant part of the phase.
    origin: Turns,
    /// Rotation tables for the frequencies at both ends.
    tables: Option<[Arc<Rotation>; 2]>,
    /// Whether it is silent above half the sample rate, which it reaches.
    masked: bool,
}

/// In which frames the frequency is held at its floor.
#[derive(Debug, Clone)]
enum Limit {
    /// In none.
    Nowhere,
    /// From this frame on.
    From(u64),
    /// Before this frame.
    Until(u64),
    /// In any (curve expressions): sums of the increments before every `spacing`-th frame from `begin` on.
    Listed {
        begin: u64,
        spacing: u64,
        /// Index of the last stored sum.
        last: u64,
        sums: Marks<Turns>,
    },
}

/// Phase within a cell, in turns relative to its first frame.
enum Course {
    /// A constant increment per frame.
    Steady(f64),
    /// The linear, quadratic and cubic coefficients.
    Cubic([f64; 3]),
    /// Computed frame by frame.
    Listed,
}

impl Sweep {
    /// A sine of `frequency` (Hz, limited to at least `floor_hz`) with `offset` (radians) added to its phase.
    pub fn new(glide: &Glide, frequency: Ramp, floor_hz: f64, offset: Ramp, law: Law) -> Self {
        let rest = glide.alpha.is_constant().then(|| glide.alpha.at(0));
        let resting = |ramp: Ramp| rest.map_or(ramp, |alpha| Ramp::fixed(ramp.at(alpha)));
        let floor = floor_hz * glide.dt;
        let mut rate = resting(frequency.map(|hz| hz * glide.dt));
        if !rate.moves() {
            rate = Ramp::fixed(rate.start.max(floor));
        }
        let offset = resting(offset.map(|radians| radians / TAU));
        let limit = Limit::find(glide, rate, floor);
        let table = |rate: f64| Arc::new(Rotation::new(Turns::from_cycles(rate.max(floor))));
        let start = table(rate.start);
        let end = if rate.moves() { table(rate.end) } else { Arc::clone(&start) };
        let steps = [rate.start, floor].map(Turns::from_cycles);
        let origin = Turns::ZERO;
        let mut sweep =
            Self { rate, floor, offset, law, limit, steps, origin, tables: Some([start, end]), masked: false };
        if !offset.moves() {
            sweep.origin = Turns::from_cycles(offset.start);
        }
        match law {
            Law::Sum => sweep.origin = sweep.origin - sweep.before(glide, 1),
            Law::SumBefore | Law::SumWithFirst | Law::Product => {}
        }
        sweep
    }

    /// The same oscillator without rotation tables. It is somewhat slower, but small values of the sine keep their
    /// relative accuracy, which a nonlinear stage behind it needs.
    #[must_use]
    pub fn precise(mut self) -> Self {
        self.tables = None;
        self
    }

    /// The same oscillator, ahead by `shift`.
    #[must_use]
    pub fn shifted(mut self, shift: Turns) -> Self {
        self.origin += shift;
        self
    }

    /// The same oscillator, silent above half the sample rate if `on` is set (`Compat::band_limited`).
    #[must_use]
    pub fn band_limited(mut self, on: bool) -> Self {
        self.masked = on && nyquist::reaches(self.rate);
        self
    }

    /// Multiply sines of the current cell of `glide` by 0 where the oscillator is silent.
    pub fn mask(&self, glide: &Glide, out: &mut Cell) {
        if self.masked {
            for (j, sample) in out.iter_mut().enumerate() {
                *sample *= nyquist::gain(self.rate_at(glide, j), self.rate.moves()) as f32;
            }
        }
    }

    /// Cycles per frame at frame `j` of the current cell of `glide`.
    pub fn rate_at(&self, glide: &Glide, j: usize) -> f64 {
        self.limited(glide.at(j))
    }

    /// Whether the frequency moves.
    pub fn moves(&self) -> bool {
        self.rate.moves()
    }

    /// Write the sines of the current cell of `glide`.
    pub fn sines(&self, glide: &Glide, out: &mut Cell) {
        let course = self.course(glide);
        if let Course::Steady(_) = course
            && let Some(table) = self.table(glide)
        {
            table.sines(self.phase(glide, glide.frame()), out);
        } else {
            let mut phases = [0; CELL];
            self.follow(glide, &course, &mut phases);
            cell::sines(&phases, out);
        }
        self.mask(glide, out);
    }

    /// Write the phases of the current cell of `glide`, in 2⁻³² turns.
    pub fn phases(&self, glide: &Glide, out: &mut PhaseCell) {
        self.follow(glide, &self.course(glide), out);
    }

    fn follow(&self, glide: &Glide, course: &Course, out: &mut PhaseCell) {
        let start = self.phase(glide, glide.frame());
        match course {
            Course::Steady(rate) => cell::steady_phases(start, *rate, out),
            Course::Cubic(c) => cell::cubic_phases(start, *c, out),
            Course::Listed => cell::offset_phases(start, &self.offsets(glide), out),
        }
    }

    /// The table for this cell, if its frequency is constant and has one.
    fn table(&self, glide: &Glide) -> Option<&Rotation> {
        let [start, end] = self.tables.as_ref()?;
        match glide.shape() {
            _ if !self.rate.moves() => Some(start),
            CellMotion::Still(0.0) => Some(start),
            CellMotion::Still(1.0) => Some(end),
            _ => None,
        }
    }

    /// The exact phase at `frame`.
    pub fn phase(&self, glide: &Glide, frame: u64) -> Turns {
        let mut phase = self.origin;
        if self.offset.moves() {
            phase += Turns::from_cycles(self.offset.at(glide.alpha.at(frame)));
        }
        phase
            + match self.law {
                Law::Product if !self.rate.moves() && self.rate.start >= self.floor => self.steps[0].times(frame),
                Law::Product => Turns::from_cycles(self.limited(glide.alpha.at(frame))).times(frame),
                Law::SumBefore => self.before(glide, frame),
                Law::Sum | Law::SumWithFirst => self.before(glide, frame + 1),
            }
    }

    #[inline]
    fn limited(&self, alpha: f64) -> f64 {
        self.rate.at(alpha).max(self.floor)
    }

    /// The sum of the increments of the frames before `frame`.
    fn before(&self, glide: &Glide, frame: u64) -> Turns {
        let floor = |from: u64, to: u64| self.steps[1].times(to - from);
        match &self.limit {
            Limit::Nowhere => self.free(glide, 0, frame),
            Limit::From(limit) => self.free(glide, 0, frame.min(*limit)) + floor(frame.min(*limit), frame),
            Limit::Until(limit) => floor(0, frame.min(*limit)) + self.free(glide, frame.min(*limit), frame),
            Limit::Listed { begin, .. } if frame <= *begin => {
                Turns::from_cycles(self.limited(glide.alpha.at(0))).times(frame)
            }
            Limit::Listed { begin, spacing, last, sums } => {
                let mark = ((frame - begin) / spacing).min(*last);
                let sum = sums.at(mark, |passed, sum| {
                    let from = begin + passed * spacing;
                    (from..from + spacing).fold(sum, |sum, k| sum + Turns::from_cycles(self.limited(glide.alpha.at(k))))
                });
                let from = begin + mark * spacing;
                // after the ramp the increment is constant
                let still = glide.alpha.corners().1.clamp(from, frame);
                let step = |k| Turns::from_cycles(self.limited(glide.alpha.at(k)));
                (from..still).fold(sum, |sum, k| sum + step(k)) + step(frame).times(frame - still)
            }
        }
    }

    /// The sum of the increments of the frames `from..to`, none of which is at the floor.
    fn free(&self, glide: &Glide, from: u64, to: u64) -> Turns {
        let fixed = self.steps[0].times(to - from);
        if !self.rate.moves() || to <= from {
            return fixed;
        }
        let alphas = |frame: u64| if frame == 0 { 0.0 } else { glide.alpha.sum(frame - 1) };
        fixed + Turns::from_cycles((self.rate.end - self.rate.start) * (alphas(to) - alphas(from)))
    }

    fn course(&self, glide: &Glide) -> Course {
        let shape = glide.shape();
        if !self.rate.moves() && (!self.offset.moves() || matches!(shape, CellMotion::Still(_))) {
            return Course::Steady(self.rate.start);
        }
        match shape {
            CellMotion::Still(alpha) => Course::Steady(self.limited(alpha)),
            CellMotion::Parabola(c) => {
                // the frames whose increments the cell adds; the increment of its first frame is in the start phase
                let first = glide.frame() + u64::from(self.law != Law::SumBefore);
                let inner = first..=first + CELL as u64 - 2;
                let free = match &self.limit {
                    Limit::Nowhere => true,
                    Limit::From(limit) | Limit::Until(limit) if inner.contains(limit) => return Course::Listed,
                    Limit::From(limit) => inner.start() < limit,
                    Limit::Until(limit) => inner.start() >= limit,
                    Limit::Listed { .. } => return Course::Listed,
                };
                self.cubic(glide.frame() as f64, c, free)
            }
            CellMotion::Free => Course::Listed,
        }
    }

    /// Phase of a cell in which alpha is a parabola. If `free` is false the frequency is at its floor.
    fn cubic(&self, frame: f64, alpha: [f64; 3], free: bool) -> Course {
        let slope = |ramp: Ramp| ramp.end - ramp.start;
        let (bend_rate, bend_offset) = (slope(self.rate), slope(self.offset));
        let r = [self.rate.at(alpha[0]), bend_rate * alpha[1], bend_rate * alpha[2]];
        let mut c = match self.law {
            Law::Product => [r[0] + r[1] * frame, r[1] + r[2] * frame, r[2]],
            Law::SumBefore if free => [r[0] - r[1] / 2.0 + r[2] / 6.0, (r[1] - r[2]) / 2.0, r[2] / 3.0],
            _ if free => [r[0] + r[1] / 2.0 + r[2] / 6.0, (r[1] + r[2]) / 2.0, r[2] / 3.0],
            _ => [self.floor, 0.0, 0.0],
        };
        c[0] += bend_offset * alpha[1];
        c[1] += bend_offset * alpha[2];
        Course::Cubic(c)
    }

    /// Phase of any cell in turns, frame by frame, relative to its first frame.
    fn offsets(&self, glide: &Glide) -> [f64; CELL] {
        let mut offsets = [0.0; CELL];
        let first = self.offset.at(glide.at(0));
        let start = self.limited(glide.at(0)) * glide.frame() as f64;
        let mut sum = 0.0;
        for (j, offset) in offsets.iter_mut().enumerate().skip(1) {
            let rate = self.limited(glide.at(j));
            sum += if self.law == Law::SumBefore { self.limited(glide.at(j - 1)) } else { rate };
            let turned = match self.law {
                Law::Product => rate * (glide.frame() + j as u64) as f64 - start,
                Law::Sum | Law::SumWithFirst | Law::SumBefore => sum,
            };
            *offset = turned + self.offset.at(glide.at(j)) - first;
        }
        offsets
    }
}

impl Limit {
    fn find(glide: &Glide, rate: Ramp, floor: f64) -> Self {
        let (begin, after) = glide.alpha.corners();
        if !rate.moves() || floor == f64::NEG_INFINITY {
            Self::Nowhere
        } else if !glide.alpha.is_smooth() {
            Self::list(glide, rate, floor)
        } else if rate.start.min(rate.end) >= floor {
            Self::Nowhere
        } else if rate.start.max(rate.end) < floor {
            Self::From(0)
        } else {
            // alpha is monotonic: bisect for the frame that crosses the floor
            let low_first = rate.start < floor;
            let (mut same, mut other) = (begin, after);
            while same < other {
                let middle = same + (other - same) / 2;
                let low = rate.at(glide.alpha.at(middle)) < floor;
                if low == low_first { same = middle + 1 } else { other = middle }
            }
            if low_first { Self::Until(same) } else { Self::From(same) }
        }
    }

    fn list(glide: &Glide, rate: Ramp, floor: f64) -> Self {
        let (begin, after) = glide.alpha.corners();
        let after = after.min(glide.frames);
        let spacing = (after.saturating_sub(begin) >> 18).next_power_of_two().max(64);
        let before = Turns::from_cycles(rate.at(glide.alpha.at(0)).max(floor)).times(begin);
        let last = after.saturating_sub(begin) / spacing;
        Self::Listed { begin, spacing, last, sums: Marks::new(before) }
    }
}

/// The phase law of modulators with moving rates. The legacy law is [`Law::Product`].
pub(crate) const fn oscillator_law(context: &Context) -> Law {
    if context.compat.integrate_rates { Law::Sum } else { Law::Product }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::curve::{Alpha, Curve};

    const DURATION: f64 = 0.7331;
    const FRAMES: u64 = 16164;

    /// Compare every frame with the definition, summed frame by frame.
    fn check(glide: &mut Glide, hz: Ramp, floor: f64, offset: Ramp, law: Law, what: &str) {
        let sweep = Sweep::new(glide, hz, floor, offset, law);
        let precise = sweep.clone().precise();
        let (mut out, mut exactly, mut sum) = ([0.0; CELL], [0.0; CELL], 0.0);
        for index in 0..=FRAMES / CELL as u64 {
            glide.enter(index);
            sweep.sines(glide, &mut out);
            precise.sines(glide, &mut exactly);
            for j in 0..CELL {
                let frame = index * CELL as u64 + j as u64;
                if frame >= FRAMES {
                    break;
                }
                let alpha = glide.alpha.at(frame);
                let rate = hz.at(alpha).max(floor) * glide.dt;
                if law != Law::SumBefore && (frame > 0 || law == Law::SumWithFirst) {
                    sum += rate;
                }
                let turns = if law == Law::Product { rate * frame as f64 } else { sum };
                if law == Law::SumBefore {
                    sum += rate;
                }
                let exact = (TAU * turns + offset.at(alpha)).sin();
                assert!((f64::from(out[j]) - exact).abs() < 3e-7, "{what} frame {frame}: {} {exact}", out[j]);
                assert!((f64::from(exactly[j]) - exact).abs() < 3e-7, "{what} frame {frame}: {}", exactly[j]);
            }
        }
    }

    #[test]
    fn phases_equal_running_sums_for_every_curve_and_law() {
        let ramps = [(200.0, 250.0), (440.0, 440.0), (60.0, -40.0), (-30.0, 90.0), (-5.0, -1.0), (5.0, 0.0)];
        for text in ["linear", "logarithmic", "exponential", "alpha**0.5", "1.3*alpha - 0.1", "alpha > 0.3"] {
            let timings =
                [(0.0, None), (0.1, Some(0.4)), (-0.3, Some(0.7)), (0.2, Some(0.0)), (0.0, Some(0.0)), (5.0, None)];
            for (start, span) in timings {
                let curve = Curve::parse(text, true).unwrap();
                let alpha = Alpha::new(DURATION, FRAMES, start, span, curve);
                let mut glide = Glide::new(alpha, DURATION / FRAMES as f64, FRAMES);
                for (from, to) in ramps {
                    let hz = Ramp { start: from, end: to };
                    let what = format!("{text} {start} {span:?} {hz:?}");
                    check(&mut glide, hz, 1e-9, Ramp::fixed(0.4), Law::Sum, &what);
                    check(&mut glide, hz, 0.0, Ramp::fixed(-1.4), Law::SumWithFirst, &what);
                    check(&mut glide, hz, 0.0, Ramp::fixed(2.4), Law::SumBefore, &what);
                    let offset = Ramp { start: 0.3, end: 2.0 };
                    check(&mut glide, hz, f64::NEG_INFINITY, offset, Law::Product, &what);
                }
            }
        }
    }

    #[test]
    fn a_constant_frequency_has_the_bits_of_the_static_tone() {
        let moving = Alpha::new(DURATION, FRAMES, 0.1, Some(0.4), Curve::Logarithmic);
        let dt = DURATION / FRAMES as f64;
        let (mut still, mut moving) = (Glide::new(Alpha::still(), dt, FRAMES), Glide::new(moving, dt, FRAMES));
        let hz = Ramp::fixed(311.1);
        let tone = |glide: &Glide| Sweep::new(glide, hz, 0.0, Ramp::fixed(0.5), Law::SumWithFirst);
        let (a, b) = (tone(&still), tone(&moving));
        for index in 0..FRAMES / CELL as u64 {
            let (mut left, mut right) = ([0.0; CELL], [0.0; CELL]);
            still.enter(index);
            moving.enter(index);
            a.sines(&still, &mut left);
            b.sines(&moving, &mut right);
            assert_eq!(left, right, "cell {index}");
        }
    }

    #[test]
    fn a_tone_does_not_drift_over_a_day() {
        let frames = 24 * 3600 * 44_100;
        let alpha = Alpha::new(86_400.0, frames, 0.0, None, Curve::Linear);
        let glide = Glide::new(alpha, 1.0 / 44_100.0, frames);
        let sweep = Sweep::new(&glide, Ramp { start: 200.0, end: 100.0 }, 0.0, Ramp::fixed(0.0), Law::Sum);
        // mean frequency 150 Hz, plus half of the first increment's excess over the mean of its neighbours
        let frame = frames - 1;
        let n = frame as f64;
        let exact = (n * 200.0 - 100.0 * n * (n + 1.0) / (2.0 * frames as f64)) / 44_100.0;
        let error = (sweep.phase(&glide, frame).cycles() - exact).rem_euclid(1.0);
        assert!(error.min(1.0 - error) < 1e-7, "{error:e}");
    }
}
