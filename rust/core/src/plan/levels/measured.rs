//! Measured peaks of a step.

use super::peaks::PeakMap;
use crate::track::Bus;

/// Peaks of a step before all gains, over all of its frames. Linear magnitudes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measured {
    /// Peaks of the sum of the binaural bus.
    pub binaural: PeakMap,
    /// Peaks of the sum of the noise bus.
    pub noise: PeakMap,
    /// Peak of each voice, in the order of the step.
    pub voices: Vec<VoicePeak>,
}

/// Peak of one voice over the whole step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VoicePeak {
    /// The bus it is mixed on.
    pub bus: Bus,
    /// Largest magnitude on the noise bus. On the binaural bus it tells only whether the voice is silent (0): other
    /// values are the peak of the first block that sounds, or an upper bound.
    pub peak: f32,
}

impl Measured {
    /// The gains that fit the peaks of several steps with the same voices.
    pub(crate) fn combined<'a>(mut steps: impl Iterator<Item = &'a Self>) -> Self {
        let mut all = steps.next().cloned().unwrap_or_default();
        for step in steps {
            all.binaural = PeakMap::new(vec![all.binaural.max().max(step.binaural.max())]);
            all.noise = PeakMap::new(vec![all.noise.max().max(step.noise.max())]);
            for (voice, other) in all.voices.iter_mut().zip(&step.voices) {
                voice.peak = voice.peak.max(other.peak);
            }
        }
        all
    }

    /// Whether voice `index` is silent through the whole step.
    pub fn silent(&self, index: usize) -> bool {
        self.voices.get(index).is_some_and(|voice| voice.peak == 0.0)
    }
}
