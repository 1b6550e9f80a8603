//! The state of the head before any cell, without following the path from the start of the voice.
//!
//! What is smoothed forgets: after a while it depends on the path alone. The cells are grouped in stretches. The state at
//! the start of a stretch is followed from so far before it that nothing earlier matters, the states within the stretch
//! from that. So a state is a pure function of its cell, and a seek takes the same time anywhere in a voice.

use std::sync::Arc;

use super::head::{Head, Rules, State};
use super::trajectory::Trajectory;
use super::turn;
use crate::dsp::marks::Marks;
use crate::dsp::recent::Recent;

/// Fewest cells of a stretch.
const FEWEST_CELLS: u64 = 64;

/// Most frames of a stretch in addition to what is followed before it.
const MOST_FRAMES: u64 = 1 << 20;

/// How a state moves on to a frame: [`Head::place`] or [`Head::step`].
pub(super) type Advance = fn(&Head, &mut State, &Trajectory, u64);

/// States of the head before the cells. Copies share what is known.
#[derive(Clone)]
pub(super) struct States {
    head: Head,
    path: Arc<Trajectory>,
    advance: Advance,
    /// Frames per cell.
    cell: u64,
    /// Frames by which the states are before the cells.
    lead: u64,
    /// Cells per stretch.
    stretch: u64,
    memory: Memory,
    /// States before the cells of the stretches that were used last.
    known: Arc<Recent<u64, Marks<State>>>,
}

#[derive(Clone)]
enum Memory {
    /// Only this many frames matter, and the turn of `ItdHead`, here before the first of them.
    Short(u64, Marks<f64>),
    /// All frames from the first matter; the states before the stretches.
    Whole(Marks<State>),
}

impl States {
    pub(super) fn new(head: Head, path: Arc<Trajectory>, advance: Advance, cell: u64, lead: u64) -> Self {
        let first = head.first(&path);
        let (memory, frames) = match head.memory(&path) {
            Some(frames) => {
                (Memory::Short(frames, Marks::new(first.turned)), (8 * frames).min(frames.saturating_add(MOST_FRAMES)))
            }
            None => (Memory::Whole(Marks::new(first)), 0),
        };
        let stretch = frames.div_ceil(cell).max(FEWEST_CELLS);
        Self { head, path, advance, cell, lead, stretch, memory, known: Arc::new(Recent::new()) }
    }

    /// The state before frame `index · cell - lead`.
    pub(super) fn before(&self, index: u64) -> State {
        let stretch = index / self.stretch;
        let first = stretch * self.stretch;
        let states = self.known.get(stretch, || Marks::new(self.before_stretch(stretch)));
        states.at(index - first, |passed, state| self.follow(state, first + passed, first + passed + 1))
    }

    /// The path whose states these are.
    pub(super) fn path(&self) -> &Trajectory {
        &self.path
    }

    fn before_stretch(&self, stretch: u64) -> State {
        match &self.memory {
            Memory::Whole(states) => states
                .at(stretch, |passed, state| self.follow(state, passed * self.stretch, (passed + 1) * self.stretch)),
            Memory::Short(frames, turns) => {
                let begin = self.frame(stretch * self.stretch);
                let from = |stretch: u64| self.frame(stretch * self.stretch).saturating_sub(*frames);
                if from(stretch) == 0 {
                    return self.frames(self.head.first(&self.path), 0, begin);
                }
                let turned = turns.at(stretch, |passed, turned| match self.head.rules {
                    Rules::FoaCardioid => turned,
                    Rules::ItdHead => {
                        turn::follow(&self.path, turned, self.head.max_turn, from(passed), from(passed + 1))
                    }
                });
                self.frames(self.head.settled(&self.path, from(stretch), turned), from(stretch), begin)
            }
        }
    }

    /// The first frame after the state before cell `index`.
    fn frame(&self, index: u64) -> u64 {
        (index * self.cell).saturating_sub(self.lead)
    }

    /// `state` before cell `from`, advanced to that before cell `to`.
    fn follow(&self, state: State, from: u64, to: u64) -> State {
        self.frames(state, self.frame(from), self.frame(to))
    }

    fn frames(&self, mut state: State, from: u64, to: u64) -> State {
        for frame in from..to {
            (self.advance)(&self.head, &mut state, &self.path, frame);
        }
        state
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::super::head::wrap180;
    use super::*;
    use crate::compat::Compat;
    use crate::voice::Context;
    use crate::voice::params::Params;
    use crate::voice::stages::spatial::TABLE;

    const CELL: u64 = 64;
    const LEAD: u64 = 17;

    fn states(params: &Value, advance: Advance) -> States {
        let map: Map<String, Value> = params.as_object().cloned().unwrap_or_default();
        let params = Params::new(&map, &[TABLE], false, Compat::DEFAULT);
        let context = Context::new(300.0, 1000.0);
        let path = Trajectory::read(&context, &params).expect("a path");
        States::new(Head::read(&context, &params).expect("a head"), Arc::new(path), advance, CELL, LEAD)
    }

    /// The state that follows from every frame from the first.
    fn from_the_start(states: &States, index: u64) -> State {
        states.frames(states.head.first(states.path()), 0, states.frame(index))
    }

    fn trajectory() -> impl Strategy<Value = Value> {
        let mode = prop::sample::select(vec!["rotate", "rotating_arc", "oscillate"]);
        let one = (mode, 0.5..80.0, -200.0..200.0, 0.5..30.0, -400.0..400.0, 0.2..9.0).prop_map(
            |(mode, seconds, extent, period, speed, far)| {
                json!({"mode": mode, "seconds": seconds, "extent_deg": extent, "period_s": period,
                       "speed_deg_per_s": speed, "rotate_freq_hz": speed / 360.0, "distance_m": [far, 1.0]})
            },
        );
        prop::collection::vec(one, 1..4).prop_map(Value::from)
    }

    proptest! {
        #[test]
        fn a_state_far_inside_is_that_of_every_frame(
            trajectory in trajectory(),
            decoder in prop::sample::select(vec!["itd_head", "foa_cardioid"]),
            azimuth_ms in 0.0..300.0,
            distance_ms in 0.0..300.0,
            delay_step in prop::sample::select(vec![0.0, 1e-5, 1e-3, 0.02, 1.0]),
            degrees_per_s in prop::sample::select(vec![0.0, 20.0, 90.0, 1000.0]),
            index in 100_u64..4000,
        ) {
            let states = states(
                &json!({"spatialTrajectory": trajectory, "spatialDecoder": decoder, "spatialDezipperThetaMs": azimuth_ms,
                        "spatialDezipperDistMs": distance_ms, "spatialMaxDelayStepSamples": delay_step,
                        "spatialMaxDegPerS": degrees_per_s}),
                Head::step,
            );
            let (state, whole) = (states.before(index), from_the_start(&states, index));
            let turn = wrap180(states.head.azimuth_deg(&state) - states.head.azimuth_deg(&whole));
            prop_assert!(turn.abs() < 1e-5, "azimuth {turn} degrees wrong");
            prop_assert!((state.distance - whole.distance).abs() < 1e-7);
            let ears = |state: &State| [state.delay * state.side, state.delays[0], state.delays[1], state.levels[0], state.levels[1]];
            for (is, must) in ears(&state).into_iter().zip(ears(&whole)) {
                prop_assert!((is - must).abs() < 1e-6, "{is}, not {must}");
            }
        }
    }

    #[test]
    fn the_usual_stage_forgets_within_three_seconds() {
        let states = states(&json!({}), Head::place);
        assert!(matches!(states.memory, Memory::Short(frames, _) if frames < 3000));
    }
}
