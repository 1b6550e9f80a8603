//! What is known about the levels of a step once it is measured.

use super::peaks::PeakMap;
use crate::track::Bus;

/// Peaks of a step before all gains, over all of its frames.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measured {
    /// Of the sum of the binaural bus.
    pub binaural: PeakMap,
    /// Of the sum of the noise bus.
    pub noise: PeakMap,
    /// Of each voice, in the order of the step.
    pub voices: Vec<VoicePeak>,
}

/// Peak of one voice over the whole step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VoicePeak {
    /// The bus it is mixed on.
    pub bus: Bus,
    /// Largest magnitude; on the binaural bus that of the first block that sounds, or a bound of it: it only tells there
    /// whether the voice is silent.
    pub peak: f32,
}

impl Measured {
    /// Whether voice `index` is silent all through the step.
    pub fn silent(&self, index: usize) -> bool {
        self.voices.get(index).is_some_and(|voice| voice.peak == 0.0)
    }
}
