//! Trapezoid pulses over time (spec binaural-and-isochronic 4.1 and 5, voice-pipeline 8).

use super::kernel;
use super::polynomial::{CellPolynomial, nodes};
use crate::dsp::curve::Alpha;
use crate::dsp::marks::Marks;
use crate::dsp::phase::Turns;
use crate::dsp::trapezoid::{Trapezoid, form};
use crate::voice::params::Ramp;
use crate::voice::parts::pulse_clock::PulseClock;
use crate::voice::tone_batch::{Phase, SegmentGate};
use crate::voice::{Block, Onset};

/// Frames between check-points, for a pulse rate that crosses 0 Hz.
const SPACING: u64 = 4096;

/// A pulse train: rate in Hz, flank (`ramp`) as a fraction of the audible part, gap as a fraction of the cycle.
#[derive(Debug, Clone)]
pub(crate) struct Pulse {
    rate: Ramp,
    ramp: Ramp,
    gap: Ramp,
    step: f64,
    origin: f64,
    lead: u64,
    /// Position at frame 0 besides the origin.
    start: Turns,
    /// Whether flank and gap are clamped to 0..1.
    limited: bool,
    frames: u64,
    alpha: Alpha,
    /// Sums of the clamped rate, for a ramp that reaches below 0 Hz.
    points: Option<Marks<Turns>>,
}

impl Pulse {
    /// `step` is in seconds per frame, `origin` is the time of frame 0 in seconds, and `lead` is 1 if frame 0 already
    /// has one increment, else 0.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn new(
        rate: Ramp,
        ramp: Ramp,
        gap: Ramp,
        step: f64,
        origin: f64,
        lead: u64,
        frames: u64,
        alpha: Alpha,
    ) -> Self {
        let mut pulse = Self {
            rate,
            ramp,
            gap,
            step,
            origin,
            lead,
            start: Turns::ZERO,
            limited: false,
            frames,
            alpha,
            points: None,
        };
        if rate.moves() && rate.start.min(rate.end) < 0.0 {
            pulse.points = Some(Marks::new(Turns::ZERO));
        }
        pulse
    }

    /// The same train with flank and gap clamped to 0..1, as in the transition voice.
    pub(crate) fn limited(mut self) -> Self {
        self.limited = true;
        self
    }

    /// The same train, ahead by `shift`.
    pub(crate) fn shifted(mut self, shift: Turns) -> Self {
        self.start += shift;
        self
    }

    fn increment(&self, frame: u64) -> Turns {
        Turns::from_cycles(self.rate.at(self.alpha.at(frame)).max(0.0) * self.step)
    }

    /// Position in the cycle at `frame`.
    pub(crate) fn position(&self, frame: u64) -> Turns {
        let n = frame + self.lead;
        if let Some(points) = &self.points {
            let point = n / SPACING;
            let sum = |at: Turns, from: u64, to: u64| (from..to).fold(at, |at, k| at + self.increment(k));
            let at = points.at(point, |passed, at| sum(at, passed * SPACING, (passed + 1) * SPACING));
            return self.start + sum(at, point * SPACING, n);
        }
        let rate = self.rate.map(|v| v.max(0.0));
        let moving = if rate.moves() && n > 0 { (rate.end - rate.start) * self.alpha.sum(n - 1) } else { 0.0 };
        self.start
            + Turns::from_cycles(rate.start * self.step).times(n)
            + Turns::from_cycles(rate.start * self.origin + moving * self.step)
    }

    /// Audible part and flank in cycles at `alpha`.
    fn form(&self, alpha: f64) -> (f64, f64) {
        let (mut ramp, mut gap) = (self.ramp.at(alpha), self.gap.at(alpha));
        if self.limited {
            (ramp, gap) = (ramp.clamp(0.0, 1.0), gap.clamp(0.0, 1.0));
        }
        form(ramp, gap)
    }

    fn level(&self, frame: u64, position: Turns) -> f64 {
        let alpha = self.alpha.at(frame);
        if self.rate.at(alpha) <= 1e-9 {
            return 0.0;
        }
        let (open, flank) = self.form(alpha);
        Trapezoid { rise: flank, fall: open - flank, audible: open }.level(position.cycles())
    }

    /// The gate of a cell of `len` frames that begins at `first`; `None` if the pulse changes its form within the cell
    /// or the cell has a corner.
    pub(crate) fn gate(&self, first: u64, len: usize) -> Option<SegmentGate> {
        let to = first + len as u64;
        let alpha = self.alpha.constant_over(first, to + 2);
        if alpha.is_some_and(|alpha| self.rate.at(alpha) <= 1e-9) {
            return Some(SegmentGate::CLOSED);
        }
        let fixed_form = !self.ramp.moves() && !self.gap.moves() || alpha.is_some();
        let (open, flank) = self.form(alpha.unwrap_or(0.0));
        if !fixed_form || open > 1.0 {
            return None;
        }
        let phase = self.phase(first, len)?;
        Some(if open <= 0.0 {
            SegmentGate::CLOSED
        } else if open >= 1.0 && flank <= 0.0 {
            SegmentGate::OPEN
        } else {
            SegmentGate::new(phase, open, flank)
        })
    }

    /// The position in the cycle over the cell; `None` if the cell has a corner.
    fn phase(&self, first: u64, len: usize) -> Option<Phase> {
        let to = first + len as u64;
        let alpha = self.alpha.constant_over(first, to + 2);
        if self.points.is_some() || alpha.is_none() && !self.is_smooth(first, to) {
            return None;
        }
        let arc = if let Some(alpha) = alpha {
            CellPolynomial { slope: self.rate.at(alpha) * self.step, ..CellPolynomial::default() }
        } else {
            let base = self.rate.start * self.step;
            let moving = |x: u64| {
                (self.rate.end - self.rate.start)
                    * self.step
                    * self.alpha.sum((first + x + self.lead).saturating_sub(1))
            };
            let before = moving(0);
            let mut arc = CellPolynomial::through(nodes(len).map(|x| moving(x as u64) - before), len);
            arc.slope += base;
            arc
        };
        (arc.bend_bound(len) <= 0.45).then(|| Phase::new(self.position(first), &arc))
    }

    /// Multiply both channels of a cell that begins at `first` by the pulses; `phases` is working memory.
    pub(crate) fn apply(&self, first: u64, out: Block<'_>, phases: &mut [u32]) {
        let len = out.len();
        // `phases` and `out` both have the length of one cell of the tone
        let phases = &mut phases[..len];
        if let Some(gate) = self.gate(first, len) {
            if gate.is_closed() {
                out.left.fill(0.0);
                out.right.fill(0.0);
                return;
            }
            kernel::phases(phases, &gate.phase);
            kernel::gate(out.left, phases, &gate);
            kernel::gate(out.right, phases, &gate);
        } else if let Some(phase) = self.phase(first, len).filter(|_| self.limited) {
            kernel::phases(phases, &phase);
            let alpha = CellPolynomial::through(nodes(len).map(|x| self.alpha.at(first + x as u64)), len);
            kernel::moving_gate(out, phases, &alpha, self.ramp, self.gap);
        } else {
            self.frame_by_frame(first, out);
        }
    }

    /// Call `each` with the pulses whose first frame is in `from..to`.
    pub(crate) fn onsets(&self, from: u64, to: u64, each: &mut dyn FnMut(Onset)) {
        let phase = Ramp::fixed(self.rate.start.max(0.0) * self.origin + self.start.cycles());
        let clock = PulseClock::new(self.rate, self.alpha.clone(), 1.0 / self.step, phase, self.lead, self.frames);
        if let Some(clock) = clock {
            clock.onsets(from, to, "pulse", |alpha, rate| self.form(alpha).0.clamp(0.0, 1.0) / rate, each);
        }
    }

    fn is_smooth(&self, from: u64, to: u64) -> bool {
        let (begin, after) = self.alpha.corners();
        let corner = |frame: u64| frame > 0 && frame >= from && frame <= to + 2;
        let alive = |frame: u64| self.rate.at(self.alpha.at(frame)) > 1e-9;
        self.alpha.is_smooth() && !corner(begin) && !corner(after) && !corner(self.frames) && alive(from) && alive(to)
    }

    fn frame_by_frame(&self, first: u64, out: Block<'_>) {
        let mut position = self.position(first);
        for (x, (left, right)) in out.left.iter_mut().zip(out.right).enumerate() {
            let frame = first + x as u64;
            if self.points.is_none() && x > 0 {
                position = self.position(frame);
            }
            let level = self.level(frame, position) as f32;
            *left *= level;
            *right *= level;
            if self.points.is_some() {
                position += self.increment(frame + self.lead);
            }
        }
    }
}
