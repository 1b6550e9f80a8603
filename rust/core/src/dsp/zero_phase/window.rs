//! Forward-backward filtering of single cells, sample by sample.
//!
//! The window around a cell is so long that the transients at its edges have decayed to 1e-9 inside the cell. Where the
//! window touches the start or end of the signal, it is exact. Both channels and eight parts of a cell are filtered in
//! parallel as sixteen lanes, with the same additions and multiplications on every target.

use super::EXTENSION;
use super::lanes::filter_lanes;
use crate::dsp::biquad::Section;

pub(super) const PARTS: usize = 8;
pub(super) const LANES: usize = 2 * PARTS;
pub(super) type Frame = [f64; LANES];

/// Shortest cell in frames, unless the signal is shorter.
pub(super) const CELL: usize = 32_768;
/// Longest cell in frames.
pub(super) const MAX_CELL: usize = 1 << 19;
/// Longest margin in frames, which cutoffs of about 1.5 Hz need. Lower cutoffs would need more to reach 1e-9, but they
/// leave nothing audible.
pub(super) const MAX_MARGIN: usize = 1 << 18;
/// Added to the input, so that decaying filters do not reach the denormal range, where processors are slow. The output
/// rounds it to zero.
pub(super) const BIAS: f64 = 1e-30;

/// A section scaled to leading numerator coefficient 1, and its steady state for a constant input of 1 to the *stage*.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Unit {
    pub(super) b1: f64,
    pub(super) b2: f64,
    pub(super) a1: f64,
    pub(super) a2: f64,
    pub(super) settled: [f64; 2],
}

/// One filter of at most [`MAX_SECTIONS`] sections that is applied forward and backward.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stage {
    pub(super) units: [Unit; MAX_SECTIONS],
    pub(super) len: usize,
    /// Whether `b2` is 1 in all sections.
    pub(super) plain: bool,
}

pub(super) const MAX_SECTIONS: usize = 2;

/// Zero-phase filter for single cells of a long stereo signal. Allocates all buffers when it is created.
#[derive(Debug)]
pub(super) struct Window {
    stages: Vec<Stage>,
    gain: f64,
    frames: u64,
    margin: usize,
    cell: usize,
    span: usize,
    raw: [Vec<f32>; 2],
    lanes: Vec<Frame>,
}

impl Window {
    /// For a signal of `frames` frames that each of `filters` filters with zero phase, one after the other, in cells of
    /// `cell` frames; without it in cells that are long against the margin.
    pub(super) fn new(filters: &[Vec<Section>], frames: u64, cell: Option<usize>) -> Self {
        let margin = filters.iter().map(|f| settling(f)).sum::<usize>().min(MAX_MARGIN);
        let cell = cell.unwrap_or_else(|| {
            let cell = (16 * margin).next_power_of_two().clamp(CELL, MAX_CELL);
            cell.min((frames.min(MAX_CELL as u64) as usize).next_multiple_of(PARTS)).max(PARTS)
        });
        let window = ((cell / PARTS + 2 * margin) as u64).min(frames) as usize;
        let mut gain = 1.0;
        let mut stages = Vec::new();
        for filter in filters {
            gain *= filter.iter().map(|s| s.b[0]).product::<f64>().powi(2);
            stages.extend(Stage::split(filter));
        }
        Self::with_layout(stages, gain, frames, margin, cell, window)
    }

    fn with_layout(stages: Vec<Stage>, gain: f64, frames: u64, margin: usize, cell: usize, window: usize) -> Self {
        let raw_len = ((cell + 2 * margin) as u64).min(frames) as usize;
        let raw = [vec![0.0; raw_len], vec![0.0; raw_len]];
        let lanes = vec![[0.0; LANES]; window + 2 * EXTENSION];
        Self { stages, gain, frames, margin, cell, span: window, raw, lanes }
    }

    /// A copy of this filter with its own buffers.
    #[must_use]
    pub(super) fn fork(&self) -> Self {
        Self::with_layout(self.stages.clone(), self.gain, self.frames, self.margin, self.cell, self.span)
    }

    /// Number of frames per cell.
    pub(super) const fn cell_len(&self) -> usize {
        self.cell
    }

    /// First frame of the window around part `part` of cell `index`. At the ends of the signal the window is shifted
    /// inwards, so that all windows have the same length.
    fn window_start(&self, index: u64, part: usize) -> u64 {
        let wanted = (index * self.cell as u64 + (part * self.cell / PARTS) as u64).saturating_sub(self.margin as u64);
        wanted.min(self.frames - self.span as u64)
    }

    /// Filters cell `index` into `left` and `right`, both [`cell_len`](Self::cell_len) long; frames beyond the end of
    /// the signal are 0. `source` fills its two slices with the raw signal from the given frame on.
    pub(super) fn cell(
        &mut self,
        index: u64,
        mut source: impl FnMut(u64, &mut [f32], &mut [f32]),
        left: &mut [f32],
        right: &mut [f32],
    ) {
        left.fill(0.0);
        right.fill(0.0);
        let first = index * self.cell as u64;
        if first >= self.frames {
            return;
        }
        let raw_start = self.window_start(index, 0);
        let raw_len = (self.window_start(index, PARTS - 1) - raw_start) as usize + self.span;
        let [raw_left, raw_right] = &mut self.raw;
        source(raw_start, &mut raw_left[..raw_len], &mut raw_right[..raw_len]);
        let part_len = self.cell / PARTS;
        let parts = std::array::from_fn(|part| {
            let from = part * part_len;
            let start = self.window_start(index, part);
            Part {
                raw: (start - raw_start) as usize,
                skip: (first + from as u64 - start) as usize,
                count: part_len.min((self.frames - first).saturating_sub(from as u64) as usize),
                out: from,
            }
        });
        let p = padding(self.span);
        let lanes = &mut self.lanes[..self.span + 2 * p];
        filter_lanes(&self.stages, self.gain, lanes, p, &self.raw, &parts, [left, right]);
    }
}

/// Number of frames in which the transient of a filter decays to 1e-9.
pub(super) fn settling(sections: &[Section]) -> usize {
    let radius = sections.iter().map(Section::pole_radius).fold(0.0, f64::max);
    let frames = (1e-9_f64.ln() / radius.ln()).ceil();
    if frames.is_finite() && frames >= 0.0 { (frames as usize).clamp(1, MAX_MARGIN) } else { MAX_MARGIN }
}

pub(super) const fn padding(window: usize) -> usize {
    if window > EXTENSION { EXTENSION } else { window.saturating_sub(1) }
}

impl Stage {
    /// Splits a filter into as few stages as the limit of sections allows. Each stage extends the signal again, which
    /// makes a difference only at the ends of the signal.
    pub(super) fn split(filter: &[Section]) -> impl Iterator<Item = Self> {
        filter.chunks(MAX_SECTIONS).map(|sections| {
            let plain = sections.iter().all(|s| s.b[2] == s.b[0]);
            let mut stage = Self { len: sections.len(), plain, ..Self::default() };
            let mut level = 1.0;
            for (unit, section) in stage.units.iter_mut().zip(sections) {
                let b = section.b.map(|b| b / section.b[0]);
                let normal = Section { b, ..*section };
                let settled = normal.steady_state().map(|z| z * level);
                level *= normal.dc_gain();
                *unit = Unit { b1: b[1], b2: b[2], a1: section.a[0], a2: section.a[1], settled };
            }
            stage
        })
    }
}

/// Positions of one part of a cell in the buffers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// Start of its window in the raw signal.
    pub(super) raw: usize,
    /// Number of frames of the window before the part.
    pub(super) skip: usize,
    /// Number of frames of the part that lie within the signal.
    pub(super) count: usize,
    /// Start of the part in the output.
    pub(super) out: usize,
}
