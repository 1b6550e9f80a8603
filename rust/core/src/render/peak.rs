//! Finds the exact peak of a whole track, for the final normalisation of a file, without rendering all of it again.
//!
//! Where one step plays alone on one bus, its measured peaks and gains give the exact peak. Elsewhere they give an
//! upper bound, and only the few stretches that may contain the peak are rendered.

use std::sync::Arc;

use super::offline::Worker;
use crate::error::Result;
use crate::parallel;
use crate::parallel::{Progress, run_reporting};
use crate::plan;
use crate::plan::levels::search::{Candidate, exact_peak};
use crate::plan::mix::clip_voices::ClipVoices;
use crate::plan::{Bed, CELL, CHUNK, PeakMap, Plan, Plane, SLACK, Segment, StepPlan};

/// The exact largest magnitude of the whole plan, linear. All steps must have final levels. `threads` 0: all cores.
///
/// # Errors
/// [`crate::error::Error::Cancelled`] if `progress` returns false.
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::render::{peak, render_array};
///
/// plan.measure(0, plan.steps().len(), 0, &mut |_done| true)?;
/// let found = peak(&plan, 0, &mut |_done| true)?;
/// let samples = render_array(&plan, 0, None, 0, &mut |_done| true)?;
/// assert_eq!(found, samples.iter().fold(0.0, |most: f32, sample| most.max(sample.abs())));
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn peak(plan: &Arc<Plan>, threads: usize, progress: Progress<'_>) -> Result<f32> {
    if let Some(known) = plan.known_peak() {
        return Ok(known);
    }
    if plan.has_absolute_levels() {
        plan.measure_peaks(threads, progress)?;
    }
    let mut workers = Worker::crew(plan, threads);
    let overlays = Overlays::of(plan, threads, progress)?;
    let mut known = 0.0_f32;
    let mut open = Vec::new();
    let tail = Segment { start: plan.timeline().end, end: plan.frames(), layers: Vec::new() };
    for segment in plan.segments().iter().chain([&tail]) {
        let steps = segment.layers.iter().map(|layer| &plan.steps()[layer.index]);
        let joint = steps.map(StepPlan::joint_end).fold(segment.start, u64::max).min(segment.end);
        unbounded(segment.start, joint, &mut open);
        let rest = (joint > segment.start).then(|| Segment { start: joint, ..segment.clone() });
        let segment = rest.as_ref().unwrap_or(segment);
        match segment.layers.as_slice() {
            [only] if !only.fading && !overlays.touch(segment.start, segment.end) => {
                alone(&plan.steps()[only.index], segment, &mut known, &mut open);
            }
            _ => mixed(plan, segment, &overlays, &mut open),
        }
    }
    Ok(*plan.peak.get_or_init(|| exact_peak(open, known, &mut workers, Worker::peak).peak))
}

/// The frames `from..to`, of which no bound is known: voices that run on are not faded with their steps.
fn unbounded(from: u64, to: u64, open: &mut Vec<Candidate>) {
    let cells = from / CELL..to.div_ceil(CELL);
    let part = |cell: u64| (from.max(cell * CELL), to.min((cell + 1) * CELL));
    let parts = cells.map(part).filter(|(from, to)| from < to);
    open.extend(parts.map(|(from, to)| Candidate { bound: f32::MAX, from, to }));
}

/// A segment in which one step plays alone. The peak of a whole cell is known exactly if one of the step's buses is
/// silent there; other cells become candidates.
fn alone(step: &StepPlan, segment: &Segment, known: &mut f32, open: &mut Vec<Candidate>) {
    let (Some(final_levels), Some(measured)) = (step.final_levels(), step.measured()) else { return };
    // Cells are counted on the step's own frames; `origin` is the track frame of its frame 0.
    let origin = step.placement.start as i64 + final_levels.lag;
    let own = |frame: u64| (frame as i64 - origin).clamp(0, step.placement.placed as i64) as u64;
    let (first, last) = (own(segment.start), own(segment.end));
    if first >= last {
        return;
    }
    for cell in first / CELL..=(last - 1) / CELL {
        let (from, to) = (cell * CELL, ((cell + 1) * CELL).min(step.placement.frames));
        let (binaural, noise) = (measured.binaural.cell(cell), measured.noise.cell(cell));
        let bound = final_levels.gains.peak(binaural, noise);
        if from >= first && to <= last && (binaural == 0.0 || noise == 0.0 && measured.binaural.is_exact(cell)) {
            *known = known.max(bound);
        } else {
            let at = |frame: u64| (frame as i64 + origin) as u64;
            // the gains of a single bus do not raise a bound by their rounding
            let slack = if binaural == 0.0 || noise == 0.0 { 1.0 } else { SLACK };
            open.push(Candidate { bound: bound * slack, from: at(from.max(first)), to: at(to.min(last)) });
        }
    }
}

/// A segment in which several layers sound: the sum of their peaks, faded as they are, is the bound of each cell.
fn mixed(plan: &Plan, segment: &Segment, overlays: &Overlays, open: &mut Vec<Candidate>) {
    let mut from = segment.start;
    while from < segment.end {
        let to = ((from / CELL + 1) * CELL).min(segment.end);
        let steps = segment.layers.iter().fold(0.0, |under: f32, layer| {
            let step = &plan.steps()[layer.index];
            let own = bound(step, from, to);
            let Some(fade) = step.placement.crossfade.filter(|_| layer.fading) else { return under + own };
            // the gain of what is under the step only falls, and that of the step only rises
            let into = |frame: u64| frame - step.placement.start;
            let [before, after] = [fade.gains(into(from)).0.abs() as f32, fade.gains(into(to - 1)).1.abs() as f32];
            under * before + own * after
        });
        let bound = steps + overlays.bound(from, to);
        if bound > 0.0 {
            open.push(Candidate { bound: bound * SLACK, from, to });
        }
        from = to;
    }
}

/// An upper bound of the magnitude of a step within the track frames `from..to`.
fn bound(step: &StepPlan, from: u64, to: u64) -> f32 {
    let (Some(final_levels), Some(measured)) = (step.final_levels(), step.measured()) else { return 0.0 };
    let own = |frame: u64| (frame as i64 - step.placement.start as i64 - final_levels.lag).max(0) as u64;
    let (from, to) = (own(from), own(to));
    final_levels.gains.peak(measured.binaural.bound(from, to), measured.noise.bound(from, to))
}

/// Upper bounds of the magnitude of bed and clips together, in cells of track frames.
struct Overlays(PeakMap);

/// A part of the bed (`clip` is `None`) or of a clip (its index in the plan): the track frames `from..to`.
struct Stretch {
    clip: Option<usize>,
    from: u64,
    to: u64,
}

/// One thread's copy of the bed and working memory.
struct Probe {
    bed: Option<Bed>,
    clips: ClipVoices,
    plane: Plane,
    spare: Plane,
}

impl Overlays {
    fn of(plan: &Plan, threads: usize, progress: Progress<'_>) -> Result<Self> {
        let stretches = |clip: Option<usize>, start: u64, end: u64| {
            let chunks = if start < end { start / CHUNK..end.div_ceil(CHUNK) } else { 0..0 };
            chunks.map(move |k| Stretch { clip, from: start.max(k * CHUNK), to: end.min((k + 1) * CHUNK) })
        };
        let bed = plan.background();
        let mut jobs: Vec<Stretch> = bed.iter().flat_map(|bed| stretches(None, bed.start, bed.end)).collect();
        for (index, clip) in plan.clips().iter().enumerate() {
            jobs.extend(stretches(Some(index), clip.start, clip.end()));
        }
        let crew = |_| Probe {
            bed: bed.map(|bed| bed.source.fork()),
            clips: ClipVoices::default(),
            plane: Plane::new(),
            spare: Plane::new(),
        };
        let mut workers: Vec<_> = (0..parallel::threads(threads)).map(crew).collect();
        let measure = |probe: &mut Probe, job: usize| probe.peaks(plan, &jobs[job]);
        let found = run_reporting(&mut workers, jobs.len(), measure, progress)?;
        let end = jobs.iter().map(|job| job.to).max().unwrap_or(0);
        let mut cells = vec![0.0_f32; end.div_ceil(CELL) as usize];
        for (job, peaks) in jobs.iter().zip(found) {
            let first = (job.from / CELL) as usize;
            cells[first..].iter_mut().zip(peaks).for_each(|(cell, peak)| *cell += peak);
        }
        Ok(Self(PeakMap::new(cells)))
    }

    /// Whether bed or clips can sound in the track frames `from..to`.
    fn touch(&self, from: u64, to: u64) -> bool {
        self.bound(from, to) > 0.0
    }

    fn bound(&self, from: u64, to: u64) -> f32 {
        self.0.bound(from, to)
    }
}

impl Probe {
    /// The peak in each cell that `stretch` touches.
    fn peaks(&mut self, plan: &Plan, stretch: &Stretch) -> Vec<f32> {
        let first = stretch.from / CELL;
        let mut cells = vec![0.0_f32; (stretch.to.div_ceil(CELL) - first) as usize];
        for (frame, frames) in plan::blocks(stretch.from, stretch.to) {
            let mut block = self.plane.block(frames);
            block.clear();
            match (stretch.clip, plan.background(), &mut self.bed) {
                (Some(index), ..) => self.clips.add(plan, index, frame, block.reborrow(), &mut self.spare),
                (None, Some(bed), Some(source)) => bed.add(source, frame, block.reborrow(), &mut self.spare),
                _ => {}
            }
            let cell = &mut cells[(frame / CELL - first) as usize];
            *cell = cell.max(plan::peak(&block));
        }
        cells
    }
}
