//! Sounds that are held in memory as a whole.

use std::sync::{Arc, Mutex};

use crate::dsp::noise::transforms::Transforms;
use crate::lock::lock;

/// A whole sound: one plane per channel, or a single plane if both channels are equal.
pub(crate) type Planes = Vec<Vec<f32>>;

/// Most samples that are kept.
const MOST: usize = 1 << 26;

/// Whole sounds that are kept from one pass over a track to the next, up to 256 MB. Further sounds are computed again in
/// each pass. (To keep the latest ones instead would keep none for a pass that begins at the start again.)
#[derive(Default)]
pub(crate) struct Wholes {
    kept: Mutex<Vec<Arc<Planes>>>,
    /// The tables with which they are computed.
    pub(crate) transforms: Transforms,
}

impl Wholes {
    /// Keep `planes` if there is room.
    pub(crate) fn keep(&self, planes: &Arc<Planes>) {
        let mut kept = lock(&self.kept);
        let samples = |planes: &Planes| planes.iter().map(Vec::len).sum::<usize>();
        let known = kept.iter().any(|known| Arc::ptr_eq(known, planes));
        if !known && kept.iter().map(|kept| samples(kept)).sum::<usize>() + samples(planes) <= MOST {
            kept.push(Arc::clone(planes));
        }
    }

    /// Drop all that nobody else holds.
    pub(crate) fn begin(&self) {
        lock(&self.kept).retain(|kept| Arc::strong_count(kept) > 1);
        self.transforms.clear();
    }
}

impl std::fmt::Debug for Wholes {
    /// Writes a constant text: the debug output of a context is part of a cache key.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Wholes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sounds_beyond_the_limit_are_not_kept() {
        let wholes = Wholes::default();
        let sounds: Vec<Arc<Planes>> = (0..3).map(|_| Arc::new(vec![vec![0.0; MOST / 2]])).collect();
        sounds.iter().chain(&sounds).for_each(|sound| wholes.keep(sound));
        let kept = |sound: &Arc<Planes>| Arc::strong_count(sound) - 1;
        assert_eq!(sounds.iter().map(kept).collect::<Vec<_>>(), [1, 1, 0]);
        let held = Arc::downgrade(&sounds[1]);
        drop(sounds);
        assert_eq!(held.strong_count(), 1);
        wholes.begin();
        assert_eq!(held.strong_count(), 0);
    }
}
