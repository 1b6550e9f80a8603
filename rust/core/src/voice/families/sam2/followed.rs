//! A parameter that follows a scene sample by sample, and the phase of a frequency that does (spec spatial-workbench 3.4).

use super::timeline::Timeline;
use crate::dsp::cell;
use crate::dsp::cell::{CELL, PhaseCell};
use crate::dsp::marks::Marks;
use crate::dsp::phase::Turns;
use crate::dsp::ramp::Ramp;
use crate::voice::Context;
use crate::voice::spatial::scene::Automation;

/// Most frames before the call over which a phase is summed.
const MOST_BEFORE: f64 = 16_777_216.0;

/// A value that stages and modulators drive.
#[derive(Debug, Clone)]
pub(super) struct Followed {
    automation: Automation,
    /// What it is without the scene.
    base: Ramp,
    /// Frame 0 on the time axis of the scene, in frames.
    origin: f64,
    rate: f64,
}

impl Followed {
    /// What drives the parameter `name` of the voice, whose own value is `base`; `None` if the scene leaves it alone.
    pub(super) fn of(context: &Context, name: &str, base: Ramp) -> Option<Self> {
        let scene = context.scene.as_ref()?;
        let automation = scene.followed(name)?.clone();
        Some(Self { automation, base, origin: scene.frame, rate: context.sample_rate })
    }

    /// The same for frames that are counted from `frames` earlier.
    pub(super) fn begun_earlier(mut self, frames: f64) -> Self {
        self.origin -= frames;
        self
    }

    /// The value at `frame`, where the transition of the voice is at `alpha`.
    pub(super) fn at(&self, frame: f64, alpha: f64) -> f64 {
        self.automation.value((self.origin + frame) / self.rate, self.base.at(alpha))
    }

    /// Whether it is constant from frame `from` to `to` while the transition stands.
    fn is_steady(&self, from: f64, to: f64) -> bool {
        let seconds = |frame: f64| (self.origin + frame) / self.rate;
        !self.base.moves() && self.automation.is_steady(seconds(from), seconds(to))
    }
}

/// The phase of a frequency that follows a scene: its sum by the trapezoid rule.
#[derive(Debug, Clone)]
pub(super) struct FollowedPhase {
    frequency: Followed,
    /// The phase at the start of each cell.
    marks: Marks<Turns>,
}

impl FollowedPhase {
    /// The phase is 0 at clock index 0, which is `first` frames before frame 0, and ahead by `shift`.
    pub(super) fn new(frequency: Followed, line: &Timeline, shift: Turns) -> Self {
        let mut phase = Self { frequency, marks: Marks::new(shift) };
        let before = line.first.clamp(0.0, MOST_BEFORE) as u64;
        let hertz = |frame: u64| phase.frequency.at(frame as f64 - line.first, 0.0);
        let sum: f64 = (0..before).map(|frame| 0.5 * (hertz(frame) + hertz(frame + 1))).sum();
        phase.marks = Marks::new(shift + Turns::from_cycles(sum / phase.frequency.rate));
        phase
    }

    /// The frequency at `frame`.
    pub(super) fn hertz(&self, line: &Timeline, frame: u64) -> f64 {
        self.frequency.at(frame as f64, line.alpha(frame))
    }

    /// The phase at the start of cell `index`.
    fn start(&self, line: &Timeline, index: u64) -> Turns {
        self.marks.at(index, |cell, phase| {
            let frame = cell * CELL as u64;
            let end = frame + CELL as u64;
            let cycles = if self.frequency.is_steady(frame as f64, end as f64) {
                self.hertz(line, frame) * CELL as f64
            } else {
                self.summed(line, frame, |_, _| {})
            };
            phase + Turns::from_cycles(cycles / self.frequency.rate)
        })
    }

    /// The sum over the cell that starts at `frame`, in cycles times the rate; `each` gets it before every frame.
    fn summed(&self, line: &Timeline, frame: u64, mut each: impl FnMut(usize, f64)) -> f64 {
        let mut last = self.hertz(line, frame);
        let mut sum = 0.0;
        for j in 0..CELL {
            each(j, sum);
            let next = self.hertz(line, frame + j as u64 + 1);
            sum += 0.5 * (last + next);
            last = next;
        }
        sum
    }

    /// The phase of every frame of the cell that starts at `frame`, as turns after `start`.
    fn offsets(&self, line: &Timeline, frame: u64) -> (Turns, [f64; CELL]) {
        let mut offsets = [0.0; CELL];
        if self.frequency.is_steady(frame as f64, (frame + CELL as u64) as f64) {
            let step = self.hertz(line, frame) / self.frequency.rate;
            offsets.iter_mut().enumerate().for_each(|(j, offset)| *offset = step * j as f64);
        } else {
            self.summed(line, frame, |j, sum| offsets[j] = sum / self.frequency.rate);
        }
        (self.start(line, frame / CELL as u64), offsets)
    }

    /// Write the phases of the cell that starts at `frame`.
    pub(super) fn phases(&self, line: &Timeline, frame: u64, out: &mut PhaseCell) {
        let (start, offsets) = self.offsets(line, frame);
        cell::offset_phases(start, &offsets, out);
    }

    /// Write the fractions of a cycle of the cell that starts at `frame`.
    pub(super) fn fractions(&self, line: &Timeline, frame: u64, out: &mut [f64; CELL]) {
        let (start, offsets) = self.offsets(line, frame);
        for (out, offset) in out.iter_mut().zip(offsets) {
            *out = (start + Turns::from_cycles(offset)).cycles();
        }
    }

    /// The phase at `frame`.
    pub(super) fn phase(&self, line: &Timeline, frame: u64) -> Turns {
        let (start, offsets) = self.offsets(line, frame - frame % CELL as u64);
        start + Turns::from_cycles(offsets[(frame % CELL as u64) as usize])
    }
}

/// A value that moves with the transition, or follows a scene.
#[derive(Debug, Clone)]
pub(super) struct Course {
    pub(super) ramp: Ramp,
    pub(super) followed: Option<Followed>,
}

impl Course {
    /// The value at `frame`, where the transition is at `alpha`.
    pub(super) fn at(&self, frame: u64, alpha: f64) -> f64 {
        self.followed.as_ref().map_or_else(|| self.ramp.at(alpha), |followed| followed.at(frame as f64, alpha))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::voice::spatial::scene::{Binding, Modulator, Route, SceneAt, Shape, Span, VoiceScene};

    /// A carrier of 200 Hz on the way to 300 Hz and back, with a modulator.
    fn context() -> Context {
        let span = Span::new(0.02, 0.1, 0.03, 0.02);
        let automation = Automation {
            bindings: vec![Binding { span, shape: Shape::Exponential, value: 300.0 }],
            routes: vec![Route { modulator: Modulator::default(), depth: 9.0, shape: Shape::Linear }],
        };
        let scene = VoiceScene { parameters: vec![("carrierFreq".to_owned(), automation)], ..VoiceScene::default() };
        Context { scene: Some(SceneAt::new(Arc::new(scene), 0.005, 8000.0)), ..Context::new(0.2, 8000.0) }
    }

    #[test]
    fn the_phase_is_the_trapezoid_sum_in_any_order() {
        let context = context();
        let line = Timeline { first: 0.0, rate: 8000.0, offset: 0.0, span: 0.0, glide: None };
        let followed = || Followed::of(&context, "carrierFreq", Ramp::fixed(200.0)).unwrap();
        let frequency = followed();
        let phase = FollowedPhase::new(followed(), &line, Turns::ZERO);
        let exact = |frame: u64| {
            let hertz = |i: u64| frequency.at(i as f64, 0.0);
            (0..frame).map(|i| (hertz(i) + hertz(i + 1)) / 2.0).sum::<f64>() / 8000.0
        };
        for frame in [1500, 3, 0, 256, 700, 255, 1024] {
            let error = (phase.phase(&line, frame).cycles() - exact(frame) + 0.5).rem_euclid(1.0) - 0.5;
            assert!(error.abs() < 1e-12, "{frame}: {error:e}");
            let (mut phases, mut fractions) = ([0; CELL], [0.0; CELL]);
            let cell = frame - frame % CELL as u64;
            phase.phases(&line, cell, &mut phases);
            phase.fractions(&line, cell, &mut fractions);
            for j in [0, 7, 255] {
                let exact = exact(cell + j as u64).rem_euclid(1.0);
                assert!((fractions[j] - exact).abs() < 1e-12);
                assert!((f64::from(phases[j]) / 4_294_967_296.0 - exact).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn other_parameters_are_not_followed() {
        let context = context();
        assert!(Followed::of(&context, "modFreq", Ramp::fixed(4.0)).is_none());
        let alone = Context::new(0.2, 8000.0);
        assert!(Followed::of(&alone, "carrierFreq", Ramp::fixed(4.0)).is_none());
    }
}
