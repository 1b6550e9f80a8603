//! Zero-phase filtering at a low rate. A filter whose corner is low against the sample rate passes so narrow a band that
//! its result is known from every `step`-th frame of it: the signal is decimated, filtered in both directions with the
//! same impulse response, and interpolated. A high-pass is the signal minus the low-pass with the same poles, because the
//! gains of both (forward and backward) add up to 1.
//!
//! Low-rate samples lie on an absolute grid and depend on the frames around them alone. The recursion starts so far
//! before a cell, and ends so far behind it, that it has settled to 1e-9 there. What the result differs from the filter
//! by depends on [`Accuracy`].

use std::sync::Arc;

use super::PointBounds;
use super::kernel::{REACH, WIDTH, correction, taps};
use super::loops::{Pair, Recursion, correct, decimate, interpolate, recurse, sparse};
use super::near_nyquist::NearNyquist;
use super::response::{LowPass, Mode, gain, modes, sums};
use super::window::{CELL, MAX_CELL, MAX_MARGIN};
use crate::dsp::biquad::Section;

/// Steps between low-rate samples, in frames.
const STEPS: [usize; 7] = [256, 128, 64, 32, 16, 8, 4];
/// Low-rate samples on each side of a cell that the correction and the interpolation take.
const SIDES: usize = REACH + WIDTH / 2;

/// How well a low rate has to hold the result of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accuracy {
    /// An error of at most 2e-7 for any input within full scale, and of 4e-8 for tones.
    Any,
    /// An error of at most 2e-6 for tones within full scale that may begin and end at once; noise would have 1e-5.
    Tones,
}

impl Accuracy {
    /// Most that the low-pass may pass at half the low rate.
    const fn folded(self) -> f64 {
        match self {
            Self::Any => 3.8e-7,
            Self::Tones => 1e-5,
        }
    }
}

/// What does not change while a filter runs.
#[derive(Debug)]
struct Design {
    step: usize,
    /// Whether the low-pass is subtracted from the signal.
    high: bool,
    taps: Vec<f32>,
    /// The kernel for the way back: for each low-rate sample that takes part, `step` frames.
    rows: Vec<f32>,
    recursion: Recursion,
    correction: [f64; REACH + 1],
    /// Low-rate samples in which the recursion settles.
    settling: usize,
    /// What is known of a low-pass; nothing of a high-pass.
    low_pass: LowPass,
}

impl Design {
    /// For a low-pass or high-pass of four poles; `None` if it is another filter or its corner is too high.
    fn new(filter: &[Section], accuracy: Accuracy) -> Option<Self> {
        let sign = filter.first().map(|section| section.b[1].signum())?;
        let is_kind = |section: &Section| section.b[1] == 2.0 * sign * section.b[0] && section.b[2] == section.b[0];
        if !filter.iter().all(is_kind) {
            return None;
        }
        let high = sign < 0.0;
        let low_gain = |cycles: f64| if high { 1.0 - gain(filter, cycles) } else { gain(filter, cycles) };
        let modes = modes(filter)?;
        let step = STEPS.into_iter().find(|step| low_gain(0.5 / *step as f64) <= accuracy.folded())?;
        let n = step as f64;
        let full = modes;
        let modes = modes.map(|Mode { pole, residue }| {
            let residue = residue * if high { -2.0 * n } else { 2.0 * n };
            Mode { pole: pole.powu(step as u32), residue }
        });
        // all together passes a constant unchanged
        let constant: f64 = modes.iter().map(|mode| (mode.residue * 2.0 / (1.0 - mode.pole)).re).sum();
        let recursion = Recursion { direct: 1.0 - constant, modes };
        let radius = modes.iter().map(|mode| mode.pole.norm()).fold(0.0, f64::max);
        let settling = (1e-9_f64.ln() / radius.ln()).ceil();
        let longest = (MAX_MARGIN / step) as f64;
        if settling.is_nan() || settling > longest {
            return None;
        }
        let taps = taps(step);
        let row = |k: usize| taps[(WIDTH - 1 - k) * step..][..step].iter().map(move |tap| (tap * n) as f32);
        Some(Self {
            step,
            high,
            rows: (0..WIDTH).flat_map(row).collect(),
            recursion,
            correction: correction(|cycles| low_gain(cycles / n)),
            low_pass: if high {
                LowPass::default()
            } else {
                let reach = settling as usize * step;
                LowPass { sections: filter.to_vec(), sums: sums(&full, reach), reach }
            },
            settling: settling as usize,
            taps: taps.iter().map(|tap| *tap as f32).collect(),
        })
    }

    /// Low-rate samples on each side of a cell.
    const fn margin(&self) -> usize {
        self.settling + SIDES
    }

    /// Frames on each side of a cell.
    const fn pad(&self) -> usize {
        self.margin() * self.step + WIDTH / 2 * self.step
    }
}

/// A filter at a low rate for the cells of a long stereo signal whose surroundings lie within the signal.
#[derive(Debug)]
pub(super) struct LowRate {
    design: Arc<Design>,
    /// A low-pass close to half the sample rate that acts as well.
    near: Option<NearNyquist>,
    frames: u64,
    cell: usize,
    /// The cell that `raw` and `samples` belong to.
    last: Option<u64>,
    raw: [Vec<f32>; 2],
    samples: Vec<Pair>,
    forward: Vec<Pair>,
    backward: Vec<Pair>,
    filtered: [Vec<f32>; 2],
}

impl LowRate {
    /// For a signal of `frames` frames; `None` if the filters do not allow it, or if the signal is too short.
    pub(super) fn new(filters: &[Vec<Section>], frames: u64, accuracy: Accuracy) -> Option<Self> {
        let (first, second) = match filters {
            [first] => (first, None),
            [first, second] => (first, Some(second)),
            _ => return None,
        };
        let design = Design::new(first, accuracy)?;
        let cell = (2 * design.pad()).next_power_of_two().clamp(CELL, MAX_CELL);
        if frames < (cell + 2 * design.pad()) as u64 {
            return None;
        }
        let near = match second {
            Some(filter) => {
                Some(NearNyquist::new(filter, cell).filter(|near| design.high && near.reach() <= design.pad())?)
            }
            None => None,
        };
        Some(Self::with_buffers(Arc::new(design), near, frames, cell))
    }

    fn with_buffers(design: Arc<Design>, near: Option<NearNyquist>, frames: u64, cell: usize) -> Self {
        let raw = vec![0.0; cell + 2 * design.pad()];
        let count = cell / design.step + 2 * design.margin();
        let samples = vec![[0.0; 2]; count];
        let filtered = vec![0.0; cell / design.step + WIDTH];
        Self {
            design,
            near,
            frames,
            cell,
            last: None,
            raw: [raw.clone(), raw],
            forward: samples.clone(),
            backward: samples.clone(),
            samples,
            filtered: [filtered.clone(), filtered],
        }
    }

    pub(super) fn fork(&self) -> Self {
        let near = self.near.as_ref().map(NearNyquist::fork);
        Self::with_buffers(Arc::clone(&self.design), near, self.frames, self.cell)
    }

    pub(super) const fn cell_len(&self) -> usize {
        self.cell
    }

    /// Whether all frames around cell `index` that matter lie within the signal.
    pub(super) fn covers(&self, index: u64) -> bool {
        let (cell, pad) = (self.cell as u64, self.design.pad() as u64);
        index * cell >= pad && (index + 1) * cell + pad <= self.frames
    }

    /// As [`super::ZeroPhaseWindow::cell`], for a cell that is covered.
    pub(super) fn cell(
        &mut self,
        index: u64,
        source: impl FnMut(u64, &mut [f32], &mut [f32]),
        mut out: [&mut [f32]; 2],
    ) {
        self.fill(index, source);
        let Self { design, near, raw, filtered, .. } = self;
        let (step, pad) = (design.step, design.pad());
        if let Some(near) = near {
            near.apply(raw, pad, &mut out);
        } else if design.high {
            for (out, raw) in out.iter_mut().zip(&*raw) {
                out.copy_from_slice(&raw[pad..pad + self.cell]);
            }
        }
        for (out, filtered) in out.into_iter().zip(filtered) {
            // the first sample that a frame takes lies half a kernel before it
            interpolate(&design.rows, step, filtered, out, design.high);
        }
    }

    /// Whether the result is band-limited, so that [`Self::points`] bounds it.
    pub(super) fn is_narrow(&self) -> bool {
        !self.design.high
    }

    /// What is known of the filter.
    pub(super) fn low_pass(&self) -> &LowPass {
        &self.design.low_pass
    }

    /// See [`super::ZeroPhaseWindow::points`]; for a cell that is covered.
    pub(super) fn points(
        &mut self,
        index: u64,
        source: impl FnMut(u64, &mut [f32], &mut [f32]),
        spacing: usize,
        out: [&mut [f32]; 2],
    ) -> PointBounds {
        self.fill(index, source);
        let Self { design, filtered, .. } = self;
        for (out, filtered) in out.into_iter().zip(&*filtered) {
            sparse(&design.rows, design.step, spacing, filtered, out);
        }
        let sounds = filtered.iter().any(|plane| plane.iter().any(|sample| *sample != 0.0));
        PointBounds { sums: design.low_pass.sums, sounds }
    }

    /// Fill `filtered` with the low-pass at the low rate, from the sample on that lies `WIDTH / 2 - 1` before the cell.
    fn fill(&mut self, index: u64, mut source: impl FnMut(u64, &mut [f32], &mut [f32])) {
        let Self { design, cell, last, raw, samples, forward, backward, filtered, .. } = self;
        let (step, pad) = (design.step, design.pad());
        let [left, right] = raw;
        // what the last cell has in common with this one is moved
        let known = if last.is_some_and(|last| last + 1 == index) { 2 * pad } else { 0 };
        let kept = (known / step).saturating_sub(WIDTH);
        if known > 0 {
            left.copy_within(*cell.., 0);
            right.copy_within(*cell.., 0);
            samples.copy_within(*cell / step..*cell / step + kept, 0);
        }
        let first = index * *cell as u64 - pad as u64;
        source(first + known as u64, &mut left[known..], &mut right[known..]);
        *last = Some(index);
        decimate(&design.taps, step, [&left[kept * step..], &right[kept * step..]], &mut samples[kept..]);
        recurse(&design.recursion, design.settling, samples, forward, backward);
        let from = design.margin() - (WIDTH / 2 - 1) - REACH;
        let count = filtered[0].len() + 2 * REACH;
        let [left, right] = filtered;
        correct(&design.correction, &forward[from..from + count], [left, right]);
    }
}
