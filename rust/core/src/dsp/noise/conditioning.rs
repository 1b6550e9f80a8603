//! Whole-signal stages of the exact form: the two conditioning filters, the peak scaling and the static notches. All
//! filters run forward and backward (spec noise 7 and 10.2).

use std::f64::consts::PI;

use super::notch::Notch;
use crate::dsp::biquad::Section;
use crate::dsp::butterworth;

const LOW_PASS_HZ: f64 = 10_000.0;
const HIGH_PASS_HZ: f64 = 50.0;
/// Number of samples by which the signal is extended at each end, for the low-pass and for second-order filters.
const LOW_PASS_PAD: usize = 6;
const SECOND_ORDER_PAD: usize = 9;
/// Peak of the signal after conditioning.
pub const PEAK: f64 = 0.8;
/// Smaller states are set to zero.
const TINY: f64 = 1e-200;
/// Shortest signal in samples that can be conditioned; shorter ones become silent.
pub const SHORTEST: usize = 10;

/// The conditioning filters: a low-pass at 10 kHz (left out at sample rates up to 20 kHz) and a high-pass at 50 Hz.
#[derive(Debug, Clone, Copy)]
pub struct Conditioning {
    sample_rate: f64,
}

impl Conditioning {
    /// The filters for this sample rate in Hz.
    pub const fn new(sample_rate: f64) -> Self {
        Self { sample_rate }
    }

    fn has_low_pass(self) -> bool {
        self.sample_rate > 2.0 * LOW_PASS_HZ
    }

    /// Applies both filters and scales the peak to [`PEAK`]. Returns the RMS value, at least 1e-8. Signals shorter than
    /// [`SHORTEST`] become silent.
    pub fn apply(self, x: &mut [f64]) -> f64 {
        self.filter(x);
        let peak = x.iter().fold(0.0_f64, |peak, v| peak.max(v.abs()));
        let mut sum = 0.0;
        for v in x.iter_mut() {
            *v = *v / (peak + 1e-8) * PEAK;
            sum += *v * *v;
        }
        (sum / x.len().max(1) as f64).sqrt().max(1e-8)
    }

    /// Applies both filters in place. Signals shorter than [`SHORTEST`] become silent.
    pub fn filter(self, x: &mut [f64]) {
        if x.len() < SHORTEST {
            x.fill(0.0);
            return;
        }
        let edge = |hz: f64| hz / (self.sample_rate / 2.0);
        if self.has_low_pass() {
            for section in butterworth::lowpass(1, edge(LOW_PASS_HZ)) {
                forward_backward(&section, x, LOW_PASS_PAD);
            }
        }
        for section in butterworth::highpass(2, edge(HIGH_PASS_HZ)) {
            forward_backward(&section, x, SECOND_ORDER_PAD);
        }
    }

    /// Power response of both filters at `f` Hz, including both directions.
    pub fn power(self, f: f64) -> f64 {
        let warp = |hz: f64| (PI * hz / self.sample_rate).tan();
        let omega = warp(f);
        let low = if self.has_low_pass() { 1.0 / (1.0 + (omega / warp(LOW_PASS_HZ)).powi(2)) } else { 1.0 };
        let high = 1.0 / (1.0 + (warp(HIGH_PASS_HZ) / omega).powi(4));
        (low * high).powi(2)
    }
}

/// A static notch that is applied to the finished sound (spec noise 10.2).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StaticNotch {
    /// Frequency in Hz.
    pub frequency: f64,
    /// Quality factor Q.
    pub q: f64,
    /// Number of stages; each acts twice, forward and backward.
    pub stages: usize,
}

impl StaticNotch {
    /// Filters `x` with zero phase. Signals that are too short for that are unchanged, as are all signals if the notch
    /// is outside the band.
    pub fn apply(&self, x: &mut [f64], sample_rate: f64) {
        let Some(notch) = Notch::new(self.frequency, self.q, sample_rate) else { return };
        if x.len() <= SECOND_ORDER_PAD {
            return;
        }
        let b = [notch.gain, notch.a1, notch.gain];
        let section = Section { b, a: [notch.a1, notch.a2], a_sum: 1.0 + notch.a1 + notch.a2 };
        for _ in 0..self.stages {
            forward_backward(&section, x, SECOND_ORDER_PAD);
        }
    }
}

/// Filters with zero phase in place, with odd extension by `pad` samples at both ends; needs `x.len() > pad`.
fn forward_backward(section: &Section, x: &mut [f64], pad: usize) {
    let n = x.len();
    debug_assert!(n > pad && pad <= SECOND_ORDER_PAD);
    let mut before = [0.0; SECOND_ORDER_PAD];
    let mut after = [0.0; SECOND_ORDER_PAD];
    for k in 0..pad {
        before[k] = 2.0 * x[0] - x[pad - k];
        after[k] = 2.0 * x[n - 1] - x[n - 2 - k];
    }
    let (before, after) = (&mut before[..pad], &mut after[..pad]);
    let settled = section.steady_state();
    let start = before[0];
    run(section, settled.map(|z| z * start), before.iter_mut().chain(x.iter_mut()).chain(after.iter_mut()));
    let start = after[pad - 1];
    // the extension before the signal is not needed any more
    run(section, settled.map(|z| z * start), after.iter_mut().rev().chain(x.iter_mut().rev()));
}

fn run<'a>(section: &Section, [mut z1, mut z2]: [f64; 2], signal: impl Iterator<Item = &'a mut f64>) {
    let ([b0, b1, b2], [a1, a2]) = (section.b, section.a);
    // `for_each` compiles to one loop per part of the chained iterator
    signal.for_each(|v| {
        let x = *v;
        let y = b0 * x + z1;
        z1 = (b1 * x + z2) - a1 * y;
        z2 = b2 * x - a2 * y;
        // a decaying tail must not end in denormal numbers
        if z1.abs() + z2.abs() < TINY {
            [z1, z2] = silence();
        }
        *v = y;
    });
}

/// The state of silence. It is called so that the compiler keeps the branch before it: a selection would delay every sample.
#[cold]
#[inline(never)]
fn silence() -> [f64; 2] {
    [0.0; 2]
}

#[cfg(test)]
mod tests {
    use std::f64::consts::SQRT_2;

    use super::*;

    fn lcg(seed: u32, n: usize) -> Vec<f64> {
        let mut x = seed;
        (0..n)
            .map(|_| {
                x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (f64::from(x >> 16) - 32_768.0) / 32_768.0
            })
            .collect()
    }

    #[test]
    fn coefficients_match_the_specification() {
        let rate = 44_100.0;
        let k = (PI * 10_000.0 / rate).tan();
        let low = butterworth::lowpass(1, 10_000.0 / (rate / 2.0))[0];
        assert!((low.b[0] - k / (1.0 + k)).abs() < 1e-14 && (low.a[0] - (k - 1.0) / (k + 1.0)).abs() < 1e-14);
        let k = (PI * 50.0 / rate).tan();
        let d = 1.0 + SQRT_2 * k + k * k;
        let high = butterworth::highpass(2, 50.0 / (rate / 2.0))[0];
        assert!((high.b[0] - 1.0 / d).abs() < 1e-13 && (high.a[1] - (1.0 - SQRT_2 * k + k * k) / d).abs() < 1e-13);
    }

    #[test]
    fn a_tone_comes_out_with_the_stated_power() {
        for (rate, hz) in [(44_100.0, 50.0), (44_100.0, 10_000.0), (44_100.0, 300.0), (16_000.0, 50.0)] {
            let n = 40_000;
            let wave = |i: usize| (2.0 * PI * hz * i as f64 / rate).sin();
            let mut x: Vec<f64> = (0..n).map(wave).collect();
            let conditioning = Conditioning::new(rate);
            conditioning.apply(&mut x);
            // the peak scaling hides the absolute level, so compare with a second tone at 1 kHz
            let mut both: Vec<f64> = (0..n).map(|i| wave(i) + (2.0 * PI * 1000.0 * i as f64 / rate).sin()).collect();
            conditioning.apply(&mut both);
            let middle = &both[n / 4..3 * n / 4];
            let power = |f: f64| {
                let (mut re, mut im) = (0.0, 0.0);
                for (i, v) in middle.iter().enumerate() {
                    let (s, c) = (2.0 * PI * f * i as f64 / rate).sin_cos();
                    re += v * c;
                    im += v * s;
                }
                re * re + im * im
            };
            let got = power(hz) / power(1000.0);
            let expected = conditioning.power(hz) / conditioning.power(1000.0);
            assert!((got / expected - 1.0).abs() < 0.01, "{rate} {hz}: {got} {expected}");
        }
    }

    #[test]
    fn short_and_silent_signals_are_harmless() {
        for n in 0..SHORTEST {
            let mut x = lcg(1, n);
            Conditioning::new(44_100.0).apply(&mut x);
            assert!(x.iter().all(|v| *v == 0.0));
        }
        let mut silence = vec![0.0; 1000];
        Conditioning::new(44_100.0).apply(&mut silence);
        StaticNotch { frequency: 500.0, q: 5.0, stages: 3 }.apply(&mut silence, 44_100.0);
        assert!(silence.iter().all(|v| *v == 0.0));
        let mut pulse = vec![0.0; 200_000];
        pulse[10] = 1.0;
        Conditioning::new(44_100.0).apply(&mut pulse);
        assert!(pulse.iter().all(|v| *v == 0.0 || v.abs() > 1e-210));
    }
}
