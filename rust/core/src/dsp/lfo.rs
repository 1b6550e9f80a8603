//! Shapes of low-frequency oscillators: skewed sine and triangle (spec voice-pipeline 6, binaural-and-isochronic 1.3).

use super::phase::Turns;
use super::sine::{sine, sine_cycles, wrap};

/// `x - floor(x)`, for |x| < 2⁵¹; vectorises.
#[inline(always)]
pub fn frac(x: f64) -> f64 {
    let r = wrap(x);
    if r < 0.0 { r + 1.0 } else { r }
}

/// The skew of a shape: above 0 the first part of the cycle is longer, 0 is symmetric, and one part vanishes at ±1 and
/// beyond.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Skew {
    first: f64,
}

impl Skew {
    /// From the skew as it is written in a track, normally -1 to 1.
    #[inline]
    pub fn new(skew: f64) -> Self {
        let part = 0.5 + 0.5 * skew;
        let first = if part <= 0.0 {
            1e-9
        } else if part >= 1.0 {
            1.0 - 1e-9
        } else {
            part
        };
        Self { first }
    }

    /// The position at which the first part of the cycle ends, between 0 and 1.
    #[inline]
    pub const fn first(self) -> f64 {
        self.first
    }

    /// Whether the phase `p` is in the first part of the cycle, and its position in that part or in the second, 0 to 1.
    #[inline]
    fn part(self, p: f64) -> (bool, f64) {
        if p < self.first { (true, p / self.first) } else { (false, (p - self.first) / (1.0 - self.first)) }
    }

    /// Skewed sine, -1 to 1, at the phase `p` in `[0, 1)` cycles; starts at 0.
    #[inline]
    pub fn sine(self, p: f64) -> f64 {
        let (first, part) = self.part(p);
        let half = sine(Turns::from_cycles(0.5 * part));
        if first { half } else { -half }
    }

    /// Skewed triangle, -1 to 1, at the phase `p` in `[0, 1)` cycles; starts at -1.
    #[inline]
    pub fn triangle(self, p: f64) -> f64 {
        match self.part(p) {
            (true, part) => 2.0 * part - 1.0,
            (false, part) => 1.0 - 2.0 * part,
        }
    }
}

/// `skewed_sine_phase` for one phase in `[0, 1)` cycles.
pub fn skewed_sine(phase: f64, skew: f64) -> f64 {
    Skew::new(skew).sine(phase)
}

/// `skewed_triangle_phase` for one phase in `[0, 1)` cycles.
pub fn skewed_triangle(phase: f64, skew: f64) -> f64 {
    Skew::new(skew).triangle(phase)
}

/// `sine_wave`: a sine at the times `t` in seconds, with `phase` in radians. A `frequency` below 1e-9 Hz counts as
/// 1e-9 Hz (spec voice-pipeline 6).
pub fn sine_wave(frequency: f64, t: &[f64], phase: f64) -> Vec<f64> {
    let frequency = frequency.max(1e-9);
    t.iter().map(|t| sine_cycles(frequency * t + phase / std::f64::consts::TAU)).collect()
}

/// `sine_wave_varying`: a sine of varying frequency in Hz at the times `t` in seconds. Each step advances the phase by
/// the new frequency. Fewer than two samples are silent (spec voice-pipeline 6).
pub fn sine_wave_varying(frequency: &[f64], t: &[f64]) -> Vec<f64> {
    let n = frequency.len().min(t.len());
    if n < 2 {
        return vec![0.0; n];
    }
    let mut cycles = frequency[0].max(1e-9) * t[0];
    let mut out = vec![sine_cycles(cycles)];
    for k in 1..n {
        cycles += frequency[k].max(1e-9) * (t[k] - t[k - 1]);
        out.push(sine_cycles(cycles));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_skew_sets_the_turning_point_of_the_shapes() {
        for skew in [-0.8, 0.0, 0.5] {
            let turn = 0.5 + 0.5 * skew;
            assert!((skewed_triangle(turn, skew) - 1.0).abs() < 1e-12);
            assert!((skewed_triangle(0.0, skew) + 1.0).abs() < 1e-12);
            assert!((skewed_sine(turn * 0.5, skew) - 1.0).abs() < 1e-12);
            assert!(skewed_sine(turn, skew).abs() < 1e-12);
        }
    }

    #[test]
    fn fraction_is_never_negative() {
        for x in [-2.75, -1e-18, 0.0, 0.5, 0.75, 1e9 + 0.25] {
            assert!((0.0..=1.0).contains(&frac(x)), "{x}");
            assert!((frac(x) - (x - x.floor())).abs() < 1e-7, "{x}");
        }
    }
}
