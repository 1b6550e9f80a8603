//! Loops over one cell of [`CELL`] frames that all closed-form tones share: phases, sines and interpolation factors.
//!
//! They are plain loops over arrays of fixed size, compiled for several vector instruction sets. They use no fused
//! operations, so the bits are the same on every target.

use multiversion::multiversion;

use super::phase::Turns;
use super::sine::{cosine, sine, sine_u32};

/// Frames per cell of the closed-form voices (6 ms at 44.1 kHz).
pub const CELL: usize = 256;

/// One value per frame of a cell.
pub type Cell = [f32; CELL];

/// One phase per frame of a cell, in 2⁻³² turn.
pub type PhaseCell = [u32; CELL];

/// 2³², the number of units of a [`PhaseCell`] in one turn.
const UNITS: f64 = 4_294_967_296.0;
/// 1.5·2⁵². A double of this size has a resolution of 1, so adding it rounds to an integer. The low 32 bits of the sum
/// are that integer modulo 2³², which wraps phases.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// Table for sines of one constant frequency: sine and cosine of every multiple of the phase increment. The addition
/// theorem then gives each frame with two multiplications and an addition, without recurrence. Maximum error 1.5e-7.
#[derive(Debug)]
pub struct Rotation {
    cos: Cell,
    sin: Cell,
}

impl Rotation {
    /// The table for a phase increment of `increment` per frame.
    pub fn new(increment: Turns) -> Self {
        let mut table = Self { cos: [0.0; CELL], sin: [0.0; CELL] };
        for (j, (c, s)) in table.cos.iter_mut().zip(&mut table.sin).enumerate() {
            let phase = increment.times(j as u64);
            *c = cosine(phase) as f32;
            *s = sine(phase) as f32;
        }
        table
    }

    /// Fills frame `j` of `out` with `sin(start + j·increment)`.
    #[inline]
    pub fn sines(&self, start: Turns, out: &mut Cell) {
        rotate(&self.cos, &self.sin, sine(start) as f32, cosine(start) as f32, out);
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn rotate(cos: &Cell, sin: &Cell, start_sin: f32, start_cos: f32, out: &mut Cell) {
    for j in 0..CELL {
        out[j] = start_sin * cos[j] + start_cos * sin[j];
    }
}

#[inline(always)]
fn units(phase: Turns) -> f64 {
    (phase.0 >> 11) as f64 * (1.0 / 2_097_152.0)
}

#[inline(always)]
fn round(units: f64) -> u32 {
    (units + ROUND).to_bits() as u32
}

/// Fills `out` with `start + step·j`, `step` in turns per frame.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub fn steady_phases(start: Turns, step: f64, out: &mut PhaseCell) {
    let (start, step) = (units(start), step * UNITS);
    for (j, phase) in out.iter_mut().enumerate() {
        *phase = round(start + step * j as i32 as f64);
    }
}

/// Fills `out` with `start + c₀·j + c₁·j² + c₂·j³`, coefficients in turns.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub fn cubic_phases(start: Turns, c: [f64; 3], out: &mut PhaseCell) {
    let (start, c) = (units(start), c.map(|c| c * UNITS));
    for (j, phase) in out.iter_mut().enumerate() {
        let j = f64::from(j as i32);
        *phase = round(start + j * (c[0] + j * (c[1] + j * c[2])));
    }
}

/// Fills `out` with `start` plus an offset per frame, in turns.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub fn offset_phases(start: Turns, offsets: &[f64; CELL], out: &mut PhaseCell) {
    let start = units(start);
    for j in 0..CELL {
        out[j] = round(start + offsets[j] * UNITS);
    }
}

/// Adds `amount·deviation` turns to every phase.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub fn deviate(phases: &mut PhaseCell, deviation: &Cell, amount: f64) {
    let amount = amount * UNITS;
    for j in 0..CELL {
        phases[j] = phases[j].wrapping_add(round(f64::from(deviation[j]) * amount));
    }
}

/// Fills `out` with the sine of every phase.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub fn sines(phases: &PhaseCell, out: &mut Cell) {
    for j in 0..CELL {
        out[j] = sine_u32(phases[j]);
    }
}

/// Fills `out` with `c₀ + c₁·j + c₂·j²`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub fn parabola(c: [f64; 3], out: &mut Cell) {
    for (j, value) in out.iter_mut().enumerate() {
        let j = f64::from(j as i32);
        *value = (c[0] + j * (c[1] + j * c[2])) as f32;
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    fn worst(got: &Cell, exact: impl Fn(f64) -> f64) -> f64 {
        got.iter().enumerate().map(|(j, v)| (f64::from(*v) - exact(j as f64)).abs()).fold(0.0, f64::max)
    }

    #[test]
    fn a_rotation_is_the_sine_of_constant_frequency() {
        let mut out = [0.0; CELL];
        for step in [0.0, 1e-12, 0.000_1, 0.004_5, 0.25, 0.4999, 3.7, -0.01] {
            for start in [0.0, 0.1, 0.33, 0.75, 0.9999] {
                Rotation::new(Turns::from_cycles(step)).sines(Turns::from_cycles(start), &mut out);
                let error = worst(&out, |j| (TAU * (start + j * step)).sin());
                assert!(error < 2e-7, "{step} {start}: {error:e}");
            }
        }
    }

    #[test]
    fn phase_loops_match_the_polynomials_that_they_compute() {
        let (mut phases, mut out) = ([0; CELL], [0.0; CELL]);
        let start = Turns::from_cycles(0.9);
        steady_phases(start, -0.013, &mut phases);
        sines(&phases, &mut out);
        assert!(worst(&out, |j| (TAU * (0.9 - 0.013 * j)).sin()) < 2.5e-7);
        cubic_phases(start, [0.4, -1e-3, 1e-6], &mut phases);
        sines(&phases, &mut out);
        assert!(worst(&out, |j| (TAU * (0.9 + j * (0.4 + j * (-1e-3 + j * 1e-6)))).sin()) < 2.5e-7);
        let offsets = std::array::from_fn(|j| -(j as f64) * 0.2);
        offset_phases(start, &offsets, &mut phases);
        let deviation = std::array::from_fn(|j| j as f32 * 0.125 - 3.0);
        deviate(&mut phases, &deviation, 2.0);
        sines(&phases, &mut out);
        assert!(worst(&out, |j| (TAU * (0.9 - j * 0.2 + 2.0 * (j * 0.125 - 3.0))).sin()) < 2.5e-7);
        parabola([0.5, 1e-3, -1e-5], &mut out);
        assert!(worst(&out, |j| 0.5 + j * (1e-3 - j * 1e-5)) < 1e-7);
    }
}
