//! Sums a long stretch of a bus with an accelerator in one call, before it is read block by block.

use super::block::{Plane, blocks, peak};
use super::bus::BusVoice;
use crate::dsp::mix;
use crate::voice::{Block, ToneAccelerator, ToneBatch};

/// Shortest stretch in frames for which the transfer to an accelerator and back pays off.
const SHORTEST: u64 = 1 << 14;

/// The sum of some voices of a bus over a stretch of time.
#[derive(Debug, Default)]
pub(crate) struct Prerendered {
    from: u64,
    batch: ToneBatch,
    left: Vec<f32>,
    right: Vec<f32>,
    /// The voices in the sum, each with whether it sounds in this stretch.
    pub(crate) voices: Vec<(usize, bool)>,
}

impl Prerendered {
    /// Sum the voices of `parts` that can be written as tones, over the frames `from..to`. The sum holds no voices if
    /// the stretch is too short, no voice can be written, or `accelerator` declines.
    pub(crate) fn sum(&mut self, parts: &mut [BusVoice], accelerator: &dyn ToneAccelerator, from: u64, to: u64) {
        self.voices.clear();
        if to.saturating_sub(from) < SHORTEST {
            return;
        }
        let frames = (to - from) as usize;
        self.from = from;
        self.batch.clear(frames);
        let (batch, voices) = (&mut self.batch, &mut self.voices);
        let mut written: Vec<&mut BusVoice> =
            parts.iter_mut().filter_map(|p| p.voice.write(from, batch).then_some(p)).collect();
        if written.is_empty() {
            return;
        }
        self.left.resize(frames, 0.0);
        self.right.resize(frames, 0.0);
        if !accelerator.sum(batch, Block::new(&mut self.left, &mut self.right)) {
            return;
        }
        let mut plane = Plane::new();
        let mut sum = Block::new(&mut self.left, &mut self.right);
        for (index, part) in written.iter_mut().enumerate() {
            let mut sounds = !batch.is_silent(index);
            for gap in &batch.parts[index].gaps {
                for (frame, frames) in blocks(from + gap.start as u64, from + gap.end as u64) {
                    let mut one = plane.block(frames);
                    part.voice.render(frame, one.reborrow());
                    sounds |= peak(&one) > 0.0;
                    let at = (frame - from) as usize;
                    let sum = sum.part(at, at + frames);
                    mix::add(sum.left, one.left);
                    mix::add(sum.right, one.right);
                }
            }
            voices.push((part.index, sounds));
        }
    }

    /// Whether voice `index` is in the sum.
    pub(crate) fn holds(&self, index: usize) -> bool {
        self.voices.iter().any(|(voice, _)| *voice == index)
    }

    /// Fill `out` with the sum from `frame` on. Returns false, with `out` unchanged, unless the sum covers all of it.
    pub(crate) fn read(&self, frame: u64, out: Block<'_>) -> bool {
        let at = frame.checked_sub(self.from).filter(|_| !self.voices.is_empty());
        let Some(range) = at.map(|at| at as usize..at as usize + out.len()) else { return false };
        let known = self.left.get(range.clone()).zip(self.right.get(range));
        let Some((left, right)) = known else { return false };
        out.left.copy_from_slice(left);
        out.right.copy_from_slice(right);
        true
    }
}
