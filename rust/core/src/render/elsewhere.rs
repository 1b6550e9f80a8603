//! Takes the sound of a file from whoever rendered it, such as the machines of a cluster, in place of a render here.

use std::ops::Range;

use super::offline::Sink;
use crate::dsp::mix;
use crate::error::{Error, Result};
use crate::parallel::Progress;

/// The next block of the mix, as [`super::render_array`] gives it: interleaved stereo of any length. `None` after the last.
pub type Blocks<'a> = &'a mut (dyn FnMut() -> Result<Option<Vec<f32>>> + Send);

/// Frames that are handed on at once.
const PIECE: usize = 16_384;

/// Pass the blocks to `sink` as the track frames `frames`, multiplied by `gain`: what a render of these frames does.
pub(super) fn pass_on(
    blocks: Blocks<'_>,
    frames: &Range<u64>,
    gain: f32,
    sink: Sink<'_>,
    progress: Progress<'_>,
) -> Result<()> {
    let wanted = frames.end - frames.start;
    let (mut left, mut right) = (Vec::with_capacity(PIECE), Vec::with_capacity(PIECE));
    let mut taken = 0;
    while let Some(block) = blocks()? {
        if !block.len().is_multiple_of(2) {
            return Err(Error::invalid("blocks", "expected whole frames of two samples"));
        }
        taken += (block.len() / 2) as u64;
        if taken > wanted {
            return Err(Error::invalid("blocks", format!("expected {wanted} frames in all, got more")));
        }
        for piece in block.chunks(2 * PIECE) {
            left.clear();
            left.extend(piece.iter().step_by(2));
            right.clear();
            right.extend(piece.iter().skip(1).step_by(2));
            if gain != 1.0 {
                mix::scale(&mut left, [gain, 1.0, 1.0, 1.0]);
                mix::scale(&mut right, [gain, 1.0, 1.0, 1.0]);
            }
            sink(&left, &right)?;
        }
        if !progress(taken as f64 / wanted as f64) {
            return Err(Error::Cancelled);
        }
    }
    if taken < wanted {
        return Err(Error::invalid("blocks", format!("expected {wanted} frames in all, got {taken}")));
    }
    Ok(())
}
