//! The partials of a tone behind a tanh shaper that lie above half the sample rate (spec am-and-monaural-voices 4.1).
//!
//! `tanh z` is a sum of fractions, `2z/(z² + c²)` over `c = π/2, 3π/2, ...`. With `z = a·sin φ` each of them is a geometric
//! series of odd partials, so that all partials from one on have a closed form.

use std::f64::consts::PI;

use multiversion::multiversion;

use super::cell::{CELL, Cell, PhaseCell};
use super::sine::sine_u32;

/// Sums of fractions beyond this are left out: -114 dB.
const SMALLEST: f64 = 2e-6;
/// Smaller powers count as this: subnormal numbers are slow.
const LEAST: f32 = 1e-18;
/// Most fractions.
const MOST: u32 = 256;

/// Subtracts from `out`, which is `tanh(drive·sin(phase))`, its partials of the odd number `first` and above, and of the
/// partial below it the shares `fade`, which may be 0. `count` is [`fractions`] of the largest drive.
pub fn remove(out: &mut Cell, drives: &Cell, phases: &PhaseCell, first: u32, fade: &Cell, count: u32) {
    let waves = waves(phases, first);
    for index in 0..count {
        fraction(out, drives, &waves, first, fade, ((f64::from(index) + 0.5) * PI) as f32);
    }
}

/// Whether more than `count` fractions matter for partials from `first` on at drives up to `drive`. If not even one does,
/// these partials are below -114 dB.
pub fn exceed(count: u32, drive: f32, first: u32) -> bool {
    let drive = f64::from(drive);
    let c = (f64::from(count) + 0.5) * PI;
    let h = (drive * drive + c * c).sqrt();
    let r = drive / (h + c);
    // the sum of this fraction's partials, and of all later fractions, which fall at least with the square
    let partials = 4.0 / h * r.powi(first as i32) * (h + c) / (2.0 * c);
    partials * f64::from(count + 1) >= SMALLEST
}

/// The number of fractions that matter for partials from `first` on at drives up to `drive`.
pub fn fractions(drive: f32, first: u32) -> u32 {
    let (mut low, mut high) = (0, MOST);
    while low < high {
        let middle = u32::midpoint(low, high);
        if exceed(middle, drive, first) { low = middle + 1 } else { high = middle }
    }
    low
}

/// Every value to the power of `exponent`, at least [`LEAST`].
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn power(values: &mut Cell, exponent: u32) {
    let mut squares = *values;
    *values = [1.0; CELL];
    let mut rest = exponent;
    while rest > 0 {
        for j in 0..CELL {
            let factor = if rest & 1 == 1 { squares[j] } else { 1.0 };
            values[j] = (values[j] * factor).max(LEAST);
            squares[j] = (squares[j] * squares[j]).max(LEAST);
        }
        rest >>= 1;
    }
}

/// The sines of one, `first - 2` and `first - 1` times the phase, the last one ahead by a quarter.
struct Waves([Cell; 3]);

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn waves(phases: &PhaseCell, first: u32) -> Waves {
    const QUARTER: u32 = 1 << 30;
    let mut waves = Waves([[0.0; CELL]; 3]);
    for j in 0..CELL {
        waves.0[0][j] = sine_u32(phases[j]);
        waves.0[1][j] = sine_u32(phases[j].wrapping_mul(first - 2));
        waves.0[2][j] = sine_u32(phases[j].wrapping_mul(first - 1).wrapping_add(QUARTER));
    }
    waves
}

/// `h` and `r` of the fraction `c`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn ratios(drives: &Cell, c: f32, h: &mut Cell, r: &mut Cell) {
    for j in 0..CELL {
        let a = drives[j].abs();
        h[j] = (a * a + c * c).sqrt();
        r[j] = a / (h[j] + c);
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn fraction(out: &mut Cell, drives: &Cell, waves: &Waves, first: u32, fade: &Cell, c: f32) {
    let (mut h, mut r) = ([0.0; CELL], [0.0; CELL]);
    ratios(drives, c, &mut h, &mut r);
    let mut powers = r;
    power(&mut powers, first - 2);
    let [sines, below, between] = &waves.0;
    for j in 0..CELL {
        let apart = 2.0 * c / (h[j] + c); // 1 - r²
        let (square, sine) = (r[j] * r[j], sines[j]);
        // sin kφ - r²·sin (k-2)φ over 1 - 2r²·cos 2φ + r⁴, without cancellation
        let numerator = 2.0 * between[j] * sine + apart * below[j];
        let denominator = apart * apart + 4.0 * square * sine * sine;
        let partials = square * numerator / denominator + fade[j] * below[j];
        out[j] -= 4.0 / h[j] * powers[j].copysign(drives[j]) * partials;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_the_sum_of_the_lower_partials() {
        // the coefficients of the sine series, by integration
        let partial = |drive: f64, k: u32| {
            let n = 1 << 14;
            let term = |i: u32| {
                let x = f64::from(i) / f64::from(n) * 2.0 * PI;
                (drive * x.sin()).tanh() * (f64::from(k) * x).sin()
            };
            2.0 / f64::from(n) * (0..n).map(term).sum::<f64>()
        };
        for drive in [0.3, 5.0, -5.0, 50.0] {
            for first in [3, 5, 21] {
                let phases: PhaseCell = std::array::from_fn(|j| (j as u32) << 24);
                let angle = |j: usize| j as f64 / 256.0 * 2.0 * PI;
                let mut out: Cell = std::array::from_fn(|j| (drive * angle(j).sin()).tanh() as f32);
                let count = fractions(drive.abs() as f32, first);
                remove(&mut out, &[drive as f32; CELL], &phases, first, &[0.0; CELL], count);
                let kept: Vec<(u32, f64)> = (1..first).step_by(2).map(|k| (k, partial(drive, k))).collect();
                for (j, got) in out.iter().enumerate() {
                    let wanted: f64 = kept.iter().map(|(k, b)| b * (f64::from(*k) * angle(j)).sin()).sum();
                    assert!((f64::from(*got) - wanted).abs() < 2e-5, "{drive} {first} {j}: {got} {wanted}");
                }
            }
        }
    }
}
