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
/// Most fractions.
const MOST: u32 = 256;

/// Subtracts from `out`, which is `tanh(drive·sin(phase))`, its partials of the odd number `first` and above, and of the
/// partial below it the shares `fade`, which may be 0.
pub fn remove(out: &mut Cell, drives: &Cell, phases: &PhaseCell, first: u32, fade: &Cell) {
    let strongest = drives.iter().fold(0.0_f32, |most, drive| most.max(drive.abs()));
    let fades = fade.iter().any(|share| *share != 0.0);
    let count = fractions(f64::from(strongest), if fades { first - 2 } else { first });
    for index in 0..count {
        fraction(out, drives, phases, first, fade, ((f64::from(index) + 0.5) * PI) as f32);
    }
}

/// Whether partials from the odd number `first` on are above -114 dB at this drive.
pub fn matter(drive: f32, first: u32) -> bool {
    fractions(f64::from(drive), first) > 0
}

/// The number of fractions that matter for partials from `first` on.
fn fractions(drive: f64, first: u32) -> u32 {
    let small = |index: u32| {
        let c = (f64::from(index) + 0.5) * PI;
        let h = drive.hypot(c);
        let r = drive / (h + c);
        // the sum of this fraction's partials, and of all later fractions, which fall at least with the square
        let partials = 4.0 / h * r.powi(first as i32) * (h + c) / (2.0 * c);
        partials * f64::from(index + 1) < SMALLEST
    };
    let (mut low, mut high) = (0, MOST);
    while low < high {
        let middle = u32::midpoint(low, high);
        if small(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

#[inline(always)]
fn power(base: f32, exponent: u32) -> f32 {
    let (mut result, mut square, mut rest) = (1.0, base, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            result *= square;
        }
        square *= square;
        rest >>= 1;
    }
    result
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn fraction(out: &mut Cell, drives: &Cell, phases: &PhaseCell, first: u32, fade: &Cell, c: f32) {
    const QUARTER: u32 = 1 << 30;
    for j in 0..CELL {
        let (a, phase) = (drives[j], phases[j]);
        let h = (a * a + c * c).sqrt();
        let r = a / (h + c);
        let apart = 2.0 * c / (h + c); // 1 - r²
        let (sine, below) = (sine_u32(phase), sine_u32(phase.wrapping_mul(first - 2)));
        let between = sine_u32(phase.wrapping_mul(first - 1).wrapping_add(QUARTER));
        // sin kφ - r²·sin (k-2)φ over 1 - 2r²·cos 2φ + r⁴, without cancellation
        let numerator = 2.0 * between * sine + apart * below;
        let denominator = apart * apart + 4.0 * r * r * sine * sine;
        let partials = r * r * numerator / denominator + fade[j] * below;
        out[j] -= 4.0 / h * power(r, first - 2) * partials;
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
                remove(&mut out, &[drive as f32; CELL], &phases, first, &[0.0; CELL]);
                let kept: Vec<(u32, f64)> = (1..first).step_by(2).map(|k| (k, partial(drive, k))).collect();
                for (j, got) in out.iter().enumerate() {
                    let wanted: f64 = kept.iter().map(|(k, b)| b * (f64::from(*k) * angle(j)).sin()).sum();
                    assert!((f64::from(*got) - wanted).abs() < 2e-5, "{drive} {first} {j}: {got} {wanted}");
                }
            }
        }
    }
}
