//! Amplitude modulation by a sine, `1 - depth·(1 - sin φ)/2`, with a depth that may follow the transition.

use multiversion::multiversion;

use super::glide::Glide;
use super::sweep::{Law, Sweep};
use crate::dsp::cell::{CELL, Cell};
use crate::dsp::phase::Turns;
use crate::error::Result;
use crate::voice::{Context, Params, Ramp};

/// Lowest frequency in Hz: oscillators with zero or negative rates freeze (spec am-and-monaural-voices 1.3).
pub const FROZEN: f64 = 1e-9;

/// Start phase of an LFO in radians: the parameter `name` in the static voice, `startName` in the transition voice,
/// which ignores it unless `Compat::lfo_start_phases` is on.
///
/// # Errors
///
/// Returns an error if the value is not a number within the row's range.
pub fn start_phase(context: &Context, params: &Params<'_>, name: &str) -> Result<f64> {
    if !params.transition {
        return params.number(name);
    }
    let (first, rest) = name.split_at(1);
    let phase = params.number(&format!("start{}{rest}", first.to_uppercase()))?;
    Ok(if context.compat.lfo_start_phases { phase } else { 0.0 })
}

/// A tremolo: a gain between `1 - depth` and 1.
#[derive(Debug, Clone)]
pub struct Tremolo {
    half: Sweep,
    depth: Ramp,
}

impl Tremolo {
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
