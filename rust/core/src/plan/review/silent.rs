//! Warns if nothing in a plan sounds.

use super::{Budget, in_blocks};
use crate::error::{Problem, Result};
use crate::interrupt::Interrupt;
use crate::media::Recording;
use crate::plan::levels::measure::Probe;
use crate::plan::mix::gains::StepGains;
use crate::plan::{BLOCK, Bed, Plan, Shape, StepPlan, peak};
use crate::track::Bus;

/// Budget in blocks for finding a sound.
const BUDGET: f64 = 4000.0;

pub(super) fn silent(plan: &Plan, interrupt: &Interrupt) -> Result<Option<Problem>> {
    let bed = plan.background().is_some_and(|bed| {
        let audible = match &bed.source {
            Bed::Noise(_) => true,
            Bed::Audio(audio, _) => may_sound(audio),
        };
        audible && reaches(&bed.shape, bed.balance)
    });
    if bed || plan.clips().iter().any(|clip| may_sound(&clip.sound.audio) && reaches(&clip.shape, clip.balance)) {
        return Ok(None);
    }
    let mut budget = Budget(BUDGET);
    for step in plan.steps() {
        interrupt.check()?;
        if sounds(step, &mut budget) {
            return Ok(None);
        }
    }
    Ok(Some(Problem::warning("", "nothing in the track sounds: it is silent from beginning to end")))
}

/// Whether a recording is not known to be silent.
fn may_sound(audio: &Recording) -> bool {
    audio.content().peak() != Some(0.0)
}

fn reaches(shape: &Shape, balance: [f32; 2]) -> bool {
    shape.most() > 0.0 && balance != [0.0; 2]
}

/// The gain that the level settings of a step give to a bus, normalisation to its peak aside.
fn volume(step: &StepPlan, bus: Bus) -> f32 {
    let levels = &step.levels;
    let own = if bus == Bus::Noise { levels.noise_volume } else { levels.binaural_volume };
    own * levels.normalization.unwrap_or(1.0) * levels.master
}

/// Whether any part of `step` sounds. True as well if the budget does not allow rendering all of it.
fn sounds(step: &StepPlan, budget: &mut Budget) -> bool {
    let audible = step.voices.iter().filter(|voice| volume(step, voice.bus) != 0.0);
    if audible.filter_map(|voice| voice.voice.as_ref()).all(|voice| voice.bound() == Some(0.0)) {
        return false;
    }
    let gains = StepGains {
        binaural: [volume(step, Bus::Binaural), 1.0],
        noise: [volume(step, Bus::Noise), 1.0],
        ..StepGains::NEUTRAL
    };
    let mut probe = Probe::new(None);
    let mut heard = |from: u64, to: u64| {
        let mut most = 0.0_f32;
        probe.mix(0, &step.voices, &gains, from, to, |block| most = most.max(peak(block)));
        most > 0.0
    };
    let frames = step.placement.placed;
    let block = BLOCK as u64;
    // Most steps sound at the start or in the middle.
    for from in [0, frames / 2] {
        let from = from / block * block;
        if !budget.afford(step, 1) || heard(from, (from + block).min(frames)) {
            return true;
        }
    }
    // The budget limits how much is rendered here, so that a long step does not block a request to stop.
    !budget.afford(step, in_blocks(frames)) || heard(0, frames)
}
