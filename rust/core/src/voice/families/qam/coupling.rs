//! Coupling of the ears: each ear is also modulated by the other ear's delayed modulation (spec qam-voices 2.2).

use multiversion::multiversion;

use super::QamEnvelope;
use crate::dsp::cell::{CELL, Cell};
use crate::voice::parts::glide::Glide;
use crate::voice::{Context, Ramp};

/// The coupling. It recomputes the delayed modulations cell by cell and caches two cells, because a delayed cell can
/// straddle two cells of the grid.
#[derive(Debug, Clone)]
pub(super) struct Coupling {
    depth: Ramp,
    /// Delay in frames.
    delay: u64,
    past: Glide,
    recent: [(u64, [Cell; 2]); 2],
}

impl Coupling {
    /// `delay` in seconds. `None` if the depth is 0 throughout, or if the delay is not positive or not shorter than the
    /// call.
    pub(super) fn new(context: &Context, glide: &Glide, depth: Ramp, delay: f64) -> Option<Self> {
        let frames = (delay * context.sample_rate) as u64;
        let acts = depth != Ramp::fixed(0.0) && delay > 0.0 && frames < context.frames;
        let recent = [(u64::MAX, [[1.0; CELL]; 2]); 2];
        acts.then(|| Self { depth, delay: frames, past: glide.clone(), recent })
    }

    /// The delay in frames, before which the coupling has no effect.
    pub(super) const fn delay(&self) -> u64 {
        self.delay
    }

    /// Modulate the `gains` of cell `index`, which is the current cell of `now`.
    pub(super) fn apply(&mut self, index: u64, envelope: &QamEnvelope, now: &Glide, gains: &mut [Cell; 2]) {
        let frame = index * CELL as u64;
        let mut past = [[1.0; CELL]; 2];
        let before = self.delay.saturating_sub(frame).min(CELL as u64) as usize; // frames without a delayed frame
        let mut done = before;
        while done < CELL {
            let from = frame + done as u64 - self.delay;
            let (cell, offset) = (from / CELL as u64, (from % CELL as u64) as usize);
            let count = (CELL - offset).min(CELL - done);
            let slot = (cell % 2) as usize;
            if self.recent[slot].0 != cell {
                self.past.enter(cell);
                self.recent[slot].0 = cell;
                envelope.fill(&self.past, &mut self.recent[slot].1);
            }
            for (past, recent) in past.iter_mut().zip(&self.recent[slot].1) {
                past[done..done + count].copy_from_slice(&recent[offset..offset + count]);
            }
            done += count;
        }
        let mut depth = [0.0; CELL];
        now.follow(self.depth, &mut depth);
        let [left, right] = gains;
        couple(&depth, &past[1], left);
        couple(&depth, &past[0], right);
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn couple(depth: &Cell, other: &Cell, gains: &mut Cell) {
    for j in 0..CELL {
        gains[j] *= 1.0 + depth[j] * (other[j] - 1.0);
    }
}
