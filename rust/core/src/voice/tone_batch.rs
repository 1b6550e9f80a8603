//! Tones written down instead of rendered: what a device needs to compute the sum of many of them by itself.
//!
//! A tone is written cell by cell, one [`ToneSegment`] per ear: a sine whose phase and gain are polynomials of the frame within
//! the cell, perhaps under a train of pulses. The kernels of the tone voices compute from the same segments, so what is
//! written is what would have been rendered.

use std::ops::Range;

use super::Block;
use super::parts::tone::kernel;
use super::parts::tone::kernel::CellPolynomial;
use crate::dsp::phase::Turns;

/// Something that computes batches, such as a graphics processor. It may round otherwise than the kernels of the voices
/// (below 1e-6 of full scale for each tone), but has to give the same samples for the same batch every time.
pub trait ToneAccelerator: std::fmt::Debug + Send + Sync {
    /// Fill `out` (`batch.frames` frames) with the sum of all parts. False if it cannot (then `out` holds anything): the
    /// sum is computed on this processor instead.
    fn sum(&self, batch: &ToneBatch, out: Block<'_>) -> bool;
}

/// The tones of one stretch of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ToneBatch {
    /// Frames of the stretch.
    pub frames: usize,
    /// The voices.
    pub parts: Vec<BatchPart>,
    /// The cells of all parts, one part after the other: left and right ear.
    pub segments: Vec<[ToneSegment; 2]>,
}

/// One voice of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchPart {
    /// Its first cell in [`ToneBatch::segments`].
    pub first: usize,
    /// Frames per cell, a power of two.
    pub len: usize,
    /// The frame of the first cell with which the stretch begins.
    pub offset: usize,
    /// Frames of the stretch that could not be written: silent here, to be rendered by the voice.
    pub gaps: Vec<Range<usize>>,
}

/// One ear's tone over one cell; at frame `x` of the cell, gate aside,
/// `sin(phase)·(level + x·slope + x·(len - x)·(c₀ + c₁·x + c₂·x² + c₃·x³))`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ToneSegment {
    /// Phase of the sine.
    pub phase: Phase,
    /// Gain at frame 0.
    pub level: f32,
    /// Change of the gain per frame.
    pub slope: f32,
    /// Bend of the gain, from the constant term on.
    pub curve: [f32; 4],
    /// Pulses that the tone is multiplied with.
    pub gate: Option<SegmentGate>,
}

/// A phase over one cell: `start + x·increment + x·(len - x)·(b₀ + b₁·x + b₂·x² + b₃·x³)`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Phase {
    /// At frame 0; 2⁶⁴ is one turn.
    pub start: u64,
    /// Per frame, wrapping; 2⁶⁴ is one turn.
    pub increment: u64,
    /// Bend, from the constant term on; 2³² is one turn. Nowhere more than half a turn.
    pub bend: [f32; 4],
}

/// A trapezoid pulse per turn: rises from phase 0 on, is over at `end`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SegmentGate {
    /// Position in the cycle.
    pub phase: Phase,
    /// Where the pulse ends; 2³¹ is one turn.
    pub end: i32,
    /// Steepness of both flanks per unit of 2⁻³¹ turn; 0 for none.
    pub steepness: f32,
}

impl ToneBatch {
    /// Without parts.
    pub fn new(frames: usize) -> Self {
        Self { frames, ..Self::default() }
    }

    /// Begin another one in the same memory.
    pub(crate) fn clear(&mut self, frames: usize) {
        self.frames = frames;
        self.parts.clear();
        self.segments.clear();
    }

    /// Write a voice that begins at frame `start` of its own, in cells of `len` frames: `cell` gives them by their number;
    /// `None` leaves a gap.
    pub(crate) fn write(&mut self, start: u64, len: usize, mut cell: impl FnMut(u64) -> Option<[ToneSegment; 2]>) {
        let part =
            BatchPart { first: self.segments.len(), len, offset: (start % len as u64) as usize, gaps: Vec::new() };
        let first = start / len as u64;
        let cells = (part.offset + self.frames).div_ceil(len);
        self.segments.resize(part.first + cells, [ToneSegment::default(); 2]);
        self.parts.push(part);
        self.revise_last(|index, pair| {
            let written = cell(first + index as u64);
            *pair = written.unwrap_or_default();
            written.is_some()
        });
    }

    /// Put the part that was written last, beginning at frame `start` of its voice, under a gain: `gain` gives it for
    /// stretches of the voice (first frame, end) where it is constant; elsewhere it leaves a gap.
    pub(crate) fn scale_last(&mut self, start: u64, gain: impl Fn(u64, u64) -> Option<f64>) {
        let Some((len, offset)) = self.parts.last().map(|part| (part.len as u64, part.offset as u64)) else { return };
        self.revise_last(|index, pair| {
            let from = start - offset + index as u64 * len;
            let Some(gain) = gain(from, from + len) else { return false };
            if gain != 1.0 {
                for segment in pair {
                    segment.scale(gain);
                }
            }
            true
        });
    }

    /// Take back the part that was written last if most of it is gaps; whether it is still there.
    pub(crate) fn is_worth_it(&mut self) -> bool {
        let Some(part) = self.parts.last() else { return false };
        let worth = 2 * part.gaps.iter().map(Range::len).sum::<usize>() <= self.frames;
        if !worth {
            self.segments.truncate(part.first);
            self.parts.pop();
        }
        worth
    }

    /// Go through the cells of the last part; where `keep` is false a gap is left.
    fn revise_last(&mut self, mut keep: impl FnMut(usize, &mut [ToneSegment; 2]) -> bool) {
        let Some(BatchPart { first, len, offset, gaps }) = self.parts.last_mut() else { return };
        let mut left = Vec::new();
        for (index, pair) in self.segments[*first..].iter_mut().enumerate() {
            if keep(index, pair) {
                continue;
            }
            *pair = [ToneSegment::default(); 2];
            let from = (index * *len).saturating_sub(*offset);
            left.push(from..((index + 1) * *len - *offset).min(self.frames));
        }
        gaps.append(&mut left);
        join(gaps);
    }

    /// The cells of part number `index`.
    fn cells(&self, index: usize) -> Range<usize> {
        let first = |index: usize| self.parts.get(index).map_or(self.segments.len(), |part| part.first);
        first(index)..first(index + 1)
    }

    /// Whether what is written of part number `index` is silent throughout.
    pub fn is_silent(&self, index: usize) -> bool {
        self.segments[self.cells(index)].iter().flatten().all(ToneSegment::is_silent)
    }

    /// Part number `index` on this processor, gaps aside with the bits that its voice renders. Allocates.
    pub fn render(&self, index: usize, out: Block<'_>) {
        let BatchPart { len, offset, .. } = self.parts[index];
        let (mut samples, mut phases) = (vec![0.0; len], vec![0; len]);
        for (side, plane) in [out.left, out.right].into_iter().enumerate() {
            let mut done = 0;
            for (cell, pair) in self.segments[self.cells(index)].iter().enumerate() {
                let skip = if cell == 0 { offset } else { 0 };
                let count = (len - skip).min(plane.len() - done);
                pair[side].render(&mut samples, &mut phases);
                plane[done..done + count].copy_from_slice(&samples[skip..skip + count]);
                done += count;
            }
        }
    }
}

/// Sort ranges, and make one of those that touch.
fn join(ranges: &mut Vec<Range<usize>>) {
    ranges.sort_by_key(|range| range.start);
    ranges.dedup_by(|next, range| {
        let touch = next.start <= range.end;
        if touch {
            range.end = range.end.max(next.end);
        }
        touch
    });
}

impl ToneSegment {
    /// `phase` under the gain `gain`.
    pub(crate) fn new(phase: Phase, gain: &CellPolynomial) -> Self {
        Self { phase, level: gain.value as f32, slope: gain.slope as f32, curve: gain.bend32(1.0), gate: None }
    }

    /// Whether it is zero at every frame.
    pub fn is_silent(&self) -> bool {
        let muted = self.level == 0.0 && self.slope == 0.0 && self.curve == [0.0; 4];
        muted || self.gate.is_some_and(|gate| gate.is_closed())
    }

    fn scale(&mut self, gain: f64) {
        let scaled = |v: f32| (f64::from(v) * gain) as f32;
        (self.level, self.slope, self.curve) = (scaled(self.level), scaled(self.slope), self.curve.map(scaled));
    }

    fn render(&self, out: &mut [f32], phases: &mut [u32]) {
        kernel::tone(out, self);
        if let Some(gate) = &self.gate {
            kernel::phases(phases, &gate.phase);
            kernel::gate(out, phases, gate);
        }
    }
}

impl Phase {
    /// `start` bent by `bend`, in cycles.
    pub(crate) fn new(start: Turns, bend: &CellPolynomial) -> Self {
        Self {
            start: (start + Turns::from_cycles(bend.value)).0,
            increment: Turns::from_cycles(bend.slope).0,
            bend: bend.bend32(4_294_967_296.0),
        }
    }
}

impl SegmentGate {
    /// Never open.
    pub(crate) const CLOSED: Self =
        Self { phase: Phase { start: 0, increment: 0, bend: [0.0; 4] }, end: 0, steepness: 0.0 };

    /// `open` is the audible part and `flank` the length of each flank, in cycles (`flank` may be 0).
    pub(crate) fn new(phase: Phase, open: f64, flank: f64) -> Self {
        // 31-bit cycle positions keep both flanks exact in signed arithmetic
        let end = (open * 2_147_483_648.0).round().min(2_147_483_647.0) as i32;
        let steepness = if flank > 0.0 { (1.0 / (flank * 2_147_483_648.0)) as f32 } else { 0.0 };
        Self { phase, end, steepness }
    }

    /// Whether it lets nothing through.
    pub(crate) const fn is_closed(&self) -> bool {
        self.end <= 0
    }
}
