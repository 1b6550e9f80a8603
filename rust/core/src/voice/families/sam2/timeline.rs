//! Time and phase of SAM2 (spec spatial-angle-modulation 3.2, 4), as functions of absolute time instead of running
//! sums. Under `Compat::transition_timing` a transition follows its curve, and the phases are the sums of the
//! frequencies.

use std::f64::consts::TAU;

use super::followed::{Followed, FollowedPhase};
use crate::dsp::cell;
use crate::dsp::cell::{CELL, PhaseCell};
use crate::dsp::phase::Turns;
use crate::dsp::ramp::Ramp;
use crate::voice::parts::glide::Glide;
use crate::voice::parts::sweep::{Law, Sweep};

/// Maps a frame to its time and to the progress of the transition.
#[derive(Debug, Clone)]
pub(super) struct Timeline {
    /// Frames before the first one, for a static voice whose call begins within a longer sound.
    pub(super) first: f64,
    /// Frames per second.
    pub(super) rate: f64,
    /// Seconds from the first frame to the start of the transition.
    pub(super) offset: f64,
    /// Length of the transition, seconds.
    pub(super) span: f64,
    /// The transition with its curve; offset and span then have no effect on it.
    pub(super) glide: Option<Glide>,
}

/// Position of a cell relative to the transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimelinePart {
    Before,
    Inside,
    After,
    /// Any other: the cell contains the start or the end of the transition, or the transition has a curve.
    Corner,
}

impl Timeline {
    /// Seconds at `frame`; 0 is the start of the transition.
    #[inline(always)]
    pub(super) fn time(&self, frame: u64) -> f64 {
        (self.first + frame as f64) / self.rate - self.offset
    }

    /// Make cell `index` the current one.
    pub(super) fn enter(&mut self, index: u64) {
        if let Some(glide) = &mut self.glide {
            glide.enter(index);
        }
    }

    /// Progress of the transition, 0..1.
    #[inline]
    pub(super) fn alpha(&self, frame: u64) -> f64 {
        if let Some(glide) = &self.glide {
            return glide.alpha.at(frame);
        }
        let t = self.time(frame);
        if self.span > 0.0 { (t / self.span).clamp(0.0, 1.0) } else { f64::from(u8::from(t >= 0.0)) }
    }

    /// The position of the cell that starts at `frame`.
    pub(super) fn part(&self, frame: u64) -> TimelinePart {
        if let Some(glide) = &self.glide {
            let still = glide.alpha.constant_over(frame, frame + CELL as u64).is_some();
            return if still { TimelinePart::Before } else { TimelinePart::Corner };
        }
        let (from, to) = (self.time(frame), self.time(frame + CELL as u64 - 1));
        if to < 0.0 {
            TimelinePart::Before
        } else if from >= self.span.max(0.0) {
            TimelinePart::After
        } else if from >= 0.0 && to <= self.span {
            TimelinePart::Inside
        } else {
            TimelinePart::Corner
        }
    }
}

/// A frequency in Hz over the transition; its phase is the integral, with phase 0 at time 0.
#[derive(Debug, Clone)]
pub(super) struct Pitch {
    pub(super) ends: Ramp,
    /// The oscillator of a transition with a curve.
    sweep: Option<Sweep>,
    /// The phase if the frequency follows a scene.
    followed: Option<FollowedPhase>,
    /// Phase at time 0 besides, cycles.
    start: f64,
}

impl Pitch {
    /// A frequency that follows the transition of `line`, with its phase ahead by `shift`.
    pub(super) fn new(ends: Ramp, line: &Timeline, shift: Turns) -> Self {
        let sweep = line.glide.as_ref().map(|glide| {
            let offset = Ramp::fixed(-TAU * ends.start * line.offset);
            Sweep::new(glide, ends, f64::NEG_INFINITY, offset, Law::SumBefore).precise().shifted(shift)
        });
        Self { ends, sweep, followed: None, start: shift.cycles() }
    }

    /// The same, but with a frequency that follows a scene instead, if there is one.
    pub(super) fn following(mut self, frequency: Option<Followed>, line: &Timeline, shift: Turns) -> Self {
        self.followed = frequency.map(|frequency| FollowedPhase::new(frequency, line, shift));
        self
    }

    /// The frequency at `frame`, where the transition is at `alpha`.
    pub(super) fn hertz(&self, line: &Timeline, frame: u64, alpha: f64) -> f64 {
        self.followed.as_ref().map_or_else(|| self.ends.at(alpha), |followed| followed.hertz(line, frame))
    }

    /// Write the [`fraction`](Self::fraction) of every frame of the cell that starts at `frame`.
    pub(super) fn fractions(&self, line: &Timeline, frame: u64, out: &mut [f64; CELL]) {
        if let Some(followed) = &self.followed {
            return followed.fractions(line, frame, out);
        }
        for (j, out) in out.iter_mut().enumerate() {
            *out = self.fraction(line, frame + j as u64);
        }
    }

    /// Fraction of a cycle at `frame`. It is computed through radians, as the definition is, because the rounding
    /// decides on which side of a frame a jump falls that coincides with it.
    #[inline(always)]
    pub(super) fn fraction(&self, line: &Timeline, frame: u64) -> f64 {
        if let Some(followed) = &self.followed {
            return followed.phase(line, frame).cycles();
        }
        if let (Some(sweep), Some(glide)) = (&self.sweep, &line.glide) {
            return sweep.phase(glide, frame).cycles();
        }
        let t = line.time(frame);
        let still = !self.ends.moves() && self.start == 0.0;
        let radians = if still { (TAU * self.ends.start) * t } else { TAU * self.cycles(t, line.span) };
        let cycles = radians / TAU;
        cycles - cycles.floor()
    }

    /// Phase in cycles at `t` seconds (spec 4, table).
    #[inline]
    fn cycles(&self, t: f64, span: f64) -> f64 {
        self.start + self.turned(t, span)
    }

    /// Phase at `frame`.
    pub(super) fn phase(&self, line: &Timeline, frame: u64) -> Turns {
        if let Some(followed) = &self.followed {
            return followed.phase(line, frame);
        }
        match (&self.sweep, &line.glide) {
            (Some(sweep), Some(glide)) => sweep.phase(glide, frame),
            _ => Turns::from_cycles(self.cycles(line.time(frame), line.span)),
        }
    }

    fn turned(&self, t: f64, span: f64) -> f64 {
        let Ramp { start: f0, end: f1 } = self.ends;
        if f0 == f1 || (span > 0.0 && t < 0.0) {
            f0 * t
        } else if span <= 0.0 {
            f1 * t
        } else if t <= span {
            f0 * t + 0.5 * ((f1 - f0) / span) * t * t
        } else {
            f0 * span + 0.5 * (f1 - f0) * span + f1 * (t - span)
        }
    }

    /// Write the phases of the cell that starts at `frame` and whose position is `part`.
    pub(super) fn phases(&self, line: &Timeline, frame: u64, part: TimelinePart, out: &mut PhaseCell) {
        if let Some(followed) = &self.followed {
            return followed.phases(line, frame, out);
        }
        if let (Some(sweep), Some(glide)) = (&self.sweep, &line.glide) {
            return sweep.phases(glide, out);
        }
        let Ramp { start: f0, end: f1 } = self.ends;
        let t = line.time(frame);
        let origin = self.cycles(t, line.span);
        let start = Turns::from_cycles(origin);
        let step = 1.0 / line.rate;
        let steady = |f: f64, out: &mut PhaseCell| cell::steady_phases(start, f * step, out);
        match part {
            _ if f0 == f1 => steady(f0, out),
            _ if line.span <= 0.0 => steady(f1, out),
            TimelinePart::Before => steady(f0, out),
            TimelinePart::After => steady(f1, out),
            TimelinePart::Inside => {
                let slope = (f1 - f0) / line.span;
                cell::cubic_phases(start, [(f0 + slope * t) * step, 0.5 * slope * step * step, 0.0], out);
            }
            TimelinePart::Corner => {
                let offset = |j: usize| self.cycles(line.time(frame + j as u64), line.span) - origin;
                cell::offset_phases(start, &std::array::from_fn(offset), out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_of_cells_equal_the_closed_form() {
        for span in [0.0, 0.01, 0.2, 5.0] {
            let line = Timeline { first: 0.0, rate: 22_050.0, offset: 0.0331, span, glide: None };
            for ends in [Ramp::fixed(300.0), Ramp { start: 120.0, end: -380.0 }] {
                let pitch = Pitch::new(ends, &line, Turns::from_cycles(0.3));
                let mut phases = [0; CELL];
                for index in 0..60 {
                    let frame = index * CELL as u64;
                    pitch.phases(&line, frame, line.part(frame), &mut phases);
                    for (j, phase) in phases.iter().enumerate() {
                        let exact = pitch.cycles(line.time(frame + j as u64), span);
                        let error = (f64::from(*phase) / 4_294_967_296.0 - exact + 0.5).rem_euclid(1.0) - 0.5;
                        assert!(error.abs() < 1e-9, "{span} {ends:?} {frame} {j}: {error:e}");
                    }
                }
            }
        }
    }

    #[test]
    fn frequency_is_the_derivative_of_the_phase() {
        let line = Timeline { first: 0.0, rate: 44_100.0, offset: 0.0, span: 1.0, glide: None };
        let pitch = Pitch::new(Ramp { start: 200.0, end: 350.0 }, &line, Turns::ZERO);
        for (t, hz) in [(-0.1, 200.0), (0.25, 237.5), (0.5, 275.0), (1.3, 350.0)] {
            let slope = (pitch.cycles(t + 1e-5, 1.0) - pitch.cycles(t - 1e-5, 1.0)) / 2e-5;
            assert!((slope - hz).abs() < 1e-6, "{t}: {slope}");
        }
    }
}
