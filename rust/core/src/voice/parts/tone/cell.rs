//! Rendering a tone cell by cell: nodes, polynomials, kernels, and the frame-by-frame path for cells with corners.

use super::kernel;
use super::polynomial::{CellPolynomial, nodes, third};
use super::segment::SHORTEST;
use super::signal::{Channel, ROLES, Signal, VibratoSum, top};
use super::sum::{self, Sum};
use crate::dsp::lfo::Skew;
use crate::dsp::phase::Turns;
use crate::voice::tone_batch::{Phase, ToneSegment};
use crate::voice::{Block, Oscillators, Phases};

/// Longest cell in frames: one block of the mixer.
const LONGEST: usize = 2048;
/// Longest cell in frames of a voice whose frequencies are summed.
const LONGEST_SUMMED: usize = 1024;
/// Longest cell in frames of a voice whose level follows its frequency along a contour.
const LONGEST_CONTOUR: usize = 256;
/// Overtones of the vibrato that the contour adds to the gain.
const OVERTONES: f64 = 4.0;

/// Largest error that the interpolation may add to a phase (radians) or a gain.
const TOLERANCE: f64 = 3e-8;

/// The cell length of a voice, and which cells have to be computed frame by frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CellShape {
    /// Frames per cell, a power of two.
    pub(crate) len: usize,
    /// Whether every cell of the channel is computed frame by frame.
    always_rough: [bool; 2],
    /// The voice's length in frames. Ramps have a corner there too.
    frames: u64,
}

impl CellShape {
    fn new(signal: &Signal, sample_rate: f64, frames: u64) -> Self {
        // error bounds over a cell of length h: a quintic through nodes h/5 apart is off by at most
        // max|f⁽⁶⁾|·h⁶/600000, a cubic through nodes h/3 apart by at most max|f⁽⁴⁾|·h⁴/1944
        let fits = |len: usize| {
            let turn = |rate: f64| std::f64::consts::TAU * rate * len as f64 / sample_rate;
            let error = |rate: f64, magnitude: f64| magnitude * turn(rate).powi(6) / 600_000.0;
            let summed = |rate: f64, magnitude: f64| magnitude * turn(rate).powi(4) / 1944.0;
            signal.channels.iter().enumerate().all(|(side, channel)| {
                // a triangle is linear between its corners, and cells with corners are not interpolated
                let curved = channel.has_vibrato() && !channel.vibrato.triangle;
                let vibrato = if curved { channel.vibrato.top_rate() } else { 0.0 };
                let slowest = channel.vibrato.rate.start.abs().min(channel.vibrato.rate.end.abs()).max(1e-3);
                let range = channel.vibrato_range.start.abs().max(channel.vibrato_range.end.abs());
                let osc = top(signal.phase_osc_rate);
                let deviation = signal.phase_osc_range.start.abs().max(signal.phase_osc_range.end.abs()) / 2.0;
                let mut gain = if channel.has_tremolo() { channel.tremolo.top_rate() } else { 0.0 };
                if let Some(pan) = signal.pan.as_ref().filter(|pan| pan.oscillates()) {
                    gain += 2.0 * pan.top_rate();
                }
                let mut amp = channel.amp.start.abs().max(channel.amp.end.abs());
                if signal.follows_contour(side) {
                    gain += OVERTONES * vibrato;
                    amp = signal.gain_bound(side);
                }
                let vibrato = if channel.is_closed() {
                    error(vibrato, range / 2.0 / slowest)
                } else {
                    summed(vibrato, range / 2.0 / slowest)
                };
                vibrato < TOLERANCE
                    && error(osc, deviation) < TOLERANCE
                    && (!signal.gain_moves(side) || error(gain, amp.max(1e-3)) < TOLERANCE)
            })
        };
        let closed = signal.channels.iter().all(Channel::is_closed);
        let mut len = if closed { LONGEST } else { LONGEST_SUMMED };
        if (0..2).any(|side| signal.follows_contour(side)) {
            len = LONGEST_CONTOUR;
        }
        while len > SHORTEST && !fits(len) {
            len /= 2;
        }
        let too_fast = !fits(len);
        let rough = |side: usize| {
            let channel = &signal.channels[side];
            too_fast || channel.clamps()
        };
        Self { len, always_rough: [rough(0), rough(1)], frames }
    }

    /// The quintic through `f` at the nodes of a cell.
    pub(crate) fn through(&self, f: impl Fn(u64) -> f64) -> CellPolynomial {
        CellPolynomial::through(nodes(self.len).map(|x| f(x as u64)), self.len)
    }

    /// The cubic through `f` at the nodes of a cell, for functions that are summed afterwards.
    pub(crate) fn cubic(&self, f: impl Fn(u64) -> f64) -> CellPolynomial {
        let (len, m) = (self.len as u64, third(self.len) as u64);
        CellPolynomial::cubic([f(0), f(m), f(len - m), f(len)], self.len)
    }

    /// Whether channel `side` has to be computed frame by frame in `cell`.
    pub(crate) fn is_rough(&self, signal: &Signal, side: usize, cell: u64) -> bool {
        if self.always_rough[side] {
            return true;
        }
        // one more frame at the end, because the nodes of summed voices are one frame later
        let (from, to) = (cell * self.len as u64, (cell + 1) * self.len as u64 + 1);
        let channel = &signal.channels[side];
        let moving = signal.alpha.constant_over(from, to + 1).is_none();
        if moving {
            let (begin, after) = signal.alpha.corners();
            let corner = |frame: u64| frame > 0 && frame >= from && frame <= to + 1;
            if corner(begin) || corner(after) || corner(self.frames) || !signal.alpha.is_smooth() {
                return true;
            }
            let mono = |frame: u64| channel.mono.at(signal.alpha.at(frame)) > 0.5;
            if channel.mono.moves() && mono(from) != mono(to) {
                return true;
            }
        }
        let corners = |has: bool, lfo: &crate::voice::parts::tone::signal::Lfo, cycles: &dyn Fn(u64) -> f64| {
            if !has || !lfo.has_corners() {
                return false;
            }
            if moving && !lfo.fixed() {
                return true;
            }
            let (a, b) = (cycles(from), cycles(to));
            let split = Skew::new(lfo.skew.at(signal.alpha.at(from))).first();
            a.floor() != b.floor() || (a - split).floor() != (b - split).floor()
        };
        corners(channel.has_vibrato(), &channel.vibrato, &|frame| {
            signal.vibrato_cycles(&channel.vibrato, frame, signal.alpha.at(frame))
        }) || corners(channel.has_tremolo(), &channel.tremolo, &|frame| {
            signal.tremolo_cycles(&channel.tremolo, frame, signal.alpha.at(frame))
        }) || signal.pan.as_ref().is_some_and(|pan| pan.is_rough(from, to))
    }
}

/// How the phase of a channel is computed.
#[derive(Debug, Clone)]
enum Carrier {
    /// Closed form: fixed increment per frame, change of the increment over the ramp in cycles, vibrato sum.
    Closed { step: Turns, ramp: f64, vibrato: Option<VibratoSum> },
    /// Running sum with check-points.
    Summed(Sum),
}

/// Buffers for one cell.
#[derive(Debug, Clone)]
pub(crate) struct Scratch {
    /// Phase of each frame, 2³² is one turn.
    pub(crate) phases: Vec<u32>,
    gains: Vec<f32>,
}

impl Scratch {
    pub(crate) fn new(len: usize) -> Self {
        Self { phases: vec![0; len], gains: vec![0.0; len] }
    }
}

/// A tone that can compute any of its cells.
#[derive(Debug, Clone)]
pub(crate) struct Tone {
    pub(crate) signal: Signal,
    pub(crate) shape: CellShape,
    carriers: [Carrier; 2],
    /// Whether both ears have the same tone.
    alike: bool,
    pub(crate) scratch: Scratch,
}

impl Tone {
    pub(crate) fn new(signal: Signal, sample_rate: f64, frames: u64) -> Self {
        let shape = CellShape::new(&signal, sample_rate, frames);
        let carriers = [0, 1].map(|side| Carrier::new(&signal, side));
        Self { scratch: Scratch::new(shape.len), alike: signal.is_alike(), signal, shape, carriers }
    }

    /// Frames per cell.
    pub(crate) const fn cell_len(&self) -> usize {
        self.shape.len
    }

    /// Compute cell `index`.
    pub(crate) fn cell(&mut self, index: u64, out: Block<'_>) {
        let Block { left, right } = out;
        self.ear(index, 0, left);
        if self.alike {
            right.copy_from_slice(left);
        } else {
            self.ear(index, 1, right);
        }
    }

    fn ear(&mut self, index: u64, side: usize, out: &mut [f32]) {
        match self.segment(index, side) {
            Some(segment) => kernel::tone(out, &segment),
            None => self.frame_by_frame(index, side, out),
        }
    }

    /// The segments of cell `index` for both ears; `None` if one of them has to be computed frame by frame.
    pub(crate) fn segments(&mut self, index: u64) -> Option<[ToneSegment; 2]> {
        let left = self.segment(index, 0)?;
        Some([left, if self.alike { left } else { self.segment(index, 1)? }])
    }

    fn segment(&mut self, index: u64, side: usize) -> Option<ToneSegment> {
        let (signal, shape) = (&self.signal, &self.shape);
        let channel = &signal.channels[side];
        if channel.amp.start == 0.0 && channel.amp.end == 0.0 {
            return Some(ToneSegment::default());
        }
        if shape.is_rough(signal, side, index) {
            return None;
        }
        let first = index * shape.len as u64;
        let start = self.carriers[side].start(signal, side, shape, index);
        let bend = self.carriers[side].bend(signal, side, shape, index);
        // a bend of half a turn does not fit into the kernels' signed 32 bits
        if bend.bend_bound(shape.len) >= 0.45 {
            return None;
        }
        let gain = if signal.gain_moves(side) {
            shape.through(|x| signal.gain(side, first + x))
        } else {
            CellPolynomial { value: signal.gain(side, first), ..CellPolynomial::default() }
        };
        Some(ToneSegment::new(Phase::new(start, &bend), &gain))
    }

    fn frame_by_frame(&mut self, index: u64, side: usize, out: &mut [f32]) {
        let (signal, shape) = (&self.signal, &self.shape);
        let start = self.carriers[side].start(signal, side, shape, index);
        frame_by_frame(signal, &self.carriers[side], side, index * shape.len as u64, start, &mut self.scratch);
        kernel::sines(out, &self.scratch.phases, &self.scratch.gains);
    }

    /// An upper bound of the magnitude over both channels. `None` if the curve is an expression, which may exceed the
    /// range between start and end values.
    pub(crate) fn bound(&self) -> Option<f32> {
        let most = || (0..2).map(|side| self.signal.gain_bound(side)).fold(0.0, f64::max) as f32 * 1.000_1;
        self.signal.alpha.is_smooth().then(most)
    }

    /// Phases of both carriers after `frame` frames, without the interaural oscillation. Under `carry_last_heard` the
    /// phases of the last frame before it, with the oscillation.
    pub(crate) fn phases_at(&self, frame: u64) -> Phases {
        let signal = &self.signal;
        let [left, right] = [0, 1].map(|side| {
            if signal.timing.carry_last_heard && frame > 0 {
                let sum = self.carriers[side].after(signal, side, &self.shape, frame - 1);
                return (sum + Turns::from_cycles(signal.bend(&signal.channels[side], frame - 1))).radians();
            }
            let start = signal.channels[side].start.at(signal.alpha.at(frame));
            let sum = self.carriers[side].after(signal, side, &self.shape, frame);
            (Turns::from_cycles(start) + sum).radians()
        });
        Phases { left, right }
    }

    /// All oscillators at `frame`.
    pub(crate) fn oscillators_at(&self, frame: u64) -> Oscillators {
        let signal = &self.signal;
        let lead = signal.timing.carrier_lead;
        (0..2).fold(signal.slow_oscillators(frame), |all, side| {
            let start = signal.channels[side].start.at(signal.alpha.at(frame));
            let sum = self.carriers[side].after(signal, side, &self.shape, frame + lead);
            all.with(ROLES[side].carrier, Turns::from_cycles(start) + sum)
        })
    }
}

impl Carrier {
    fn new(signal: &Signal, side: usize) -> Self {
        let channel = &signal.channels[side];
        if !channel.is_closed() {
            return Self::Summed(Sum::new(signal, side));
        }
        let (start, end) = (channel.carrier.start.max(0.0), channel.carrier.end.max(0.0));
        Self::Closed {
            step: Turns::from_cycles(start * signal.timing.sum_step),
            ramp: (end - start) * signal.timing.sum_step,
            vibrato: channel.has_vibrato().then(|| VibratoSum::new(channel, &signal.timing)),
        }
    }

    /// The phase at the start of `cell`, without the part that [`Self::bend`] adds.
    fn start(&mut self, signal: &Signal, side: usize, shape: &CellShape, cell: u64) -> Turns {
        match self {
            Self::Closed { step, .. } => {
                let first = cell * shape.len as u64;
                step.times(first + signal.timing.carrier_lead)
            }
            Self::Summed(sum) => sum.at(signal, side, shape, cell),
        }
    }

    /// The rest of the phase over a smooth cell, in cycles.
    fn bend(&mut self, signal: &Signal, side: usize, shape: &CellShape, cell: u64) -> CellPolynomial {
        let channel = &signal.channels[side];
        let first = cell * shape.len as u64;
        match self {
            Self::Closed { step, ramp, vibrato } => {
                let moving = *ramp != 0.0 || vibrato.is_some() || signal.has_bend(channel);
                let step = *step;
                let mut bend = if moving {
                    shape.through(|x| self.closed_part(signal, side, first + x))
                } else {
                    CellPolynomial { value: channel.start.start, ..CellPolynomial::default() }
                };
                bend.slope += step.cycles();
                bend
            }
            Self::Summed(sum) => {
                let sum = sum.bend(signal, side, shape, cell);
                let bend = if signal.has_bend(channel) {
                    shape.through(|x| signal.bend(channel, first + x))
                } else {
                    CellPolynomial { value: channel.start.start, ..CellPolynomial::default() }
                };
                sum.plus(bend)
            }
        }
    }

    /// The part of a closed-form phase besides its fixed increments, in cycles.
    fn closed_part(&self, signal: &Signal, side: usize, frame: u64) -> f64 {
        let Self::Closed { ramp, vibrato, .. } = self else { return 0.0 };
        let n = frame + signal.timing.carrier_lead;
        let mut cycles = signal.bend(&signal.channels[side], frame);
        if *ramp != 0.0 {
            cycles += ramp * signal.alpha_sum(n);
        }
        if let Some(vibrato) = vibrato {
            cycles += vibrato.at(n);
        }
        cycles
    }

    /// The sum of the frequency over the frames `0..n`.
    fn after(&self, signal: &Signal, side: usize, shape: &CellShape, n: u64) -> Turns {
        match self {
            Self::Closed { step, ramp, vibrato } => {
                let moving = ramp * signal.alpha_sum(n) + vibrato.as_ref().map_or(0.0, |v| v.at(n));
                step.times(n) + Turns::from_cycles(moving)
            }
            Self::Summed(sum) => {
                let lead = signal.timing.carrier_lead;
                if n < lead {
                    return Turns::ZERO;
                }
                let frame = n - lead;
                let cell = frame / shape.len as u64;
                let first = cell * shape.len as u64;
                let channel = &signal.channels[side];
                (first + lead..frame + lead).fold(sum.reached(signal, side, shape, cell), |at, k| {
                    at + Turns::from_cycles(signal.frequency(channel, k) * signal.timing.sum_step)
                })
            }
        }
    }
}

/// Compute the phases and gains of a cell with corners into `scratch`, frame by frame.
fn frame_by_frame(signal: &Signal, carrier: &Carrier, side: usize, first: u64, start: Turns, scratch: &mut Scratch) {
    let channel = &signal.channels[side];
    let lead = signal.timing.carrier_lead;
    if signal.gain_moves(side) {
        for (gain, frame) in scratch.gains.iter_mut().zip(first..) {
            *gain = signal.gain(side, frame) as f32;
        }
    } else {
        scratch.gains.fill(signal.gain(side, first) as f32);
    }
    let mut at = start;
    if matches!(carrier, Carrier::Summed(_)) && sum::has_lines(signal, channel) {
        at += Turns::from_cycles(signal.bend(channel, first));
        return sum::line_phases(signal, channel, first + lead, at, &mut scratch.phases);
    }
    for (phase, frame) in scratch.phases.iter_mut().zip(first..) {
        let rest = match carrier {
            Carrier::Closed { .. } => carrier.closed_part(signal, side, frame),
            Carrier::Summed(_) => signal.bend(channel, frame),
        };
        *phase = (at + Turns::from_cycles(rest)).high();
        at += match carrier {
            Carrier::Closed { step, .. } => *step,
            Carrier::Summed(_) => Turns::from_cycles(signal.frequency(channel, frame + lead) * signal.timing.sum_step),
        };
    }
}
