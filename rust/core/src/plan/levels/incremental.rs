//! Measures a plan in small pieces, for callers whose only thread also renders sound.

use std::sync::Arc;

use super::measure::{ChunkPeaks, Probe};
use super::measured::Measured;
use super::peak_pruning::PrunedVoices;
use super::peaks::CELL;
use crate::error::Result;
use crate::plan::{Plan, StepPlan};

/// Frames per piece; whole cells.
const PIECE: u64 = 4 * CELL;

/// A measurement of a plan that proceeds in small pieces, one step at a time.
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::plan::IncrementalAnalysis;
///
/// let mut analysis = IncrementalAnalysis::new(Arc::clone(&plan));
/// while analysis.advance(0)? {}
/// assert!(plan.has_final_levels());
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub struct IncrementalAnalysis {
    plan: Arc<Plan>,
    probe: Probe,
    /// The step that is being measured.
    step: Option<usize>,
    /// The first frame of it that is not measured yet.
    next: u64,
    /// The peaks of the frames before.
    found: Vec<ChunkPeaks>,
}

impl IncrementalAnalysis {
    /// Prepare to measure `plan`; measures nothing yet.
    pub fn new(plan: Arc<Plan>) -> Self {
        Self { plan, probe: Probe::new(None), step: None, next: 0, found: Vec::new() }
    }

    /// Measure one more piece: about a third of a second of a step, or the level of one voice. Steps that sound at
    /// track frame `frame` or later come first. Returns false when there is nothing left to do.
    ///
    /// # Errors
    /// Those of [`Plan::measure`].
    pub fn advance(&mut self, frame: u64) -> Result<bool> {
        let Some(index) = self.step.or_else(|| self.plan.next_unresolved(frame)) else { return Ok(false) };
        let plan = Arc::clone(&self.plan);
        let is_open = |step: &StepPlan| step.final_levels().is_none() && step.measured().is_none();
        let mut together = plan.steps()[index].together.clone();
        let index = self.step.or_else(|| together.find(|step| is_open(&plan.steps()[*step]))).unwrap_or(index);
        let step = &plan.steps()[index];
        if let Some(voice) = step.voices.iter().find(|voice| voice.level.is_missing()) {
            voice.measure_level();
            self.step = Some(index);
            return Ok(true);
        }
        let frames = step.placement.frames;
        let open = is_open(step);
        if open && self.next < frames {
            let end = (self.next + PIECE).min(frames);
            let pruned = PrunedVoices::none(step.voices.len());
            self.found.push(self.probe.peaks(index, &step.voices, &pruned, self.next, end));
            self.next = end;
            self.step = Some(index);
            return Ok(true);
        }
        if open {
            let _ = step.measured.set(Measured::from_chunks(&step.voices, &self.found));
        }
        self.found.clear();
        (self.step, self.next) = (None, 0);
        if plan.steps()[step.together.clone()].iter().any(is_open) {
            return Ok(true);
        }
        plan.measure(index, index + 1, 1, &mut |_| true)?;
        Ok(true)
    }
}

impl Plan {
    /// Index of the next step to measure for playback at track frame `frame`: the first step without final levels (its
    /// own or those of its voices) from there on, else the first of the whole plan. If steps depend on the steps before
    /// them, always the first of the whole plan. `None` when all levels are final.
    pub fn next_unresolved(&self, frame: u64) -> Option<usize> {
        let now = if self.is_chained() { 0 } else { self.timeline().current(frame).unwrap_or(0) };
        (now..self.steps().len()).chain(0..now).find(|step| !self.steps()[*step].is_settled())
    }
}
