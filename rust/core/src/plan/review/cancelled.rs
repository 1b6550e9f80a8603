//! Warns of amplitudes that the levelling of steps cancels.

use crate::error::Problem;
use crate::plan::{Plan, StepPlan};
use crate::track::{Bus, Step, Track};
use crate::voice::registry::{reader, resolve};

/// Share of the level of its bus below which the stated peak of a step is reported: 6 dB.
const TOLD: f64 = 0.5;

/// A finding about the first step whose voices are stated to be soft and are brought to the level of all steps.
pub(super) fn amplitudes(plan: &Plan, track: &Track) -> Option<Problem> {
    let steps = plan.steps().iter().filter_map(|step| Some((step, track.steps.get(step.placement.step)?)));
    let mut cancelled = steps.filter_map(|(step, spec)| {
        let level = f64::from(step.levels.normalization?);
        let stated = stated(plan, step, spec)?;
        (stated > 0.0 && stated < TOLD * level).then_some((step, stated, level))
    });
    let (step, stated, level) = cancelled.next()?;
    let more = cancelled.count();
    let others = if more > 0 { format!(" ({more} more like this)") } else { String::new() };
    let message = format!(
        "its voices state a peak of {stated:.3}, and the step is brought to {level:.2} (normalization_level) whatever they \
         state: amplitudes only set the balance within a step; with the normalization \"none\" they are kept{others}"
    );
    Some(Problem::warning(step.at.as_str(), message))
}

/// The peak that the voices of the binaural bus state together; `None` if one states none.
fn stated(plan: &Plan, step: &StepPlan, spec: &Step) -> Option<f64> {
    let mut sum = 0.0;
    for voice in step.voices.iter().filter(|voice| voice.bus == Bus::Binaural && voice.voice.is_some()) {
        let (family, spec) = (voice.family?, spec.voices.get(voice.index)?);
        let transition = resolve(&spec.function, spec.is_transition).is_ok_and(|(_, transition)| transition);
        sum += (family.peak)(&reader(family, transition, plan.compat(), &spec.params))?;
    }
    Some(sum)
}
