//! The mode `geometric`: a tone that moves along a path in a free field, heard by two ears without a head between them
//! (spec spatial-workbench 6).
//!
//! The tone has a closed form, so the sample that was emitted when the sound left the source is computed, not
//! remembered: any frame costs the same, and there is no delay line.

use std::f64::consts::PI;

use super::CARRIER;
use super::timeline::{Pitch, Timeline};
use crate::dsp::cell::{CELL, Cell, PhaseCell, sines};
use crate::dsp::cubic::catmull_rom;
use crate::voice::grid::CellSource;
use crate::voice::spatial::path::{Path, Point};
use crate::voice::{Block, Oscillators};

/// Speed of sound, m/s.
pub(super) const SPEED: f64 = 343.0;
/// Distance of each ear from the middle of the head, metres.
const EAR: f64 = 0.09;
/// Cells of the tone that are kept, a power of two.
const KEPT: usize = 8;

/// How the level falls with the distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Law {
    Inverse,
    InverseSquare,
    None,
}

impl Law {
    /// The names in a track.
    pub(super) const NAMES: &'static [&'static str] = &["inverse", "inverse_square", "none"];

    /// The law of this name, one of [`NAMES`](Self::NAMES).
    pub(super) fn named(name: &str) -> Self {
        match name {
            "inverse_square" => Self::InverseSquare,
            "none" => Self::None,
            _ => Self::Inverse,
        }
    }
}

/// Level and delay by distance, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Distances {
    pub(super) law: Law,
    /// Where the level is that of the voice.
    pub(super) reference: f64,
    /// Nearer sources are not louder.
    pub(super) nearest: f64,
    /// Farther sources are not softer.
    pub(super) farthest: f64,
    /// Whether the delay follows the distance; otherwise only its difference between the ears does.
    pub(super) doppler: bool,
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
}

/// The tone at its source, on the clock of the voice.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// The clock from its index 0 on.
    line: Timeline,
    pitch: Pitch,
    amp: f64,
    /// The indices at which it sounds.
    from: f64,
    to: f64,
    kept: Box<[(u64, Cell); KEPT]>,
}

impl Source {
    /// A tone that sounds from clock index `from` up to `to`.
    pub(super) fn new(line: Timeline, pitch: Pitch, amp: f64, from: f64, to: f64) -> Self {
        Self { line, pitch, amp, from, to, kept: Box::new([(u64::MAX, [0.0; CELL]); KEPT]) }
    }

    /// The sample at clock index `k`.
    fn at(&mut self, k: f64) -> f64 {
        if k < self.from || k >= self.to {
            return 0.0;
        }
        let k = k as u64;
        let sample = self.cell(k / CELL as u64)[(k % CELL as u64) as usize];
        self.amp * f64::from(sample)
    }

    /// The tone in cell `index`, without its amplitude.
    fn cell(&mut self, index: u64) -> &Cell {
        let (kept, cell) = &mut self.kept[index as usize % KEPT];
        if *kept != index {
            *kept = index;
            let frame = index * CELL as u64;
            self.line.enter(index);
            let mut phases: PhaseCell = [0; CELL];
            self.pitch.phases(&self.line, frame, self.line.part(frame), &mut phases);
            sines(&phases, cell);
        }
        cell
    }

    /// Four samples from clock index `first` on.
    fn four(&mut self, first: f64) -> [f64; 4] {
        if first >= self.from && first + 3.0 < self.to {
            let (k, amp) = (first as u64, self.amp);
            let offset = (k % CELL as u64) as usize;
            if let Some(samples) = self.cell(k / CELL as u64).get(offset..offset + 4) {
                return std::array::from_fn(|j| amp * f64::from(samples[j]));
            }
        }
        std::array::from_fn(|j| self.at(first + j as f64))
    }

    /// The tone between clock indices, by a cubic through four samples.
    fn between(&mut self, index: f64) -> f64 {
        let i = index.floor();
        catmull_rom(self.four(i - 1.0), index - i)
    }
}

/// The voice.
#[derive(Debug, Clone)]
pub(super) struct Geometric {
    pub(super) source: Source,
    pub(super) path: Path,
    pub(super) distances: Distances,
    /// Clock index of the first frame.
    pub(super) first: f64,
}

impl Geometric {
    /// Both ears at clock index `index`, for a source at `place`.
    fn heard(&mut self, index: f64, place: Point) -> [f64; 2] {
        let [x, y, z] = place;
        let distances = [EAR, -EAR].map(|ear| (x * x + (y - ear) * (y - ear) + z * z).sqrt());
        let ways = self.distances.ways(distances);
        std::array::from_fn(|ear| {
            let delay = ways[ear] / SPEED * self.source.line.rate;
            self.source.between(index - delay) * self.distances.gain(distances[ear])
        })
    }
}

impl CellSource for Geometric {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        for (j, (left, right)) in out.left.iter_mut().zip(out.right).enumerate() {
            let clock = self.first + (index * CELL as u64 + j as u64) as f64;
            let seconds = clock / self.source.line.rate;
            let mut heard = self.heard(clock, self.path.position(seconds));
            if let Some(jump) = self.path.jump(seconds) {
                let (sin, cos) = (0.5 * PI * jump.part).sin_cos();
                let after = self.heard(clock, jump.to);
                heard = std::array::from_fn(|ear| cos * heard[ear] + sin * after[ear]);
            }
            (*left, *right) = (heard[0] as f32, heard[1] as f32);
        }
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        let line = &self.source.line;
        let clock = (self.first + frame as f64).max(0.0) as u64;
        let all = Oscillators { alpha: line.alpha(clock), ..Oscillators::default() };
        Some(all.with(CARRIER, self.source.pitch.phase(line, clock)))
    }

    fn fork(&self) -> Self {
        self.clone()
    }
}
