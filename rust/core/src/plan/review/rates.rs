//! Compares the rates of oscillators under two rules.

use crate::dsp::phase::Turns;
use crate::plan::{Plan, StepPlan};
use crate::voice::{Oscillators, Voice};

/// Smallest difference that is told, in Hz.
const TOLD_HZ: f64 = 0.05;
/// Most steps that are looked at.
const STEPS: usize = 24;

/// A difference of the rate of one oscillator.
#[derive(Debug, Clone, Copy)]
pub(super) struct Difference {
    /// The role of the oscillator.
    pub(super) role: &'static str,
    /// Rates in Hz under the rules of the track and under the others.
    pub(super) hz: [f64; 2],
    /// Track frame.
    pub(super) at: u64,
}

impl Difference {
    fn size(&self) -> f64 {
        (self.hz[0] - self.hz[1]).abs()
    }
}

/// The largest difference of the rates of oscillators of two plans of one track; `None` if none is large enough.
pub(super) fn largest(own: &Plan, other: &Plan) -> Option<Difference> {
    let count = own.steps().len().min(other.steps().len());
    let shown = count.min(STEPS);
    let steps = (0..shown).map(|index| index * count / shown);
    let all = steps.flat_map(|index| of_step(&own.steps()[index], &other.steps()[index], own.sample_rate()));
    all.filter(|found| found.size() >= TOLD_HZ).max_by(|a, b| a.size().total_cmp(&b.size()))
}

/// The differences within a step, at places spread over it and near its end.
fn of_step(own: &StepPlan, other: &StepPlan, sample_rate: u32) -> Vec<Difference> {
    let frames = own.placement.placed.min(other.placement.placed);
    let mut found = Vec::new();
    let Some(last) = frames.checked_sub(2) else { return found };
    for (a, b) in own.voices.iter().zip(&other.voices) {
        let (Some(a), Some(b)) = (&a.voice, &b.voice) else { continue };
        for frame in [last * 3 / 8, last * 7 / 8, last] {
            let rates = |voice: &dyn Voice| Some([voice.oscillators_at(frame)?, voice.oscillators_at(frame + 1)?]);
            let (Some(a), Some(b)) = (rates(a.as_ref()), rates(b.as_ref())) else { continue };
            for (role, _) in &a[0].phases {
                let hz =
                    |pair: &[Oscillators; 2]| Some(rate([pair[0].phase(role)?, pair[1].phase(role)?], sample_rate));
                if let (Some(a), Some(b)) = (hz(&a), hz(&b)) {
                    found.push(Difference { role, hz: [a, b], at: own.placement.start + frame });
                }
            }
        }
    }
    found
}

/// The rate in Hz of an oscillator with these phases at two neighbouring frames.
fn rate([from, to]: [Turns; 2], sample_rate: u32) -> f64 {
    let step = (to - from).cycles();
    (if step > 0.5 { step - 1.0 } else { step }) * f64::from(sample_rate)
}
