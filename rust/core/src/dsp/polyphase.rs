//! Resampling of finite responses by a ratio of whole numbers (spec hrtf-renderer 4).

use super::bessel::bessel_i0;

/// Largest denominator of the ratio.
const LARGEST: u128 = 10_000;
/// Zero crossings of the kernel on each side.
const CROSSINGS: u64 = 10;
/// Shape of the Kaiser window.
const BETA: f64 = 5.0;
/// Largest factor up and down; a ratio beyond is refused.
const STEEPEST: f64 = 64.0;

/// A resampler from one rate to another.
#[derive(Debug, Clone)]
pub struct Polyphase {
    up: u64,
    down: u64,
    /// Half of the kernel's length.
    reach: u64,
    kernel: Vec<f64>,
}

impl Polyphase {
    /// A resampler from `from` Hz to `to` Hz; `None` if the rates are further apart than a factor of 64.
    pub fn new(from: f64, to: f64) -> Option<Self> {
        let ratio = to / from;
        if !(1.0 / STEEPEST..=STEEPEST).contains(&ratio) {
            return None;
        }
        let (up, down) = fraction(ratio);
        let wide = up.max(down);
        let reach = CROSSINGS * wide;
        let half = |k: u64| {
            let x = std::f64::consts::PI * k as f64 / wide as f64;
            let sinc = if k == 0 { 1.0 } else { x.sin() / x };
            let edge = k as f64 / reach as f64;
            sinc * bessel_i0(BETA * (1.0 - edge * edge).sqrt()) / bessel_i0(BETA)
        };
        let mut kernel: Vec<f64> = (0..=2 * reach).map(|index| half(index.abs_diff(reach))).collect();
        let scale = up as f64 / kernel.iter().sum::<f64>();
        for value in &mut kernel {
            *value *= scale;
        }
        Some(Self { up, down, reach, kernel })
    }

    /// Length of the response to `samples`.
    pub fn length(&self, samples: usize) -> usize {
        (samples as u64 * self.up).div_ceil(self.down) as usize
    }

    /// `samples` at the other rate: their values are preserved, so a filter's gain changes with the rate.
    pub fn resampled(&self, samples: &[f64]) -> Vec<f64> {
        let at = |m: u64| {
            let centre = m * self.down;
            let first = centre.saturating_sub(self.reach).div_ceil(self.up);
            let last = ((centre + self.reach) / self.up).min(samples.len().saturating_sub(1) as u64);
            (first..=last)
                .map(|k| samples[k as usize] * self.kernel[(centre + self.reach - k * self.up) as usize])
                .sum()
        };
        if samples.is_empty() { Vec::new() } else { (0..self.length(samples.len()) as u64).map(at).collect() }
    }
}

/// The best fraction for `ratio` whose denominator is at most [`LARGEST`], by continued fractions.
fn fraction(ratio: f64) -> (u64, u64) {
    let bits = ratio.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1075;
    let mantissa = u128::from((bits & ((1 << 52) - 1)) | (1 << 52));
    let (top, bottom) = if exponent >= 0 { (mantissa << exponent, 1) } else { (mantissa, 1_u128 << -exponent) };
    let (mut n, mut d) = (top, bottom);
    let [mut p, mut q] = [[0_u128, 1], [1, 0]];
    while d != 0 {
        let whole = n / d;
        let next = q[0] + whole * q[1];
        if next > LARGEST {
            break;
        }
        p = [p[1], p[0] + whole * p[1]];
        q = [q[1], next];
        (n, d) = (d, n - whole * d);
    }
    if d == 0 {
        return (p[1] as u64, q[1] as u64);
    }
    let k = (LARGEST - q[0]) / q[1];
    let other = [p[0] + k * p[1], q[0] + k * q[1]];
    let distance = |top: u128, bottom: u128| (top as f64 / bottom as f64 - ratio).abs();
    if distance(p[1], q[1]) <= distance(other[0], other[1]) {
        (p[1] as u64, q[1] as u64)
    } else {
        (other[0] as u64, other[1] as u64)
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    #[test]
    fn the_fraction_is_the_best_one() {
        assert_eq!(fraction(48_000.0 / 44_100.0), (160, 147));
        assert_eq!(fraction(0.5), (1, 2));
        assert_eq!(fraction(std::f64::consts::PI), (355, 113));
        let (up, down) = fraction(std::f64::consts::E);
        assert!(down <= 10_000 && (up as f64 / down as f64 - std::f64::consts::E).abs() < 1e-8);
    }

    #[test]
    fn a_tone_keeps_its_values() {
        for (from, to) in [(44_100.0, 48_000.0), (48_000.0, 44_100.0), (96_000.0, 44_100.0)] {
            let tone = |rate: f64, i: usize| (TAU * 1000.0 * i as f64 / rate).sin();
            let samples: Vec<f64> = (0..2000).map(|i| tone(from, i)).collect();
            let resampler = Polyphase::new(from, to).unwrap();
            let out = resampler.resampled(&samples);
            assert_eq!(out.len(), (2000.0 * to / from).ceil() as usize);
            for i in out.len() / 4..3 * out.len() / 4 {
                assert!((out[i] - tone(to, i)).abs() < 1e-3, "{from} {to} {i}");
            }
        }
    }

    #[test]
    fn rates_far_apart_are_refused() {
        assert!(Polyphase::new(1.0, 1e9).is_none() && Polyphase::new(f64::NAN, 1.0).is_none());
    }
}
