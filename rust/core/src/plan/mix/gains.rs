//! The gains of a step.

/// Linear gains of a step, in the order in which they are applied; 1 is neutral.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepGains {
    /// Binaural bus: normalisation to the peak target, volume.
    pub binaural: [f32; 2],
    /// Noise bus: normalisation to the peak target, volume.
    pub noise: [f32; 2],
    /// Sum of both buses: loudness continuity, then ceiling and master in one.
    pub both: [f32; 2],
}

impl StepGains {
    /// All gains 1.
    pub const NEUTRAL: Self = Self { binaural: [1.0; 2], noise: [1.0; 2], both: [1.0; 2] };

    /// Upper bound of the mix's peak for buses that peak at `binaural` and `noise`; exact if one of them is silent.
    pub fn peak(&self, binaural: f32, noise: f32) -> f32 {
        let binaural = binaural * self.binaural[0] * self.binaural[1];
        let noise = noise * self.noise[0] * self.noise[1];
        (binaural + noise) * self.both[0] * self.both[1]
    }

    /// The total gain of the binaural bus and that of the noise bus.
    pub fn totals(&self) -> [f32; 2] {
        let both = self.both[0] * self.both[1];
        [self.binaural[0] * self.binaural[1] * both, self.noise[0] * self.noise[1] * both]
    }
}
