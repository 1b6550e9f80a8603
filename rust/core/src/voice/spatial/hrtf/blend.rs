//! `logmag_delay`: the filter between measured directions, from the mean of their levels in dB, a phase that is minimal,
//! and the mean of their onsets (spec hrtf-renderer 6).

use std::f64::consts::TAU;
use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftDirection};

use crate::dsp::fft;

/// Smallest magnitude of a bin.
const FLOOR: f64 = 1e-12;
/// Directions that are blended.
pub(super) const NEIGHBOURS: usize = 3;

/// Levels and onsets of all responses of a set.
pub(crate) struct Levels {
    /// Length of the transforms.
    len: usize,
    /// Taps of a blended response.
    pub(super) taps: usize,
    /// Natural logarithm of the magnitude, for each direction and ear the bins `0..=len/2`.
    logs: Vec<f32>,
    /// Onset and external delay in frames, for each direction and ear.
    onsets: Vec<[f64; 2]>,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
}

impl std::fmt::Debug for Levels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Levels")
    }
}

impl Levels {
    /// Of the responses `ir` (direction, ear, tap) of `given` taps, with their external delays in frames. A blended
    /// response has `taps` taps.
    pub(super) fn new(ir: &[f64], given: usize, delays: &[[f64; 2]], taps: usize) -> Self {
        let len = (2 * taps).max(8).next_power_of_two();
        let (forward, inverse) = (fft::plan(len, FftDirection::Forward), fft::plan(len, FftDirection::Inverse));
        let mut logs = Vec::with_capacity(2 * delays.len() * (len / 2 + 1));
        let mut bins = vec![Complex::default(); len];
        for response in ir.chunks_exact(given) {
            bins.fill(Complex::default());
            bins.iter_mut().zip(response).for_each(|(bin, tap)| bin.re = *tap);
            forward.process(&mut bins);
            logs.extend(bins[..=len / 2].iter().map(|bin| bin.norm().max(FLOOR).ln() as f32));
        }
        let onset = |response: &[f64]| {
            let total: f64 = response.iter().map(|tap| tap * tap).sum();
            let mut sum = 0.0;
            let reached = response.iter().position(|tap| {
                sum += tap * tap;
                total > 0.0 && sum >= 0.01 * total
            });
            reached.unwrap_or(0) as f64
        };
        let onsets = delays.iter().zip(ir.chunks_exact(2 * given)).map(|(delay, pair)| {
            let (left, right) = pair.split_at(given);
            [onset(left) + delay[0], onset(right) + delay[1]]
        });
        Self { len, taps, logs, onsets: onsets.collect(), forward, inverse }
    }
}

/// Computes blended filters.
pub(super) struct Blender {
    levels: Arc<Levels>,
    bins: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
    ears: [Vec<f64>; 2],
}

impl Blender {
    pub(super) fn new(levels: Arc<Levels>) -> Self {
        let scratch = levels.forward.get_inplace_scratch_len().max(levels.inverse.get_inplace_scratch_len());
        let ears = std::array::from_fn(|_| vec![0.0; levels.taps]);
        Self { bins: vec![Complex::default(); levels.len], scratch: vec![Complex::default(); scratch], ears, levels }
    }

    /// The taps of both ears for `neighbours`: directions of the set with their weights, whose sum is 1.
    pub(super) fn blend(&mut self, neighbours: &[(usize, f64)]) -> [&[f64]; 2] {
        for ear in 0..2 {
            self.blend_ear(ear, neighbours);
        }
        [&self.ears[0], &self.ears[1]]
    }

    fn blend_ear(&mut self, ear: usize, neighbours: &[(usize, f64)]) {
        let Levels { len, logs, onsets, forward, inverse, .. } = &*self.levels;
        let (len, half) = (*len, len / 2);
        let bins = &mut self.bins;
        for k in 0..=half {
            let row = |direction: usize| f64::from(logs[(2 * direction + ear) * (half + 1) + k]);
            let mean: f64 = neighbours.iter().map(|(direction, weight)| weight * row(*direction)).sum();
            bins[k] = Complex::new(mean.max(FLOOR.ln()), 0.0);
            bins[(len - k) % len] = bins[k];
        }
        inverse.process_with_scratch(bins, &mut self.scratch);
        let scale = 1.0 / len as f64;
        for (k, bin) in bins.iter_mut().enumerate() {
            let fold = if k == 0 || k == half { 1.0 } else { f64::from(u8::from(k < half)) * 2.0 };
            *bin = Complex::new(bin.re * scale * fold, 0.0);
        }
        forward.process_with_scratch(bins, &mut self.scratch);
        let delay: f64 = neighbours.iter().map(|(direction, weight)| weight * onsets[*direction][ear]).sum();
        for k in 0..=half {
            let turned = Complex::from_polar(1.0, -TAU * k as f64 * delay / len as f64);
            let bin = bins[k].exp() * turned;
            // a real signal: the first and the last bin are taken without their imaginary part
            bins[k] = if k == 0 || k == half { Complex::new(bin.re, 0.0) } else { bin };
            bins[(len - k) % len] = bins[k].conj();
        }
        inverse.process_with_scratch(bins, &mut self.scratch);
        self.ears[ear].iter_mut().zip(bins.iter()).for_each(|(tap, bin)| *tap = bin.re * scale);
    }
}
