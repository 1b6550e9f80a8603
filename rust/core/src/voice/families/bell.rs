//! `bell`: a struck tone that decays exponentially (spec interchange 6.2).

use crate::dsp::phase::Turns;
use crate::dsp::sine::sine;
use crate::error::Result;
use crate::voice::family::Family;
use crate::voice::grid::{CellSource, Cells};
use crate::voice::param::Param;
use crate::voice::params::{Params, Ramp};
use crate::voice::parts::nyquist;
use crate::voice::silence::Silence;
use crate::voice::{Block, Context, Voice};

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "bell",
    summary: "A struck sine in both ears that decays exponentially.",
    source: "spec interchange 6.2",
    params: &[TABLE],
    carrier: Some(&BASE_FREQ),
    is_event: true,
    is_new: true,
    build,
    ..Family::PLAIN
};

const BASE_FREQ: Param = Param::number("baseFreq", 440.0, "Hz", "Frequency.");
const AMP_L: Param = Param::number("ampL", 0.5, "", "Amplitude of the left ear when it is struck.");
const AMP_R: Param = Param::number("ampR", 0.5, "", "Amplitude of the right ear when it is struck.");
const DECAY: Param = Param::number("decay", 0.575, "s", "Time in which the level falls to 1/e.").range(1e-3, 1e6);
const AGE: Param = Param::number("age", 0.0, "s", "Time since the stroke at the start of the voice.").range(0.0, 1e6);

const TABLE: &[Param] = &[BASE_FREQ, AMP_L, AMP_R, DECAY, AGE];

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let frequency = params.number(&BASE_FREQ)?;
    if nyquist::is_silent(context, params, &BASE_FREQ, Ramp::fixed(frequency)) {
        return Ok(Silence::boxed());
    }
    Ok(Cells::boxed(Bell {
        frequency,
        amps: [params.number(&AMP_L)?, params.number(&AMP_R)?],
        decay: params.number(&DECAY)?,
        age: params.number(&AGE)?,
        step: context.dt(),
    }))
}

#[derive(Debug, Clone)]
struct Bell {
    frequency: f64,
    amps: [f64; 2],
    decay: f64,
    age: f64,
    /// Seconds per frame.
    step: f64,
}

/// Frames per cell.
const CELL: usize = 256;

impl CellSource for Bell {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        let begin = self.age + (index * CELL as u64) as f64 * self.step;
        let first = (-begin / self.decay).exp();
        // denormal numbers are slow, and nothing is heard any more
        if first < 1e-15 {
            out.left.fill(0.0);
            out.right.fill(0.0);
            return;
        }
        let fall = (-self.step / self.decay).exp();
        let mut level = first;
        for (x, (left, right)) in out.left.iter_mut().zip(out.right).enumerate() {
            let time = begin + x as f64 * self.step;
            let value = level * sine(Turns::from_cycles(self.frequency * time));
            *left = (self.amps[0] * value) as f32;
            *right = (self.amps[1] * value) as f32;
            level *= fall;
        }
    }

    fn fork(&self) -> Self {
        self.clone()
    }

    fn bound(&self) -> Option<f32> {
        Some(self.amps[0].abs().max(self.amps[1].abs()) as f32)
    }
}
