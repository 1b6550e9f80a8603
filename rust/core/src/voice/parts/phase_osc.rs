//! Oscillation of a carrier's phase (spec am-and-monaural-voices 6).

use std::f64::consts::TAU;

use super::glide::Glide;
use super::sweep::{Sweep, oscillator_law};
use crate::dsp::cell::{CELL, Cell};
use crate::voice::{Context, Ramp};

/// Oscillation of the phases: half the range against the lower tone, half with the upper.
#[derive(Debug, Clone)]
pub(crate) struct PhaseOscillator {
    osc: Sweep,
    /// Radians, peak to peak.
    range: Ramp,
}

impl PhaseOscillator {
    /// At `rate` Hz from `offset` radians on; `None` without a range.
    pub(crate) fn new(context: &Context, glide: &Glide, rate: Ramp, range: Ramp, offset: Ramp) -> Option<Self> {
        let osc = Sweep::new(glide, rate, f64::NEG_INFINITY, offset, oscillator_law(context));
        (range != Ramp::fixed(0.0)).then_some(Self { osc, range })
    }

    /// Deviation over the current cell, turns.
    pub(crate) fn turns(&self, glide: &Glide, out: &mut Cell) {
        let mut range = [0.0; CELL];
        self.osc.sines(glide, out);
        glide.follow(self.range.map(|radians| radians / (2.0 * TAU)), &mut range);
        for (turns, range) in out.iter_mut().zip(range) {
            *turns *= range;
        }
    }
}
