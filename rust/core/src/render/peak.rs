//! The peak of a whole track, for the final normalisation of a file, without another pass over what is known already.
//!
//! Where one step sounds alone its measured peaks and gains say it exactly; elsewhere they bound it, and only the few
//! stretches that may hold the peak are rendered.

use std::sync::Arc;

use super::offline::Worker;
use crate::error::Result;
use crate::plan::parallel::{Progress, run_reporting};
use crate::plan::settle::{Candidate, exact_peak};
use crate::plan::{self, CELL, CHUNK, PeakMap, Plan, SLACK, Segment, StepPlan};
use crate::voice::Block;

/// Largest magnitude of the whole plan, exactly. Everything must be measured. `threads` 0: all cores.
pub fn peak(plan: &Arc<Plan>, threads: usize, progress: Progress<'_>) -> Result<f32> {
    let mut workers = Worker::crew(plan, threads);
    let overlays = Overlays::of(plan, threads, progress)?;
    let mut known = 0.0_f32;
    let mut open = Vec::new();
    let tail = Segment { start: plan.timeline().end, end: plan.frames(), layers: Vec::new() };
    for segment in plan.segments().iter().chain([&tail]) {
        match segment.layers.as_slice() {
            [only] if !only.fading && !overlays.touch(segment.start, segment.end) => {
                alone(&plan.steps()[only.index], segment, &mut known, &mut open);
            }
            _ => mixed(plan, segment, &overlays, &mut open),
        }
    }
    Ok(exact_peak(open, known, &mut workers, Worker::peak))
}

/// A segment in which one step sounds alone: whole cells of the step are known where one of its buses is silent.
fn alone(step: &StepPlan, segment: &Segment, known: &mut f32, open: &mut Vec<Candidate>) {
    let (Some(settled), Some(measured)) = (step.settled(), step.measured()) else { return };
    // Cells are counted on the step's own frames; `origin` is the track frame of its frame 0.
    let origin = step.placement.start as i64 + settled.lag;
    let own = |frame: u64| (frame as i64 - origin).clamp(0, step.placement.placed as i64) as u64;
    let (first, last) = (own(segment.start), own(segment.end));
    if first >= last {
        return;
    }
    let exact = measured.binaural.is_exact();
    for cell in first / CELL..=(last - 1) / CELL {
        let (from, to) = (cell * CELL, ((cell + 1) * CELL).min(step.placement.frames));
        let (binaural, noise) = (measured.binaural.cell(cell), measured.noise.cell(cell));
        let bound = settled.gains.peak(binaural, noise);
        if from >= first && to <= last && (binaural == 0.0 || noise == 0.0 && exact) {
            *known = known.max(bound);
        } else {
            let at = |frame: u64| (frame as i64 + origin) as u64;
            open.push(Candidate { bound: bound * SLACK, from: at(from.max(first)), to: at(to.min(last)) });
        }
    }
}

/// A segment in which several things sound: at most the sum of their peaks.
fn mixed(plan: &Plan, segment: &Segment, overlays: &Overlays, open: &mut Vec<Candidate>) {
    let mut from = segment.start;
    while from < segment.end {
        let to = ((from / CELL + 1) * CELL).min(segment.end);
        let steps = segment.layers.iter().map(|layer| bound(&plan.steps()[layer.index], from, to));
        let bound = steps.sum::<f32>() + overlays.bound(from, to);
        if bound > 0.0 {
            open.push(Candidate { bound: bound * SLACK, from, to });
        }
        from = to;
    }
}

/// At least the magnitude of a step within the track frames `from..to`.
fn bound(step: &StepPlan, from: u64, to: u64) -> f32 {
    let (Some(settled), Some(measured)) = (step.settled(), step.measured()) else { return 0.0 };
    let own = |frame: u64| (frame as i64 - step.placement.start as i64 - settled.lag).max(0) as u64;
    let (from, to) = (own(from), own(to));
    settled.gains.peak(measured.binaural.bound(from, to), measured.noise.bound(from, to))
}

/// What lies over the steps: where, and how loud at most.
struct Overlays {
    /// The bed with its gain, over track frames.
    bed: Option<(u64, u64, PeakMap)>,
    /// Clips, over their own frames.
    clips: Vec<(u64, u64, PeakMap)>,
}

impl Overlays {
    fn of(plan: &Plan, threads: usize, progress: Progress<'_>) -> Result<Self> {
        let clips = plan.clips().iter().map(|clip| (clip.start, clip.end(), clip.peaks())).collect();
        let Some(bed) = plan.background() else { return Ok(Self { bed: None, clips }) };
        let crew = |_| (bed.source.fork(), plan::Plane::new(), plan::Plane::new());
        let mut workers: Vec<_> = (0..plan::parallel::threads(threads)).map(crew).collect();
        let chunks = bed.end.div_ceil(CHUNK) as usize;
        let measure = |(source, plane, spare): &mut (_, plan::Plane, plan::Plane), job: usize| {
            let source: &mut Box<dyn crate::voice::Voice> = source;
            let (from, to) = (job as u64 * CHUNK, ((job + 1) as u64 * CHUNK).min(bed.end));
            let mut cells = vec![0.0_f32; (to - from).div_ceil(CELL) as usize];
            for (frame, frames) in plan::blocks(from.max(bed.start).min(to), to) {
                let mut block: Block<'_> = plane.block(frames);
                block.clear();
                bed.add(source.as_mut(), frame, block.reborrow(), spare);
                let cell = &mut cells[((frame - from) / CELL) as usize];
                *cell = cell.max(plan::peak(&block));
            }
            cells
        };
        let cells = run_reporting(&mut workers, chunks, measure, progress)?.concat();
        Ok(Self { bed: Some((bed.start, bed.end, PeakMap::new(cells))), clips })
    }

    fn touch(&self, from: u64, to: u64) -> bool {
        let over = |start: u64, end: u64| start < to && from < end;
        self.bed.as_ref().is_some_and(|(start, end, _)| over(*start, *end))
            || self.clips.iter().any(|(start, end, _)| over(*start, *end))
    }

    fn bound(&self, from: u64, to: u64) -> f32 {
        let clip = |(start, end, peaks): &(u64, u64, PeakMap)| {
            let (first, last) = (from.max(*start), to.min(*end));
            if first < last { peaks.bound(first - start, last - start) } else { 0.0 }
        };
        let clips: f32 = self.clips.iter().map(clip).sum();
        clips + self.bed.as_ref().map_or(0.0, |(_, _, peaks)| peaks.bound(from, to))
    }
}
