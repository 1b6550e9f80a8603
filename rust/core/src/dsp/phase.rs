//! Exact phase: turns as a wrapping fixed-point number (`u64`, 2⁶⁴ = one turn) that does not drift over hours of audio.

use std::f64::consts::TAU;
use std::ops::{Add, AddAssign, Sub};

const TURN: f64 = 18_446_744_073_709_551_616.0; // 2^64

/// A phase in turns, modulo one turn, with a resolution of 2⁻⁶⁴ turn. All arithmetic wraps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Turns(pub u64);

impl Turns {
    /// Phase zero.
    pub const ZERO: Self = Self(0);

    /// From any finite number of cycles. The whole part is dropped first, so that it does not cost precision.
    #[inline]
    pub fn from_cycles(cycles: f64) -> Self {
        // Truncate instead of `floor`, which is a function call on the portable baseline. Wrapping arithmetic handles
        // negative fractions. Convert half turns, so that the value fits into the signed range.
        let fraction = cycles - (cycles as i64) as f64;
        Self(((fraction * (0.5 * TURN)) as i64 as u64) << 1)
    }

    /// From an angle in radians.
    #[inline]
    pub fn from_radians(radians: f64) -> Self {
        Self::from_cycles(radians / TAU)
    }

    /// The phase in cycles, `[0, 1)`.
    #[inline]
    pub fn cycles(self) -> f64 {
        // keep 53 bits, so that the result cannot round up to 1
        (self.0 >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// The phase in radians, `[0, 2π)`.
    #[inline]
    pub fn radians(self) -> f64 {
        self.cycles() * TAU
    }

    /// `n` times this phase increment, modulo one turn.
    #[inline]
    #[must_use]
    pub const fn times(self, n: u64) -> Self {
        Self(self.0.wrapping_mul(n))
    }

    /// The 32 most significant bits, for single-precision kernels.
    #[inline]
    pub const fn high(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

impl Add for Turns {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
}

impl AddAssign for Turns {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.wrapping_add(other.0);
    }
}

impl Sub for Turns {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        Self(self.0.wrapping_sub(other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phase_after_a_day_is_exact() {
        let rate = 44_100.0;
        for frequency in [0.35, 43.6, 291.4, 15_734.0] {
            let increment = Turns::from_cycles(frequency / rate);
            let frames = 24 * 3600 * 44_100_u64;
            // exact reference: millihertz times seconds is a whole number of milliturns
            let milliturns = (frequency * 1000.0_f64).round() as u128 * 24 * 3600;
            let exact = (milliturns % 1000) as f64 / 1000.0;
            let got = increment.times(frames).cycles();
            let error = (got - exact + 0.5).rem_euclid(1.0) - 0.5;
            assert!(error.abs() < 1e-6, "{frequency} Hz: {error}");
        }
    }

    #[test]
    fn cycles_stay_below_one_turn() {
        assert!(Turns(u64::MAX).cycles() < 1.0);
        assert!(Turns::from_cycles(-1e-30).cycles() < 1.0);
        assert_eq!(Turns::from_cycles(2.25).cycles(), 0.25);
        assert_eq!(Turns::from_cycles(-0.25).cycles(), 0.75);
    }
}
