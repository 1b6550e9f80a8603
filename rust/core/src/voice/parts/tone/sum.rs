//! Running sums of carrier frequencies that have no closed form. Check-points in exact fixed-point numbers make the
//! cost of reaching a frame small, and every path to a frame gives the same bits.

use super::cell::CellShape;
use super::polynomial::CellPolynomial;
use super::signal::{Channel, Signal};
use crate::dsp::lfo::Skew;
use crate::dsp::marks::Marks;
use crate::dsp::phase::Turns;
use crate::dsp::sine::sine;

/// Cells between check-points.
const SPACING: u64 = 64;

/// The sum of one channel's frequency at the start of every cell.
#[derive(Debug, Clone)]
pub(crate) struct Sum {
    /// Phases at the starts of the cells `0, SPACING, 2·SPACING, ...`.
    points: Marks<Turns>,
    /// The cell of the last call of [`Sum::at`], and the phase at its start.
    last: (u64, Turns),
    /// The smooth cell whose phase bend was computed last, and that bend.
    bent: Option<(u64, CellPolynomial)>,
}

impl Sum {
    /// The sum at frame 0, which includes the lead of the voice's convention.
    pub(crate) fn new(signal: &Signal, side: usize) -> Self {
        let mut at = Turns::ZERO;
        let channel = &signal.channels[side];
        for frame in 0..signal.timing.carrier_lead {
            at += Turns::from_cycles(signal.frequency(channel, frame) * signal.timing.sum_step);
        }
        Self { points: Marks::new(at), last: (0, at), bent: None }
    }

    /// Phase at the start of `cell`; remembers it for later calls.
    pub(crate) fn at(&mut self, signal: &Signal, side: usize, shape: &CellShape, cell: u64) -> Turns {
        self.last = (cell, self.reached(signal, side, shape, cell));
        self.last.1
    }

    /// As [`Self::at`], but does not remember the result.
    pub(crate) fn reached(&self, signal: &Signal, side: usize, shape: &CellShape, cell: u64) -> Turns {
        let point = cell / SPACING;
        let (mut from, mut at) = self.last;
        if from > cell || from < point * SPACING {
            from = point * SPACING;
            at = self.points.at(point, |passed, at| at + between_points(signal, side, shape, passed));
        }
        for passed in from..cell {
            at += match self.bent {
                Some((bent, arc)) if bent == passed => total(&arc, shape),
                _ => advance(signal, side, shape, passed),
            };
        }
        at
    }

    /// The bend of the phase over the smooth cell `cell`: the running sum of its frequency.
    pub(crate) fn bend(&mut self, signal: &Signal, side: usize, shape: &CellShape, cell: u64) -> CellPolynomial {
        let arc = increments(signal, side, shape, cell).summed(shape.len);
        self.bent = Some((cell, arc));
        arc
    }
}

/// The polynomial of the phase increments of `cell` in cycles: its value at `j` is the step from frame `j` to `j + 1`.
fn increments(signal: &Signal, side: usize, shape: &CellShape, cell: u64) -> CellPolynomial {
    let first = cell * shape.len as u64 + signal.timing.carrier_lead;
    let channel = &signal.channels[side];
    shape.cubic(|x| signal.frequency(channel, first + x) * signal.timing.sum_step)
}

/// The phase that the frames between the check-points `point` and `point + 1` add.
fn between_points(signal: &Signal, side: usize, shape: &CellShape, point: u64) -> Turns {
    let channel = &signal.channels[side];
    if channel.is_pieced() {
        let frames = SPACING * shape.len as u64;
        return piece_by_piece(signal, channel, point * frames + signal.timing.carrier_lead, frames);
    }
    (point * SPACING..(point + 1) * SPACING).fold(Turns::ZERO, |sum, cell| sum + advance(signal, side, shape, cell))
}

/// The phase that the frames of `cell` add.
fn advance(signal: &Signal, side: usize, shape: &CellShape, cell: u64) -> Turns {
    if shape.is_rough(signal, side, cell) {
        let first = cell * shape.len as u64 + signal.timing.carrier_lead;
        let channel = &signal.channels[side];
        if channel.is_pieced() {
            return piece_by_piece(signal, channel, first, shape.len as u64);
        }
        return (0..shape.len as u64).fold(Turns::ZERO, |sum, x| {
            sum + Turns::from_cycles(signal.frequency(channel, first + x) * signal.timing.sum_step)
        });
    }
    total(&increments(signal, side, shape, cell).summed(shape.len), shape)
}

/// The phase that `len` frames from `first` on add, if the frequency follows a straight line or an arc of a sine
/// between the corners of the vibrato. Each piece is an arithmetic series or a sum of sines of equally spaced angles.
fn piece_by_piece(signal: &Signal, channel: &Channel, first: u64, len: u64) -> Turns {
    let lfo = &channel.vibrato;
    let split = Skew::new(lfo.skew.start).first();
    let mut sum = 0.0;
    each_piece(signal, channel, first, len, |Piece { frame, count, p }| {
        sum += if lfo.triangle || count < 3 {
            0.5 * (signal.frequency(channel, frame) + signal.frequency(channel, frame + count - 1)) * count as f64
        } else {
            let n = count as f64;
            let (width, part, sign) = if p < split { (split, p, 1.0) } else { (1.0 - split, p - split, -1.0) };
            let step = 0.5 * lfo.rate.start * signal.timing.sum_step / width;
            let middle = sine(Turns::from_cycles(0.5 * part / width + 0.5 * (n - 1.0) * step));
            let one = sine(Turns::from_cycles(0.5 * step));
            let many = if one.abs() < 1e-12 { n } else { sine(Turns::from_cycles(0.5 * n * step)) / one };
            let wave = middle * many;
            channel.steady_part() * n + 0.5 * channel.vibrato_range.start * sign * wave
        };
    });
    Turns::from_cycles(sum * signal.timing.sum_step)
}

/// Frames of a pieced channel between two corners of its vibrato.
struct Piece {
    frame: u64,
    count: u64,
    /// Phase of the vibrato at the first frame, `[0, 1)` cycles.
    p: f64,
}

/// Call `each` with the pieces of the `len` frames from `first` on.
fn each_piece(signal: &Signal, channel: &Channel, first: u64, len: u64, mut each: impl FnMut(Piece)) {
    let lfo = &channel.vibrato;
    let (split, rate) = (Skew::new(lfo.skew.start).first(), (lfo.rate.start * signal.timing.sum_step).abs());
    let mut done = 0;
    while done < len {
        let frame = first + done;
        let cycles = signal.vibrato_cycles(lfo, frame, signal.alpha.at(frame));
        let p = cycles - cycles.floor();
        // distance to the next corner in the direction in which the phase runs
        let distance = match (p < split, lfo.rate.start >= 0.0) {
            (true, true) => split - p,
            (false, true) => 1.0 - p,
            (true, false) => p,
            (false, false) => p - split,
        };
        let count = ((distance / rate) as u64).clamp(1, len - done);
        each(Piece { frame, count, p });
        done += count;
    }
}

/// Whether [`line_phases`] gives the phases of `channel`: its frequency is a straight line between corners, and nothing
/// else moves its phase.
pub(crate) fn has_lines(signal: &Signal, channel: &Channel) -> bool {
    channel.is_pieced() && channel.vibrato.triangle && !signal.has_bend(channel)
}

/// Fill `out` with the phase from `at` on, to which each frame from `first` on adds its frequency.
pub(crate) fn line_phases(signal: &Signal, channel: &Channel, first: u64, mut at: Turns, out: &mut [u32]) {
    let cycles = |frame: u64| signal.frequency(channel, frame) * signal.timing.sum_step;
    let len = out.len() as u64;
    each_piece(signal, channel, first, len, |Piece { frame, count, .. }| {
        let (from, to) = (cycles(frame), cycles(frame + count - 1));
        let mut increment = Turns::from_cycles(from);
        let change = Turns::from_cycles((to - from) / (count - 1).max(1) as f64);
        for phase in &mut out[(frame - first) as usize..][..count as usize] {
            *phase = at.high();
            at += increment;
            increment += change;
        }
    });
}

/// The phase that a smooth cell with this bend adds.
fn total(bend: &CellPolynomial, shape: &CellShape) -> Turns {
    Turns::from_cycles(bend.slope).times(shape.len as u64)
}
