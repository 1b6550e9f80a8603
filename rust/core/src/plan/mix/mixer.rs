//! Mixes the steps of a plan at any frame: overlaps, crossfades, and the gains of each step (spec assembly 6 and 7).

use super::block::{BLOCK, Plane};
use super::bus::{Buses, Scratch};
use super::gains::StepGains;
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

impl Mixer {
    pub(crate) fn new(plan: &Plan) -> Self {
        let slots = plan.steps().iter().map(|_| None).collect();
        Self { slots, plane: Plane::new(), scratch: Scratch::new() }
    }

    /// Copy the voices of the steps that play within `from..to`, drop all others, and let the accelerator, if there is
    /// one, sum the tones there. After this, `render` within `from..to` does not allocate.
    pub(crate) fn prepare(&mut self, plan: &Plan, from: u64, to: u64) {
        for (slot, step) in self.slots.iter_mut().zip(plan.steps()) {
            let near = step.placement.start < to && from < step.placement.end();
            if !near {
                *slot = None;
                continue;
            }
            let slot = slot.get_or_insert_with(|| Slot::new(step));
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
                let frames = whole.min(until - frame);
                let at = (frame - start) as usize;
                let mut block = out.part(at, at + frames as usize);
                let mut empty = true;
                for layer in segment.layers.iter().filter(|layer| layer.index < steps) {
                    let step = &plan.steps()[layer.index];
                    let fade = step.placement.crossfade.filter(|_| layer.fading);
                    self.layer(step, layer.index, frame, block.reborrow(), fade, empty);
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
    fn layer(
        &mut self,
        step: &StepPlan,
        index: usize,
        frame: u64,
        out: Block<'_>,
        fade: Option<Crossfade>,
        empty: bool,
    ) {
        let Self { slots, plane, scratch } = self;
        let slot = slots[index].get_or_insert_with(|| Slot::new(step));
        if empty && fade.is_none() {
            slot.sound(step, frame, out, scratch);
            return;
        }
        let Block { left, right } = out;
        if empty {
            left.fill(0.0);
            right.fill(0.0);
        }
        let mut new = plane.block(left.len());
        slot.sound(step, frame, new.reborrow(), scratch);
        let Some(fade) = fade else {
            mix::add(left, new.left);
            mix::add(right, new.right);
            return;
        };
        let into = frame - step.placement.start;
        let frames = left.iter_mut().zip(right).zip(new.left.iter().zip(new.right.iter()));
        for (at, ((l, r), (new_l, new_r))) in (into..).zip(frames) {
            let (before, after) = fade.gains(at);
            *l = (f64::from(*l) * before + f64::from(*new_l) * after) as f32;
            *r = (f64::from(*r) * before + f64::from(*new_r) * after) as f32;
        }
    }
}

impl Slot {
    fn new(step: &StepPlan) -> Self {
        let measured = step.measured();
        let buses = Buses::fork(&step.voices, |index| !measured.is_some_and(|m| m.silent(index)));
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

    /// Fill `out` with the step from track frame `frame` on, shifted by its alignment; silence outside the step.
    fn sound(&mut self, step: &StepPlan, frame: u64, mut out: Block<'_>, scratch: &mut Scratch) {
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
            self.mix(step, (own + from as i64) as u64, fresh, out.part(from, to), scratch);
        }
    }

    fn mix(&mut self, step: &StepPlan, frame: u64, fresh: bool, mut out: Block<'_>, scratch: &mut Scratch) {
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
        match self.level {
            Level::Measured(gains) => self.buses.mix(frame, &gains, out, scratch),
            Level::Estimated(totals) => {
                let gains = StepGains { binaural: [totals[0], 1.0], noise: [totals[1], 1.0], both: [1.0; 2] };
                self.buses.mix(frame, &gains, out, scratch);
            }
            Level::Gliding { from, to, start } => {
                let goal = to.totals();
                self.buses.mix_moving(frame, out.reborrow(), scratch, |i| {
                    let done = (frame + i as u64).saturating_sub(start).min(length);
                    let rest = (length - done) as f32 / length as f32;
                    [goal[0] + (from[0] - goal[0]) * rest, goal[1] + (from[1] - goal[1]) * rest]
                });
            }
        }
    }
}
