//! A part of the sound of a plan: some voices, the bed, the clips. All parts together are the whole: gains, crossfades and
//! sums are linear, and gains are those of the whole.

use crate::plan::Plan;

/// Which sounds of a plan are rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// For each step of the plan, the positions of the voices that sound; `None`: all voices.
    voices: Option<Vec<Vec<usize>>>,
    /// Whether the bed sounds.
    pub(crate) bed: bool,
    /// Whether the clips sound.
    pub(crate) clips: bool,
}

impl Part {
    /// Everything.
    pub const ALL: Self = Self { voices: None, bed: true, clips: true };

    /// The voices for which `sounds` is true, without bed and clips.
    pub(crate) fn of_voices(plan: &Plan, sounds: impl Fn(&crate::plan::StepVoice) -> bool) -> Self {
        let of_step = |step: &crate::plan::StepPlan| {
            step.voices.iter().filter(|voice| sounds(voice)).map(|voice| voice.index).collect()
        };
        Self { voices: Some(plan.steps().iter().map(of_step).collect()), bed: false, clips: false }
    }

    /// The bed alone.
    pub(crate) fn of_bed(plan: &Plan) -> Self {
        Self { bed: true, ..Self::of_voices(plan, |_| false) }
    }

    /// The clips alone.
    pub(crate) fn of_clips(plan: &Plan) -> Self {
        Self { clips: true, ..Self::of_voices(plan, |_| false) }
    }

    /// Whether the voice at position `voice` of the step at position `step` of the plan sounds.
    pub(crate) fn has(&self, step: usize, voice: usize) -> bool {
        self.voices.as_ref().is_none_or(|steps| steps.get(step).is_some_and(|voices| voices.contains(&voice)))
    }
}
