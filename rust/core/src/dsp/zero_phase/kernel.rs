//! The kernel that leads to a low rate and back: a Kaiser-Bessel window of eight low-rate samples. It does not pass a
//! band unchanged. It only suppresses what would fold into the band; a short correction at the low rate then makes the
//! response flat.

use std::f64::consts::PI;

use crate::dsp::bessel::bessel_i0;

/// Length of the kernel in low-rate samples.
pub(super) const WIDTH: usize = 8;
/// Shape of the window: what folds is suppressed to 1e-8 where the filters pass anything.
const BETA: f64 = 22.0;
/// Taps of the correction on each side of its middle.
pub(super) const REACH: usize = 12;
/// Frequencies at which the correction is fitted.
const POINTS: usize = 64;
/// Weight of frequencies that do not pass.
const LEAST_WEIGHT: f64 = 1e-9;

/// The kernel at every `1/step` of a low-rate sample, from half of its width before the middle on; its sum is 1.
pub(super) fn taps(step: usize) -> Vec<f64> {
    let len = WIDTH * step;
    let tap = |n: usize| {
        let x = 2.0 * n as f64 / len as f64 - 1.0;
        // both edges are left out, so that the kernel is symmetric
        if n == 0 { 0.0 } else { bessel_i0(BETA * (1.0 - x * x).max(0.0).sqrt()) }
    };
    let taps: Vec<f64> = (0..len).map(tap).collect();
    let sum: f64 = taps.iter().sum();
    taps.into_iter().map(|tap| tap / sum).collect()
}

/// The Fourier transform of the kernel, 1 at 0; `cycles` per low-rate sample.
fn transform(cycles: f64) -> f64 {
    let square = BETA * BETA - (PI * WIDTH as f64 * cycles).powi(2);
    let root = square.abs().sqrt();
    let value = if root < 1e-9 {
        1.0
    } else if square > 0.0 {
        root.sinh() / root
    } else {
        root.sin() / root
    };
    value * BETA / BETA.sinh()
}

/// The correction: the taps 0 to [`REACH`] of the symmetric filter at the low rate that undoes the kernel on both ways,
/// where `gain` (at `cycles` per low-rate sample) lets something through.
pub(super) fn correction(gain: impl Fn(f64) -> f64) -> [f64; REACH + 1] {
    let row = |point: usize| {
        let cycles = (point as f64 + 0.5) / (2 * POINTS) as f64;
        let both = transform(cycles).powi(2);
        let weight = gain(cycles) * both + LEAST_WEIGHT;
        let mut row = [0.0; REACH + 2];
        for (k, value) in row[..=REACH].iter_mut().enumerate() {
            let wave = (2.0 * PI * cycles * k as f64).cos();
            *value = weight * if k == 0 { 1.0 } else { 2.0 * wave };
        }
        row[REACH + 1] = gain(cycles);
        row
    };
    least_squares((0..POINTS).map(row).collect())
}

/// The least-squares solution of rows of coefficients and right sides, by modified Gram-Schmidt.
fn least_squares(mut rows: Vec<[f64; REACH + 2]>) -> [f64; REACH + 1] {
    const N: usize = REACH + 1;
    let mut triangle = [[0.0; N + 1]; N];
    for k in 0..N {
        let norm = rows.iter().map(|row| row[k] * row[k]).sum::<f64>().sqrt().max(1e-300);
        triangle[k][k] = norm;
        for row in &mut rows {
            row[k] /= norm;
        }
        for other in k + 1..=N {
            let along: f64 = rows.iter().map(|row| row[k] * row[other]).sum();
            triangle[k][other] = along;
            for row in &mut rows {
                row[other] -= along * row[k];
            }
        }
    }
    let mut solution = [0.0; N];
    for k in (0..N).rev() {
        let known: f64 = (k + 1..N).map(|other| triangle[k][other] * solution[other]).sum();
        solution[k] = (triangle[k][N] - known) / triangle[k][k];
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transform_is_that_of_the_taps() {
        let (step, taps) = (16, taps(16));
        for cycles in [0.0, 0.1, 0.37, 0.5, 0.8, 1.1] {
            let wave = |n: usize| (2.0 * PI * cycles * (n as f64 / step as f64 - 0.5 * WIDTH as f64)).cos();
            let sum: f64 = taps.iter().enumerate().map(|(n, tap)| tap * wave(n)).sum();
            assert!((sum - transform(cycles)).abs() < 1e-7, "{cycles}: {sum} {}", transform(cycles));
        }
    }

    #[test]
    fn the_correction_undoes_the_kernel_in_the_pass_band() {
        let gain = |cycles: f64| 1.0 / (1.0 + (cycles / 0.06).powi(8));
        let correction = correction(gain);
        for k in 0..=50 {
            let cycles = f64::from(k) / 100.0;
            let wave = |k: usize| 2.0 * (2.0 * PI * cycles * k as f64).cos() * correction[k];
            let flat = correction[0] + (1..=REACH).map(wave).sum::<f64>();
            let error = gain(cycles) * (flat * transform(cycles).powi(2) - 1.0);
            assert!(error.abs() < 3e-7, "{cycles}: {error:e}");
        }
    }
}
