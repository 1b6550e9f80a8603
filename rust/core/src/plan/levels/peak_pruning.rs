//! Voices so quiet that a step's peak is found without rendering them everywhere. The first measurement leaves them out
//! and widens its bounds by what they can amount to; then only the few cells in which the peak may lie are rendered whole.

use crate::plan::mix::bus::StepVoice;
use crate::track::Bus;

/// What the voices that are left out may amount to, as a part of what the voices of the bus with known bounds amount to. The larger,
/// the more voices are left out and the more cells are rendered after all.
const SHARE: f32 = 1.0 / 128.0;

/// The voices of a step's binaural bus that the first measurement leaves out. (On the noise bus each voice's own peak
/// counts.)
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PrunedVoices {
    /// Upper bound of each voice that is left out, in the order of the step.
    bounds: Vec<Option<f32>>,
    /// Upper bound of their sum.
    pub(crate) total: f32,
}

impl PrunedVoices {
    /// The quietest of `voices`.
    pub(crate) fn of(voices: &[StepVoice]) -> Self {
        let bound = |voice: &StepVoice| voice.voice.as_ref().and_then(|sound| sound.bound());
        let on_bus = voices.iter().enumerate().filter(|(_, voice)| voice.bus == Bus::Binaural);
        let mut known: Vec<(usize, f32)> = on_bus.filter_map(|(at, voice)| Some((at, bound(voice)?))).collect();
        let limit = known.iter().map(|(_, bound)| bound).sum::<f32>() * SHARE;
        known.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
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

    /// None of `count` voices.
    pub(crate) fn none(count: usize) -> Self {
        Self { bounds: vec![None; count], total: 0.0 }
    }

    /// The bound of voice `index`, if it is left out.
    pub(crate) fn bound(&self, index: usize) -> Option<f32> {
        self.bounds.get(index).copied().flatten()
    }
}
