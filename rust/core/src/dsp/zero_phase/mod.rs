//! Forward-backward filtering (spec voice-pipeline 9, binaural-and-isochronic 4.2) of a whole signal, or of single
//! cells of a long signal that can be rendered at any frame.
//!
//! The window around a cell is so long that the transients at its edges have decayed to 1e-9 inside the cell. Where the
//! window touches the start or end of the signal, it is exact. Both channels and eight parts of a cell are filtered in
//! parallel as sixteen lanes, with the same additions and multiplications on every target.

mod lanes;

use self::lanes::filter_lanes;
use super::biquad::{Cascade, Section};

/// Number of samples by which a signal is extended at each end (odd reflection).
const EXTENSION: usize = 15;

/// Filters `signal` forward and backward. Each end is extended by 15 samples, or fewer if the signal is shorter.
pub fn zero_phase(sections: &[Section], signal: &[f64]) -> Vec<f64> {
    let n = signal.len();
    if n == 0 {
        return Vec::new();
    }
    let p = EXTENSION.min(n - 1);
    let before = (1..=p).rev().map(|k| 2.0 * signal[0] - signal[k]);
    let after = (1..=p).map(|k| 2.0 * signal[n - 1] - signal[n - 1 - k]);
    let mut x: Vec<f64> = before.chain(signal.iter().copied()).chain(after).collect();
    let mut filter = Cascade::new(sections.to_vec());
    filter.settle(x[0]);
    filter.process(&mut x);
    filter.settle(x[x.len() - 1]);
    filter.process(x.iter_mut().rev());
    x[p..p + n].to_vec()
}

const PARTS: usize = 8;
const LANES: usize = 2 * PARTS;
type Frame = [f64; LANES];

/// Shortest cell in frames, unless the signal is shorter.
const CELL: usize = 32_768;
/// Longest cell in frames.
const MAX_CELL: usize = 1 << 19;
/// Longest margin in frames, which cutoffs of about 1.5 Hz need. Lower cutoffs would need more to reach 1e-9, but they
/// leave nothing audible.
const MAX_MARGIN: usize = 1 << 18;
/// Added to the input, so that decaying filters do not reach the denormal range, where processors are slow. The output
/// rounds it to zero.
const BIAS: f64 = 1e-30;

/// A section scaled to leading numerator coefficient 1, and its steady state for a constant input of 1 to the *stage*.
#[derive(Debug, Clone, Copy, Default)]
struct Unit {
    b1: f64,
    b2: f64,
    a1: f64,
    a2: f64,
    settled: [f64; 2],
}

/// One filter of at most [`MAX_SECTIONS`] sections that is applied forward and backward.
#[derive(Debug, Clone, Copy, Default)]
struct Stage {
    units: [Unit; MAX_SECTIONS],
    len: usize,
    /// Whether `b2` is 1 in all sections.
    plain: bool,
}

const MAX_SECTIONS: usize = 2;

/// Zero-phase filter for single cells of a long stereo signal. Allocates all buffers when it is created.
#[derive(Debug)]
pub struct ZeroPhaseWindow {
    stages: Vec<Stage>,
    gain: f64,
    frames: u64,
    margin: usize,
    cell: usize,
    window: usize,
    raw: [Vec<f32>; 2],
    lanes: Vec<Frame>,
}

impl ZeroPhaseWindow {
    /// For a signal of `frames` frames that each of `filters` filters with zero phase, one after the other.
    pub fn new(filters: &[Vec<Section>], frames: u64) -> Self {
        let margin = filters.iter().map(|f| settling(f)).sum::<usize>().min(MAX_MARGIN);
        let cell = (16 * margin).next_power_of_two().clamp(CELL, MAX_CELL);
        let cell = cell.min((frames.min(MAX_CELL as u64) as usize).next_multiple_of(PARTS)).max(PARTS);
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
        Self { stages, gain, frames, margin, cell, window, raw, lanes }
    }

    /// A copy of this filter with its own buffers.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self::with_layout(self.stages.clone(), self.gain, self.frames, self.margin, self.cell, self.window)
    }

    /// Number of frames per cell.
    pub const fn cell_len(&self) -> usize {
        self.cell
    }

    /// Number of frames on each side of a part that are filtered with it and then discarded.
    pub const fn margin(&self) -> usize {
        self.margin
    }

    /// First frame of the window around part `part` of cell `index`. At the ends of the signal the window is shifted
    /// inwards, so that all windows have the same length.
    fn window_start(&self, index: u64, part: usize) -> u64 {
        let wanted = (index * self.cell as u64 + (part * self.cell / PARTS) as u64).saturating_sub(self.margin as u64);
        wanted.min(self.frames - self.window as u64)
    }

    /// Filters cell `index` into `left` and `right`, both [`cell_len`](Self::cell_len) long; frames beyond the end of
    /// the signal are 0. `source` fills its two slices with the raw signal from the given frame on.
    pub fn cell(
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
        let raw_len = (self.window_start(index, PARTS - 1) - raw_start) as usize + self.window;
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
        let p = padding(self.window);
        let lanes = &mut self.lanes[..self.window + 2 * p];
        filter_lanes(&self.stages, self.gain, lanes, p, &self.raw, &parts, [left, right]);
    }
}

/// Number of frames in which the transient of a filter decays to 1e-9.
fn settling(sections: &[Section]) -> usize {
    let radius = sections.iter().map(Section::pole_radius).fold(0.0, f64::max);
    let frames = (1e-9_f64.ln() / radius.ln()).ceil();
    if frames.is_finite() && frames >= 0.0 { (frames as usize).clamp(1, MAX_MARGIN) } else { MAX_MARGIN }
}

const fn padding(window: usize) -> usize {
    if window > EXTENSION { EXTENSION } else { window.saturating_sub(1) }
}

impl Stage {
    /// Splits a filter into as few stages as the limit of sections allows. Each stage extends the signal again, which
    /// makes a difference only at the ends of the signal.
    fn split(filter: &[Section]) -> impl Iterator<Item = Self> {
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
struct Part {
    /// Start of its window in the raw signal.
    raw: usize,
    /// Number of frames of the window before the part.
    skip: usize,
    /// Number of frames of the part that lie within the signal.
    count: usize,
    /// Start of the part in the output.
    out: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::butterworth::{highpass, lowpass};

    /// A test signal with all frequencies: a hash of frame and channel.
    fn raw(frame: u64, channel: u64) -> f32 {
        let x = (frame * 2 + channel).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((x ^ (x >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as f32 / 8_388_608.0 - 1.0
    }

    fn source(start: u64, left: &mut [f32], right: &mut [f32]) {
        for k in 0..left.len() {
            left[k] = raw(start + k as u64, 0);
            right[k] = raw(start + k as u64, 1);
        }
    }

    fn check(filters: &[Vec<Section>], frames: u64) {
        let whole: [Vec<f64>; 2] = std::array::from_fn(|c| {
            let x: Vec<f64> = (0..frames).map(|k| f64::from(raw(k, c as u64))).collect();
            filters.iter().fold(x, |x, f| zero_phase(f, &x))
        });
        let mut window = ZeroPhaseWindow::new(filters, frames);
        let len = window.cell_len();
        let (mut left, mut right) = (vec![0.0; len], vec![0.0; len]);
        for index in 0..frames.div_ceil(len as u64) {
            window.cell(index, source, &mut left, &mut right);
            for k in 0..len {
                let frame = index as usize * len + k;
                let expected = [0, 1].map(|c| whole[c].get(frame).copied().unwrap_or(0.0));
                for (got, expected) in [left[k], right[k]].iter().zip(expected) {
                    assert!((f64::from(*got) - expected).abs() < 2e-7, "{frames} frames, {frame}: {got} {expected}");
                }
            }
        }
    }

    #[test]
    fn cells_equal_the_filtered_whole_signal() {
        for frames in [1, 2, 3, 15, 16, 17, 1000, 32_768, 32_769, 100_003] {
            check(&[lowpass(4, 0.0136)], frames);
            check(&[highpass(4, 0.02), lowpass(4, 0.9)], frames);
            check(&[lowpass(4, 0.9)], frames);
        }
        check(&[lowpass(3, 0.05)], 70_000);
        check(&[lowpass(2, 0.0005)], 300_000);
    }

    #[test]
    fn a_constant_passes_unchanged_up_to_both_ends() {
        let mut window = ZeroPhaseWindow::new(&[lowpass(4, 0.01)], 50_000);
        let (mut left, mut right) = (vec![0.0; window.cell_len()], vec![0.0; window.cell_len()]);
        let constant = |_: u64, l: &mut [f32], r: &mut [f32]| {
            l.fill(0.25);
            r.fill(-0.5);
        };
        window.cell(1, constant, &mut left, &mut right);
        assert!(left[..50_000 - 32_768].iter().all(|x| (x - 0.25).abs() < 1e-6));
        assert!(right[..50_000 - 32_768].iter().all(|x| (x + 0.5).abs() < 1e-6));
        assert!(left[50_000 - 32_768..].iter().all(|x| *x == 0.0));
    }

    #[test]
    fn silence_after_a_sound_is_exact_silence() {
        let mut window = ZeroPhaseWindow::new(&[lowpass(4, 0.2)], 200_000);
        let (mut left, mut right) = (vec![1.0; window.cell_len()], vec![1.0; window.cell_len()]);
        let burst = |start: u64, l: &mut [f32], r: &mut [f32]| {
            for k in 0..l.len() {
                l[k] = if start + (k as u64) < 40_000 { 0.5 } else { 0.0 };
                r[k] = l[k];
            }
        };
        window.cell(1, burst, &mut left, &mut right);
        assert!(left[0] > 0.49);
        assert!(left[20_000..].iter().chain(&right[20_000..]).all(|x| *x == 0.0));
    }

    #[test]
    fn extremely_low_cutoffs_stay_finite() {
        let mut window = ZeroPhaseWindow::new(&[lowpass(4, 1e-7)], 20_000);
        let (mut left, mut right) = (vec![0.0; window.cell_len()], vec![0.0; window.cell_len()]);
        window.cell(0, source, &mut left, &mut right);
        assert!(left.iter().chain(&right).all(|x| x.is_finite() && x.abs() < 3.0));
    }
}
