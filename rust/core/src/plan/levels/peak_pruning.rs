//! Finds the peak of a step without rendering its quietest voices everywhere. A first pass leaves them out and raises
//! its bounds by the most that they can add. A second pass renders all voices, but only in the few cells that may
//! contain the peak.

use crate::order::order;
use crate::plan::mix::bus::StepVoice;
use crate::track::Bus;

/// Largest sum of the bounds of the pruned voices, relative to that of all voices on the bus with known bounds. A
/// larger share prunes more voices, but then more cells need the second pass.
const SHARE: f32 = 1.0 / 128.0;

/// The voices of a step's binaural bus that the first pass leaves out. The noise bus has none, because the peak of
/// each of its voices is needed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PrunedVoices {
    /// Upper bound of the peak of each pruned voice, in the order of the step; `None` for the others.
    bounds: Vec<Option<f32>>,
    /// Upper bound of their sum.
    pub(crate) total: f32,
}

impl PrunedVoices {
    /// Choose the quietest of `voices`.
    pub(crate) fn of(voices: &[StepVoice]) -> Self {
        let bound = |voice: &StepVoice| voice.voice.as_ref().and_then(|sound| sound.bound());
        let on_bus = voices.iter().enumerate().filter(|(_, voice)| voice.bus == Bus::Binaural);
        let mut known: Vec<(usize, f32)> = on_bus.filter_map(|(at, voice)| Some((at, bound(voice)?))).collect();
        let limit = known.iter().map(|(_, bound)| bound).sum::<f32>() * SHARE;
        known.sort_by_cached_key(|(_, bound)| order(f64::from(*bound)));
        let mut pruned = Self { bounds: vec![None; voices.len()], total: 0.0 };
        for (at, bound) in known {
            if pruned.total + bound > limit {
                break;
            }
            pruned.bounds[at] = Some(bound);
            pruned.total += bound;
        }
        pruned
    }

    /// Prune none of `count` voices.
    pub(crate) fn none(count: usize) -> Self {
        Self { bounds: vec![None; count], total: 0.0 }
    }

    /// The bound of voice `index`, if it is pruned.
    pub(crate) fn bound(&self, index: usize) -> Option<f32> {
        self.bounds.get(index).copied().flatten()
    }
}
