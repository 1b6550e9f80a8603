//! Coloured noise of any length, addressed by frame (spec noise 16.3): white noise from the counter-based generator,
//! convolved with a zero-phase impulse response by overlap-save on an absolute grid of blocks.
//!
//! The noise has unit variance. The conditioning filters and cut-offs are part of the requested spectrum. The only
//! state is a cache, so any frame can be read at any time, at the cost of one block.

use std::f64::consts::PI;
use std::fmt;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealToComplex};

use super::counter::{GROUP, White};
use crate::dsp::fft;

/// Shortest length of the impulse response in seconds. It determines the resolution at low frequencies.
const RESPONSE_SECONDS: f64 = 0.17;
/// Number of cached blocks: the current one and the one before.
const KEPT: usize = 2;

/// A prepared colour: the frequency response that turns white noise into coloured noise.
pub struct Tint {
    taps: usize,
    block: usize,
    gains: Vec<f32>,
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
}

impl fmt::Debug for Tint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tint").field("taps", &self.taps).field("block", &self.block).finish_non_exhaustive()
    }
}

impl Tint {
    /// For a power density over frequency in Hz (0 < Hz <= rate/2), in any scale. A density that is zero everywhere
    /// gives silence.
    pub fn new(power: impl Fn(f64) -> f64, sample_rate: f64) -> Self {
        let taps = ((sample_rate * RESPONSE_SECONDS).ceil() as usize).next_power_of_two().max(16 * GROUP);
        let size = 4 * taps;
        let mut spectrum: Vec<Complex<f64>> = (0..=taps / 2)
            .map(|k| if k == 0 { 0.0 } else { power(k as f64 * sample_rate / taps as f64).max(0.0).sqrt() })
            .map(|amplitude| Complex::new(if amplitude.is_finite() { amplitude } else { 0.0 }, 0.0))
            .collect();
        let mut response = vec![0.0; taps];
        let _ = fft::real_inverse(taps).process(&mut spectrum, &mut response);
        // centred on sample 0 and tapered towards its ends, so that the transform of the padded response is real
        let mut padded = vec![0.0; size];
        for (k, v) in response.iter().enumerate() {
            let distance = if k <= taps / 2 { k as isize } else { k as isize - taps as isize };
            // 1 minus the cube of a reversed Hann window: flat in the middle, so that steep slopes keep their place
            let fallen = 0.5 - 0.5 * (2.0 * PI * distance as f64 / taps as f64).cos();
            let window = 1.0 - fallen.powi(3);
            padded[distance.rem_euclid(size as isize) as usize] += v * window;
        }
        let energy: f64 = padded.iter().map(|h| h * h).sum();
        let scale = if energy > 0.0 { 1.0 / (energy.sqrt() * size as f64) } else { 0.0 };
        let forward = fft::real_forward(size);
        let mut transform = forward.make_output_vec();
        let _ = forward.process(&mut padded, &mut transform);
        let (onward, back) = fft::pair(size);
        Self {
            taps,
            block: size - taps,
            gains: transform.iter().map(|g| (g.re * scale) as f32).collect(),
            forward: onward,
            inverse: back,
        }
    }

    /// Power density at `f` Hz relative to a white spectrum of the same total power.
    pub fn power(&self, f: f64, sample_rate: f64) -> f64 {
        let size = self.block + self.taps;
        let place = (f / sample_rate * size as f64).clamp(0.0, (size / 2) as f64);
        let low = (place as usize).min(size / 2 - 1);
        let gain = |k: usize| f64::from(self.gains[k]) * size as f64;
        let value = gain(low) + (gain(low + 1) - gain(low)) * (place - low as f64);
        value * value
    }
}

/// A reader of one stream of coloured noise, with a cache of two blocks.
pub struct Coloured {
    tint: Arc<Tint>,
    white: White,
    kept: [(Option<i64>, Vec<f32>); KEPT],
    buffer: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
}

impl fmt::Debug for Coloured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Coloured").field("tint", &self.tint).field("white", &self.white).finish_non_exhaustive()
    }
}

impl Coloured {
    /// The stream of `seed` in this colour. Allocates all buffers, so reading does not allocate.
    pub fn new(tint: Arc<Tint>, seed: u64) -> Self {
        let scratch = tint.forward.get_scratch_len().max(tint.inverse.get_scratch_len());
        Self {
            white: White::new(seed),
            kept: std::array::from_fn(|_| (None, vec![0.0; tint.block])),
            buffer: tint.forward.make_input_vec(),
            spectrum: tint.forward.make_output_vec(),
            scratch: vec![Complex::default(); scratch],
            tint,
        }
    }

    /// Fills `out` with the samples of the frames from `start` on, which may be negative. A frame has the same bits in
    /// every stretch.
    pub fn read(&mut self, start: i64, out: &mut [f64]) {
        let len = self.tint.block as i64;
        let mut done = 0;
        while done < out.len() {
            let frame = start + done as i64;
            let offset = frame.rem_euclid(len) as usize;
            let count = (len as usize - offset).min(out.len() - done);
            let samples = self.block(frame.div_euclid(len));
            for (value, sample) in out[done..done + count].iter_mut().zip(&samples[offset..offset + count]) {
                *value = f64::from(*sample);
            }
            done += count;
        }
    }

    fn block(&mut self, index: i64) -> &[f32] {
        if let Some(found) = self.kept.iter().position(|(kept, _)| *kept == Some(index)) {
            return &self.kept[found].1;
        }
        self.kept.rotate_right(1);
        let tint = &self.tint;
        let half = tint.taps / 2;
        self.white.fill(index * tint.block as i64 - half as i64, &mut self.buffer);
        let _ = tint.forward.process_with_scratch(&mut self.buffer, &mut self.spectrum, &mut self.scratch);
        for (bin, gain) in self.spectrum.iter_mut().zip(&tint.gains) {
            *bin *= *gain;
        }
        let last = self.spectrum.len() - 1;
        self.spectrum[0].im = 0.0;
        self.spectrum[last].im = 0.0;
        let _ = tint.inverse.process_with_scratch(&mut self.spectrum, &mut self.buffer, &mut self.scratch);
        let (kept, samples) = &mut self.kept[0];
        *kept = Some(index);
        samples.copy_from_slice(&self.buffer[half..half + tint.block]);
        samples
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::noise::colour::{Colour, Shape};
    use crate::dsp::noise::conditioning::Conditioning;

    #[test]
    fn a_frame_has_the_same_value_in_every_stretch() {
        let tint = Arc::new(Tint::new(|f| 1.0 / f, 8000.0));
        let mut reader = Coloured::new(tint.clone(), 5);
        let mut all = vec![0.0; 20_000];
        reader.read(-5000, &mut all);
        for (start, len) in [(-5000, 1), (-1, 2), (4095, 3), (14_000, 1000), (0, 15_000), (2047, 4098)] {
            let mut part = vec![0.0; len];
            Coloured::new(tint.clone(), 5).read(start, &mut part);
            let from = (start + 5000) as usize;
            assert_eq!(part, all[from..from + len]);
        }
    }

    #[test]
    fn octave_levels_match_the_requested_spectrum_within_a_tenth_decibel() {
        for rate in [8000.0, 22_050.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0] {
            let mut profile = Shape::power_law(0.8);
            profile.high_exponent = 1.75;
            let shapes = [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0].map(Shape::power_law);
            let colours = shapes.into_iter().chain([profile, profile.cut(Some(50.0), Some(800.0))]);
            for shape in colours {
                let conditioning = Conditioning::new(rate);
                let source = Colour::Shaped(shape).power(rate, (rate * 3600.0) as u64);
                let wanted = |f: f64| source(f) * conditioning.power(f);
                let tint = Tint::new(wanted, rate);
                let bands = [31.5, 63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16_000.0];
                let sum = |f0: f64, f1: f64, power: &dyn Fn(f64) -> f64| -> f64 {
                    let n = 2000;
                    (0..n).map(|i| power(f0 + (f1 - f0) * (i as f64 + 0.5) / f64::from(n))).sum::<f64>() * (f1 - f0)
                };
                let top = rate / 2.0;
                let total = |power: &dyn Fn(f64) -> f64| -> f64 {
                    (0..10).map(|i| sum(top * 0.5_f64.powi(i + 1), top * 0.5_f64.powi(i), power)).sum()
                };
                let got = |f: f64| tint.power(f, rate);
                let (all_wanted, all_got) = (total(&wanted), total(&got));
                for band in bands.into_iter().filter(|band| band * 2.0_f64.sqrt() < top) {
                    let (f0, f1) = (band / 2.0_f64.sqrt(), band * 2.0_f64.sqrt());
                    let level = 10.0 * (sum(f0, f1, &wanted) / all_wanted).log10();
                    let error = 10.0 * (sum(f0, f1, &got) / all_got).log10() - level;
                    // lower levels are limited by single precision and by the sums of this test
                    assert!(
                        error.abs() < 0.1 || level < -80.0,
                        "{rate} {shape:?} {band}: {level:.1} dB off by {error:.2}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_signal_has_unit_variance() {
        for exponent in [-2.0, 0.0, 1.0, 2.0] {
            let rate = 44_100.0;
            let conditioning = Conditioning::new(rate);
            let source = Colour::Shaped(Shape::power_law(exponent)).power(rate, 1 << 30);
            let tint = Arc::new(Tint::new(|f| source(f) * conditioning.power(f), rate));
            let mut x = vec![0.0; 1 << 21];
            Coloured::new(tint, 1).read(0, &mut x);
            let variance = x.iter().map(|v| v * v).sum::<f64>() / x.len() as f64;
            // the narrowest spectrum has a bandwidth of about 60 Hz: 1.6 % standard error over 48 s
            assert!((variance - 1.0).abs() < 0.08, "{exponent}: {variance}");
        }
    }
}
