//! The gains of a step.

/// Gains of a step in the order in which they are applied; neutral ones are 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepGains {
    /// Binaural bus: to the peak target, volume.
    pub binaural: [f32; 2],
    /// Noise bus: to the peak target, volume.
    pub noise: [f32; 2],
    /// Both buses together: loudness continuity; ceiling and master.
    pub both: [f32; 2],
}

impl StepGains {
    /// No change.
    pub const NEUTRAL: Self = Self { binaural: [1.0; 2], noise: [1.0; 2], both: [1.0; 2] };

    /// Largest possible magnitude of the mix where the buses peak at `binaural` and `noise`; exact if one is silent.
    pub fn peak(&self, binaural: f32, noise: f32) -> f32 {
        let binaural = binaural * self.binaural[0] * self.binaural[1];
        let noise = noise * self.noise[0] * self.noise[1];
        (binaural + noise) * self.both[0] * self.both[1]
    }

    /// All gains of the binaural and of the noise bus in one factor each.
    pub fn totals(&self) -> [f32; 2] {
        let both = self.both[0] * self.both[1];
        [self.binaural[0] * self.binaural[1] * both, self.noise[0] * self.noise[1] * both]
    }
}
