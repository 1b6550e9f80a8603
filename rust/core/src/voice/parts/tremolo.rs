//! Amplitude modulation by a sine, `1 - depth·(1 - sin φ)/2`, with a depth that may follow the transition.

use multiversion::multiversion;

use super::glide::Glide;
use super::sweep::{Law, Sweep};
use crate::dsp::cell::{CELL, Cell};
use crate::dsp::phase::Turns;
use crate::error::Result;
use crate::voice::{Context, Param, Params, Ramp};

/// Lowest frequency in Hz: oscillators with zero or negative rates freeze (spec am-and-monaural-voices 1.3).
pub const FROZEN: f64 = 1e-9;

/// A tremolo: a gain between `1 - depth` and 1.
#[derive(Debug, Clone)]
pub struct Tremolo {
    half: Sweep,
    depth: Ramp,
}

impl Tremolo {
    /// From the rows of rate, depth and start phase, of which the transition voice has its own.
    ///
    /// # Errors
    ///
    /// Returns an error if a value is not a number within the row's range.
    pub fn read(
        context: &Context,
        params: &Params<'_>,
        glide: &Glide,
        [rate, depth, still_phase, start_phase]: [&'static Param; 4],
    ) -> Result<Self> {
        let phase = if params.transition {
            let phase = params.number(start_phase)?;
            if context.compat.lfo_start_phases { phase } else { 0.0 }
        } else {
            params.number(still_phase)?
        };
        Ok(Self::new(glide, params.ramp(rate)?, phase, params.ramp(depth)?))
    }

    /// A tremolo of `frequency` Hz that starts at `phase` radians. `depth` is not limited.
    pub fn new(glide: &Glide, frequency: Ramp, phase: f64, depth: Ramp) -> Self {
        // (1 + sin φ)/2 = sin²(φ/2 + π/4): near the minimum the square keeps the precision that the sum would lose
        let offset = Ramp::fixed(phase / 2.0 + std::f64::consts::FRAC_PI_4);
        let half = Sweep::new(glide, frequency.map(|hz| hz / 2.0), FROZEN / 2.0, offset, Law::Sum);
        Self { half, depth }
    }

    /// The same tremolo, ahead by `shift`, of its oscillator at half the frequency.
    #[must_use]
    pub fn shifted(self, shift: Turns) -> Self {
        Self { half: self.half.shifted(shift), ..self }
    }

    /// The phase at `frame` of its oscillator, which runs at half the frequency.
    pub fn phase(&self, glide: &Glide, frame: u64) -> Turns {
        self.half.phase(glide, frame)
    }

    /// Write the gains of the current cell of `glide`.
    pub fn gains(&self, glide: &Glide, out: &mut Cell) {
        self.half.sines(glide, out);
        let (start, change) = (self.depth.start as f32, (self.depth.end - self.depth.start) as f32);
        gains(start, change, glide.values(), out);
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn gains(start: f32, change: f32, alpha: &Cell, gains: &mut Cell) {
    for j in 0..CELL {
        let depth = start + change * alpha[j];
        gains[j] = (1.0 - depth) + depth * (gains[j] * gains[j]);
    }
}
