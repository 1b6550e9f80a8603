//! The blocks in which the mixer works, and memory for them.

use crate::dsp::mix;
use crate::voice::Block;

/// Most frames that are mixed at once; small enough that the working memory stays in the CPU's fastest cache.
pub const BLOCK: usize = 2048;

/// Working memory for one stereo block.
#[derive(Debug, Clone)]
pub(crate) struct Plane {
    left: Vec<f32>,
    right: Vec<f32>,
}

impl Plane {
    pub(crate) fn new() -> Self {
        Self { left: vec![0.0; BLOCK], right: vec![0.0; BLOCK] }
    }

    /// The first `frames` frames, at most [`BLOCK`].
    pub(crate) fn block(&mut self, frames: usize) -> Block<'_> {
        Block::new(&mut self.left[..frames], &mut self.right[..frames])
    }
}

/// Largest magnitude of both channels.
pub(crate) fn peak(block: &Block<'_>) -> f32 {
    mix::peak(block.left).max(mix::peak(block.right))
}

/// The range `from..to` as blocks of at most [`BLOCK`] frames: first frame and length of each. Blocks end on
/// multiples of [`BLOCK`], where cells of voices end too.
pub(crate) fn blocks(from: u64, to: u64) -> impl Iterator<Item = (u64, usize)> {
    let mut frame = from;
    std::iter::from_fn(move || {
        (frame < to).then(|| {
            let start = frame;
            frame = to.min((start / BLOCK as u64 + 1) * BLOCK as u64);
            (start, (frame - start) as usize)
        })
    })
}
