//! A sound that moves in a free field, heard by two ears without a head between them (spec spatial-workbench 6).
//!
//! What an ear hears is the sample that was emitted when the sound left the source, so any frame costs the same and there
//! is no delay line.

use std::f64::consts::PI;

use super::path::Point;
use super::place::Place;
use super::rows::{DISTANCE_LAW, DOPPLER, MAXIMUM_DISTANCE, MINIMUM_DISTANCE, REFERENCE_DISTANCE};
use crate::dsp::cell::CELL;
use crate::dsp::cubic::catmull_rom;
use crate::error::{Error, Result};
use crate::voice::grid::{CellSource, Cells};
use crate::voice::params::Params;
use crate::voice::{Block, Oscillators, Voice};

/// Speed of sound, m/s.
pub(crate) const SPEED: f64 = 343.0;
/// Distance of each ear from the middle of the head, metres.
const EAR: f64 = 0.09;

/// How the level falls with the distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Law {
    Inverse,
    InverseSquare,
    None,
}

impl Law {
    /// The names in a track.
    pub(crate) const NAMES: &'static [&'static str] = &["inverse", "inverse_square", "none"];

    /// The law of this name, one of [`NAMES`](Self::NAMES).
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "inverse_square" => Self::InverseSquare,
            "none" => Self::None,
            _ => Self::Inverse,
        }
    }
}

/// Level and delay by distance, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Distances {
    pub(crate) law: Law,
    /// Where the level is that of the voice.
    pub(crate) reference: f64,
    /// Nearer sources are not louder.
    pub(crate) nearest: f64,
    /// Farther sources are not softer.
    pub(crate) farthest: f64,
    /// Whether the delay follows the distance; otherwise only its difference between the ears does.
    pub(crate) doppler: bool,
}

impl Distances {
    /// The gain at a distance.
    fn gain(&self, distance: f64) -> f64 {
        let ratio = self.reference / distance.max(self.nearest).min(self.farthest);
        match self.law {
            Law::Inverse => ratio,
            Law::InverseSquare => ratio * ratio,
            Law::None => 1.0,
        }
    }

    /// The ways in metres that the sound takes to ears at these distances.
    fn ways(&self, [left, right]: [f64; 2]) -> [f64; 2] {
        if self.doppler {
            return [left, right];
        }
        let middle = (left + right) / 2.0;
        [left, right].map(|distance| self.reference.max(EAR) + (distance - middle))
    }

    /// The parameters that say it.
    pub(crate) fn read(params: &Params<'_>) -> Result<Self> {
        let found = Self {
            law: Law::named(params.word(&DISTANCE_LAW)?),
            reference: params.number(&REFERENCE_DISTANCE)?,
            nearest: params.number(&MINIMUM_DISTANCE)?,
            farthest: params.number(&MAXIMUM_DISTANCE)?,
            doppler: params.flag(&DOPPLER),
        };
        if found.farthest < found.nearest {
            let expected = format!("expected at least minimumDistanceM, {}, got {}", found.nearest, found.farthest);
            return Err(Error::invalid(MAXIMUM_DISTANCE.name, expected));
        }
        Ok(found)
    }
}

/// Where a moving sound comes from.
pub(crate) trait Source: Send + Sync + Clone + 'static {
    /// Four samples of what `ear` hears (0 left, 1 right), as emitted from clock index `first` on.
    fn four(&mut self, ear: usize, first: f64) -> [f64; 4];

    /// See [`Voice::prepare`].
    fn prepare(&mut self) {}

    /// See [`Voice::inner`].
    fn inner(&self) -> Option<&dyn Voice> {
        None
    }

    /// See [`Voice::oscillators_at`].
    fn oscillators_at(&self, clock: u64) -> Option<Oscillators> {
        self.inner()?.oscillators_at(clock)
    }
}

/// The renderer.
#[derive(Debug, Clone)]
struct Geometric<S> {
    source: S,
    place: Place,
    distances: Distances,
    /// Frames per second.
    rate: f64,
    /// Clock index of the first frame.
    first: f64,
}

/// Renders `source` at `place`, whose time is 0 at clock index 0. The first frame is clock index `first`.
pub(crate) fn renderer<S: Source>(
    source: S,
    place: Place,
    distances: Distances,
    rate: f64,
    first: f64,
) -> Box<dyn Voice> {
    Cells::boxed(Geometric { source, place, distances, rate, first })
}

impl<S: Source> Geometric<S> {
    /// Both ears at clock index `index`, for a source at `place`.
    fn heard(&mut self, index: f64, place: Point) -> [f64; 2] {
        let [x, y, z] = place;
        let distances = [EAR, -EAR].map(|ear| (x * x + (y - ear) * (y - ear) + z * z).sqrt());
        let ways = self.distances.ways(distances);
        std::array::from_fn(|ear| {
            let at = index - ways[ear] / SPEED * self.rate;
            let i = at.floor();
            catmull_rom(self.source.four(ear, i - 1.0), at - i) * self.distances.gain(distances[ear])
        })
    }
}

impl<S: Source> CellSource for Geometric<S> {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        for (j, (left, right)) in out.left.iter_mut().zip(out.right).enumerate() {
            let clock = self.first + (index * CELL as u64 + j as u64) as f64;
            let seconds = clock / self.rate;
            let mut heard = self.heard(clock, self.place.position(seconds));
            if let Some(jump) = self.place.jump(seconds) {
                let (sin, cos) = (0.5 * PI * jump.part).sin_cos();
                let after = self.heard(clock, jump.to);
                heard = std::array::from_fn(|ear| cos * heard[ear] + sin * after[ear]);
            }
            (*left, *right) = (heard[0] as f32, heard[1] as f32);
        }
    }

    fn prepare(&mut self) {
        self.source.prepare();
    }

    fn inner(&self) -> Option<&dyn Voice> {
        self.source.inner()
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        self.source.oscillators_at((self.first + frame as f64).max(0.0) as u64)
    }

    fn fork(&self) -> Self {
        self.clone()
    }
}
