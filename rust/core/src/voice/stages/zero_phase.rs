//! A voice behind a forward-backward filter (spec binaural-and-isochronic 4.2, voice-pipeline 9).

use crate::dsp::biquad::Section;
use crate::dsp::zero_phase::{Accuracy, ZeroPhaseWindow};
use crate::voice::grid::{CellSource, Cells};
use crate::voice::points::{Limits, SPACING};
use crate::voice::{Block, Voice};

struct ZeroPhase {
    inner: Box<dyn Voice>,
    window: ZeroPhaseWindow,
}

/// `inner`, which has `frames` frames, through each of `filters` with zero phase. Each cell renders the inner voice
/// over a margin on both sides; the margin follows from the filters' poles.
pub fn filtered(inner: Box<dyn Voice>, filters: &[Vec<Section>], frames: u64, accuracy: Accuracy) -> Box<dyn Voice> {
    Cells::boxed(ZeroPhase { inner, window: ZeroPhaseWindow::within(filters, frames, accuracy) })
}

impl CellSource for ZeroPhase {
    fn cell_len(&self) -> usize {
        self.window.cell_len()
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        let inner = &mut self.inner;
        self.window.cell(index, |start, l, r| inner.render(start, Block::new(l, r)), out.left, out.right);
    }

    fn points(&mut self, index: u64, out: [&mut [f32]; 2]) -> Option<Limits> {
        let inner = &mut self.inner;
        let most = f64::from(inner.bound()?);
        let found = self.window.points(index, |start, l, r| inner.render(start, Block::new(l, r)), SPACING, out)?;
        Some(Limits { gain: most * found.size, bend: most * found.bend, sounds: found.sounds })
    }

    fn has_points(&self) -> bool {
        self.inner.bound().is_some() && self.window.has_points()
    }

    fn prepare(&mut self) {
        self.inner.prepare();
    }

    fn fork(&self) -> Self {
        Self { inner: self.inner.fork(), window: self.window.fork() }
    }

    fn inner(&self) -> Option<&dyn Voice> {
        Some(self.inner.as_ref())
    }
}
