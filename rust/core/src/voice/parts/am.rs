//! Amplitude modulation by a cosine, `1 + depth·cos φ`. A shape parameter bends the cosine towards a square or towards
//! narrow peaks (spec qam-voices 2.2).

use std::f64::consts::FRAC_PI_2;

use multiversion::multiversion;

use super::bandwidth::{fastest, greatest};
use super::glide::Glide;
use super::sweep::{Sweep, oscillator_law};
use crate::dsp::cell::{CELL, Cell, PhaseCell};
use crate::dsp::phase::Turns;
use crate::dsp::power::{power, power_single};
use crate::dsp::sine::{sine_cycles, sine_zeros_u32};
use crate::error::Result;
use crate::voice::{Context, Param, Params, Ramp};

/// Smallest shape parameter (spec 6: smaller values are clamped).
const LEAST_SHAPE: f64 = 1e-3;

/// From this shape on, single precision is exact enough.
const SINGLE: f64 = 0.5;

/// An amplitude modulator: a gain that oscillates around 1.
#[derive(Debug, Clone)]
pub(crate) struct AmModulator {
    osc: Sweep,
    /// Hz; in frames where it is exactly 0 there is no modulation.
    rate: Ramp,
    depth: Ramp,
    /// The cosine's magnitude gets the exponent `1/shape`; `None` if that is 1 throughout.
    shape: Option<Ramp>,
}

impl AmModulator {
    /// From the parameters of rate, depth and phase; `None` if rate or depth is 0 throughout.
    pub(crate) fn read(
        context: &Context,
        params: &Params<'_>,
        glide: &Glide,
        [rate, depth, phase]: [&'static Param; 3],
        shape: Ramp,
    ) -> Result<Option<Self>> {
        Ok(Self::new(context, glide, params.ramp(rate)?, params.ramp(depth)?, params.ramp(phase)?, shape))
    }

    /// `rate` in Hz, `phase` in radians; `None` if rate or depth is 0 throughout.
    pub(crate) fn new(
        context: &Context,
        glide: &Glide,
        rate: Ramp,
        depth: Ramp,
        phase: Ramp,
        shape: Ramp,
    ) -> Option<Self> {
        let never = Ramp::fixed(0.0);
        let offset = phase.map(|phase| phase + FRAC_PI_2);
        let osc = Sweep::new(glide, rate, f64::NEG_INFINITY, offset, oscillator_law(context));
        let shape = (shape != Ramp::fixed(1.0)).then_some(shape);
        (rate != never && depth != never).then_some(Self { osc, rate, depth, shape })
    }

    /// The same modulator, ahead by `shift`.
    pub(crate) fn shifted(self, shift: Turns) -> Self {
        Self { osc: self.osc.shifted(shift), ..self }
    }

    /// The phase of its cosine at `frame`.
    pub(crate) fn phase(&self, glide: &Glide, frame: u64) -> Turns {
        self.osc.phase(glide, frame)
    }

    /// The reach of its sidebands in Hz, and its largest gain; `None` if the sidebands are unbounded.
    pub(crate) fn reach(&self) -> Option<(f64, f64)> {
        let stops = self.rate.start * self.rate.end < 0.0; // at exactly 0 Hz it is off for one frame
        (self.shape.is_none() && !stops).then(|| (fastest(self.rate), 1.0 + greatest(self.depth)))
    }

    /// Multiply `gains` by the modulation over the current cell of `glide`.
    pub(crate) fn apply(&self, glide: &Glide, gains: &mut Cell) {
        let (mut depth, mut wave) = ([0.0; CELL], [0.0; CELL]);
        glide.follow(self.depth, &mut depth);
        if self.rate.start.min(self.rate.end) <= 0.0 && self.rate.start.max(self.rate.end) >= 0.0 {
            for (j, depth) in depth.iter_mut().enumerate() {
                if self.rate.at(glide.at(j)) == 0.0 {
                    *depth = 0.0;
                }
            }
        }
        if let Some(shape) = self.shape {
            let mut phases = [0; CELL];
            self.osc.phases(glide, &mut phases);
            if shape.start.min(shape.end) >= SINGLE {
                let mut shapes = [0.0; CELL];
                glide.follow(shape, &mut shapes);
                bent_single(&phases, &shapes, &mut wave);
            } else {
                let exponents = std::array::from_fn(|j| 1.0 / shape.at(glide.at(j)).max(LEAST_SHAPE));
                bent(&phases, &exponents, &mut wave);
            }
        } else {
            self.osc.sines(glide, &mut wave);
        }
        modulate(&depth, &wave, gains);
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn modulate(depth: &Cell, wave: &Cell, gains: &mut Cell) {
    for j in 0..CELL {
        gains[j] *= 1.0 + depth[j] * wave[j];
    }
}

/// `sign(u)·|u|^exponent` of the sine.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn bent(phases: &PhaseCell, exponents: &[f64; CELL], out: &mut Cell) {
    for j in 0..CELL {
        let u = sine_cycles(f64::from(phases[j] as i32) * (1.0 / 4_294_967_296.0));
        out[j] = power(u.abs().min(1.0), exponents[j]).copysign(u) as f32;
    }
}

/// The same in single precision, with the exponents `1/shape`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn bent_single(phases: &PhaseCell, shapes: &Cell, out: &mut Cell) {
    for j in 0..CELL {
        let u = sine_zeros_u32(phases[j]);
        out[j] = power_single(u.abs().min(1.0), 1.0 / shapes[j].max(LEAST_SHAPE as f32)).copysign(u);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_precision_agrees_with_double() {
        let phases: PhaseCell = std::array::from_fn(|j| ((j as u32) << 24).wrapping_add(j as u32 % 3 * 12_345));
        for shape in [0.5, 0.8, 1.25, 3.0] {
            let (mut double, mut single) = ([0.0; CELL], [0.0; CELL]);
            bent(&phases, &[1.0 / shape; CELL], &mut double);
            bent_single(&phases, &[shape as f32; CELL], &mut single);
            for (a, b) in double.iter().zip(&single) {
                assert!((a - b).abs() < 1e-6, "{shape}: {a} {b}");
            }
        }
    }
}
