//! Warns if the mix of steps, clips and bed exceeds full scale before the final normalisation of a file. Renders only
//! excerpts of those stretches that can exceed it. Voices that sound at the amplitudes they state get more excerpts,
//! because nothing turns them down.

use std::ops::Range;

use super::listener::Listener;
use super::{Budget, clock, decibels};
use crate::error::{Problem, Result};
use crate::interrupt::Interrupt;
use crate::media::Recording;
use crate::plan::{BLOCK, Bed, Plan, Shape, StepPlan, peak};
use crate::track::CrossfadeCurve;

/// Most excerpts that are rendered.
const EXCERPTS: u64 = 48;
/// The same if voices sound at the amplitudes that they state.
const ABSOLUTE_EXCERPTS: u64 = 480;
/// Blocks per excerpt.
const BLOCKS: u64 = 2;
/// Most stretches of the track that are examined, those with the highest bounds first.
const STRETCHES: usize = 24;
/// Budget in blocks.
const BUDGET: f64 = 12_000.0;
/// Blocks of each voice that an estimate of the gains renders.
const ESTIMATE: u64 = 24;
/// Bound of the peak of a voice that knows none.
const UNKNOWN: f32 = 100.0;
/// Peak of a noise bed before its gain, linear.
const NOISE: f32 = 0.95;
/// How much louder than its recording a clip may be that is heard from a place near the listener.
const NEAR: f32 = 8.0;
/// Full scale, with some room for rounding.
const FULL: f32 = 1.001;

pub(super) fn above_full_scale(plan: &Plan, interrupt: &Interrupt) -> Result<Option<Problem>> {
    let stretches = stretches(plan);
    if stretches.is_empty() {
        return Ok(None);
    }
    let count = if plan.has_absolute_levels() { ABSOLUTE_EXCERPTS } else { EXCERPTS };
    let each = (count / stretches.len() as u64).max(2);
    let mut meter = Meter::new(plan);
    let mut loudest = (FULL, 0..0);
    for stretch in &stretches {
        for excerpt in excerpts(stretch.from, stretch.to, each) {
            interrupt.check()?;
            if let Some(peak) = meter.mix(&excerpt).filter(|peak| *peak > loudest.0) {
                loudest = (peak, excerpt);
            }
        }
    }
    let (most, excerpt) = loudest;
    Ok((!excerpt.is_empty()).then(|| meter.told(most, &excerpt)))
}

/// A stretch of the track in which the same layers sound, with an upper bound of their common peak.
struct Stretch {
    from: u64,
    to: u64,
    bound: f32,
}

/// The stretches that can exceed full scale, the highest bound first, as far as is known without rendering.
fn stretches(plan: &Plan) -> Vec<Stretch> {
    // Frames at which the bound rises or falls, and by how much.
    let mut changes: Vec<(u64, f64)> = Vec::new();
    let mut add = |from: u64, to: u64, bound: f32| {
        if bound > 0.0 && from < to {
            changes.extend([(from, f64::from(bound)), (to, -f64::from(bound))]);
        }
    };
    for (index, step) in plan.steps().iter().enumerate() {
        let (place, own) = (&step.placement, step.bound(UNKNOWN));
        let before = index.checked_sub(1).map(|before| &plan.steps()[before]);
        match (place.crossfade, before) {
            // In a linear fade the mix is bounded by the louder of the two steps, not by their sum.
            (Some(fade), Some(before)) if fade.curve == CrossfadeCurve::Linear => {
                let end = place.fade_end().min(place.end());
                add(place.start, end, (own - before.bound(UNKNOWN)).max(0.0));
                add(end, place.end(), own);
            }
            _ => add(place.start, place.end(), own),
        }
    }
    for clip in plan.clips() {
        let near = if clip.moved.is_some() { NEAR } else { 1.0 };
        add(clip.start, clip.end(), near * loudness(&clip.sound.audio) * most(&clip.shape, clip.balance));
    }
    if let Some(bed) = plan.background() {
        let source = match &bed.source {
            Bed::Noise(_) => NOISE,
            Bed::Audio(audio, _) => loudness(audio),
        };
        add(bed.start, bed.end, source * most(&bed.shape, bed.balance));
    }
    changes.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut found = Vec::new();
    let mut sum = 0.0;
    for pair in changes.windows(2) {
        sum += pair[0].1;
        if pair[0].0 < pair[1].0 && sum > f64::from(FULL) {
            found.push(Stretch { from: pair[0].0, to: pair[1].0, bound: sum as f32 });
        }
    }
    found.sort_by(|a, b| b.bound.total_cmp(&a.bound).then(a.from.cmp(&b.from)));
    found.truncate(STRETCHES);
    found
}

/// Peak of a recording; full scale if it is unknown.
fn loudness(audio: &Recording) -> f32 {
    audio.content().peak().unwrap_or(1.0)
}

fn most(shape: &Shape, balance: [f32; 2]) -> f32 {
    shape.most() as f32 * balance[0].max(balance[1])
}

/// Up to `count` excerpts spread evenly over `from..to`; all of the range if they would overlap.
fn excerpts(from: u64, to: u64, count: u64) -> Vec<Range<u64>> {
    let length = BLOCKS * BLOCK as u64;
    if to - from <= count * length {
        return (0..(to - from).div_ceil(length))
            .map(|i| from + i * length..(from + (i + 1) * length).min(to))
            .collect();
    }
    let room = to - from - length;
    (0..count).map(|index| from + room / (count - 1).max(1) * index).map(|at| at..at + length).collect()
}

/// Finds peaks of excerpts within a budget.
struct Meter<'a> {
    plan: &'a Plan,
    listener: Listener<'a>,
    budget: Budget,
}

impl<'a> Meter<'a> {
    fn new(plan: &'a Plan) -> Self {
        Self { plan, listener: Listener::new(plan), budget: Budget(BUDGET) }
    }

    /// Peak of the whole mix in `excerpt`; `None` if rendering it would exceed the budget.
    fn mix(&mut self, excerpt: &Range<u64>) -> Option<f32> {
        for step in self.plan.steps().iter().filter(|step| is_within(step, excerpt)) {
            let known = step.final_levels().is_some() || step.estimate.get().is_some();
            if !self.budget.afford(step, BLOCKS + if known { 0 } else { ESTIMATE }) {
                return None;
            }
        }
        let mut most = 0.0_f32;
        self.listener.mix(excerpt, |block| most = most.max(peak(block)));
        Some(most)
    }

    /// The warning about the loudest excerpt: names the bed or clip that exceeds full scale alone, if there is one.
    fn told(mut self, most: f32, excerpt: &Range<u64>) -> Problem {
        let place = clock(excerpt.start, self.plan.sample_rate());
        let then = if self.plan.has_absolute_levels() {
            "playback is limited there, and files of integers are clipped"
        } else {
            "playback is limited there, and a file is turned down as a whole"
        };
        if let Some(bed) = self.plan.background() {
            let mut alone = 0.0_f32;
            self.listener.bed(bed, excerpt, |block| alone = alone.max(peak(block)));
            if alone > FULL {
                let over = decibels(alone);
                let gain = bed.shape.gain;
                let message = format!(
                    "the background layer alone is {over:.1} dB above full scale at {place} (gain {gain}): {then}"
                );
                return Problem::warning(bed.at.as_str(), message);
            }
        }
        for (index, clip) in self.plan.clips().iter().enumerate() {
            if !clip.is_within(excerpt.start, excerpt.end) {
                continue;
            }
            let mut alone = 0.0_f32;
            self.listener.clip(index, excerpt, |block| alone = alone.max(peak(block)));
            if alone > FULL {
                let over = decibels(alone);
                let message = format!("the clip alone is {over:.1} dB above full scale at {place}: {then}");
                return Problem::warning(clip.at.as_str(), message);
            }
        }
        let over = decibels(most);
        let message = if self.plan.has_absolute_levels() {
            format!("the peak of the mix is {most:.2}, {over:.1} dB above full scale, at {place}: {then}")
        } else {
            format!("steps, clips and background together are {over:.1} dB above full scale at {place}: {then}")
        };
        Problem::warning("", message)
    }
}

fn is_within(step: &StepPlan, excerpt: &Range<u64>) -> bool {
    step.placement.start < excerpt.end && excerpt.start < step.placement.end()
}
