//! Harmonic suppression: the zero-phase low-pass that isochronic and dual-pulse voices can end with
//! (spec binaural-and-isochronic 4.2). Cells are filtered over a margin in which the filter settles to 1e-9.

use super::cells::{CellSource, Cells};
use super::{Block, Context, Phases, Voice};
use crate::dsp::butterworth;
use crate::dsp::zero_phase::ZeroPhaseWindow;

/// Shorter signals are not filtered (the legacy refuses them).
const SHORTEST: u64 = 16;

/// `voice` behind a low-pass at 1.5 times `carrier` Hz; unchanged where there is nothing to filter or no such cutoff.
pub(crate) fn wrap(voice: Box<dyn Voice>, context: &Context, carrier: f64) -> Box<dyn Voice> {
    let nyquist = context.sample_rate / 2.0;
    let cutoff = (1.5 * carrier).min(nyquist - 1.0);
    if context.frames < SHORTEST || cutoff <= 0.0 {
        return voice;
    }
    let filter = ZeroPhaseWindow::new(&[butterworth::lowpass(4, cutoff / nyquist)], context.frames);
    Cells::boxed(Suppressed { voice, filter })
}

struct Suppressed {
    voice: Box<dyn Voice>,
    filter: ZeroPhaseWindow,
}

impl CellSource for Suppressed {
    fn cell_len(&self) -> usize {
        self.filter.cell_len()
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        let voice = &mut self.voice;
        let source = |start: u64, left: &mut [f32], right: &mut [f32]| voice.render(start, Block::new(left, right));
        self.filter.cell(index, source, out.left, out.right);
    }

    fn fork(&self) -> Self {
        Self { voice: self.voice.fork(), filter: self.filter.fork() }
    }

    fn phases_at(&self, frame: u64) -> Option<Phases> {
        self.voice.phases_at(frame)
    }
}
