//! Rendering on an absolute grid: a voice computes whole cells, and the caller gets any stretch it asks for.
//!
//! This makes the samples independent of the block partition: a cell is a pure function of its index and is computed
//! with the same instructions whether the caller wants all of it or three frames.

use std::ops::Range;

use super::points::{Limits, SPACING};
use super::tone_batch::{ToneBatch, ToneSegment};
use super::{Block, Onset, Oscillators, Phases, Points, Voice};

/// A sound that computes itself cell by cell. Cell `k` covers the frames `k·len .. (k+1)·len`.
pub trait CellSource: Send + Sync + 'static {
    /// Frames per cell: long for algorithms with a warm-up, short for closed forms.
    fn cell_len(&self) -> usize;

    /// Compute the whole cell `index` (`out.len() == cell_len()`), under the same rules as [`Voice::render`]. Frames
    /// past the end of the voice may hold any finite values.
    fn cell(&mut self, index: u64, out: Block<'_>);

    /// See [`Voice::prepare`].
    fn prepare(&mut self) {}

    /// An independent copy for another thread.
    fn fork(&self) -> Self
    where
        Self: Sized;

    /// Cell `index` as one segment per ear, if it can be written so. The cell length must then be a power of two. See
    /// [`Voice::write`].
    fn segments(&mut self, _index: u64) -> Option<[ToneSegment; 2]> {
        None
    }

    /// Cell `index` at every [`SPACING`]-th frame, the one after the last included as far as `out` reaches, and the limits
    /// of the cell; `None` for cells that cannot.
    fn points(&mut self, _index: u64, _out: [&mut [f32]; 2]) -> Option<Limits> {
        None
    }

    /// Whether [`Self::points`] can give any cells.
    fn has_points(&self) -> bool {
        false
    }

    /// See [`Voice::bound`].
    fn bound(&self) -> Option<f32> {
        None
    }

    /// See [`Voice::inner`].
    fn inner(&self) -> Option<&dyn Voice> {
        None
    }

    /// See [`Voice::onsets`].
    fn onsets(&self, from: u64, to: u64, each: &mut dyn FnMut(Onset)) {
        if let Some(inner) = self.inner() {
            inner.onsets(from, to, each);
        }
    }

    /// See [`Voice::phases_at`].
    fn phases_at(&self, frame: u64) -> Option<Phases> {
        self.inner()?.phases_at(frame)
    }

    /// See [`Voice::oscillators_at`].
    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        self.inner()?.oscillators_at(frame)
    }
}

/// Adapter from [`CellSource`] to [`Voice`]: it cuts requests at cell borders and caches the last partly used cell. The
/// memory for that cell is allocated by [`Voice::prepare`], so that a prototype, which is only copied, needs none.
#[derive(Debug)]
pub struct Cells<S> {
    source: S,
    grid: Grid,
}

impl<S: CellSource> Cells<S> {
    /// Wrap `source`.
    pub fn new(source: S) -> Self {
        Self { grid: Grid { len: source.cell_len(), cached: None, left: Vec::new(), right: Vec::new() }, source }
    }

    /// Wrap `source` and box it, as the registry returns it.
    pub fn boxed(source: S) -> Box<dyn Voice> {
        Box::new(Self::new(source))
    }
}

impl<S: CellSource> Voice for Cells<S> {
    fn render(&mut self, start: u64, out: Block<'_>) {
        self.grid.render(&mut self.source, start, out);
    }

    fn write(&mut self, start: u64, batch: &mut ToneBatch) -> bool {
        batch.write(start, self.grid.len, &mut |index| self.source.segments(index));
        batch.is_worth_it()
    }

    fn points(&mut self, start: u64, points: &mut Points) -> bool {
        self.source.has_points() && self.grid.points(&mut self.source, start, points)
    }

    fn prepare(&mut self) {
        self.grid.make_room();
        self.source.prepare();
    }

    fn fork(&self) -> Box<dyn Voice> {
        Self::boxed(self.source.fork())
    }

    fn bound(&self) -> Option<f32> {
        self.source.bound()
    }

    fn onsets(&self, from: u64, to: u64, each: &mut dyn FnMut(Onset)) {
        self.source.onsets(from, to, each);
    }

    fn phases_at(&self, frame: u64) -> Option<Phases> {
        self.source.phases_at(frame)
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        self.source.oscillators_at(frame)
    }
}

/// The cells of a source, compiled once for all sources.
#[derive(Debug)]
struct Grid {
    /// Frames per cell.
    len: usize,
    /// The cell that `left` and `right` hold.
    cached: Option<u64>,
    left: Vec<f32>,
    right: Vec<f32>,
}

impl Grid {
    /// Make room for a cell, once.
    fn make_room(&mut self) {
        self.left.resize(self.len, 0.0);
        self.right.resize(self.len, 0.0);
    }

    /// See [`Voice::render`].
    fn render(&mut self, source: &mut dyn CellSource, start: u64, mut out: Block<'_>) {
        let len = self.len;
        let mut done = 0;
        while done < out.len() {
            let frame = start + done as u64;
            let index = frame / len as u64;
            let offset = (frame % len as u64) as usize;
            let count = (len - offset).min(out.len() - done);
            let part = out.part(done, done + count);
            if count == len {
                source.cell(index, part);
            } else {
                if self.cached != Some(index) {
                    self.make_room();
                    source.cell(index, Block::new(&mut self.left, &mut self.right));
                    self.cached = Some(index);
                }
                part.left.copy_from_slice(&self.left[offset..offset + count]);
                part.right.copy_from_slice(&self.right[offset..offset + count]);
            }
            done += count;
        }
    }

    /// See [`Voice::points`].
    fn points(&self, source: &mut dyn CellSource, start: u64, points: &mut Points) -> bool {
        let len = self.len;
        if !start.is_multiple_of(len as u64) || !len.is_multiple_of(SPACING) {
            return false;
        }
        for from in (0..points.frames).step_by(len) {
            let to = (from + len).min(points.frames);
            let place = from / SPACING..to / SPACING + 1;
            let [left, right] = &mut points.planes;
            let out = [&mut left[place.clone()], &mut right[place]];
            match source.points((start + from as u64) / len as u64, out) {
                Some(limits) => points.widen(limits),
                None => points.leave_out(from..to),
            }
        }
        2 * points.gaps.iter().map(Range::len).sum::<usize>() <= points.frames
    }
}
