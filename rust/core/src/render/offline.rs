//! Offline rendering: stretches of a plan on all cores. Time is cut into fixed pieces, so that the samples do not
//! depend on the number of threads, and the memory needed does not depend on the length.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use super::renderer::Renderer;
use crate::dsp::mix;
use crate::error::{Error, Result};
use crate::lock::lock;
use crate::parallel;
use crate::parallel::{Progress, stage};
use crate::plan::{Part, Plan, Plane, StepPlan, blocks, peak, within};
use crate::rolling::rolling;
use crate::voice::Block;

/// Most frames per job.
const CHUNK: u64 = 1 << 17;
/// Most jobs per thread whose samples are rendered or wait to be passed on.
const JOBS_PER_THREAD: usize = 3;

/// One thread's renderer and working memory.
pub(crate) struct Worker {
    renderer: Renderer,
    plane: Plane,
}

impl Worker {
    /// Workers for `threads` threads (0: all cores).
    pub(crate) fn crew(plan: &Arc<Plan>, threads: usize) -> Vec<Self> {
        Self::crew_of(plan, &Arc::new(Part::ALL), threads)
    }

    /// One that works on the calling thread.
    pub(super) fn alone(plan: &Arc<Plan>) -> Self {
        Self { renderer: Renderer::new(Arc::clone(plan)), plane: Plane::new() }
    }

    /// Workers for a part of the plan.
    fn crew_of(plan: &Arc<Plan>, part: &Arc<Part>, threads: usize) -> Vec<Self> {
        let renderer = || Renderer::of(Arc::clone(plan), Arc::clone(part));
        let worker = |_| Self { renderer: renderer(), plane: Plane::new() };
        (0..parallel::threads(threads)).map(worker).collect()
    }

    /// Fill `out` with interleaved stereo frames from `start` on.
    fn interleaved(&mut self, start: u64, out: &mut [f32]) {
        let end = start + (out.len() / 2) as u64;
        self.renderer.prepare(start, end);
        for (frame, frames) in blocks(start, end) {
            let mut block = self.plane.block(frames);
            self.renderer.render(frame, block.reborrow());
            let at = 2 * (frame - start) as usize;
            mix::interleave(block.left, block.right, &mut out[at..at + 2 * frames]);
        }
    }

    /// Fill `out` with the frames from `start` on, multiplied by `gain`.
    pub(super) fn planar(&mut self, start: u64, gain: f32, mut out: Block<'_>) {
        let end = start + out.len() as u64;
        self.renderer.prepare(start, end);
        for (frame, frames) in blocks(start, end) {
            let at = (frame - start) as usize;
            let mut block = out.part(at, at + frames);
            self.renderer.render(frame, block.reborrow());
            if gain != 1.0 {
                mix::scale(block.left, [gain, 1.0, 1.0, 1.0]);
                mix::scale(block.right, [gain, 1.0, 1.0, 1.0]);
            }
        }
    }

    /// Largest magnitude of the frames `from..to`.
    pub(crate) fn peak(&mut self, from: u64, to: u64) -> f32 {
        self.renderer.prepare(from, to);
        let mut most = 0.0_f32;
        for (frame, frames) in blocks(from, to) {
            let mut block = self.plane.block(frames);
            self.renderer.render(frame, block.reborrow());
            most = most.max(peak(&block));
        }
        most
    }
}

/// Indices of the steps from the first to the last one whose level is heard within `frames`: it sounds there, or hands
/// its level over to the next one there.
pub(super) fn steps_within(plan: &Plan, frames: &Range<u64>) -> Range<usize> {
    let steps = plan.steps();
    let heard = |index: &usize| {
        let placement = &steps[*index].placement;
        let handed = steps.get(index + 1).filter(|next| next.joint > 0).map_or(0, StepPlan::joint_end);
        placement.start < frames.end && frames.start < placement.end().max(handed)
    };
    let first = (0..steps.len()).find(heard).unwrap_or(0);
    let last = (0..steps.len()).rfind(heard).map_or(0, |index| index + 1);
    first..last.max(first)
}

/// Fill `out` with interleaved stereo frames from frame `start` on, at the level of the mix (without the final
/// normalisation of a file). Measures the steps that need it first. `threads` 0: all cores.
///
/// # Errors
/// [`Error::Invalid`] if the length of `out` is odd; [`Error::Cancelled`] if `progress` returns false; those of
/// [`Plan::measure`].
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::render::render_into;
///
/// let mut samples = vec![0.0; 2 * 1000]; // left and right alternate
/// render_into(&plan, 500, &mut samples, 0, &mut |_done| true)?;
/// assert!(samples.iter().any(|sample| *sample != 0.0));
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn render_into(
    plan: &Arc<Plan>,
    start: u64,
    out: &mut [f32],
    threads: usize,
    progress: Progress<'_>,
) -> Result<()> {
    if !out.len().is_multiple_of(2) {
        return Err(Error::invalid("out", format!("expected room for whole frames of two samples, got {}", out.len())));
    }
    let frames = start..start.saturating_add((out.len() / 2) as u64);
    let steps = steps_within(plan, &frames);
    plan.measure(steps.start, steps.end, threads, &mut stage(progress, 0.0, 0.5))?;
    let mut workers = Worker::crew(plan, threads);
    let jobs = jobs(plan, frames);
    let mut rest = out;
    let mut part = |job: &Range<u64>| {
        let (part, others) = std::mem::take(&mut rest).split_at_mut(2 * (job.end - job.start) as usize);
        rest = others;
        // each part is used by one job only, so the lock never waits
        Mutex::new(part)
    };
    let parts: Vec<_> = jobs.iter().map(&mut part).collect();
    let fill = |worker: &mut Worker, index: usize| worker.interleaved(jobs[index].start, &mut lock(&parts[index]));
    let mut done = 0;
    rolling(&mut workers, jobs.len(), jobs.len(), fill, |()| {
        done += 1;
        if progress(0.5 + 0.5 * f64::from(done) / jobs.len() as f64) { Ok(()) } else { Err(Error::Cancelled) }
    })
}

/// Split `frames` into pieces of at most [`CHUNK`] frames. Within a step, pieces end on multiples of [`CHUNK`] frames
/// from the start of the newest step. Cells of voices end there too, so that no piece begins inside a cell.
pub(super) fn jobs(plan: &Plan, frames: Range<u64>) -> Vec<Range<u64>> {
    let mut jobs = Vec::new();
    let mut start = frames.start;
    while start < frames.end {
        let segment = within(plan.segments(), start, start + 1).first();
        let newest = segment.and_then(|segment| segment.layers.last());
        let origin = newest.map_or(0, |layer| plan.steps()[layer.index].placement.start);
        let border = start + CHUNK - (start - origin) % CHUNK;
        let end = border.min(frames.end).min(segment.map_or(u64::MAX, |segment| segment.end));
        jobs.push(start..end);
        start = end;
    }
    jobs
}

/// Render the frames `start..start+frames` (`None`: to the end of the plan) as interleaved stereo, as [`render_into`]
/// does. Frames after the end of the plan are silent.
///
/// # Errors
/// [`Error::Invalid`] if the frames do not fit into memory; those of [`render_into`].
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::render::render_array;
///
/// let whole = render_array(&plan, 0, None, 0, &mut |_done| true)?;
/// let part = render_array(&plan, 441, Some(441), 1, &mut |_done| true)?;
/// assert_eq!(part, whole[2 * 441..2 * 882]);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn render_array(
    plan: &Arc<Plan>,
    start: u64,
    frames: Option<u64>,
    threads: usize,
    progress: Progress<'_>,
) -> Result<Vec<f32>> {
    let frames = frames.unwrap_or_else(|| plan.frames().saturating_sub(start));
    let mut out = Vec::new();
    let len = usize::try_from(frames).ok().and_then(|frames| frames.checked_mul(2));
    len.and_then(|len| out.try_reserve_exact(len).ok().map(|()| out.resize(len, 0.0)))
        .ok_or_else(|| Error::invalid("duration", format!("{frames} frames do not fit into memory")))?;
    render_into(plan, start, &mut out, threads, progress)?;
    Ok(out)
}

/// Receives the samples of [`render_stream`] in order: left and right, of equal length.
pub type Sink<'a> = &'a mut (dyn FnMut(&[f32], &[f32]) -> Result<()> + Send);

/// Render the track frames `frames`, multiplied by `gain`, and pass them to `sink` piece by piece. With more than one
/// thread, rendering continues while `sink` runs. All steps must be measured. `threads` 0: all cores.
///
/// # Errors
/// The first error of `sink`, which ends the rendering; [`Error::Cancelled`] if `progress` returns false.
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::render::render_stream;
///
/// plan.measure(0, plan.steps().len(), 0, &mut |_done| true)?;
/// let mut frames = 0;
/// let mut count = |left: &[f32], _right: &[f32]| {
///     frames += left.len() as u64;
///     Ok(())
/// };
/// render_stream(&plan, 0..plan.frames(), 1.0, 0, &mut count, &mut |_done| true)?;
/// assert_eq!(frames, plan.frames());
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn render_stream(
    plan: &Arc<Plan>,
    frames: Range<u64>,
    gain: f32,
    threads: usize,
    sink: Sink<'_>,
    progress: Progress<'_>,
) -> Result<()> {
    render_part(plan, &Arc::new(Part::ALL), frames, gain, threads, sink, progress)
}

/// As [`render_stream`] for a part of the plan.
pub(super) fn render_part(
    plan: &Arc<Plan>,
    part: &Arc<Part>,
    frames: Range<u64>,
    gain: f32,
    threads: usize,
    sink: Sink<'_>,
    progress: Progress<'_>,
) -> Result<()> {
    let mut workers = Worker::crew_of(plan, part, threads);
    let jobs = jobs(plan, frames);
    let spare: Mutex<Vec<[Vec<f32>; 2]>> = Mutex::new(Vec::new());
    let fill = |worker: &mut Worker, index: usize| {
        let Range { start, end } = jobs[index];
        let [mut left, mut right] = lock(&spare).pop().unwrap_or_default();
        left.resize((end - start) as usize, 0.0);
        right.resize((end - start) as usize, 0.0);
        worker.planar(start, gain, Block::new(&mut left, &mut right));
        [left, right]
    };
    let ahead = JOBS_PER_THREAD * workers.len();
    let mut done = 0;
    rolling(&mut workers, jobs.len(), ahead, fill, |planes| {
        sink(&planes[0], &planes[1])?;
        lock(&spare).push(planes);
        done += 1;
        if progress(f64::from(done) / jobs.len() as f64) { Ok(()) } else { Err(Error::Cancelled) }
    })
}
