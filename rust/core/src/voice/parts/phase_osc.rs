//! Oscillation of a carrier's phase (spec am-and-monaural-voices 6).

use std::f64::consts::TAU;

use super::glide::Glide;
use super::sweep::{Sweep, oscillator_law};
use crate::dsp::cell::{CELL, Cell};
use crate::dsp::phase::Turns;
use crate::voice::{Context, Ramp};

/// A phase oscillator: it moves the phase of the lower tone back and that of the upper tone on, each by half the range.
#[derive(Debug, Clone)]
pub(crate) struct PhaseOscillator {
    osc: Sweep,
    /// Radians, peak to peak.
    range: Ramp,
}

impl PhaseOscillator {
    /// An oscillator of `rate` Hz that starts at `offset` radians; `None` if the range is 0 throughout.
    pub(crate) fn new(context: &Context, glide: &Glide, rate: Ramp, range: Ramp, offset: Ramp) -> Option<Self> {
        let osc = Sweep::new(glide, rate, f64::NEG_INFINITY, offset, oscillator_law(context));
        (range != Ramp::fixed(0.0)).then_some(Self { osc, range })
    }

    /// The same oscillator, ahead by `shift`.
    pub(crate) fn shifted(self, shift: Turns) -> Self {
        Self { osc: self.osc.shifted(shift), ..self }
    }

    /// The phase of its sine at `frame`.
    pub(crate) fn phase(&self, glide: &Glide, frame: u64) -> Turns {
        self.osc.phase(glide, frame)
    }

    /// Write the deviation of either tone over the current cell of `glide`, in turns.
    pub(crate) fn turns(&self, glide: &Glide, out: &mut Cell) {
        let mut range = [0.0; CELL];
        self.osc.sines(glide, out);
        glide.follow(self.range.map(|radians| radians / (2.0 * TAU)), &mut range);
        for (turns, range) in out.iter_mut().zip(range) {
            *turns *= range;
        }
    }
}
