//! Tones written down instead of rendered: what a device needs to compute the sum of many of them by itself.
//!
//! A tone is written cell by cell, one [`ToneSegment`] per ear: a sine whose phase and gain are polynomials of the frame within
//! the cell, perhaps under a train of pulses. The kernels of the tone voices compute from the same segments, so what is
//! written is what would have been rendered.

use std::ops::Range;

use super::Block;
use super::parts::tone::kernel;
pub use super::parts::tone::segment::{Phase, SegmentGate, ToneSegment};

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
                render(&pair[side], &mut samples, &mut phases);
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

/// `segment` with the kernels of the tone voices; `phases` is working memory.
fn render(segment: &ToneSegment, out: &mut [f32], phases: &mut [u32]) {
    kernel::tone(out, segment);
    if let Some(gate) = &segment.gate {
        kernel::phases(phases, &gate.phase);
        kernel::gate(out, phases, gate);
    }
}
