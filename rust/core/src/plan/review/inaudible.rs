//! Warns of sound that few people hear and that is nevertheless strong: nobody notices that it is too loud for ears and
//! loudspeakers, and a listener turns the volume up because nothing is heard.

use super::{Budget, decibels};
use crate::error::{Problem, Result};
use crate::interrupt::Interrupt;
use crate::plan::mix::bus::StepVoice;
use crate::plan::mix::gains::StepGains;
use crate::plan::{BLOCK, Plan, Plane, StepPlan, peak};
use crate::track::Bus;

/// Peak in the mix from which on a voice is reported: -12 dB.
const STRONG: f32 = 0.25;
/// Excerpts of each voice, and blocks of each voice that an estimate of the gains renders.
const EXCERPTS: u64 = 12;
const ESTIMATE: u64 = 24;
/// Budget in blocks.
const BUDGET: f64 = 8000.0;

pub(super) fn strong(plan: &Plan, interrupt: &Interrupt) -> Result<Vec<Problem>> {
    let mut budget = Budget(BUDGET);
    let mut found = Vec::new();
    for step in plan.steps() {
        interrupt.check()?;
        let voices = || step.voices.iter().filter(|voice| voice.family.is_some_and(|family| family.barely_audible));
        if voices().next().is_none() || !budget.afford(step, ESTIMATE + EXCERPTS) {
            continue;
        }
        let gains = step.final_levels().map_or_else(|| step.estimate(), |levels| levels.gains);
        for voice in voices() {
            let level = level(step, voice, &gains);
            if level >= STRONG {
                let message = format!(
                    "the voice peaks at {:.1} dB below full scale, where few people hear it: do not set the volume by it; \
                     a lower volume of its bus or voices that are heard beside it turn it down",
                    -decibels(level)
                );
                found.push(Problem::warning(format!("{}.voices[{}]", step.at, voice.index), message));
            }
        }
    }
    Ok(super::several(found))
}

/// Peak of excerpts of a voice, as it is in the mix.
fn level(step: &StepPlan, voice: &StepVoice, gains: &StepGains) -> f32 {
    let Some(sound) = &voice.voice else { return 0.0 };
    let mut sound = sound.fork();
    sound.prepare();
    let [binaural, noise] = gains.totals();
    let (mut plane, frames, length) = (Plane::new(), step.placement.frames, BLOCK as u64);
    let room = frames.saturating_sub(length);
    let excerpt = |index: u64| {
        let mut block = plane.block(length.min(frames) as usize);
        sound.render(room / EXCERPTS.max(1) * index, block.reborrow());
        peak(&block)
    };
    let most = (0..EXCERPTS).map(excerpt).fold(0.0, f32::max);
    most * if voice.bus == Bus::Noise { noise } else { binaural }
}
