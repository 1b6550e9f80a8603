//! Running sums of the carrier frequency that have no closed form: exact fixed-point check-points, so that any frame is
//! reached in bounded time and every path to it gives the same bits.

use std::sync::Arc as Shared;

use super::cell::Shape;
use super::kernel::Arc;
use super::signal::{Channel, Signal, split};
use crate::dsp::phase::Turns;

/// Cells between check-points.
const SPACING: u64 = 64;

/// The sum of one channel's frequency at the start of every cell.
#[derive(Debug, Clone)]
pub(crate) struct Sum {
    /// Phase at the starts of the cells `0, SPACING, 2·SPACING, ...`.
    points: Shared<Vec<Turns>>,
    /// The cell whose start was asked for last, and the phase there.
    last: (u64, Turns),
    /// A smooth cell and the bend of its phase, as it was last computed.
    bent: Option<(u64, Arc)>,
}

impl Sum {
    /// Walk through the whole voice once. `frame_zero` is the sum at frame 0 (with the lead of the voice's convention).
    pub(crate) fn new(signal: &Signal, side: usize, shape: &Shape, frames: u64) -> Self {
        let cells = frames.div_ceil(shape.len as u64) + 1;
        let mut at = Turns::ZERO;
        let channel = &signal.channels[side];
        for frame in 0..signal.timing.carrier_lead {
            at += Turns::from_cycles(signal.frequency(channel, frame) * signal.timing.sum_step);
        }
        let mut points = Vec::with_capacity((cells / SPACING + 1) as usize);
        for cell in 0..cells {
            if cell % SPACING == 0 {
                points.push(at);
            }
            at += advance(signal, side, shape, cell);
        }
        let first = points.first().copied().unwrap_or_default();
        Self { points: Shared::new(points), last: (0, first), bent: None }
    }

    /// Phase at the start of `cell`.
    pub(crate) fn at(&mut self, signal: &Signal, side: usize, shape: &Shape, cell: u64) -> Turns {
        self.last = (cell, self.reached(signal, side, shape, cell));
        self.last.1
    }

    /// As [`Self::at`], without remembering.
    pub(crate) fn reached(&self, signal: &Signal, side: usize, shape: &Shape, cell: u64) -> Turns {
        let point = (cell / SPACING).min(self.points.len().saturating_sub(1) as u64);
        let (mut from, mut at) = (point * SPACING, self.points.get(point as usize).copied().unwrap_or_default());
        if self.last.0 <= cell && self.last.0 >= from {
            (from, at) = self.last;
        }
        for passed in from..cell {
            at += match self.bent {
                Some((bent, arc)) if bent == passed => total(&arc, shape),
                _ => advance(signal, side, shape, passed),
            };
        }
        at
    }

    /// The bend of the phase over the smooth cell `cell`: its running sum.
    pub(crate) fn bend(&mut self, signal: &Signal, side: usize, shape: &Shape, cell: u64) -> Arc {
        let arc = increments(signal, side, shape, cell).summed(shape.len);
        self.bent = Some((cell, arc));
        arc
    }
}

/// The polynomial of the phase increments of `cell`, in cycles per frame: value `j` is the step from frame `j` to `j + 1`.
fn increments(signal: &Signal, side: usize, shape: &Shape, cell: u64) -> Arc {
    let first = cell * shape.len as u64 + signal.timing.carrier_lead;
    let channel = &signal.channels[side];
    shape.cubic(|x| signal.frequency(channel, first + x) * signal.timing.sum_step)
}

fn advance(signal: &Signal, side: usize, shape: &Shape, cell: u64) -> Turns {
    if shape.is_rough(signal, side, cell) {
        let first = cell * shape.len as u64 + signal.timing.carrier_lead;
        let channel = &signal.channels[side];
        if channel.is_piecewise_linear() {
            return piece_by_piece(signal, channel, first, shape.len as u64);
        }
        return (0..shape.len as u64).fold(Turns::ZERO, |sum, x| {
            sum + Turns::from_cycles(signal.frequency(channel, first + x) * signal.timing.sum_step)
        });
    }
    total(&increments(signal, side, shape, cell).summed(shape.len), shape)
}

/// The sum of a frequency that is linear between the corners of its vibrato, over `len` frames from `first` on: each piece
/// is an arithmetic series.
fn piece_by_piece(signal: &Signal, channel: &Channel, first: u64, len: u64) -> Turns {
    let lfo = &channel.vibrato;
    let (split, rate) = (split(lfo.skew.start), (lfo.rate.start * signal.timing.sum_step).abs());
    let mut sum = 0.0;
    let mut done = 0;
    while done < len {
        let frame = first + done;
        let cycles = signal.vibrato_cycles(lfo, frame, signal.alpha.at(frame));
        let p = cycles - cycles.floor();
        // how far the next corner is in the direction in which the phase runs
        let distance = match (p < split, lfo.rate.start >= 0.0) {
            (true, true) => split - p,
            (false, true) => 1.0 - p,
            (true, false) => p,
            (false, false) => p - split,
        };
        let frames = (distance / rate) as u64;
        let count = frames.clamp(1, len - done);
        let ends = signal.frequency(channel, frame) + signal.frequency(channel, frame + count - 1);
        sum += 0.5 * ends * count as f64;
        done += count;
    }
    Turns::from_cycles(sum * signal.timing.sum_step)
}

/// What a smooth cell adds to the phase.
fn total(bend: &Arc, shape: &Shape) -> Turns {
    Turns::from_cycles(bend.slope).times(shape.len as u64)
}
