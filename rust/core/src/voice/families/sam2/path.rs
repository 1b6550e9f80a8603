//! Position on the arc, -1..1, as a function of the path's cycle (spec spatial-angle-modulation 3.3, 3.4).

use multiversion::multiversion;

use super::jumps::{Jumps, MOST, Place};
use super::timeline::{Pitch, Timeline, TimelinePart};
use super::track::Track;
use crate::dsp::cell::{CELL, Cell, PhaseCell};
use crate::dsp::sine::{sine_cycles, sine_u32};

/// Progress along the path within a cycle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Progress {
    /// There and back.
    Open,
    /// Round; the flag reverses the direction.
    Closed(bool),
    /// Round in this number of jumps; the flag reverses the direction.
    Steps(f64, bool),
}

impl Progress {
    #[inline]
    fn at(self, u: f64) -> f64 {
        let round = |backwards: bool| if backwards { 1.0 - u } else { u };
        match self {
            Self::Open => 1.0 - 2.0 * (u - 0.5).abs(),
            Self::Closed(backwards) => round(backwards),
            Self::Steps(steps, backwards) => (round(backwards) * steps).floor() / (steps - 1.0),
        }
    }
}

/// Shape of the position on the arc as a function of the progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ArcShape {
    Sine,
    Triangle,
    Ramp,
    Square,
}

impl ArcShape {
    /// The names that the track format accepts.
    pub(super) const NAMES: &'static [&'static str] =
        &["sinusoidal", "sine", "triangle", "tri", "saw", "sawtooth", "ramp", "linear", "square", "step"];

    /// The shape called `name`; unknown names give a sine.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "triangle" | "tri" => Self::Triangle,
            "saw" | "sawtooth" | "ramp" | "linear" => Self::Ramp,
            "square" | "step" => Self::Square,
            _ => Self::Sine,
        }
    }

    #[inline]
    fn at(self, q: f64) -> f64 {
        match self {
            Self::Sine => sine_cycles(q),
            Self::Triangle => 4.0 * (q - 0.5).abs() - 1.0,
            Self::Ramp => 2.0 * q - 1.0,
            // the sign of sin(2πq) in double precision, which is negative at exactly 1 and 2
            Self::Square => {
                if q <= 0.5 || (q > 1.0 && q < 2.0) {
                    1.0
                } else {
                    -1.0
                }
            }
        }
    }
}

/// A drawn path with the emphasis of its nearer parts.
#[derive(Debug, Clone)]
pub(super) struct Drawn {
    pub(super) track: Track,
    /// Smallest distance, and the reciprocal of the range of distances; 0 means no emphasis.
    pub(super) emphasis: (f64, f64),
    /// The segment of the track that was found last.
    pub(super) hint: usize,
}

impl Drawn {
    /// Position on the arc and emphasis at `u` (0..1).
    fn at(&mut self, u: f64) -> Place {
        let [x, y] = self.track.at(u, &mut self.hint);
        let (nearest, per_range) = self.emphasis;
        let emphasis = if per_range > 0.0 { 1.25 - 0.5 * (f64::hypot(x, y) - nearest) * per_range } else { 1.0 };
        [(x.atan2(y).to_degrees() / 180.0).clamp(-1.0, 1.0), emphasis]
    }
}

/// The path of a voice.
#[derive(Debug, Clone)]
pub(super) enum Path {
    /// There and back along a sine.
    ThereAndBack,
    /// Round along a sine; the sign is the direction.
    Around(f32),
    /// Any other built-in shape. The exact phase decides on which frame a jump falls.
    Shaped(Progress, ArcShape),
    Drawn(Box<Drawn>),
}

impl Path {
    /// Write the positions on the arc (-1..1) and the emphasis of the cell that starts at `frame`. Only drawn paths
    /// write the emphasis. Beside the `jumps`, the place is that of the proper side.
    pub(super) fn places(
        &mut self,
        pitch: &Pitch,
        line: &Timeline,
        (frame, part): (u64, TimelinePart),
        jumps: Option<&Jumps>,
        places: &mut Cell,
        emphasis: &mut Cell,
    ) {
        let phases = || {
            let mut phases = [0; CELL];
            pitch.phases(line, frame, part, &mut phases);
            phases
        };
        let fractions = || {
            let mut fractions = [0.0; CELL];
            pitch.fractions(line, frame, &mut fractions);
            fractions.map(|u| jumps.map_or(u, |jumps| jumps.beside(u)))
        };
        match self {
            Self::ThereAndBack => there_and_back(&phases(), places),
            Self::Around(sign) => around(&phases(), *sign, places),
            Self::Shaped(progress, shape) => {
                for (place, u) in places.iter_mut().zip(fractions()) {
                    *place = shape.at(progress.at(u)) as f32;
                }
            }
            Self::Drawn(drawn) => {
                for (j, u) in fractions().into_iter().enumerate() {
                    let [place, near] = drawn.at(u);
                    (places[j], emphasis[j]) = (place as f32, near as f32);
                }
            }
        }
    }

    /// The built-in path of this progress and shape; smooth paths have a fast form.
    pub(super) const fn built_in(progress: Progress, shape: ArcShape) -> Self {
        match (progress, shape) {
            (Progress::Open, ArcShape::Sine) => Self::ThereAndBack,
            (Progress::Closed(backwards), ArcShape::Sine) => Self::Around(if backwards { -1.0 } else { 1.0 }),
            _ => Self::Shaped(progress, shape),
        }
    }

    /// Where the path jumps; `None` if it does not, or too often to be rounded.
    pub(super) fn jumps(&mut self) -> Option<Jumps> {
        match self {
            Self::ThereAndBack | Self::Around(_) => None,
            Self::Shaped(progress, shape) => {
                let steps = if let Progress::Steps(steps, _) = progress { *steps as usize } else { 4 };
                let candidates: Vec<f64> = (0..steps.min(MOST + 1)).map(|i| i as f64 / steps as f64).collect();
                if steps > MOST { None } else { Jumps::find(&candidates, |u| [shape.at(progress.at(u)), 1.0]) }
            }
            Self::Drawn(drawn) => {
                let candidates = drawn.track.breaks();
                if candidates.len() > MOST { None } else { Jumps::find(&candidates, |u| drawn.at(u)) }
            }
        }
    }

    /// Whether it is a drawn path.
    pub(super) const fn is_drawn(&self) -> bool {
        matches!(self, Self::Drawn(_))
    }
}

/// Write `sin(2πq)` for `q = 1 - 2·|u - ½|`: two turns per cycle, the second one backwards.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn there_and_back(phases: &PhaseCell, out: &mut Cell) {
    for j in 0..CELL {
        let sine = sine_u32(phases[j] << 1);
        out[j] = if (phases[j] as i32) < 0 { -sine } else { sine };
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn around(phases: &PhaseCell, sign: f32, out: &mut Cell) {
    for j in 0..CELL {
        out[j] = sign * sine_u32(phases[j]);
    }
}
