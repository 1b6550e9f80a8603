//! Sums the tones of a bus cell by cell, all voices at once.

use super::block::BLOCK;
use super::bus::BusVoice;
use crate::voice::parts::tone::rotation::{Rotors, Tones};
use crate::voice::{Block, ToneBatch};

/// Cells of a voice in a cell of the bank; a voice whose own are shorter renders itself.
const MOST: usize = 8;

/// The sum of the voices of a bus that are tones throughout a cell of [`BLOCK`] frames. Which ones are, depends on the
/// cell alone, so the samples are the same in any partition.
#[derive(Debug)]
pub(crate) struct Bank {
    /// The cell whose sum is kept.
    cell: Option<u64>,
    batch: ToneBatch,
    rotors: Rotors,
    left: Vec<f32>,
    right: Vec<f32>,
    /// The voices in the sum, each with whether it sounds.
    voices: Vec<(usize, bool)>,
}

impl Bank {
    /// A bank for `voices` voices. Allocates, so that [`Bank::fill`] does not.
    pub(crate) fn new(voices: usize) -> Self {
        let frames = if voices == 0 { 0 } else { BLOCK };
        Self {
            cell: None,
            batch: ToneBatch::with_room(frames, voices, MOST),
            rotors: Rotors::new(frames),
            left: vec![0.0; frames],
            right: vec![0.0; frames],
            voices: Vec::with_capacity(voices),
        }
    }

    /// Fill `out` with the sum of the tones among `parts` from `frame` on, within one cell. Returns false, with `out`
    /// unchanged, if there are none.
    pub(crate) fn fill(&mut self, parts: &mut [BusVoice], frame: u64, out: Block<'_>) -> bool {
        let cell = frame / BLOCK as u64;
        if self.cell != Some(cell) {
            self.write(parts, cell * BLOCK as u64);
            self.cell = None;
        }
        if self.voices.is_empty() {
            return false;
        }
        let Self { batch, rotors, left, right, voices, .. } = self;
        let part = |part| Tones { segments: &batch.segments[batch.cells(part)], len: batch.parts[part].len };
        let tones = (0..voices.len()).map(part);
        if out.len() == BLOCK {
            rotors.sum(tones, out);
            return true;
        }
        if self.cell.replace(cell).is_none() {
            rotors.sum(tones, Block::new(left, right));
        }
        let from = (frame % BLOCK as u64) as usize;
        let range = from..from + out.len();
        out.left.copy_from_slice(&left[range.clone()]);
        out.right.copy_from_slice(&right[range]);
        true
    }

    /// Write the tones among `parts` of the cell from `frame` on.
    fn write(&mut self, parts: &mut [BusVoice], frame: u64) {
        let Self { batch, voices, .. } = self;
        batch.clear(BLOCK);
        voices.clear();
        for part in parts {
            if part.voice.write(frame, batch) && batch.is_whole() {
                voices.push((part.index, !batch.is_silent(voices.len())));
            }
        }
    }

    /// Whether voice `index` is in the last sum.
    pub(crate) fn holds(&self, index: usize) -> bool {
        self.voices.binary_search_by_key(&index, |(voice, _)| *voice).is_ok()
    }

    /// The voices in the last sum in ascending order, each with whether it sounds.
    pub(crate) fn voices(&self) -> &[(usize, bool)] {
        &self.voices
    }
}
