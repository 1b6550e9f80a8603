//! A stretch of a bus summed in one go by a performer, before it is asked for block by block.

use super::bus::Part;
use crate::voice::{Block, Performer, Score};

/// Shorter stretches are not worth the way to a device and back.
const SHORTEST: u64 = 1 << 14;

/// The sum of some voices of a bus over a stretch of time.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    from: u64,
    left: Vec<f32>,
    right: Vec<f32>,
    /// The voices that are in it, and whether they sound there.
    pub(super) voices: Vec<(usize, bool)>,
}

impl Ahead {
    /// The voices of `parts` that can be written down, over the frames `from..to`; nothing if there are none, or if
    /// `performer` does not do it.
    pub(super) fn of(parts: &mut [Part], performer: &dyn Performer, from: u64, to: u64) -> Self {
        if to.saturating_sub(from) < SHORTEST {
            return Self::default();
        }
        let mut score = Score::new((to - from) as usize);
        let mut voices = Vec::new();
        for part in parts {
            if part.voice.write(from, &mut score) {
                voices.push((part.index, !score.is_silent(voices.len())));
            }
        }
        let mut ahead = Self { from, left: vec![0.0; score.frames], right: vec![0.0; score.frames], voices };
        let done = !score.parts.is_empty() && performer.perform(&score, Block::new(&mut ahead.left, &mut ahead.right));
        if done { ahead } else { Self::default() }
    }

    /// Fill `out` with the sum from `frame` on; false if that is not (all) known.
    pub(super) fn read(&self, frame: u64, out: Block<'_>) -> bool {
        let Some(at) = frame.checked_sub(self.from).map(|at| at as usize) else { return false };
        let range = at..at + out.len();
        let (Some(left), Some(right)) = (self.left.get(range.clone()), self.right.get(range)) else { return false };
        if left.is_empty() {
            return false;
        }
        out.left.copy_from_slice(left);
        out.right.copy_from_slice(right);
        true
    }
}
