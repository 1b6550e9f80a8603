//! The two tones of the right ear. Their frequencies follow the transition and a vibrato and are clamped at 0 Hz, first
//! the centre, then each tone (spec qam-voices 4.2).
//!
//! Phases are sums of the frequencies of the earlier frames. If nothing is clamped and the vibrato is constant, they
//! have a closed form; otherwise sums are stored for every [`SPACING`]-th frame and continued from there.

use multiversion::multiversion;
use std::f64::consts::{PI, TAU};

use crate::dsp::cell::{CELL, Cell, PhaseCell, deviate, sines};
use crate::dsp::marks::Marks;
use crate::dsp::phase::Turns;
use crate::dsp::sine::{cosine, phase_u32, sine, sine_cycles};
use crate::voice::parts::glide::Glide;
use crate::voice::parts::sweep::oscillator_law;
use crate::voice::parts::sweep::{Law, Sweep};
use crate::voice::{Context, Ramp};

/// Frames between stored sums.
const SPACING: u64 = 4096;

/// How the phases are computed.
#[derive(Debug, Clone)]
pub(super) enum Tones {
    /// No vibrato, and the centre does not go below 0 Hz.
    Plain([Sweep; 2]),
    /// A constant vibrato, and nothing goes below 0 Hz.
    Vibrato([Sweep; 2], Vibrato),
    /// All other cases.
    Summed(Box<Summed>),
}

impl Tones {
    /// `[centre, beat]` in Hz, `[rate, range, phase]` of the vibrato in Hz, Hz and radians, `starts` in radians.
    pub(super) fn new(
        context: &Context,
        glide: &Glide,
        [centre, beat]: [Ramp; 2],
        [rate, range, phase]: [Ramp; 3],
        starts: [Ramp; 2],
    ) -> Self {
        let never = Ramp::fixed(0.0);
        // a transition that ends before the call or begins after it has one constant value
        let resolved = |ramp: Ramp| {
            if glide.alpha.is_constant() { Ramp::fixed(ramp.at(glide.alpha.at(0))) } else { ramp }
        };
        let [centre, beat, rate, range, phase] = [centre, beat, rate, range, phase].map(resolved);
        let steady = !(rate.moves() || range.moves() || phase.moves());
        let off = rate == never || range == never;
        // distance of the centre from the value at which it or a tone reaches 0 Hz
        let room = |centre: f64, beat: f64, range: f64| centre - 0.5 * (beat.abs() + range.abs());
        let [shift_lower, shift_upper] = [context.shift("lower"), context.shift("upper")];
        let tone = |side: f64, floor: f64, start: Ramp| {
            let shift = if side < 0.0 { shift_lower } else { shift_upper };
            let frequency =
                Ramp { start: centre.start + side * 0.5 * beat.start, end: centre.end + side * 0.5 * beat.end };
            Sweep::new(glide, frequency, floor, start, Law::SumBefore).shifted(shift)
        };
        let smooth = glide.alpha.is_smooth();
        if off && smooth && centre.start >= 0.0 && centre.end >= 0.0 {
            return Self::Plain([tone(-1.0, 0.0, starts[0]), tone(1.0, 0.0, starts[1])]);
        }
        let free = room(centre.start, beat.start, range.start) >= 0.0 && room(centre.end, beat.end, range.end) >= 0.0;
        if steady
            && smooth
            && free
            && let Some(vibrato) = Vibrato::new(glide, rate.start, range.start, phase.start, context.shift("vibrato"))
        {
            let floor = f64::NEG_INFINITY;
            return Self::Vibrato([tone(-1.0, floor, starts[0]), tone(1.0, floor, starts[1])], vibrato);
        }
        let osc = Sweep::new(glide, rate, f64::NEG_INFINITY, phase, oscillator_law(context));
        let vibrato = (!off).then_some((osc.shifted(context.shift("vibrato")), rate, range));
        let mut summed = Summed::new(glide.dt, centre, beat, vibrato, starts);
        summed.starts[0] += shift_lower;
        summed.starts[1] += shift_upper;
        Self::Summed(Box::new(summed))
    }

    /// The phases of both tones at `frame`, without the phase oscillation.
    pub(super) fn phases_at(&self, glide: &Glide, frame: u64) -> [Turns; 2] {
        match self {
            Self::Plain(tones) => [0, 1].map(|tone| tones[tone].phase(glide, frame)),
            Self::Vibrato(tones, vibrato) => {
                let bend = Turns::from_cycles(vibrato.bend(frame));
                [0, 1].map(|tone| tones[tone].phase(glide, frame) + bend)
            }
            Self::Summed(summed) => summed.phases_at(glide, frame),
        }
    }

    /// The phase of the vibrato at `frame`.
    pub(super) fn vibrato_at(&self, glide: &Glide, frame: u64) -> Option<Turns> {
        match self {
            Self::Plain(_) => None,
            Self::Vibrato(_, vibrato) => Some(vibrato.phase + vibrato.step.times(frame)),
            Self::Summed(summed) => summed.vibrato.as_ref().map(|(osc, ..)| osc.phase(glide, frame)),
        }
    }

    /// Write both sines over the current cell of `glide`; `turns` moves the phase of the lower tone back and that of
    /// the upper tone on.
    pub(super) fn sines(&mut self, glide: &Glide, turns: Option<&Cell>, out: [&mut Cell; 2]) {
        if let (Self::Plain(tones), None) = (&*self, turns) {
            for (tone, out) in tones.iter().zip(out) {
                tone.sines(glide, out);
            }
            return;
        }
        let mut phases = [[0; CELL]; 2];
        match self {
            Self::Plain(tones) => {
                for (tone, phases) in tones.iter().zip(&mut phases) {
                    tone.phases(glide, phases);
                }
            }
            Self::Vibrato(tones, vibrato) => {
                let mut bend = [0; CELL];
                vibrato.phases(glide.frame(), &mut bend);
                for (tone, phases) in tones.iter().zip(&mut phases) {
                    tone.phases(glide, phases);
                    advance(&bend, phases);
                }
            }
            Self::Summed(summed) => summed.phases(glide, &mut phases),
        }
        for ((phases, direction), out) in phases.iter_mut().zip([-1.0, 1.0]).zip(out) {
            if let Some(turns) = turns {
                deviate(phases, turns, direction);
            }
            sines(phases, out);
        }
    }
}

/// The part of the phase that a constant vibrato adds: the sum of `range/2·sin(θ + kδ)` over the earlier frames, which
/// is `range/(4 sin(δ/2))·(cos(θ - δ/2) - cos(θ + (i - ½)δ))`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vibrato {
    /// Factor before the difference of cosines, cycles.
    span: f64,
    step: Turns,
    /// `θ`.
    phase: Turns,
    /// `θ - δ/2`.
    start: Turns,
}

impl Vibrato {
    /// `None` if the sum has no such form because the rate is a multiple of the frame rate.
    fn new(glide: &Glide, rate: f64, range: f64, phase: f64, shift: Turns) -> Option<Self> {
        let step = rate * glide.dt;
        let divisor = 4.0 * (PI * step).sin();
        let start = Turns::from_cycles(phase / TAU - 0.5 * step) + shift;
        (divisor.abs() > 1e-12).then(|| Self {
            span: range * glide.dt / divisor,
            step: Turns::from_cycles(step),
            phase: Turns::from_cycles(phase / TAU) + shift,
            start,
        })
    }

    /// The part of the phase at `frame`, cycles.
    fn bend(&self, frame: u64) -> f64 {
        self.span * (cosine(self.start) - cosine(self.start + self.step.times(frame)))
    }

    fn phases(&self, frame: u64, out: &mut PhaseCell) {
        // a quarter turn makes the sine a cosine
        let at = (self.start + self.step.times(frame)).cycles() + 0.25;
        // as a signed step, so that steps of negative rates are small too
        let step = self.step.cycles();
        let step = if step > 0.5 { step - 1.0 } else { step };
        vibrato_span(self.span, cosine(self.start), at, step, out);
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn vibrato_span(range: f64, start: f64, at: f64, step: f64, out: &mut PhaseCell) {
    for (j, phase) in out.iter_mut().enumerate() {
        let cosine = sine_cycles(at + step * f64::from(j as i32));
        *phase = phase_u32(range * (start - cosine));
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn advance(by: &PhaseCell, phases: &mut PhaseCell) {
    for j in 0..CELL {
        phases[j] = phases[j].wrapping_add(by[j]);
    }
}

/// Phases as running sums. `Turns` are integers, so a sum does not depend on the check-point from which it continues.
#[derive(Debug, Clone)]
pub(super) struct Summed {
    centre: Ramp,
    beat: Ramp,
    /// Oscillator, rate (Hz) and range (Hz, peak to peak).
    vibrato: Option<(Sweep, Ramp, Ramp)>,
    dt: f64,
    starts: [Turns; 2],
    /// Sums before every [`SPACING`]-th frame.
    marks: Marks<[Turns; 2]>,
    /// The frame reached last, and the sums before it.
    reached: (u64, [Turns; 2]),
}

impl Summed {
    fn new(dt: f64, centre: Ramp, beat: Ramp, vibrato: Option<(Sweep, Ramp, Ramp)>, starts: [Ramp; 2]) -> Self {
        Self {
            centre,
            beat,
            vibrato,
            dt,
            starts: starts.map(|start| Turns::from_radians(start.start)),
            marks: Marks::new([Turns::ZERO; 2]),
            reached: (0, [Turns::ZERO; 2]),
        }
    }

    /// The sums of the frames before `to`, given those of the frames before `from`.
    fn sum(&self, glide: &Glide, mut sums: [Turns; 2], from: u64, to: u64) -> [Turns; 2] {
        for frame in from..to {
            self.advance(glide, frame, &mut sums);
        }
        sums
    }

    /// Add the increments of `frame` to `sums`.
    #[inline]
    fn advance(&self, glide: &Glide, frame: u64, sums: &mut [Turns; 2]) {
        let alpha = glide.alpha.at(frame);
        let vibrato = self.vibrato.as_ref().map_or(0.0, |(osc, rate, range)| {
            if rate.at(alpha) == 0.0 { 0.0 } else { 0.5 * range.at(alpha) * sine(osc.phase(glide, frame)) }
        });
        let centre = (self.centre.at(alpha) + vibrato).max(0.0);
        let half = 0.5 * self.beat.at(alpha);
        for (sum, frequency) in sums.iter_mut().zip([centre - half, centre + half]) {
            *sum += Turns::from_cycles(frequency.max(0.0) * self.dt);
        }
    }

    /// The sums of the frames before `frame`.
    fn before(&self, glide: &Glide, frame: u64) -> [Turns; 2] {
        let mark = frame / SPACING;
        let sums = self.marks.at(mark, |passed, sums| self.sum(glide, sums, passed * SPACING, (passed + 1) * SPACING));
        self.sum(glide, sums, mark * SPACING, frame)
    }

    fn phases_at(&self, glide: &Glide, frame: u64) -> [Turns; 2] {
        let sums = self.before(glide, frame);
        [self.starts[0] + sums[0], self.starts[1] + sums[1]]
    }

    fn phases(&mut self, glide: &Glide, out: &mut [PhaseCell; 2]) {
        let frame = glide.frame();
        if self.reached.0 != frame {
            self.reached = (frame, self.before(glide, frame));
        }
        for j in 0..CELL {
            for tone in 0..2 {
                out[tone][j] = (self.starts[tone] + self.reached.1[tone]).high();
            }
            let mut sums = self.reached.1;
            self.advance(glide, frame + j as u64, &mut sums);
            self.reached = (frame + j as u64 + 1, sums);
        }
    }
}
