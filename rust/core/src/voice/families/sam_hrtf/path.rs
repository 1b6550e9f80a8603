//! Position of the source: ramps over a whole call, the path around the head, and the nearest measured direction of
//! each frame (spec spatial-angle-modulation 1.3, 1.4, 2).

use std::f64::consts::{FRAC_1_SQRT_2, PI};
use std::sync::Arc;

use crate::dsp::hrir;
use crate::dsp::phase::Turns;
use crate::dsp::sine::{cosine, sine};
use crate::voice::Ramp;
use crate::voice::parts::glide::Glide;
use crate::voice::parts::sweep;
use crate::voice::parts::sweep::Law;

/// A parameter over one call: linear in `n/N`, exactly the end value at the last sample (spec 2). Under
/// `Compat::transition_timing` it follows the transition's timing and curve instead.
#[derive(Debug, Clone)]
pub(super) struct Sweep {
    pub(super) ends: Ramp,
    /// Samples of the call.
    pub(super) samples: u64,
    /// The transition, and the phase of an oscillator with this parameter as its rate.
    pub(super) timed: Option<Arc<Timed>>,
}

/// A transition that a parameter follows.
#[derive(Debug)]
pub(super) struct Timed {
    glide: Arc<Glide>,
    phase: sweep::Sweep,
}

impl Sweep {
    /// A parameter over a call of `samples` samples; `glide` is the transition that it follows (`None`: the whole
    /// call).
    pub(super) fn new(ends: Ramp, samples: u64, glide: Option<&Arc<Glide>>) -> Self {
        let timed = glide.filter(|_| ends.moves()).map(|glide| {
            let phase = sweep::Sweep::new(glide, ends, 0.0, Ramp::fixed(0.0), Law::SumWithFirst);
            Arc::new(Timed { glide: Arc::clone(glide), phase: phase.precise() })
        });
        Self { ends, samples, timed }
    }

    /// The value at sample `n`.
    pub(super) fn at(&self, n: u64) -> f64 {
        if let Some(timed) = &self.timed {
            return self.ends.at(timed.glide.alpha.at(n));
        }
        if n + 1 >= self.samples { self.ends.end } else { self.ends.at(n as f64 / self.samples as f64) }
    }

    /// The phase at sample `n` of an oscillator whose rate in Hz is this parameter, or 0 where that is negative; the
    /// phase of the first sample is one increment. `rate` is in samples per second.
    pub(super) fn turns(&self, n: u64, rate: f64) -> Turns {
        match &self.timed {
            Some(timed) => timed.phase.phase(&timed.glide, n),
            None => Turns::from_cycles(self.sum(n) / rate),
        }
    }

    /// The change per sample, without its sign; where the transition has a curve, twice the mean.
    fn speed(&self) -> f64 {
        let change = (self.ends.end - self.ends.start).abs();
        let Some(timed) = &self.timed else { return change / self.samples.max(1) as f64 };
        if timed.glide.alpha.is_constant() {
            return 0.0;
        }
        let (begin, after) = timed.glide.alpha.corners();
        2.0 * change / after.min(self.samples).saturating_sub(begin).max(1) as f64
    }

    /// How far the value moves in a number of samples; under a transition no farther than it is away from 0 at the ends.
    fn way(&self, samples: f64) -> f64 {
        let way = self.speed() * samples;
        let nearest = self.ends.start.abs().min(self.ends.end.abs());
        if self.timed.is_some() && nearest > 0.0 { way.min(nearest) } else { way }
    }

    /// The sum of the values of the samples `0..=n`, each clamped to at least 0, in closed form.
    fn sum(&self, n: u64) -> f64 {
        let Ramp { start, end } = self.ends;
        let slope = (end - start) / self.samples as f64;
        // the values of the samples lo..=hi are not negative
        let mut hi = n.min(self.samples.saturating_sub(2)) as f64;
        let mut lo = 0.0;
        if start < 0.0 && end > 0.0 {
            lo = (-start / slope).ceil();
        } else if start > 0.0 && end < 0.0 {
            hi = hi.min((-start / slope).floor());
        } else if start <= 0.0 && end <= 0.0 {
            hi = -1.0;
        }
        let ramp = if hi < lo || self.samples < 2 {
            0.0
        } else {
            (hi - lo + 1.0) * start + slope * 0.5 * (hi * (hi + 1.0) - lo * (lo - 1.0))
        };
        // from the last sample on the value is that of the end
        if n + 1 >= self.samples { ramp + end.max(0.0) * (n + 2 - self.samples) as f64 } else { ramp }
    }
}

/// The shape of a path (spec 1.4). Distance has no effect, so a shape only maps the path's phase to an angle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PathShape {
    Circle,
    Square,
    Linear,
    Arc,
    Diamond,
    OscillatingArc,
}

impl PathShape {
    /// The names that the track format accepts.
    pub(super) const NAMES: &'static [&'static str] =
        &["circle", "square", "linear", "arc", "diamond", "oscillating_arc"];

    /// The shape called `name`; unknown names give a circle.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "square" => Self::Square,
            "linear" => Self::Linear,
            "arc" => Self::Arc,
            "diamond" => Self::Diamond,
            "oscillating_arc" => Self::OscillatingArc,
            _ => Self::Circle,
        }
    }

    /// Position (left, front) for the path phase `p`, the radius `r` and the arc limits in degrees.
    fn position(self, p: Turns, r: f64, arc: (f64, f64)) -> (f64, f64) {
        let on_arc = |part: f64| {
            let angle = Turns::from_cycles((arc.0 + part * (arc.1 - arc.0)) / 360.0);
            (r * sine(angle), r * cosine(angle))
        };
        let square = || {
            let (c, s) = (cosine(p), sine(p));
            let m = c.abs().max(s.abs());
            (r * c / m, r * s / m)
        };
        match self {
            Self::Circle => (r * sine(p), r * cosine(p)),
            Self::Linear => (0.0, r * sine(p)),
            Self::Arc => on_arc((1.0 - cosine(p)) / 2.0),
            Self::OscillatingArc => on_arc(1.0 - 2.0 * (p.cycles() - 0.5).abs()),
            Self::Square => square(),
            Self::Diamond => {
                let (x, y) = square();
                ((x + y) * FRAC_1_SQRT_2, (y - x) * FRAC_1_SQRT_2)
            }
        }
    }
}

/// The path of the source around the head.
#[derive(Debug, Clone)]
pub(super) struct Path {
    /// Phase of the path before the first sample.
    pub(super) start: Turns,
    /// Turns along the path per second.
    pub(super) beat: Sweep,
    /// Radius, of which only the sign matters.
    pub(super) radius: Sweep,
    /// Arc limits, degrees.
    pub(super) arc: (Sweep, Sweep),
    /// Shape during and after the transition.
    pub(super) shape: (PathShape, PathShape),
    /// First sample with the second shape.
    pub(super) reshaped: u64,
    /// Samples per second.
    pub(super) rate: f64,
}

impl Path {
    /// Phase of the path at sample `n`.
    pub(super) fn phase(&self, n: u64) -> Turns {
        self.start + self.beat.turns(n, self.rate)
    }

    /// Progress of the call at sample `n`, 0..1.
    pub(super) fn progress(&self, n: u64) -> f64 {
        if let Some(timed) = &self.beat.timed {
            return timed.glide.alpha.at(n);
        }
        let samples = self.beat.samples;
        if n + 1 >= samples { 1.0 } else { n as f64 / samples as f64 }
    }

    /// Azimuth at sample `n` in degrees, -180..180, positive to the left.
    pub(super) fn azimuth(&self, n: u64) -> f64 {
        let r = self.radius.at(n);
        let (x, y) = if self.beat.at(n) < 1e-6 {
            (0.0, r)
        } else {
            let p = self.phase(n);
            let shape = if n >= self.reshaped { self.shape.1 } else { self.shape.0 };
            shape.position(p, r, (self.arc.0.at(n), self.arc.1.at(n)))
        };
        x.atan2(y).to_degrees()
    }
}

/// Half the time in which the source passes through the head, seconds.
const PASSAGE: f64 = 0.0025;

/// Where the source is heard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    /// Degrees, positive to the left, any number of turns.
    pub(super) azimuth: f64,
    /// The share of the opposite azimuth, 0 to 1. It is between them only while the source passes through the head.
    pub(super) opposite: f64,
}

impl Path {
    /// The place at sample `n`, without the jumps of [`azimuth`](Self::azimuth) (spec 1.8).
    pub(super) fn place(&self, n: u64) -> Place {
        let radius = self.radius.at(n);
        let still = self.beat.ends.start.max(self.beat.ends.end) < 1e-6;
        let turn = self.phase(n);
        let shape = if still { PathShape::Circle } else { self.shape.0 };
        let cycles = if still { 0.0 } else { turn.cycles() };
        let on_arc = |part: f64| self.arc.0.at(n) + part * (self.arc.1.at(n) - self.arc.0.at(n));
        let azimuth = match shape {
            PathShape::Circle => 360.0 * cycles,
            PathShape::Square => 90.0 - 360.0 * cycles,
            PathShape::Diamond => 135.0 - 360.0 * cycles,
            PathShape::Linear => 0.0,
            PathShape::Arc => on_arc(0.5 - 0.5 * cosine(turn)),
            PathShape::OscillatingArc => on_arc(1.0 - 2.0 * (cycles - 0.5).abs()),
        };
        // how far in front of the head's centre the source is, and how far it moves in the time of half a passage
        let mut ahead = radius;
        let mut passage = self.radius.way(PASSAGE * self.rate);
        if shape == PathShape::Linear {
            let turned = (self.beat.at(n).max(0.0) * PASSAGE).min(0.125);
            ahead *= sine(turn);
            passage = passage.max(radius.abs() * sine(Turns::from_cycles(turned)));
        }
        let opposite = if passage > 0.0 {
            let behind = (0.5 - 0.5 * ahead / passage).clamp(0.0, 1.0);
            behind * behind * (3.0 - 2.0 * behind)
        } else {
            f64::from(u8::from(ahead < 0.0))
        };
        Place { azimuth, opposite }
    }

    /// The fastest rotation around the head, turns per second.
    pub(super) fn turns_per_second(&self) -> f64 {
        let mut beat = self.beat.ends.start.max(self.beat.ends.end).max(0.0);
        if self.shape.0 == PathShape::Linear || self.radius.ends.moves() {
            // a passage through the head is as fast as this
            beat = beat.max(0.1 / PASSAGE);
        }
        if !matches!(self.shape.0, PathShape::Arc | PathShape::OscillatingArc) {
            return beat;
        }
        let arc = |at: fn(&Sweep) -> f64| (at(&self.arc.1) - at(&self.arc.0)).abs();
        let span = arc(|sweep| sweep.ends.start).max(arc(|sweep| sweep.ends.end)) / 360.0;
        beat * span * PI + (self.arc.0.speed() + self.arc.1.speed()) * self.rate / 360.0
    }
}

/// The index of the measured direction for every frame, with a cache of recent frames.
#[derive(Debug, Clone)]
pub(super) struct Directions {
    path: Path,
    hop: u64,
    recent: Vec<(u64, usize)>,
}

impl Directions {
    /// `memory` is the number of neighbouring frames to cache.
    pub(super) fn new(path: Path, hop: usize, memory: usize) -> Self {
        Self { path, hop: hop as u64, recent: vec![(u64::MAX, 0); memory] }
    }

    /// Direction index of the frame that starts at sample `frame·hop` (spec 1.5: azimuth at the middle of the hop).
    pub(super) fn of(&mut self, frame: u64) -> usize {
        let slot = (frame % self.recent.len() as u64) as usize;
        if self.recent[slot].0 != frame {
            let n = (frame * self.hop + self.hop / 2).min(self.path.beat.samples.saturating_sub(1));
            self.recent[slot] = (frame, hrir::direction(self.path.azimuth(n)));
        }
        self.recent[slot].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_equal_running_sums_even_across_zero() {
        for (start, end) in [(3.0, 9.0), (5.0, 5.0), (-4.0, 7.0), (6.0, -2.0), (-1.0, -3.0), (0.0, 4.0), (4.0, 0.0)] {
            let sweep = Sweep::new(Ramp { start, end }, 1000, None);
            let mut running = 0.0;
            for n in 0..1000 {
                running += sweep.at(n).max(0.0);
                assert!((sweep.sum(n) - running).abs() < 1e-9, "{start} {end} {n}: {} {running}", sweep.sum(n));
            }
        }
        assert_eq!(Sweep::new(Ramp { start: 2.0, end: 3.0 }, 1, None).sum(0), 3.0);
    }

    fn azimuth(shape: PathShape, cycles: f64, radius: f64) -> f64 {
        let (x, y) = shape.position(Turns::from_cycles(cycles), radius, (-60.0, 30.0));
        x.atan2(y).to_degrees()
    }

    #[test]
    fn every_path_shape_gives_the_expected_azimuths() {
        for i in 1..36 {
            let turn = f64::from(i) / 37.0;
            let wrapped = |degrees: f64| (degrees + 180.0).rem_euclid(360.0) - 180.0;
            let near = |got: f64, angle: f64| assert!(wrapped(got - angle).abs() < 1e-9, "{got} {angle}");
            near(azimuth(PathShape::Circle, turn, 2.0), 360.0 * turn);
            near(azimuth(PathShape::Circle, turn, -2.0), 360.0 * turn + 180.0);
            near(azimuth(PathShape::Square, turn, 1.0), 90.0 - 360.0 * turn);
            near(azimuth(PathShape::Diamond, turn, 1.0), 135.0 - 360.0 * turn);
            near(azimuth(PathShape::Linear, turn, 1.0), if turn < 0.5 { 0.0 } else { 180.0 });
            near(azimuth(PathShape::OscillatingArc, turn, 1.0), -60.0 + 90.0 * (1.0 - (2.0 * turn - 1.0).abs()));
        }
        assert!((azimuth(PathShape::Arc, 0.5, 1.0) - 30.0).abs() < 1e-9);
        assert!((azimuth(PathShape::Arc, 0.0, 1.0) + 60.0).abs() < 1e-9);
    }
}
