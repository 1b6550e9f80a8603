//! True peak: the largest magnitude between the samples as well as at them (ITU-R BS.1770-4, annex 2).

use std::f64::consts::PI;

use multiversion::multiversion;

use crate::dsp::bessel::bessel_i0;

/// Frames per second to which the signal is oversampled at least: four times 44.1 kHz.
const WANTED: u32 = 176_400;
/// Most values per sample.
const MOST: u32 = 24;
/// Samples from which one value is interpolated. The filter of the standard's example has 12, and is 0.5 dB too low at
/// 18 kHz with a sample rate of 44.1 kHz.
const TAPS: usize = 32;
/// Shape of the Kaiser window: flat to 0.45 of the sample rate.
const KAISER: f64 = 5.0;
/// Samples that are interpolated at a time.
const BLOCK: usize = 512;

type Filter = [f32; TAPS];

/// Measures the true peak of a stereo signal.
#[derive(Debug)]
pub struct TruePeak {
    /// One filter for each place between two samples.
    filters: Vec<Filter>,
    ears: [Ear; 2],
}

#[derive(Debug)]
struct Ear {
    /// The last `TAPS - 1` samples, then the current block.
    samples: Vec<f32>,
    peak: f32,
}

impl TruePeak {
    /// A meter for `sample_rate` frames per second.
    pub fn new(sample_rate: u32) -> Self {
        let factor = WANTED.div_ceil(sample_rate.max(1)).clamp(1, MOST);
        let filters = (1..factor).map(|place| filter(f64::from(place) / f64::from(factor))).collect();
        let ear = || Ear { samples: vec![0.0; TAPS - 1], peak: 0.0 };
        Self { filters, ears: [ear(), ear()] }
    }

    /// Takes the next frames.
    pub fn add(&mut self, left: &[f32], right: &[f32]) {
        for (ear, samples) in self.ears.iter_mut().zip([left, right]) {
            for block in samples.chunks(BLOCK) {
                ear.add(block, &self.filters);
            }
        }
    }

    /// The true peak of both channels, linear, as if silence followed.
    pub fn peak(&mut self) -> f64 {
        self.add(&[0.0; TAPS], &[0.0; TAPS]);
        f64::from(self.ears[0].peak.max(self.ears[1].peak))
    }
}

impl Ear {
    fn add(&mut self, block: &[f32], filters: &[Filter]) {
        let held = self.samples.len();
        self.samples.extend_from_slice(block);
        self.peak = block.iter().fold(self.peak, |peak, x| peak.max(x.abs()));
        for filter in filters {
            self.peak = self.peak.max(interpolated(filter, &self.samples));
        }
        self.samples.drain(..self.samples.len() - held);
    }
}

/// Interpolation filter for the place `at` between two samples, 0 to 1: a windowed sinc whose values sum to 1.
fn filter(at: f64) -> Filter {
    let half = TAPS as f64 / 2.0;
    let value = |tap: usize| {
        // distance of the sample from the place; the place is between the two samples in the middle
        let x = tap as f64 - (half - 1.0) - at;
        let sinc = if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) };
        let inside = (1.0 - (x / half).powi(2)).max(0.0);
        sinc * bessel_i0(KAISER * inside.sqrt()) / bessel_i0(KAISER)
    };
    let sum: f64 = (0..TAPS).map(value).sum();
    std::array::from_fn(|tap| (value(tap) / sum) as f32)
}

/// The largest magnitude of all values that `filter` gives within `samples`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn interpolated(filter: &Filter, samples: &[f32]) -> f32 {
    let mut sums = [0.0_f32; BLOCK];
    let count = samples.len() + 1 - TAPS;
    for (tap, gain) in filter.iter().enumerate() {
        for (sum, sample) in sums[..count].iter_mut().zip(&samples[tap..tap + count]) {
            *sum += gain * sample;
        }
    }
    let mut most = [0.0_f32; 16];
    for sums in sums[..count.next_multiple_of(16)].chunks_exact(16) {
        for (most, sum) in most.iter_mut().zip(sums) {
            *most = if sum.abs() > *most { sum.abs() } else { *most };
        }
    }
    most.into_iter().fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_sampled_beside_its_crests_has_its_amplitude() {
        // a quarter of the sample rate, 45 degrees off: every sample is 3 dB below the crest
        for rate in [44_100, 48_000] {
            let signal: Vec<f32> = (0..4000).map(|n| 0.5 * (PI * (f64::from(n) / 2.0 + 0.25)).sin() as f32).collect();
            let mut meter = TruePeak::new(rate);
            signal.chunks(77).for_each(|part| meter.add(part, part));
            // the onset of the tone overshoots
            let mut late = TruePeak::new(rate);
            let faded: Vec<f32> =
                signal.iter().zip(0..4000).map(|(x, n)| x * (n.min(4000 - n) as f32 / 2000.0).min(1.0)).collect();
            late.add(&faded, &faded);
            assert!((late.peak() - 0.5).abs() < 0.002, "{}", late.peak());
            assert!((0.5..0.56).contains(&meter.peak()));
        }
    }

    #[test]
    fn the_true_peak_is_at_least_the_sample_peak() {
        let mut meter = TruePeak::new(44_100);
        meter.add(&[0.0, -0.7, 0.0], &[0.0, 0.0, 0.1]);
        assert!((meter.peak() - 0.7).abs() < 1e-3);
        assert_eq!(TruePeak::new(192_000).peak(), 0.0);
    }
}
