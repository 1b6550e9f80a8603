//! Gains of a step, from its bus peaks, the loudness of the step before, and the ceiling (spec assembly 6).

use super::measured::Measured;
use crate::plan::mix::gains::StepGains;
use crate::track::{Bus, MAX_BUS_VOLUME, Step, Track};

/// Peaks and loudnesses up to this linear level count as silence.
const SILENT: f32 = 1e-9;
/// Highest peak allowed in the mix of a normalised step, linear.
pub(crate) const CEILING: f32 = 0.99;
/// Largest change of level to match the loudness of the step before, in dB.
const CONTINUITY_DB: f64 = 3.0;

/// Level settings of one step, from the track. All are linear gains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Levels {
    /// Peak target of each bus; `None` if voices sound at the amplitudes that they state.
    pub normalization: Option<f32>,
    /// Gain of the binaural bus.
    pub binaural_volume: f32,
    /// Gain of the noise bus.
    pub noise_volume: f32,
    /// Gain of the finished mix of the step, after the ceiling (`LayerGains::voices`).
    pub master: f32,
}

impl Levels {
    /// The levels of `step`; `absolute` if voices sound at the amplitudes that they state
    /// ([`Track::has_absolute_levels`]); `master` is the gain of the finished mix.
    pub fn of(step: &Step, track: &Track, absolute: bool, master: f64) -> Self {
        let volume = |given: Option<f64>| match given {
            given if absolute => given.unwrap_or(1.0) as f32,
            given => given.unwrap_or(MAX_BUS_VOLUME).min(MAX_BUS_VOLUME) as f32,
        };
        let target = step.normalization_level.unwrap_or(track.globals.normalization_level);
        Self {
            normalization: (!absolute).then_some(target as f32),
            binaural_volume: volume(step.binaural_volume),
            noise_volume: volume(step.noise_volume),
            master: master as f32,
        }
    }

    /// The gains of the step if they do not depend on its peaks.
    pub(crate) fn fixed(&self) -> Option<StepGains> {
        let (binaural, noise) = ([1.0, self.binaural_volume], [1.0, self.noise_volume]);
        self.normalization.is_none().then_some(StepGains { binaural, noise, both: [1.0, self.master] })
    }

    /// The gain that the ceiling gives to a mix with this peak.
    pub(crate) fn ceiling(&self, peak: f32) -> f32 {
        if self.normalization.is_some() && peak > CEILING { CEILING / peak } else { 1.0 }
    }

    /// Highest peak that the mix of both buses can reach before the ceiling, if the noise bus has one voice.
    pub fn loudest(&self) -> f32 {
        self.normalization.unwrap_or(1.0) * (self.binaural_volume + self.noise_volume)
    }
}

impl StepGains {
    /// The gains of the two buses for these peaks; a silent bus has gains of 1.
    pub(crate) fn of_buses(levels: &Levels, measured: &Measured) -> Self {
        let gains = |peak: f32, volume| match levels.normalization {
            Some(target) if peak > SILENT => [target / peak, volume],
            _ => [1.0; 2],
        };
        Self {
            binaural: gains(measured.binaural.max(), levels.binaural_volume),
            noise: gains(noise_peak(measured), levels.noise_volume),
            both: [1.0; 2],
        }
    }
}

/// The peak by which the noise bus is normalised: that of its loudest voice, not of the sum. A silent voice counts as
/// full scale.
fn noise_peak(measured: &Measured) -> f32 {
    let peaks = measured.voices.iter().filter(|v| v.bus == Bus::Noise);
    peaks.map(|v| if v.peak > SILENT { v.peak } else { 1.0 }).fold(0.0, f32::max)
}

/// Gain that brings a step from `loudness` to `reference`, limited to ±3 dB; 1 if either is silent.
pub(crate) fn continuity(reference: Option<f64>, loudness: f64) -> f64 {
    let limit = 10_f64.powf(CONTINUITY_DB / 20.0);
    match reference {
        Some(reference) if reference > f64::from(SILENT) && loudness > f64::from(SILENT) => {
            (reference / loudness).clamp(1.0 / limit, limit)
        }
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::levels::measured::VoicePeak;
    use crate::plan::levels::peaks::PeakMap;

    const LEVELS: Levels = Levels { normalization: Some(0.95), binaural_volume: 0.48, noise_volume: 0.2, master: 1.0 };

    fn measured(binaural: f32, noise: &[f32]) -> Measured {
        let voices = noise.iter().map(|peak| VoicePeak { bus: Bus::Noise, peak: *peak }).collect();
        let sum = noise.iter().sum();
        Measured { binaural: PeakMap::new(vec![binaural]), noise: PeakMap::new(vec![sum]), voices }
    }

    #[test]
    fn quiet_buses_are_raised_to_the_peak_target() {
        let gains = StepGains::of_buses(&LEVELS, &measured(0.1, &[]));
        assert!((gains.peak(0.1, 0.0) - 0.456).abs() < 1e-6);
    }

    #[test]
    fn noise_is_normalised_by_its_loudest_voice() {
        let gains = StepGains::of_buses(&LEVELS, &measured(0.0, &[0.3, 0.2]));
        assert_eq!(gains.noise, [0.95 / 0.3, 0.2]);
        assert_eq!(gains.binaural, [1.0, 1.0]);
        let gains = StepGains::of_buses(&LEVELS, &measured(0.0, &[0.3, 0.0]));
        assert_eq!(gains.noise, [0.95, 0.2]);
    }

    #[test]
    fn loudness_continuity_changes_level_by_at_most_three_decibels() {
        assert_eq!(continuity(None, 0.1), 1.0);
        assert_eq!(continuity(Some(0.1), 0.0), 1.0);
        assert!((continuity(Some(0.1), 0.09) - 1.0 / 0.9).abs() < 1e-12);
        assert!((continuity(Some(1.0), 0.01) - 1.412_537_544_622_754_4).abs() < 1e-12);
        assert!((continuity(Some(0.01), 1.0) - 0.707_945_784_384_137_9).abs() < 1e-12);
    }
}
