//! Oscillation of the amplitude of a sum of tones (spec am-and-monaural-voices 6).

use multiversion::multiversion;

use super::glide::Glide;
use super::sweep::{Sweep, oscillator_law};
use crate::dsp::cell::{CELL, Cell};
use crate::dsp::phase::Turns;
use crate::error::Result;
use crate::voice::{Context, Param, Params, Ramp};

/// An amplitude oscillator: gain `(1 - depth/2) + (depth/2)·sin φ`, depth limited to 0..2.
#[derive(Debug, Clone)]
pub(crate) struct AmpOscillator {
    osc: Sweep,
    /// Hz.
    rate: Ramp,
    /// Whether it oscillates at a given rate.
    runs: fn(f64) -> bool,
    depth: Ramp,
}

impl AmpOscillator {
    /// From the parameters of depth, rate and phase; `None` if it has no effect anywhere.
    pub(crate) fn read(
        context: &Context,
        params: &Params<'_>,
        glide: &Glide,
        [depth, rate, offset]: [&'static Param; 3],
        runs: fn(f64) -> bool,
    ) -> Result<Option<Self>> {
        let (depth, rate, offset) = (params.ramp(depth)?, params.ramp(rate)?, params.ramp(offset)?);
        let acts = (runs(rate.start) || runs(rate.end)) && depth.start.max(depth.end) > 0.0;
        let osc = Sweep::new(glide, rate, f64::NEG_INFINITY, offset, oscillator_law(context));
        Ok(acts.then_some(Self { osc, rate, runs, depth }))
    }

    /// The same oscillator, ahead by `shift`.
    pub(crate) fn shifted(self, shift: Turns) -> Self {
        Self { osc: self.osc.shifted(shift), ..self }
    }

    /// The phase of its sine at `frame`.
    pub(crate) fn phase(&self, glide: &Glide, frame: u64) -> Turns {
        self.osc.phase(glide, frame)
    }

    /// Write the gains of the current cell of `glide`.
    pub(crate) fn gains(&self, glide: &Glide, out: &mut Cell) {
        let mut depth = [0.0; CELL];
        glide.follow(self.depth, &mut depth);
        if self.rate.start.min(self.rate.end) <= 0.0 {
            for (j, depth) in depth.iter_mut().enumerate() {
                if !(self.runs)(self.rate.at(glide.at(j))) {
                    *depth = 0.0;
                }
            }
        }
        self.osc.sines(glide, out);
        amp_osc(&depth, out);
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn amp_osc(depth: &Cell, gains: &mut Cell) {
    for j in 0..CELL {
        let half = 0.5 * depth[j].clamp(0.0, 2.0);
        gains[j] = (1.0 - half) + half * gains[j];
    }
}
