//! Measures the bus peaks of a step, chunk by chunk; chunks can be measured in parallel.

use std::sync::Arc;

use super::measured::{Measured, VoicePeak};
use super::peak_pruning::PrunedVoices;
use super::peaks::{CELL, PeakMap};
use super::search::Found;
use super::sparse::Sparse;
use crate::plan::mix::block::{Plane, blocks, peak};
use crate::plan::mix::bus::{Buses, Scratch, StepVoice};
use crate::plan::mix::gains::StepGains;
use crate::track::Bus;
use crate::voice::{Block, ToneAccelerator};

/// Factor by which the bound of a sum is raised to allow for rounding.
pub(crate) const SLACK: f32 = 1.000_01;

/// Frames per job; a whole number of cells.
pub(crate) const CHUNK: u64 = 64 * CELL;

/// Peaks of one chunk of a step.
pub(crate) struct ChunkPeaks {
    /// Peak of the binaural bus in each cell, or an upper bound of it.
    pub(crate) binaural: Vec<f32>,
    /// Whether these are peaks.
    pub(crate) exact: bool,
    /// Peak of the noise bus in each cell.
    noise: Vec<f32>,
    /// Peak of each voice; on the binaural bus only 0 or not 0 counts.
    voices: Vec<f32>,
}

impl Measured {
    /// The peaks of a step from those of its successive chunks, measured with all voices.
    pub(crate) fn from_chunks(voices: &[StepVoice], chunks: &[ChunkPeaks]) -> Self {
        Self::bounded(voices, chunks, &PrunedVoices::none(voices.len()), |_| Found { peak: 0.0, from: None })
    }

    /// The peaks of a step from those of its successive chunks, measured without the voices of `pruned`. `peak_within`
    /// finds the exact peak of the binaural bus, given an upper bound for each cell. It is not called if all are exact.
    pub(crate) fn bounded(
        voices: &[StepVoice],
        chunks: &[ChunkPeaks],
        pruned: &PrunedVoices,
        peak_within: impl FnOnce(&[f32]) -> Found,
    ) -> Self {
        let peak = |index: usize| {
            pruned.bound(index).unwrap_or_else(|| chunks.iter().map(|c| c.voices[index]).fold(0.0, f32::max))
        };
        let mut binaural: Vec<f32> = chunks.iter().flat_map(|c| c.binaural.iter().copied()).collect();
        let binaural = if pruned.total > 0.0 || chunks.iter().any(|chunk| !chunk.exact) {
            if pruned.total > 0.0 {
                for cell in &mut binaural {
                    *cell = (*cell + pruned.total) * SLACK;
                }
            }
            let Found { peak, from } = peak_within(&binaural);
            PeakMap::bounded(binaural, peak, from.map_or(u64::MAX, |from| from / CELL))
        } else {
            PeakMap::new(binaural)
        };
        Self {
            binaural,
            noise: PeakMap::new(chunks.iter().flat_map(|c| c.noise.iter().copied()).collect()),
            voices: voices.iter().map(|v| VoicePeak { bus: v.bus, peak: peak(v.index) }).collect(),
        }
    }
}

/// What is known of the binaural bus without rendering it.
#[derive(Default)]
struct Known {
    /// An upper bound of the peak in each cell; `None` where there is none.
    bounds: Vec<Option<f32>>,
    /// The voices, each with whether it sounds.
    sounding: Vec<(usize, bool)>,
}

/// The state with which one thread measures: its own copies of a step's voices, and working memory.
pub(crate) struct Probe {
    /// The step that `buses` belongs to, and whether its pruned voices are left out.
    taken: (usize, bool),
    buses: Option<Buses>,
    scratch: Scratch,
    planes: [Plane; 3],
    sparse: Sparse,
    accelerator: Option<Arc<dyn ToneAccelerator>>,
}

impl Probe {
    /// A probe without a step; `accelerator` sums the tones of long stretches.
    pub(crate) fn new(accelerator: Option<Arc<dyn ToneAccelerator>>) -> Self {
        Self {
            taken: (usize::MAX, false),
            buses: None,
            scratch: Scratch::new(),
            planes: [Plane::new(), Plane::new(), Plane::new()],
            sparse: Sparse::default(),
            accelerator,
        }
    }

    /// A probe that holds `buses`, which have all voices of step number 0.
    pub(crate) fn of(buses: Buses) -> Self {
        Self { taken: (0, true), buses: Some(buses), ..Self::new(None) }
    }

    /// The buses of a step, prepared for the frames `from..to`; reused if the last call was for the same step.
    fn take(&mut self, step: usize, voices: &[StepVoice], pruned: Option<&PrunedVoices>, from: u64, to: u64) -> Buses {
        let wanted = (step, pruned.is_some());
        let kept = self.buses.take().filter(|_| self.taken == wanted);
        self.taken = wanted;
        let sounds = |index| pruned.and_then(|pruned| pruned.bound(index)).is_none();
        let mut buses = kept.unwrap_or_else(|| Buses::fork(voices, sounds));
        if let Some(accelerator) = &self.accelerator {
            buses.prerender(accelerator.as_ref(), from, to);
        }
        buses
    }

    /// Peaks of the frames `from..to` of step number `step` without its pruned voices; `from` is the start of a cell.
    pub(crate) fn peaks(
        &mut self,
        step: usize,
        voices: &[StepVoice],
        pruned: &PrunedVoices,
        from: u64,
        to: u64,
    ) -> ChunkPeaks {
        let mut buses = self.take(step, voices, Some(pruned), from, to);
        let found = self.cells(&mut buses, voices, from, to, None);
        self.buses = Some(buses);
        found
    }

    /// As [`Probe::peaks`], with upper bounds for the binaural bus where they are found with less work.
    pub(crate) fn bounds(
        &mut self,
        step: usize,
        voices: &[StepVoice],
        pruned: &PrunedVoices,
        from: u64,
        to: u64,
    ) -> ChunkPeaks {
        let mut buses = self.take(step, voices, Some(pruned), from, to);
        let Sparse { batch, others, .. } = &mut self.sparse;
        batch.clear((to - from) as usize);
        others.clear();
        let written = if self.accelerator.is_none() { buses.write(from, batch, others) } else { None };
        let sounding = written.map(|written| {
            let tones = batch.parts.len();
            let sounds = |(part, index): (usize, usize)| {
                (index, if part < tones { !batch.is_silent(part) } else { others[part - tones].limits.sounds })
            };
            written.into_iter().enumerate().map(sounds).collect::<Vec<_>>()
        });
        let known = sounding.and_then(|sounding| Some(Known { bounds: self.sparse.bounds()?, sounding }));
        let found = self.cells(&mut buses, voices, from, to, known);
        self.buses = Some(buses);
        found
    }

    /// The peaks of all cells, with the `known` bounds where there are some.
    fn cells(
        &mut self,
        buses: &mut Buses,
        voices: &[StepVoice],
        from: u64,
        to: u64,
        known: Option<Known>,
    ) -> ChunkPeaks {
        let exact = known.is_none();
        let Known { bounds, sounding } = known.unwrap_or_default();
        let mut found = ChunkPeaks { binaural: Vec::new(), exact, noise: Vec::new(), voices: vec![0.0; voices.len()] };
        let mut counts = vec![false; voices.len()];
        for voice in voices {
            counts[voice.index] = voice.bus == Bus::Noise;
        }
        for (index, sounds) in buses.prerendered().chain(sounding) {
            found.voices[index] = f32::from(u8::from(sounds));
        }
        let [binaural, noise, spare] = &mut self.planes;
        let mut cell = from;
        while cell < to {
            let end = (cell + CELL).min(to);
            let bound = bounds.get(((cell - from) / CELL) as usize).copied().flatten();
            let mut peaks = [bound.unwrap_or(0.0), 0.0_f32];
            for (frame, frames) in blocks(cell, end) {
                let (mut b, mut n) = (binaural.block(frames), noise.block(frames));
                let each = |index: usize, block: Option<&Block<'_>>| {
                    // On the binaural bus it matters only whether a voice sounds at all.
                    if counts[index] || found.voices[index] == 0.0 {
                        found.voices[index] = found.voices[index].max(block.map_or(1.0, peak));
                    }
                };
                let used = match bound {
                    Some(_) => [false, buses.noise_sum(frame, n.reborrow(), spare, each)],
                    None => buses.sums(frame, b.reborrow(), n.reborrow(), spare, each),
                };
                for ((most, used), bus) in peaks.iter_mut().zip(used).zip([b, n]) {
                    if used {
                        *most = most.max(peak(&bus));
                    }
                }
            }
            found.binaural.push(peaks[0]);
            found.noise.push(peaks[1]);
            cell = end;
        }
        found
    }

    /// Peak of the binaural bus in the frames `from..to` of step number `step`, with all its voices.
    pub(crate) fn binaural_peak(&mut self, step: usize, voices: &[StepVoice], from: u64, to: u64) -> f32 {
        let mut buses = self.take(step, voices, None, from, to);
        let [sum, _, spare] = &mut self.planes;
        let mut most = 0.0_f32;
        for (frame, frames) in blocks(from, to) {
            let mut block = sum.block(frames);
            buses.binaural_sum(frame, block.reborrow(), spare, |_, _| ());
            most = most.max(peak(&block));
        }
        self.buses = Some(buses);
        most
    }

    /// The mix of the frames `from..to` of step number `step`, block by block.
    pub(crate) fn mix(
        &mut self,
        step: usize,
        voices: &[StepVoice],
        gains: &StepGains,
        from: u64,
        to: u64,
        mut each: impl FnMut(&Block<'_>),
    ) {
        let mut buses = self.take(step, voices, None, from, to);
        for (frame, frames) in blocks(from, to) {
            let mut block = self.planes[0].block(frames);
            buses.mix(frame, gains, block.reborrow(), &mut self.scratch);
            each(&block);
        }
        self.buses = Some(buses);
    }
}

/// `0..frames` in chunks: first frame and end of each.
pub(crate) fn chunks(frames: u64) -> impl Iterator<Item = (u64, u64)> {
    (0..frames.div_ceil(CHUNK)).map(move |index| (index * CHUNK, ((index + 1) * CHUNK).min(frames)))
}
