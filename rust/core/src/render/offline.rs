//! Rendering without a clock: stretches of a plan on all cores, cut into fixed chunks of time, so that the samples do
//! not depend on the number of threads, and memory not on the length.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use super::renderer::Renderer;
use crate::dsp::mix;
use crate::error::{Error, Result};
use crate::lock::lock;
use crate::parallel;
use crate::parallel::{Pace, Progress, run, stage};
use crate::plan::{Plan, Plane, blocks, peak, within};
use crate::voice::Block;

/// Most frames per job.
const CHUNK: u64 = 1 << 17;
/// Most jobs per thread that are rendered before they are handed on.
const JOBS_PER_THREAD: usize = 2;

/// One thread's renderer and working memory.
pub(crate) struct Worker {
    renderer: Renderer,
    plane: Plane,
}

impl Worker {
    /// Workers for `threads` threads (0: all cores).
    pub(crate) fn crew(plan: &Arc<Plan>, threads: usize) -> Vec<Self> {
        let worker = |_| Self { renderer: Renderer::new(Arc::clone(plan)), plane: Plane::new() };
        (0..parallel::threads(threads)).map(worker).collect()
    }

    /// Frames of two samples from `start` on.
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

    /// Both channels from `start` on, times `gain`.
    fn planar(&mut self, start: u64, gain: f32, mut out: Block<'_>) {
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

/// The steps that sound within `frames`, from the first to the last.
fn steps_within(plan: &Plan, frames: &Range<u64>) -> Range<usize> {
    let sounds = |index: &usize| {
        let placement = &plan.steps()[*index].placement;
        placement.start < frames.end && frames.start < placement.end()
    };
    let first = (0..plan.steps().len()).find(sounds).unwrap_or(0);
    let last = (0..plan.steps().len()).rfind(sounds).map_or(0, |index| index + 1);
    first..last.max(first)
}

/// Frames of two samples, from `start` on as many as fit into `out`, before the final normalisation of a file. Measures
/// what is not measured yet. `threads` 0: all cores.
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
    let mut pace = Pace::new(workers.len(), JOBS_PER_THREAD);
    let (mut rest, mut left) = (out, jobs.as_slice());
    while !left.is_empty() {
        let (wave, others) = left.split_at(pace.next(left.len()));
        left = others;
        let parts = wave.iter().map(|job| {
            let (part, others) = std::mem::take(&mut rest).split_at_mut(2 * (job.end - job.start) as usize);
            rest = others;
            part
        });
        share(&mut workers, parts, |worker, index, part| worker.interleaved(wave[index].start, part));
        pace.done();
        if !progress(1.0 - 0.5 * left.len() as f64 / jobs.len() as f64) {
            return Err(Error::Cancelled);
        }
    }
    Ok(())
}

/// `frames` in pieces of at most [`CHUNK`] frames. They end on multiples of that length as the newest step counts its
/// frames: voices that restart with a warm-up do so on such a grid, and no piece then begins in the middle.
fn jobs(plan: &Plan, frames: Range<u64>) -> Vec<Range<u64>> {
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

/// Let the workers fill the parts of an output, each part once.
fn share<P: Send>(
    workers: &mut [Worker],
    parts: impl Iterator<Item = P>,
    fill: impl Fn(&mut Worker, usize, &mut P) + Sync,
) {
    let parts: Vec<Mutex<P>> = parts.map(Mutex::new).collect();
    run(workers, parts.len(), |worker, job| {
        // Every part is taken once: the lock never waits.
        let mut part = lock(&parts[job]);
        fill(worker, job, &mut part);
    });
}

/// The frames `start..start+frames` (`None`: to the end of the plan) as one array of frames of two samples; frames after
/// the end are silent. See [`render_into`].
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

/// Where [`render_stream`] hands its samples: left and right, in order.
pub type Sink<'a> = &'a mut (dyn FnMut(&[f32], &[f32]) -> Result<()> + Send);

/// Hand the frames of `frames`, times `gain`, to `sink` piece by piece; rendering goes on while `sink` works. Everything
/// must be measured. Ends with the first error of `sink`. `threads` 0: all cores.
pub fn render_stream(
    plan: &Arc<Plan>,
    frames: Range<u64>,
    gain: f32,
    threads: usize,
    sink: Sink<'_>,
    progress: Progress<'_>,
) -> Result<()> {
    let mut workers = Worker::crew(plan, threads);
    let jobs = jobs(plan, frames);
    let mut pace = Pace::new(workers.len(), JOBS_PER_THREAD);
    let mut left = jobs.as_slice();
    let mut ready = (Vec::new(), Vec::new());
    let mut next = ready.clone();
    loop {
        let (wave, others) = left.split_at(pace.next(left.len()));
        left = others;
        if wave.is_empty() && ready.0.is_empty() {
            return Ok(());
        }
        let count = wave.iter().map(|job| job.end - job.start).sum::<u64>() as usize;
        next.0.resize(count, 0.0);
        next.1.resize(count, 0.0);
        let mut fill = || {
            let mut rest = (next.0.as_mut_slice(), next.1.as_mut_slice());
            let parts = wave.iter().map(|job| {
                let frames = (job.end - job.start) as usize;
                let (left, others_left) = std::mem::take(&mut rest.0).split_at_mut(frames);
                let (right, others_right) = std::mem::take(&mut rest.1).split_at_mut(frames);
                rest = (others_left, others_right);
                (left, right)
            });
            share(&mut workers, parts, |worker, index, (left, right)| {
                worker.planar(wave[index].start, gain, Block::new(left, right));
            });
        };
        let mut hand_on = || if ready.0.is_empty() { Ok(()) } else { sink(&ready.0, &ready.1) };
        if threads == 1 {
            hand_on()?;
            fill();
        } else {
            parallel::beside(hand_on, fill)?;
        }
        std::mem::swap(&mut ready, &mut next);
        pace.done();
        if !wave.is_empty() && !progress(1.0 - left.len() as f64 / jobs.len() as f64) {
            return Err(Error::Cancelled);
        }
    }
}
