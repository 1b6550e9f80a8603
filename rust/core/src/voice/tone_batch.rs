//! Tones as data instead of samples: everything that a device such as a GPU needs to compute the sum of many tones.
//!
//! A tone is written cell by cell, as one [`ToneSegment`] per ear: a sine whose phase and gain are polynomials of the
//! frame within the cell, optionally gated by a pulse train. The kernels of the tone voices render from the same
//! segments, so a batch describes the same sound that the voices render.

use std::ops::Range;

use super::Block;
use super::parts::tone::kernel;
use super::parts::tone::segment::SHORTEST;
pub(crate) use super::parts::tone::segment::bounds_of;
pub use super::parts::tone::segment::{Phase, SegmentGate, ToneSegment};

/// Something that computes batches, such as a graphics processor. Its rounding may differ from that of the voices'
/// kernels (by less than 1e-6 of full scale for each tone), but the same batch must always give the same samples.
pub trait ToneAccelerator: std::fmt::Debug + Send + Sync {
    /// Fill `out` (`batch.frames` frames) with the sum of all parts. Returns false if that fails and leaves `out`
    /// unspecified; the caller then computes the sum on the CPU.
    fn sum(&self, batch: &ToneBatch, out: Block<'_>) -> bool;
}

/// The tones of one stretch of frames.
#[derive(Debug, Clone, Default)]
pub struct ToneBatch {
    /// Length of the stretch in frames.
    pub frames: usize,
    /// One entry per voice.
    pub parts: Vec<BatchPart>,
    /// The cells of all parts, one part after the other; each cell is a left and a right segment.
    pub segments: Vec<[ToneSegment; 2]>,
    /// An empty list of gaps for the next part that has some.
    spare: Vec<Range<usize>>,
    /// Cells that a part may have; one with more is a gap as a whole. `None`: any number.
    most: Option<usize>,
}

/// One voice of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchPart {
    /// Index of its first cell in [`ToneBatch::segments`].
    pub first: usize,
    /// Frames per cell, a power of two.
    pub len: usize,
    /// Where the stretch begins within the first cell, in frames.
    pub offset: usize,
    /// Frames of the stretch that could not be written. They are silent in the segments, and the voice renders them.
    pub gaps: Vec<Range<usize>>,
}

impl ToneBatch {
    /// An empty batch of `frames` frames.
    pub fn new(frames: usize) -> Self {
        Self { frames, ..Self::default() }
    }

    /// An empty batch of `frames` frames with room for so many parts of at most `most` cells, and for one part with gaps.
    /// A part with more cells is a gap as a whole, so that nothing has to be allocated for it.
    pub(crate) fn with_room(frames: usize, parts: usize, most: usize) -> Self {
        let (parts, segments) = (Vec::with_capacity(parts), Vec::with_capacity(parts * most));
        Self { frames, parts, segments, spare: Vec::with_capacity(frames / SHORTEST), most: Some(most) }
    }

    /// Empty the batch for `frames` frames and keep its memory.
    pub(crate) fn clear(&mut self, frames: usize) {
        self.frames = frames;
        self.parts.clear();
        self.segments.clear();
    }

    /// Append one voice from its frame `start` on, in cells of `len` frames. `cell` returns the cell of a given index;
    /// for `None` the cell becomes a gap.
    pub(crate) fn write(&mut self, start: u64, len: usize, cell: &mut dyn FnMut(u64) -> Option<[ToneSegment; 2]>) {
        let part =
            BatchPart { first: self.segments.len(), len, offset: (start % len as u64) as usize, gaps: Vec::new() };
        let first = start / len as u64;
        let cells = (part.offset + self.frames).div_ceil(len);
        if self.most.is_some_and(|most| cells > most) {
            let mut gaps = std::mem::take(&mut self.spare);
            gaps.push(0..self.frames);
            self.parts.push(BatchPart { gaps, ..part });
            return;
        }
        self.segments.resize(part.first + cells, [ToneSegment::default(); 2]);
        self.parts.push(part);
        self.revise_last(|index, pair| {
            let written = cell(first + index as u64);
            *pair = written.unwrap_or_default();
            written.is_some()
        });
    }

    /// Multiply the last part, which begins at frame `start` of its voice, by a gain. `gain` receives a range of the
    /// voice's frames (first, end) and returns the gain if it is constant there; for `None` the cell becomes a gap.
    pub(crate) fn scale_last(&mut self, start: u64, gain: impl Fn(u64, u64) -> Option<f64>) {
        let Some((len, offset)) = self.parts.last().map(|part| (part.len as u64, part.offset as u64)) else { return };
        self.revise_last(|index, pair| {
            // the first cell may begin before the voice
            let cell = start + index as u64 * len;
            let Some(gain) = gain(cell.saturating_sub(offset), cell + len - offset) else { return false };
            if gain != 1.0 {
                for segment in pair {
                    segment.scale(gain);
                }
            }
            true
        });
    }

    /// Remove the last part if more than half of it is gaps; returns whether it was kept.
    pub(crate) fn is_worth_it(&mut self) -> bool {
        let Some(part) = self.parts.last() else { return false };
        let worth = 2 * part.gaps.iter().map(Range::len).sum::<usize>() <= self.frames;
        if !worth {
            self.remove_last();
        }
        worth
    }

    /// Remove the last part unless it has no gaps and consists of whole cells; returns whether it was kept.
    pub(crate) fn is_whole(&mut self) -> bool {
        let frames = self.frames;
        let whole = |part: &BatchPart| part.offset == 0 && part.gaps.is_empty() && frames.is_multiple_of(part.len);
        let whole = self.parts.last().is_some_and(whole);
        if !whole {
            self.remove_last();
        }
        whole
    }

    fn remove_last(&mut self) {
        if let Some(BatchPart { first, mut gaps, .. }) = self.parts.pop() {
            self.segments.truncate(first);
            if gaps.capacity() > self.spare.capacity() {
                gaps.clear();
                self.spare = gaps;
            }
        }
    }

    /// Visit the cells of the last part; those for which `keep` returns false become gaps.
    fn revise_last(&mut self, mut keep: impl FnMut(usize, &mut [ToneSegment; 2]) -> bool) {
        let Some(BatchPart { first, len, offset, gaps }) = self.parts.last_mut() else { return };
        for (index, pair) in self.segments[*first..].iter_mut().enumerate() {
            if keep(index, pair) {
                continue;
            }
            *pair = [ToneSegment::default(); 2];
            let from = (index * *len).saturating_sub(*offset);
            if gaps.capacity() == 0 {
                std::mem::swap(gaps, &mut self.spare);
            }
            gaps.push(from..((index + 1) * *len - *offset).min(self.frames));
        }
        join(gaps);
    }

    /// The range of cells of part `index`.
    pub(crate) fn cells(&self, index: usize) -> Range<usize> {
        let first = |index: usize| self.parts.get(index).map_or(self.segments.len(), |part| part.first);
        first(index)..first(index + 1)
    }

    /// Whether every segment of part `index` is silent.
    pub fn is_silent(&self, index: usize) -> bool {
        self.segments[self.cells(index)].iter().flatten().all(ToneSegment::is_silent)
    }

    /// Render part `index` on the CPU. Outside gaps it has the same bits as its voice. Allocates.
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

/// Sort ranges and merge those that touch.
fn join(ranges: &mut Vec<Range<usize>>) {
    ranges.sort_unstable_by_key(|range| range.start);
    ranges.dedup_by(|next, range| {
        let touch = next.start <= range.end;
        if touch {
            range.end = range.end.max(next.end);
        }
        touch
    });
}

/// Render `segment` with the kernels of the tone voices; `phases` is working memory.
fn render(segment: &ToneSegment, out: &mut [f32], phases: &mut [u32]) {
    kernel::tone(out, segment);
    if let Some(gate) = &segment.gate {
        kernel::phases(phases, &gate.phase);
        kernel::gate(out, phases, gate);
    }
}
