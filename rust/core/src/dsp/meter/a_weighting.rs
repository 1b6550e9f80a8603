//! A-weighted power (IEC 61672-1), from spectra: exact at every frequency and sample rate, where a digital filter has
//! the response of the standard only far below half the sample rate.

use std::f64::consts::PI;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

/// Measures the A-weighted power of both channels of a signal.
pub struct AWeighted {
    transform: Arc<dyn RealToComplex<f64>>,
    window: Vec<f64>,
    /// Power gain of each bin, with the factors of window and transform.
    gains: Vec<f64>,
    /// The last half window and what has come since, of each channel.
    held: [Vec<f64>; 2],
    spectrum: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
    energies: [f64; 2],
    frames: u64,
}

impl AWeighted {
    /// A meter for `sample_rate` frames per second.
    pub fn new(sample_rate: u32) -> Self {
        let size = (sample_rate as usize / 6).next_power_of_two().max(64);
        let transform = RealFftPlanner::new().plan_fft_forward(size);
        // The squares of sine windows that overlap by one half sum to 1.
        let window = (0..size).map(|n| (PI * (n as f64 + 0.5) / size as f64).sin()).collect();
        let gain = |bin: usize| {
            let sides = if bin == 0 || 2 * bin == size { 1.0 } else { 2.0 };
            power_gain(bin as f64 * f64::from(sample_rate) / size as f64) * sides / size as f64
        };
        Self {
            window,
            gains: (0..=size / 2).map(gain).collect(),
            held: [vec![0.0; size / 2], vec![0.0; size / 2]],
            spectrum: transform.make_output_vec(),
            scratch: transform.make_scratch_vec(),
            transform,
            energies: [0.0; 2],
            frames: 0,
        }
    }

    /// Takes the next frames.
    pub fn add(&mut self, left: &[f32], right: &[f32]) {
        self.frames += left.len() as u64;
        for (ear, samples) in [left, right].into_iter().enumerate() {
            self.put(ear, samples);
        }
    }

    fn put(&mut self, ear: usize, mut samples: &[f32]) {
        let size = self.window.len();
        while !samples.is_empty() {
            let part = (size - self.held[ear].len()).min(samples.len());
            self.held[ear].extend(samples[..part].iter().map(|x| f64::from(*x)));
            samples = &samples[part..];
            if self.held[ear].len() == size {
                self.transform(ear);
                self.held[ear].drain(..size / 2);
            }
        }
    }

    fn transform(&mut self, ear: usize) {
        let mut block: Vec<f64> = self.held[ear].iter().zip(&self.window).map(|(x, w)| x * w).collect();
        // the lengths always fit
        if self.transform.process_with_scratch(&mut block, &mut self.spectrum, &mut self.scratch).is_ok() {
            let weighted = self.spectrum.iter().zip(&self.gains).map(|(bin, gain)| gain * bin.norm_sqr());
            self.energies[ear] += weighted.sum::<f64>();
        }
    }

    /// The A-weighted mean square of each channel. A sine of 1 kHz and amplitude 1 has 0.5.
    pub fn powers(&mut self) -> [f64; 2] {
        let (frames, size) = (self.frames, self.window.len());
        for ear in 0..2 {
            self.put(ear, &vec![0.0; size]);
        }
        self.energies.map(|energy| energy / frames.max(1) as f64)
    }
}

/// The square of the response of the A-weighting at `hz` (IEC 61672-1, 5.4.6), 1 at 1 kHz.
fn power_gain(hz: f64) -> f64 {
    let response = |hz: f64| {
        let f = hz * hz;
        let [f1, f2, f3, f4] = [20.598_997, 107.652_65, 737.862_23, 12_194.217].map(|corner: f64| corner * corner);
        f4 * f * f / ((f + f1) * ((f + f2) * (f + f3)).sqrt() * (f + f4))
    };
    (response(hz) / response(1000.0)).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tones_are_weighted_as_in_the_table_of_the_standard() {
        for rate in [44_100_u32, 96_000] {
            for (hz, weight) in
                [(50.0, -30.2), (100.0, -19.1), (200.0, -10.9), (1000.0, 0.0), (4000.0, 1.0), (16_000.0, -6.6)]
            {
                let tone: Vec<f32> = (0..2 * rate)
                    .map(|n| (2.0 * PI * (hz * f64::from(n) / f64::from(rate)).fract()).sin() as f32)
                    .collect();
                let mut meter = AWeighted::new(rate);
                tone.chunks(999).for_each(|part| meter.add(part, &vec![0.0; part.len()]));
                let [left, right] = meter.powers();
                let level = 10.0 * (2.0 * left).log10();
                assert!((level - weight).abs() < 0.15 && right == 0.0, "{hz} Hz: {level}");
            }
        }
    }
}
