//! Coloured noise by shaping the spectrum of given white noise (spec voice-pipeline 10). Whole signals only: level and
//! lowest frequencies depend on the length.

use realfft::RealFftPlanner;

use super::biquad::Cascade;
use super::butterworth::bandpass;

/// Quieter peaks are left as they are.
const QUIET: f64 = 1e-9;

/// `powerlaw_noise`: power falls with `1/f^beta`; the peak is 1.
pub fn powerlaw_noise(beta: f64, white: &[f64]) -> Vec<f64> {
    let n = white.len();
    if n == 0 {
        return Vec::new();
    }
    let mut planner = RealFftPlanner::<f64>::new();
    let (forward, inverse) = (planner.plan_fft_forward(n), planner.plan_fft_inverse(n));
    let mut input = white.to_vec();
    let mut spectrum = forward.make_output_vec();
    let mut out = inverse.make_output_vec();
    // The lengths fit by construction, so that neither transform can fail.
    if forward.process(&mut input, &mut spectrum).is_ok() {
        for (k, bin) in spectrum.iter_mut().enumerate() {
            *bin *= if k == 0 { 0.0 } else { (k as f64).powf(-beta / 2.0) / n as f64 };
        }
        if n.is_multiple_of(2) {
            spectrum[n / 2].im = 0.0;
        }
        let done = inverse.process(&mut spectrum, &mut out);
        debug_assert!(done.is_ok());
    }
    peak_normalised(out)
}

/// Power-law noise with exponent 1.
pub fn pink_noise(white: &[f64]) -> Vec<f64> {
    powerlaw_noise(1.0, white)
}

/// Power-law noise with exponent 2.
pub fn red_noise(white: &[f64]) -> Vec<f64> {
    powerlaw_noise(2.0, white)
}

/// Power-law noise with exponent 3.
pub fn deep_brown_noise(white: &[f64]) -> Vec<f64> {
    powerlaw_noise(3.0, white)
}

/// Power-law noise with exponent -1.
pub fn blue_noise(white: &[f64]) -> Vec<f64> {
    powerlaw_noise(-1.0, white)
}

/// Power-law noise with exponent -2.
pub fn purple_noise(white: &[f64]) -> Vec<f64> {
    powerlaw_noise(-2.0, white)
}

/// Running sum of the white noise; it keeps its mean.
pub fn brown_noise(white: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let walk = white.iter().map(|w| {
        sum += w;
        sum
    });
    peak_normalised(walk.collect())
}

/// Pink noise limited to 100..1000 Hz by eight poles. The rate has to be above 2000 Hz; below, the band ends at the
/// Nyquist frequency.
pub fn green_noise(white: &[f64], sample_rate: f64) -> Vec<f64> {
    let mut noise = pink_noise(white);
    let nyquist = sample_rate * 0.5;
    let high = (1000.0 / nyquist).min(0.9999);
    Cascade::new(bandpass(4, (100.0 / nyquist).min(0.5 * high), high)).process(&mut noise);
    peak_normalised(noise)
}

fn peak_normalised(mut signal: Vec<f64>) -> Vec<f64> {
    let peak = signal.iter().fold(0.0_f64, |peak, x| peak.max(x.abs()));
    if peak > QUIET {
        for x in &mut signal {
            *x /= peak;
        }
    }
    signal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_impulse_shows_the_spectrum() {
        // one cosine of each frequency: pink noise of an impulse has amplitude k^-1/2 in bin k
        let n = 64;
        let mut impulse = vec![0.0; n];
        impulse[0] = 1.0;
        let shaped = pink_noise(&impulse);
        let bin = |k: usize| {
            let angle = |i: usize| std::f64::consts::TAU * (i * k) as f64 / n as f64;
            shaped.iter().enumerate().map(|(i, x)| x * angle(i).cos()).sum::<f64>()
        };
        assert!(bin(0).abs() < 1e-9);
        assert!((bin(1) / bin(4) - 2.0).abs() < 1e-9);
        assert!((shaped[0] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn silence_and_nothing_stay_what_they_are() {
        assert!(powerlaw_noise(1.0, &[]).is_empty());
        assert_eq!(brown_noise(&[0.0; 5]), [0.0; 5]);
        assert_eq!(powerlaw_noise(1.0, &[2.0]), [0.0]);
    }
}
