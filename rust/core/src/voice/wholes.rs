//! Sounds that are held in memory as a whole.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use crate::lock::lock;

/// A whole sound: one plane per channel, or a single plane if both channels are equal.
pub(crate) type Planes = Vec<Vec<f32>>;

/// Most samples that are kept.
const MOST: usize = 1 << 22;

/// The whole sounds that were used last, up to 16 MB. A track of a few such sounds computes each of them once, although
/// it is measured and rendered; a track of many does not hold them all.
#[derive(Default)]
pub(crate) struct Wholes(Mutex<VecDeque<Arc<Planes>>>);

impl Wholes {
    /// Keep `planes` until others take their place.
    pub(crate) fn keep(&self, planes: &Arc<Planes>) {
        let mut kept = lock(&self.0);
        kept.retain(|known| !Arc::ptr_eq(known, planes));
        kept.push_back(Arc::clone(planes));
        let samples =
            |kept: &VecDeque<Arc<Planes>>| kept.iter().flat_map(|planes| planes.iter()).map(Vec::len).sum::<usize>();
        while samples(&kept) > MOST {
            kept.pop_front();
        }
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
    fn the_oldest_sounds_are_dropped_beyond_the_limit() {
        let wholes = Wholes::default();
        let sounds: Vec<Arc<Planes>> = (0..5).map(|_| Arc::new(vec![vec![0.0; MOST / 4]])).collect();
        sounds.iter().for_each(|sound| wholes.keep(sound));
        wholes.keep(&sounds[1]);
        let kept = |sound: &Arc<Planes>| Arc::strong_count(sound) - 1;
        assert_eq!(sounds.iter().map(kept).collect::<Vec<_>>(), [0, 1, 1, 1, 1]);
        let large = Arc::new(vec![vec![0.0; MOST + 1]]);
        wholes.keep(&large);
        assert_eq!(kept(&large), 0);
    }
}
