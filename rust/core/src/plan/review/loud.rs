//! Warns if the mix of steps, clips and bed exceeds full scale before the final normalisation of a file. Renders only
//! excerpts of those stretches that can exceed it. Voices that sound at the amplitudes they state get more excerpts,
//! because nothing turns them down.

use super::{Budget, clock, decibels};
use crate::error::{Problem, Result};
use crate::interrupt::Interrupt;
use crate::media::Recording;
use crate::plan::levels::gain::CEILING;
use crate::plan::mix::mixer::Mixer;
use crate::plan::{BLOCK, Background, Bed, PlacedClip, Plan, Plane, Shape, StepPlan, StepVoice, peak};
use crate::track::{Bus, CrossfadeCurve};
use crate::voice::Block;

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
/// Full scale, with some room for rounding.
const FULL: f32 = 1.001;

pub(super) fn above_full_scale(plan: &Plan, interrupt: &Interrupt) -> Result<Option<Problem>> {
    let stretches = stretches(plan);
    if stretches.is_empty() {
        return Ok(None);
    }
    let excerpts_of_all = if plan.has_absolute_levels() { ABSOLUTE_EXCERPTS } else { EXCERPTS };
    let each = (excerpts_of_all / stretches.len() as u64).max(2);
    let mut listener = Listener::new(plan);
    let mut loudest = (FULL, 0..0);
    for stretch in &stretches {
        for excerpt in excerpts(stretch.from, stretch.to, each) {
            interrupt.check()?;
            if let Some(peak) = listener.mix(&excerpt).filter(|peak| *peak > loudest.0) {
                loudest = (peak, excerpt);
            }
        }
    }
    let (most, excerpt) = loudest;
    Ok((!excerpt.is_empty()).then(|| listener.told(most, &excerpt)))
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
        let (place, own) = (&step.placement, bound(step));
        let before = index.checked_sub(1).map(|before| &plan.steps()[before]);
        match (place.crossfade, before) {
            // In a linear fade the mix is bounded by the louder of the two steps, not by their sum.
            (Some(fade), Some(before)) if fade.curve == CrossfadeCurve::Linear => {
                let end = place.fade_end().min(place.end());
                add(place.start, end, (own - bound(before)).max(0.0));
                add(end, place.end(), own);
            }
            _ => add(place.start, place.end(), own),
        }
    }
    for clip in plan.clips() {
        add(clip.start, clip.end(), loudness(&clip.audio) * most(&clip.shape, clip.balance));
    }
    if let Some(bed) = plan.background() {
        let source = match &bed.source {
            Bed::Noise(_) => NOISE,
            Bed::Audio(audio) => loudness(audio),
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

/// Upper bound of the peak of a step, under its gains.
fn bound(step: &StepPlan) -> f32 {
    let on = |bus| step.voices.iter().filter(|voice| voice.bus == bus && voice.voice.is_some()).count();
    let levels = &step.levels;
    let Some(target) = levels.normalization else {
        let stated = |voice: &StepVoice| {
            let volume = if voice.bus == Bus::Noise { levels.noise_volume } else { levels.binaural_volume };
            voice.voice.as_ref().map_or(0.0, |sound| sound.bound().unwrap_or(UNKNOWN) * volume)
        };
        return step.voices.iter().map(stated).sum::<f32>() * levels.master;
    };
    // The noise bus is normalised by its loudest voice, not by the sum, so that each voice can reach the target.
    let (binaural, noise) = (on(Bus::Binaural).min(1) as f32, on(Bus::Noise) as f32);
    let sum = target.abs() * (binaural * levels.binaural_volume + noise * levels.noise_volume);
    sum.min(CEILING) * levels.master
}

/// Peak of a recording; full scale if it is unknown.
fn loudness(audio: &Recording) -> f32 {
    audio.content().peak().unwrap_or(1.0)
}

fn most(shape: &Shape, balance: [f32; 2]) -> f32 {
    shape.most() as f32 * balance[0].max(balance[1])
}

/// Up to `count` excerpts spread evenly over `from..to`; all of the range if they would overlap.
fn excerpts(from: u64, to: u64, count: u64) -> Vec<std::ops::Range<u64>> {
    let length = BLOCKS * BLOCK as u64;
    if to - from <= count * length {
        return (0..(to - from).div_ceil(length))
            .map(|i| from + i * length..(from + (i + 1) * length).min(to))
            .collect();
    }
    let room = to - from - length;
    (0..count).map(|index| from + room / (count - 1).max(1) * index).map(|at| at..at + length).collect()
}

/// Renders excerpts of the whole mix, and of single layers.
struct Listener<'a> {
    plan: &'a Plan,
    mixer: Mixer,
    bed: Option<Bed>,
    out: Plane,
    spare: Plane,
    budget: Budget,
}

impl<'a> Listener<'a> {
    fn new(plan: &'a Plan) -> Self {
        let bed = plan.background().map(|bed| {
            let mut source = bed.source.fork();
            source.prepare();
            source
        });
        let (out, spare) = (Plane::new(), Plane::new());
        Self { plan, mixer: Mixer::new(plan), bed, out, spare, budget: Budget(BUDGET) }
    }

    /// Peak of the whole mix in `excerpt`; `None` if rendering it would exceed the budget.
    fn mix(&mut self, excerpt: &std::ops::Range<u64>) -> Option<f32> {
        let plan = self.plan;
        for step in plan.steps().iter().filter(|step| is_within(step, excerpt)) {
            let known = step.final_levels().is_some() || step.estimate.get().is_some();
            if !self.budget.afford(step, BLOCKS + if known { 0 } else { ESTIMATE }) {
                return None;
            }
        }
        self.mixer.prepare(plan, excerpt.start, excerpt.end);
        let near: Vec<&PlacedClip> =
            plan.clips().iter().filter(|clip| clip.is_within(excerpt.start, excerpt.end)).collect();
        let Self { mixer, bed, out, spare, .. } = self;
        Some(peaks(out, excerpt, |frame, mut block| {
            mixer.render(plan, usize::MAX, frame, block.reborrow());
            if let (Some(layer), Some(source)) = (plan.background(), bed.as_mut()) {
                layer.add(source, frame, block.reborrow(), spare);
            }
            for clip in &near {
                clip.add(frame, block.reborrow(), spare);
            }
        }))
    }

    /// The warning about the loudest excerpt: names the bed or clip that exceeds full scale alone, if there is one.
    fn told(mut self, most: f32, excerpt: &std::ops::Range<u64>) -> Problem {
        let place = clock(excerpt.start, self.plan.sample_rate());
        let then = if self.plan.has_absolute_levels() {
            "playback is limited there, and files of integers are clipped"
        } else {
            "playback is limited there, and a file is turned down as a whole"
        };
        if let Some(bed) = self.plan.background() {
            let alone = self.bed_alone(bed, excerpt);
            if alone > FULL {
                let over = decibels(alone);
                let gain = bed.shape.gain;
                let message = format!(
                    "the background layer alone is {over:.1} dB above full scale at {place} (gain {gain}): {then}"
                );
                return Problem::warning(bed.at.as_str(), message);
            }
        }
        for clip in self.plan.clips().iter().filter(|clip| clip.is_within(excerpt.start, excerpt.end)) {
            let spare = &mut self.spare;
            let alone = peaks(&mut self.out, excerpt, |frame, mut block| {
                block.clear();
                clip.add(frame, block, spare);
            });
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

    fn bed_alone(&mut self, bed: &Background, excerpt: &std::ops::Range<u64>) -> f32 {
        let Self { bed: source, out, spare, .. } = self;
        let Some(source) = source else { return 0.0 };
        peaks(out, excerpt, |frame, mut block| {
            block.clear();
            bed.add(source, frame, block, spare);
        })
    }
}

fn is_within(step: &StepPlan, excerpt: &std::ops::Range<u64>) -> bool {
    step.placement.start < excerpt.end && excerpt.start < step.placement.end()
}

/// The largest magnitude of what `render` writes within `excerpt`.
fn peaks(out: &mut Plane, excerpt: &std::ops::Range<u64>, mut render: impl FnMut(u64, Block<'_>)) -> f32 {
    crate::plan::blocks(excerpt.start, excerpt.end).fold(0.0, |most, (frame, frames)| {
        let mut block = out.block(frames);
        render(frame, block.reborrow());
        most.max(peak(&block))
    })
}
