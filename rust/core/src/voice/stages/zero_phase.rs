//! A voice behind a forward-backward filter (spec binaural-and-isochronic 4.2, voice-pipeline 9).

use super::filtered_tones::FilteredTones;
use crate::dsp::biquad::Section;
use crate::dsp::zero_phase::{Accuracy, Sums, ZeroPhaseWindow};
use crate::voice::grid::{CellSource, Cells};
use crate::voice::points::{Limits, SPACING};
use crate::voice::{Block, Voice};

struct ZeroPhase {
    inner: Box<dyn Voice>,
    window: ZeroPhaseWindow,
    tones: FilteredTones,
}

/// `inner`, which has `frames` frames, through each of `filters` with zero phase. Each cell renders the inner voice
/// over a margin on both sides; the margin follows from the filters' poles.
pub fn filtered(inner: Box<dyn Voice>, filters: &[Vec<Section>], frames: u64, accuracy: Accuracy) -> Box<dyn Voice> {
    let window = ZeroPhaseWindow::within(filters, frames, accuracy);
    Cells::boxed(ZeroPhase { inner, window, tones: FilteredTones::default() })
}

impl CellSource for ZeroPhase {
    fn cell_len(&self) -> usize {
        self.window.cell_len()
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        let inner = &mut self.inner;
        self.window.cell(index, |start, l, r| inner.render(start, Block::new(l, r)), out.left, out.right);
    }

    fn points(&mut self, index: u64, [left, right]: [&mut [f32]; 2]) -> Option<Limits> {
        let Self { inner, window, tones } = self;
        let most = f64::from(inner.bound()?);
        let (low_pass, len) = (window.low_pass(index)?, window.cell_len());
        if let Some(found) = tones.points(inner.as_mut(), low_pass, index * len as u64, len, [left, right]) {
            return Some(found);
        }
        let source = |start, l: &mut [f32], r: &mut [f32]| inner.render(start, Block::new(l, r));
        let found = window.points(index, source, SPACING, [left, right])?;
        let Sums { size, bend, .. } = found.sums;
        Some(Limits { gain: most * size, bend: most * bend, error: 0.0, sounds: found.sounds })
    }

    fn has_points(&self) -> bool {
        self.inner.bound().is_some() && self.window.has_points()
    }

    fn prepare(&mut self) {
        self.inner.prepare();
    }

    fn fork(&self) -> Self {
        Self { inner: self.inner.fork(), window: self.window.fork(), tones: FilteredTones::default() }
    }

    fn inner(&self) -> Option<&dyn Voice> {
        Some(self.inner.as_ref())
    }
}
