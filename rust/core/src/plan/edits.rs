//! What voices continue where an edited track takes over from the one that plays (spec assembly 5.2).

use std::collections::HashMap;

use super::Plan;
use super::mix::bus::StepVoice;
use super::runs::{Place, Run};
use super::step::StepPlan;
use super::voices::{Builder, Carried, Onward, oscillators_of, phases_of};
use crate::dsp::phase::Turns;
use crate::track::Identity;
use crate::voice::Phases;
use crate::voice::oscillators::Shifts;

/// What the first voices of runs continue after an edit.
pub(super) type Edits = HashMap<Place, Carried>;

/// The step in which an edit takes over.
pub(super) struct Edit<'a> {
    pub(super) builder: &'a Builder<'a>,
    /// The plan that is replaced, and the track frame from which it is.
    pub(super) old: (&'a Plan, u64),
    /// Index of the step on the timeline.
    pub(super) index: usize,
    /// The frame of the step at which the edit takes over.
    pub(super) own: u64,
    /// The voices of the step as they are without the old plan.
    pub(super) plain: &'a [StepVoice],
}

impl Edit<'_> {
    /// What the voice continues; `None` if it is where the old one is, or cannot continue it within this step.
    pub(super) fn carried(&self, identity: &Identity, inherited: impl Fn() -> Carried) -> Option<Carried> {
        if self.is_over(identity) || self.root(identity).is_some() {
            return None;
        }
        if !self.builder.compat.carry_all_phases {
            return Some(Carried { phases: Some(self.moved(identity)?), ..inherited() });
        }
        let plain = oscillators_of(self.plain, identity, self.own).unwrap_or_default();
        let state = self.old.0.oscillators_at(identity, self.old.1)?;
        let onward = Shifts::default().lead(&plain, &state).then_some(Onward { at: self.own, state })?;
        Some(Carried { onward: Some(onward), all: true, ..Carried::default() })
    }

    /// What the first voices of runs that earlier steps began must continue, so that the voices of this step are where
    /// the old ones are. Such a voice cannot be led to other phases in the middle of its run.
    pub(super) fn begun(&self, steps: &[StepPlan]) -> Edits {
        let voices = self.plain.iter().map(|voice| &voice.identity).filter(|identity| !self.is_over(identity));
        voices.filter_map(|identity| self.root(identity).zip(self.begun_by(identity, steps))).collect()
    }

    fn begun_by(&self, identity: &Identity, steps: &[StepPlan]) -> Option<Carried> {
        if !self.builder.compat.carry_all_phases {
            return Some(Carried { phases: Some(self.moved(identity)?), ..Carried::default() });
        }
        let (index, position) = self.root(identity)?;
        let plain = oscillators_of(self.plain, identity, self.own).unwrap_or_default();
        let state = self.old.0.oscillators_at(identity, self.old.1)?;
        let mut shifts = Shifts::default();
        if !shifts.lead(&plain, &state) {
            return None;
        }
        let begun = steps.get(index)?.voices.get(position)?.voice.as_ref()?.oscillators_at(0)?;
        let onward = Onward { at: 0, state: begun.shifted(&shifts) };
        Some(Carried { onward: Some(onward), all: true, ..Carried::default() })
    }

    fn run(&self, identity: &Identity) -> Option<&Run> {
        let voice = self.plain.iter().find(|voice| voice.identity == *identity)?;
        self.builder.runs.of((self.index, voice.index))
    }

    /// Whether the next step has taken the voice over.
    fn is_over(&self, identity: &Identity) -> bool {
        self.run(identity).and_then(Run::silent_from).is_some_and(|until| until <= self.own)
    }

    /// The first voice of the run, if an earlier step began it.
    fn root(&self, identity: &Identity) -> Option<Place> {
        self.run(identity).filter(|run| run.is_joined()).map(|run| run.root)
    }

    /// The phases at the start of the voice, or of its run, that bring it to those of the old plan.
    fn moved(&self, identity: &Identity) -> Option<Phases> {
        let voice = self.plain.iter().find(|voice| voice.identity == *identity);
        let begun = voice.and_then(|voice| self.builder.begun_at((self.index, voice.index)));
        let start = begun.or_else(|| phases_of(self.plain, identity, 0))?;
        let then = phases_of(self.plain, identity, self.own)?;
        continued(start, then, self.old.0.phases_at(identity, self.old.1)?)
    }
}

/// The start phases that bring a voice that starts at `start` from the phases `then` to `running` at the same frame.
/// `None` if its phases match without a change.
fn continued(start: Phases, then: Phases, running: Phases) -> Option<Phases> {
    // Phases are compared and set on a grid of 2⁻³² turns, so that edits elsewhere do not change the bits of a voice.
    let on_grid = |turns: Turns| Turns(turns.0.wrapping_add(1 << 31) & !0xffff_ffff);
    let ahead = |running: f64, then: f64| Turns::from_radians(running) - Turns::from_radians(then);
    let (left, right) = (ahead(running.left, then.left), ahead(running.right, then.right));
    if on_grid(left) == Turns::ZERO && on_grid(right) == Turns::ZERO {
        return None;
    }
    let shifted = |start: f64, ahead: Turns| on_grid(Turns::from_radians(start) + ahead).radians();
    Some(Phases { left: shifted(start.left, left), right: shifted(start.right, right) })
}
