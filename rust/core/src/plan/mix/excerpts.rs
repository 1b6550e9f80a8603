//! Short stretches of voices, from which the gains of a step are estimated, kept for the next plan.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::lock::lock;
use crate::voice::{Block, ToneBatch, Voice};

/// Most frames of excerpts that all plans of a process keep together: 16 MB.
const MOST: usize = 1 << 21;

/// The frames that they keep.
static FRAMES: AtomicUsize = AtomicUsize::new(0);

/// Take room for `frames` more; false if there is none.
fn take(kept: &AtomicUsize, frames: usize) -> bool {
    let more = |kept: usize| (kept + frames <= MOST).then_some(kept + frames);
    kept.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
}

/// The excerpts of a voice. Further ones are not kept if there is no room.
#[derive(Default)]
pub(crate) struct Excerpts(Mutex<Vec<Excerpt>>);

struct Excerpt {
    start: u64,
    planes: [Box<[f32]>; 2],
}

impl Excerpts {
    /// Whether an excerpt begins at `start`.
    fn has(&self, start: u64) -> bool {
        lock(&self.0).iter().any(|excerpt| excerpt.start == start)
    }

    /// Fill `out` with the excerpt of its length that begins at `start`; false if there is none.
    fn read(&self, start: u64, out: &mut Block<'_>) -> bool {
        let all = lock(&self.0);
        let Some(Excerpt { planes: [left, right], .. }) = all.iter().find(|excerpt| excerpt.start == start) else {
            return false;
        };
        if left.len() != out.len() {
            return false;
        }
        out.left.copy_from_slice(left);
        out.right.copy_from_slice(right);
        true
    }

    /// Keep the excerpt that begins at `start`.
    fn keep(&self, start: u64, block: &Block<'_>) {
        let frames = block.len();
        if self.has(start) || !take(&FRAMES, frames) {
            return;
        }
        lock(&self.0).push(Excerpt { start, planes: [(*block.left).into(), (*block.right).into()] });
    }
}

impl Drop for Excerpts {
    fn drop(&mut self) {
        let frames = lock(&self.0).iter().map(|excerpt| excerpt.planes[0].len()).sum();
        FRAMES.fetch_sub(frames, Ordering::Relaxed);
    }
}

/// A voice that plays what is known of it and renders the rest, which is then known.
struct Excerpted {
    voice: Box<dyn Voice>,
    prepared: bool,
    excerpts: Arc<Excerpts>,
}

/// A copy of `voice`, which the caller has made, that plays its `excerpts`.
pub(crate) fn excerpted(voice: Box<dyn Voice>, excerpts: &Arc<Excerpts>) -> Box<dyn Voice> {
    Box::new(Excerpted { voice, prepared: false, excerpts: Arc::clone(excerpts) })
}

impl Excerpted {
    fn voice(&mut self) -> &mut dyn Voice {
        if !std::mem::replace(&mut self.prepared, true) {
            self.voice.prepare();
        }
        self.voice.as_mut()
    }
}

impl Voice for Excerpted {
    fn render(&mut self, start: u64, mut out: Block<'_>) {
        if !self.excerpts.read(start, &mut out) {
            self.voice().render(start, out.reborrow());
            self.excerpts.keep(start, &out);
        }
    }

    fn write(&mut self, start: u64, batch: &mut ToneBatch) -> bool {
        // what was rendered could not be written
        !self.excerpts.has(start) && self.voice().write(start, batch)
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self { voice: self.voice.fork(), prepared: false, excerpts: Arc::clone(&self.excerpts) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_are_kept_while_there_is_room() {
        let kept = AtomicUsize::new(0);
        let taken = (0..5).filter(|_| take(&kept, MOST / 2)).count();
        assert_eq!((taken, kept.load(Ordering::Relaxed)), (2, MOST));
    }

    #[test]
    fn an_excerpt_is_played_in_its_place() {
        let excerpts = Excerpts::default();
        let (mut left, mut right) = ([0.5, 0.25], [-0.5, 0.125]);
        excerpts.keep(2048, &Block::new(&mut left, &mut right));
        let (mut l, mut r) = ([9.0; 2], [9.0; 2]);
        assert!(!excerpts.read(0, &mut Block::new(&mut l, &mut r)) && l == [9.0; 2]);
        assert!(excerpts.read(2048, &mut Block::new(&mut l, &mut r)));
        assert_eq!((l, r), (left, right));
    }
}
