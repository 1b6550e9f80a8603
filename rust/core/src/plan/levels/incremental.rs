//! Measuring a plan in small pieces, for a caller whose only thread also has sound to deliver.

use std::sync::Arc;

use super::measure::{ChunkPeaks, Probe};
use super::measured::Measured;
use super::peak_pruning::PrunedVoices;
use super::peaks::CELL;
use crate::error::Result;
use crate::plan::Plan;

/// Frames per piece; whole cells.
const PIECE: u64 = 4 * CELL;

/// A plan being measured, step by step from the one that is wanted first.
pub struct IncrementalAnalysis {
    plan: Arc<Plan>,
    probe: Probe,
    /// The step that is being measured, its next frame, and what was found before it.
    step: Option<usize>,
    next: u64,
    found: Vec<ChunkPeaks>,
}

impl IncrementalAnalysis {
    /// Nothing done yet.
    pub fn new(plan: Arc<Plan>) -> Self {
        Self { plan, probe: Probe::new(None), step: None, next: 0, found: Vec::new() }
    }

    /// Measure one more piece, a third of a second or the level of a voice; what sounds at track frame `frame` and later comes first.
    /// False when there is nothing left to do.
    ///
    /// # Errors
    /// If a step cannot be aligned (see [`Plan::measure`]).
    pub fn advance(&mut self, frame: u64) -> Result<bool> {
        let Some(index) = self.step.or_else(|| self.plan.next_unresolved(frame)) else { return Ok(false) };
        let plan = Arc::clone(&self.plan);
        let step = &plan.steps()[index];
        if let Some(voice) = step.voices.iter().find(|voice| voice.level.is_missing()) {
            voice.measure_level();
            self.step = Some(index);
            return Ok(true);
        }
        let frames = step.placement.frames;
        if step.measured().is_none() && self.next < frames {
            let end = (self.next + PIECE).min(frames);
            let pruned = PrunedVoices::none(step.voices.len());
            self.found.push(self.probe.peaks(index, &step.voices, &pruned, self.next, end));
            self.next = end;
            self.step = Some(index);
            return Ok(true);
        }
        if step.measured().is_none() {
            let _ = step.measured.set(Measured::from_chunks(&step.voices, &self.found));
        }
        self.found.clear();
        (self.step, self.next) = (None, 0);
        plan.measure(index, index + 1, 1, &mut |_| true)?;
        Ok(true)
    }
}

impl Plan {
    /// The next step to measure for playback at `frame`: the first open one from there on, else the first of all. Where
    /// steps depend on those before them, the first of all.
    pub fn next_unresolved(&self, frame: u64) -> Option<usize> {
        let now = if self.is_chained() { 0 } else { self.timeline().current(frame).unwrap_or(0) };
        (now..self.steps().len()).chain(0..now).find(|step| self.steps()[*step].final_levels().is_none())
    }
}
