//! The tone of SAM2 as a source that moves (spec spatial-workbench 6, hrtf-renderer 3).
//!
//! It has a closed form, so the sample that was emitted when the sound left the source is computed, not remembered.

use super::CARRIER;
use super::timeline::{Pitch, Timeline};
use crate::dsp::cell::{CELL, Cell, PhaseCell, sines};
use crate::voice::Oscillators;
use crate::voice::spatial::geometric;

/// Cells of the tone that are kept, a power of two.
const KEPT: usize = 8;

/// The tone at its source, on the clock of the voice.
#[derive(Debug, Clone)]
pub(super) struct Tone {
    /// The clock from its index 0 on.
    pub(super) line: Timeline,
    pitch: Pitch,
    amp: f64,
    /// The indices at which it sounds.
    from: f64,
    to: f64,
    kept: Box<[(u64, Cell); KEPT]>,
}

impl Tone {
    /// A tone that sounds from clock index `from` up to `to`.
    pub(super) fn new(line: Timeline, pitch: Pitch, amp: f64, from: f64, to: f64) -> Self {
        Self { line, pitch, amp, from, to, kept: Box::new([(u64::MAX, [0.0; CELL]); KEPT]) }
    }

    /// Write the samples from clock index `from` on.
    pub(super) fn read(&mut self, from: u64, out: &mut [f32]) {
        let amp = self.amp as f32;
        let mut done = 0;
        while done < out.len() {
            let k = from + done as u64;
            let offset = (k % CELL as u64) as usize;
            let count = (CELL - offset).min(out.len() - done);
            let samples = &self.cell(k / CELL as u64)[offset..offset + count];
            out[done..done + count].iter_mut().zip(samples).for_each(|(out, sample)| *out = amp * sample);
            done += count;
        }
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
}

impl geometric::Source for Tone {
    fn four(&mut self, _ear: usize, first: f64) -> [f64; 4] {
        if first >= self.from && first + 3.0 < self.to {
            let (k, amp) = (first as u64, self.amp);
            let offset = (k % CELL as u64) as usize;
            if let Some(samples) = self.cell(k / CELL as u64).get(offset..offset + 4) {
                return std::array::from_fn(|j| amp * f64::from(samples[j]));
            }
        }
        std::array::from_fn(|j| self.at(first + j as f64))
    }

    fn oscillators_at(&self, clock: u64) -> Option<Oscillators> {
        let all = Oscillators { alpha: self.line.alpha(clock), ..Oscillators::default() };
        Some(all.with(CARRIER, self.pitch.phase(&self.line, clock)))
    }
}
