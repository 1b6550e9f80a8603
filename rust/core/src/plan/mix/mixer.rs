//! Mixes the steps of a plan at any frame: overlaps, crossfades, and the gains of each step (spec assembly 6 and 7).

use std::sync::Arc;

use super::block::{BLOCK, Plane};
use super::bus::{Buses, Scratch, Share};
use super::gains::StepGains;
use super::part::Part;
use crate::dsp::mix;
use crate::plan::segments::within;
use crate::plan::timeline::Crossfade;
use crate::plan::{Plan, StepPlan};
use crate::voice::{Block, ToneAccelerator};

/// Seconds over which a step that began on estimated gains glides to the measured ones.
const GLIDE_SECONDS: f32 = 2.0;

/// Mixes the steps of one plan. It holds its own copies of the voices of the steps around the current position.
pub(crate) struct Mixer {
    slots: Vec<Option<Slot>>,
    part: Arc<Part>,
    plane: Plane,
    scratch: Scratch,
}

struct Slot {
    buses: Buses,
    level: Level,
    /// Delay in frames from alignment; `None` until the first block is mixed. From then on neither it nor the gains may
    /// jump.
    lag: Option<i64>,
}

/// Where the gains of a step come from.
#[derive(Debug, Clone, Copy)]
enum Level {
    /// Measured gains: the output is final.
    Measured(StepGains),
    /// Estimated gains, as a total per bus, until the measurement is done.
    Estimated([f32; 2]),
    /// A glide from estimated to measured gains that begins at frame `start` of the step. The gains are a function of
    /// the frame, so that a stretch that is rendered again gives the same output.
    Gliding { from: [f32; 2], to: StepGains, start: u64 },
}

impl Level {
    /// The total gain of each bus at `frame` of the step; `length` is that of a glide in frames.
    fn totals(self, frame: u64, length: u64) -> [f32; 2] {
        match self {
            Self::Measured(gains) => gains.totals(),
            Self::Estimated(totals) => totals,
            Self::Gliding { from, to, start } => {
                let goal = to.totals();
                let done = frame.saturating_sub(start).min(length);
                let rest = (length - done) as f32 / length as f32;
                [goal[0] + (from[0] - goal[0]) * rest, goal[1] + (from[1] - goal[1]) * rest]
            }
        }
    }
}

/// The level of the step before, from which the gain of joined voices comes.
#[derive(Debug, Clone, Copy)]
struct Handed {
    level: Level,
    /// Frames of that step before this one.
    before: u64,
    /// Frames over which the gain moves.
    joint: u64,
}

impl Mixer {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self::of(plan, Arc::new(Part::ALL))
    }

    /// A mixer of a part of the plan.
    pub(crate) fn of(plan: &Plan, part: Arc<Part>) -> Self {
        let slots = plan.steps().iter().map(|_| None).collect();
        Self { slots, part, plane: Plane::new(), scratch: Scratch::new() }
    }

    /// Copy the voices of the steps that play within `from..to`, drop all others, and let the accelerator, if there is
    /// one, sum the tones there. After this, `render` within `from..to` does not allocate.
    pub(crate) fn prepare(&mut self, plan: &Plan, from: u64, to: u64) {
        let steps = plan.steps();
        for (index, (slot, step)) in self.slots.iter_mut().zip(steps).enumerate() {
            // the step after it takes over its gain
            let joint = steps.get(index + 1).map_or(0, |next| next.placement.start + next.joint);
            let near = step.placement.start < to && from < step.placement.end().max(joint);
            if !near {
                *slot = None;
                continue;
            }
            let slot = slot.get_or_insert_with(|| Slot::new(step, index, &self.part));
            if let Some(accelerator) = &plan.accelerator {
                slot.prerender(step, accelerator.as_ref(), from, to);
            }
        }
    }

    /// Fill `out` with the mix of the steps whose index is below `steps`, from track frame `start` on.
    pub(crate) fn render(&mut self, plan: &Plan, steps: usize, start: u64, mut out: Block<'_>) {
        let end = start + out.len() as u64;
        let mut frame = start;
        for segment in within(plan.segments(), start, end) {
            let until = segment.end.min(end);
            while frame < until {
                // Split at the block borders of the newest step, so that its voices compute whole cells.
                let origin = segment.layers.last().map_or(0, |layer| plan.steps()[layer.index].placement.start);
                let whole = BLOCK as u64 - (frame - origin) % BLOCK as u64;
                // and where the gain of joined voices arrives
                let joints = segment.layers.iter().map(|layer| plan.steps()[layer.index].joint_end());
                let until = joints.filter(|end| *end > frame).fold(until, u64::min);
                let frames = whole.min(until - frame);
                let at = (frame - start) as usize;
                let mut block = out.part(at, at + frames as usize);
                let mut empty = true;
                for layer in segment.layers.iter().filter(|layer| layer.index < steps) {
                    let step = &plan.steps()[layer.index];
                    let fade = step.placement.crossfade.filter(|_| layer.fading);
                    self.layer(plan, layer.index, frame, block.reborrow(), fade, empty);
                    empty = false;
                }
                if empty {
                    block.clear();
                }
                frame += frames;
            }
        }
        out.part((frame - start) as usize, (end - start) as usize).clear();
    }

    /// Add one step to `out`, or crossfade `out` into it. With `empty`, `out` has no content yet and is overwritten.
    fn layer(&mut self, plan: &Plan, index: usize, frame: u64, out: Block<'_>, fade: Option<Crossfade>, empty: bool) {
        let Self { slots, part, plane, scratch } = self;
        let step = &plan.steps()[index];
        let handed = handed(slots, part, plan, index, frame);
        let slot = slots[index].get_or_insert_with(|| Slot::new(step, index, part));
        if empty && fade.is_none() && handed.is_none() {
            slot.sound(step, frame, out, scratch, Share::All, None);
            return;
        }
        let Block { left, right } = out;
        if empty {
            left.fill(0.0);
            right.fill(0.0);
        }
        let mut new = plane.block(left.len());
        let share = if handed.is_some() { Share::New } else { Share::All };
        slot.sound(step, frame, new.reborrow(), scratch, share, None);
        if let Some(fade) = fade {
            let into = frame - step.placement.start;
            let frames = left.iter_mut().zip(right.iter_mut()).zip(new.left.iter().zip(new.right.iter()));
            for (at, ((l, r), (new_l, new_r))) in (into..).zip(frames) {
                let (before, after) = fade.gains(at);
                *l = (f64::from(*l) * before + f64::from(*new_l) * after) as f32;
                *r = (f64::from(*r) * before + f64::from(*new_r) * after) as f32;
            }
        } else {
            mix::add(left, new.left);
            mix::add(right, new.right);
        }
        if handed.is_some() {
            slot.sound(step, frame, new.reborrow(), scratch, Share::Joined, handed);
            mix::add(left, new.left);
            mix::add(right, new.right);
        }
    }
}

/// The level that step `index` takes over, if the gain of its joined voices still moves at track frame `frame`.
fn handed(slots: &mut [Option<Slot>], part: &Part, plan: &Plan, index: usize, frame: u64) -> Option<Handed> {
    let step = &plan.steps()[index];
    let from = index.checked_sub(1).filter(|_| frame < step.joint_end())?;
    let last = &plan.steps()[from];
    let level = slots[from].get_or_insert_with(|| Slot::new(last, from, part)).level;
    Some(Handed { level, before: step.placement.start - last.placement.start, joint: step.joint })
}

impl Slot {
    /// The voices of `part` in the step at position `index` of the plan.
    fn new(step: &StepPlan, index: usize, part: &Part) -> Self {
        let measured = step.measured();
        let sounds = |voice| part.has(index, voice) && !measured.is_some_and(|m| m.silent(voice));
        let buses = Buses::fork(&step.voices, sounds);
        let level = match step.final_levels() {
            Some(final_levels) => Level::Measured(final_levels.gains),
            None => Level::Estimated(step.estimate().totals()),
        };
        Self { buses, level, lag: None }
    }

    /// Let `accelerator` sum the tones of the step in the track frames `from..to`.
    fn prerender(&mut self, step: &StepPlan, accelerator: &dyn ToneAccelerator, from: u64, to: u64) {
        let lag = self.lag.or(step.final_levels().map(|final_levels| final_levels.lag)).unwrap_or(0);
        let own = |frame: u64| {
            (frame as i64 - step.placement.start as i64 - lag).clamp(0, step.placement.placed as i64) as u64
        };
        self.buses.prerender(accelerator, own(from), own(to));
    }

    /// Fill `out` with a share of the step from track frame `frame` on, shifted by its alignment; silence outside the
    /// step. With `handed` its gain comes from the step before.
    fn sound(
        &mut self,
        step: &StepPlan,
        frame: u64,
        mut out: Block<'_>,
        scratch: &mut Scratch,
        share: Share,
        handed: Option<Handed>,
    ) {
        let placement = &step.placement;
        let fresh = self.lag.is_none();
        let lag = *self.lag.get_or_insert_with(|| step.final_levels().map_or(0, |final_levels| final_levels.lag));
        let own = frame as i64 - placement.start as i64 - lag;
        let frames = out.len() as i64;
        let from = (-own).clamp(0, frames) as usize;
        let to = (placement.placed as i64 - own).clamp(from as i64, frames) as usize;
        out.part(0, from).clear();
        out.part(to, frames as usize).clear();
        if to > from {
            let (own, length) = ((own + from as i64) as u64, self.settle(step, (own + from as i64) as u64, fresh));
            let out = out.part(from, to);
            match (share, self.level) {
                (Share::All, Level::Measured(gains)) => self.buses.mix(own, &gains, out, scratch),
                (Share::All, Level::Estimated(totals)) => {
                    let gains = StepGains { binaural: [totals[0], 1.0], noise: [totals[1], 1.0], both: [1.0; 2] };
                    self.buses.mix(own, &gains, out, scratch);
                }
                (_, level) => self.buses.mix_moving(share, own, out, scratch, |i| {
                    let frame = own + i as u64;
                    let totals = level.totals(frame, length);
                    handed.map_or(totals, |handed| handed.towards(totals, frame, length))
                }),
            }
        }
    }

    /// Bring the level up to date for `frame` of the step; returns the length of a glide in frames.
    fn settle(&mut self, step: &StepPlan, frame: u64, fresh: bool) -> u64 {
        let length = (GLIDE_SECONDS * step.sample_rate as f32) as u64;
        match (self.level, step.final_levels()) {
            (Level::Estimated(_), Some(final_levels)) if fresh => self.level = Level::Measured(final_levels.gains),
            (Level::Estimated(from), Some(final_levels)) => {
                self.level = Level::Gliding { from, to: final_levels.gains, start: frame };
            }
            // Stretches that are rendered again are near the glide; any place farther away was reached by a seek.
            (Level::Gliding { to, start, .. }, _) if frame + length < start || frame > start + 2 * length => {
                self.level = Level::Measured(to);
            }
            _ => {}
        }
        length
    }
}

impl Handed {
    /// The gains of joined voices at `frame` of the step, on the way to `totals`.
    fn towards(self, totals: [f32; 2], frame: u64, length: u64) -> [f32; 2] {
        let from = self.level.totals(frame + self.before, length);
        let done = (frame as f32 / self.joint as f32).min(1.0);
        [0, 1].map(|bus| from[bus] + (totals[bus] - from[bus]) * done)
    }
}
