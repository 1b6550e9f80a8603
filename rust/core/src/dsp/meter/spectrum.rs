//! Spectra of stretches of a signal, and the slow changes of level and phase within a band of them.

use realfft::RealFftPlanner;
use realfft::num_complex::Complex;
use rustfft::FftPlanner;

use super::lines::{Line, Magnitudes};

/// Makes spectra, and keeps what the transforms of one length share.
pub struct Spectra {
    real: RealFftPlanner<f64>,
    complex: FftPlanner<f64>,
}

impl Default for Spectra {
    fn default() -> Self {
        Self { real: RealFftPlanner::new(), complex: FftPlanner::new() }
    }
}

/// Lowest frequency of a tone, Hz.
const LOWEST: f64 = 10.0;
/// Stretches up to this length are padded to four times their length, longer ones to twice.
const SHORT: usize = 1 << 16;

/// The spectrum of a stretch of a signal, with a Hann window.
pub struct Spectrum {
    bins: Vec<Complex<f64>>,
    /// Magnitudes of the bins.
    pub lines: Magnitudes,
    /// Share of the transform that the stretch fills.
    share: f64,
}

/// The part of a signal within a band, as a complex envelope under the window of the spectrum.
pub struct Band {
    values: Vec<Complex<f64>>,
    /// Values per second.
    rate: f64,
}

impl Spectra {
    /// The spectrum of `samples`. `None` for fewer than 16 samples.
    pub fn of(&mut self, samples: &[f32], sample_rate: u32) -> Option<Spectrum> {
        let frames = samples.len();
        if frames < 16 {
            return None;
        }
        let size = (frames * if frames <= SHORT { 4 } else { 2 }).next_power_of_two();
        let transform = self.real.plan_fft_forward(size);
        let mut signal = transform.make_input_vec();
        for (n, (to, x)) in signal.iter_mut().zip(samples).enumerate() {
            *to = f64::from(*x) * hann(n, frames);
        }
        let mut bins = transform.make_output_vec();
        // the lengths always fit
        transform.process(&mut signal, &mut bins).ok()?;
        let rate = f64::from(sample_rate);
        let lines = Magnitudes {
            values: bins.iter().map(|bin| bin.norm()).collect(),
            step: rate / size as f64,
            bin: rate / frames as f64,
            // the values of a Hann window sum to half its length, and half of a sine is at negative frequencies
            scale: 4.0 / frames as f64,
        };
        Some(Spectrum { bins, lines, share: frames as f64 / size as f64 })
    }

    /// The part of the signal within `width` Hz of `centre` on both sides.
    pub fn band(&mut self, spectrum: &Spectrum, centre: f64, width: f64) -> Band {
        let step = spectrum.lines.step;
        let middle = (centre / step).round() as i64;
        let reach = ((width / step) as i64).max(8);
        let size = (2 * reach as usize + 2).next_power_of_two();
        let mut values = vec![Complex::default(); size];
        for offset in -reach..=reach {
            let bin =
                usize::try_from(middle + offset).ok().filter(|bin| *bin > 0).and_then(|bin| spectrum.bins.get(bin));
            if let Some(bin) = bin {
                values[offset.rem_euclid(size as i64) as usize] = *bin;
            }
        }
        self.complex.plan_fft_inverse(size).process(&mut values);
        values.truncate(((size as f64 * spectrum.share).round() as usize).clamp(1, size));
        Band { values, rate: size as f64 * step }
    }

    /// The spectrum of the power of a band over time: the lines of a beat or of a modulation, and of their harmonics.
    /// An amplitude of 1 is as strong as the mean.
    pub fn power(&mut self, band: &Band) -> Magnitudes {
        self.changes(band, band)
    }

    /// The spectrum of the product of one band and the conjugate of the other, over time: the lines at which the phase
    /// between two ears moves. The bands are of one length.
    pub fn changes(&mut self, one: &Band, other: &Band) -> Magnitudes {
        let frames = one.values.len();
        let windows: Vec<f64> = (0..frames).map(|n| hann(n, frames).powi(2)).collect();
        let mut values: Vec<_> = one.values.iter().zip(&other.values).map(|(a, b)| a * b.conj()).collect();
        let mean = values.iter().sum::<Complex<f64>>() / windows.iter().sum::<f64>();
        let size = (8 * frames).next_power_of_two();
        values.iter_mut().zip(&windows).for_each(|(value, window)| *value -= mean * *window);
        values.resize(size, Complex::default());
        self.complex.plan_fft_forward(size).process(&mut values);
        let magnitude = |bin: usize| values[bin].norm().max(values[(size - bin) % size].norm());
        // the squares of a Hann window sum to three eighths of its length
        let level = one.values.iter().map(Complex::norm_sqr).sum::<f64>().max(f64::MIN_POSITIVE);
        Magnitudes {
            values: (0..=size / 2).map(magnitude).collect(),
            step: one.rate / size as f64,
            bin: one.rate / frames as f64,
            scale: 2.0 / level,
        }
    }
}

impl Spectrum {
    /// The strongest line.
    pub fn strongest(&self) -> Option<Line> {
        self.lines.strongest(1, 1.0, LOWEST).first().copied()
    }
}

fn hann(n: usize, frames: usize) -> f64 {
    (std::f64::consts::PI * (n as f64 + 0.5) / frames as f64).sin().powi(2)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    const RATE: u32 = 44_100;

    fn signal(seconds: f64, at: impl Fn(f64) -> f64) -> Vec<f32> {
        (0..(seconds * f64::from(RATE)) as usize).map(|n| at(n as f64 / f64::from(RATE)) as f32).collect()
    }

    fn sine(hz: f64, t: f64) -> f64 {
        (TAU * hz * t + 0.7).sin()
    }

    #[test]
    fn steady_tones_are_exact_to_a_hundredth_of_a_hertz() {
        let mut spectra = Spectra::default();
        for seconds in [1.0, 2.0, 6.0, 12.0] {
            for hz in [80.0, 97.531, 200.0, 203.37, 1000.01, 15_000.4] {
                let found = spectra.of(&signal(seconds, |t| 0.3 * sine(hz, t)), RATE).unwrap().strongest().unwrap();
                assert!((found.hz - hz).abs() < 0.005, "{hz} Hz in {seconds} s: {}", found.hz);
                assert!((found.amplitude - 0.3).abs() < 0.001);
            }
        }
    }

    #[test]
    fn weak_tones_are_found_and_side_lobes_are_not() {
        let mut spectra = Spectra::default();
        let spectrum = spectra.of(&signal(6.0, |t| sine(200.0, t) + 0.02 * sine(210.0, t)), RATE).unwrap();
        let lines = spectrum.lines.strongest(10, 0.001, LOWEST);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!((lines[1].hz - 210.0).abs() < 0.005 && (lines[1].amplitude - 0.02).abs() < 0.001);
        assert!(spectrum.lines.nearest(250.0, 20.0).is_none());
    }

    #[test]
    fn beats_of_tones_and_rates_of_pulses_are_found() {
        let mut spectra = Spectra::default();
        let mut beat = |at: &dyn Fn(f64) -> f64| {
            let spectrum = spectra.of(&signal(8.0, at), RATE).unwrap();
            let band = spectra.band(&spectrum, 200.0, 60.0);
            spectra.power(&band).strongest(1, 1.0, 0.0)[0]
        };
        for hz in [1.0, 4.0, 7.83, 14.2] {
            let pair = beat(&|t| sine(200.0 - hz / 2.0, t) + sine(200.0 + hz / 2.0, t));
            assert!((pair.hz - hz).abs() < 0.005 && (pair.amplitude - 1.0).abs() < 0.02, "{hz}: {pair:?}");
            let pulses = beat(&|t| sine(200.0, t) * f64::from(u8::from((hz * t).fract() < 0.4)));
            assert!((pulses.hz - hz).abs() < 0.005, "{hz}: {pulses:?}");
        }
    }

    #[test]
    fn phase_that_moves_between_the_ears_is_found() {
        let mut spectra = Spectra::default();
        let mut ear = |sign: f64| {
            let at = |t: f64| (TAU * 440.0 * t + sign * 0.6 * (TAU * 4.0 * t).sin()).sin();
            let spectrum = spectra.of(&signal(6.0, at), RATE).unwrap();
            spectra.band(&spectrum, 440.0, 60.0)
        };
        let (left, right) = (ear(1.0), ear(-1.0));
        let found = spectra.changes(&left, &right).nearest(4.0, 1.0).unwrap();
        assert!((found.hz - 4.0).abs() < 0.005, "{found:?}");
    }

    #[test]
    fn noise_has_no_lines() {
        let mut noise = vec![0.0; 1 << 18];
        crate::dsp::noise::counter::White::new(5).fill(0, &mut noise);
        assert!(Spectra::default().of(&noise, RATE).unwrap().strongest().is_none());
    }
}
