//! Convolution of one signal with the filters of both ears, in partitions of [`BLOCK`] frames (overlap-save).
//!
//! The filters of the ears are the real and the imaginary part of one complex filter, so that one transform gives both.

use std::sync::Arc;

use multiversion::multiversion;
use rustfft::Fft;
use rustfft::num_complex::Complex;

use crate::dsp::fft::{Precision, complex_forward, complex_inverse};

/// Frames per block, and taps per partition.
pub(super) const BLOCK: usize = 128;
/// Length of the transforms.
const BINS: usize = 2 * BLOCK;
/// Numbers per partition: the real parts of all bins, then the imaginary parts.
const PART: usize = 2 * BINS;

/// Partitions of a filter of `taps` taps.
pub(super) const fn partitions(taps: usize) -> usize {
    taps.div_ceil(BLOCK)
}

/// Numbers of a filter of `partitions` partitions.
pub(super) const fn filter_len(partitions: usize) -> usize {
    partitions * PART
}

/// A result in single precision.
#[allow(clippy::unnecessary_cast)] // double precision in browsers
#[inline(always)]
pub(super) fn narrow(value: Precision) -> f32 {
    value as f32
}

/// Both transforms with their working memory.
struct Transforms {
    forward: Arc<dyn Fft<Precision>>,
    inverse: Arc<dyn Fft<Precision>>,
    bins: Vec<Complex<Precision>>,
    scratch: Vec<Complex<Precision>>,
}

impl Transforms {
    fn new() -> Self {
        let (forward, inverse) = (complex_forward(BINS), complex_inverse(BINS));
        let scratch = forward.get_inplace_scratch_len().max(inverse.get_inplace_scratch_len());
        let zero = Complex::default();
        Self { forward, inverse, bins: vec![zero; BINS], scratch: vec![zero; scratch] }
    }

    /// Transform `bins` and write the result, `scale` times, to `out`.
    fn forward(&mut self, scale: f32, out: &mut [f32]) {
        self.forward.process_with_scratch(&mut self.bins, &mut self.scratch);
        let (re, im) = out.split_at_mut(BINS);
        for (bin, (re, im)) in self.bins.iter().zip(re.iter_mut().zip(im)) {
            *re = narrow(bin.re) * scale;
            *im = narrow(bin.im) * scale;
        }
    }
}

/// Writes filters in the form that [`Convolver::filtered`] takes.
pub(super) struct FilterWriter(Transforms);

impl FilterWriter {
    pub(super) fn new() -> Self {
        Self(Transforms::new())
    }

    /// Write the filter with the taps of the left and the right ear to `out`; missing taps are 0.
    pub(super) fn write(&mut self, left: &[f64], right: &[f64], out: &mut [f32]) {
        for (index, out) in out.chunks_exact_mut(PART).enumerate() {
            self.0.bins.fill(Complex::default());
            let tap = |ear: &[f64], i: usize| ear.get(index * BLOCK + i).map_or(0.0, |tap| *tap as Precision);
            for (i, bin) in self.0.bins[..BLOCK].iter_mut().enumerate() {
                *bin = Complex::new(tap(left, i), tap(right, i));
            }
            self.0.forward(1.0 / BINS as f32, out);
        }
    }
}

/// The last blocks of a signal, as spectra.
pub(super) struct Convolver {
    transforms: Transforms,
    partitions: usize,
    /// Spectra of the last `partitions` pairs of blocks, in a ring.
    spectra: Vec<f32>,
    /// The same of the difference between the ears' channels; empty without one.
    sides: Vec<f32>,
    newest: usize,
    product: Vec<f32>,
}

impl Convolver {
    /// `paired` says whether each ear has its own channel.
    pub(super) fn new(partitions: usize, paired: bool) -> Self {
        Self {
            transforms: Transforms::new(),
            partitions,
            spectra: vec![0.0; filter_len(partitions)],
            sides: vec![0.0; if paired { filter_len(partitions) } else { 0 }],
            newest: 0,
            product: vec![0.0; PART],
        }
    }

    /// Append a block; `samples` are the block before and the block.
    pub(super) fn push(&mut self, samples: &[f32]) {
        self.newest = (self.newest + 1) % self.partitions;
        for (bin, sample) in self.transforms.bins.iter_mut().zip(samples) {
            *bin = Complex::new(*sample as Precision, 0.0);
        }
        self.transforms.forward(1.0, &mut self.spectra[self.newest * PART..(self.newest + 1) * PART]);
    }

    /// As [`Self::push`] for a signal of two channels, each for one ear, as their middle and half their difference.
    pub(super) fn push_pair(&mut self, middle: &[f32], side: &[f32]) {
        self.newest = (self.newest + 1) % self.partitions;
        for (bin, (middle, side)) in self.transforms.bins.iter_mut().zip(middle.iter().zip(side)) {
            *bin = Complex::new(*middle as Precision, *side as Precision);
        }
        self.transforms.forward(1.0, &mut self.product);
        let place = self.newest * PART..(self.newest + 1) * PART;
        split(&self.product, &mut self.spectra[place.clone()], &mut self.sides[place]);
    }

    /// The newest block behind `filter`: the left ear as real parts, the right as imaginary parts.
    pub(super) fn filtered(&mut self, filter: &[f32]) -> &[Complex<Precision>] {
        self.product.fill(0.0);
        for (back, part) in filter.chunks_exact(PART).enumerate() {
            let at = (self.newest + self.partitions - back) % self.partitions * PART;
            multiply_add(&self.spectra[at..at + PART], part, &mut self.product);
            if let Some(side) = self.sides.get(at..at + PART) {
                multiply_add_mirrored(side, part, &mut self.product);
            }
        }
        let (re, im) = self.product.split_at(BINS);
        for (bin, (re, im)) in self.transforms.bins.iter_mut().zip(re.iter().zip(im)) {
            *bin = Complex::new(*re as Precision, *im as Precision);
        }
        self.transforms.inverse.process_with_scratch(&mut self.transforms.bins, &mut self.transforms.scratch);
        &self.transforms.bins[BLOCK..]
    }
}

/// Add the products of the bins of `x` and `h` to `out`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn multiply_add(x: &[f32], h: &[f32], out: &mut [f32]) {
    let (x_re, x_im) = x.split_at(BINS);
    let (h_re, h_im) = h.split_at(BINS);
    let (re, im) = out.split_at_mut(BINS);
    let (x_im, h_re, h_im) = (&x_im[..BINS], &h_re[..BINS], &h_im[..BINS]);
    let (re, im) = (&mut re[..BINS], &mut im[..BINS]);
    for k in 0..BINS {
        re[k] += x_re[k] * h_re[k] - x_im[k] * h_im[k];
        im[k] += x_re[k] * h_im[k] + x_im[k] * h_re[k];
    }
}

/// Add the products of the bins of `x` and those of the filter `h` with its right ear turned over to `out`: the conjugate of
/// the bin of the opposite frequency.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn multiply_add_mirrored(x: &[f32], h: &[f32], out: &mut [f32]) {
    let (x_re, x_im) = x.split_at(BINS);
    let (h_re, h_im) = h.split_at(BINS);
    let (re, im) = out.split_at_mut(BINS);
    re[0] += x_re[0] * h_re[0] + x_im[0] * h_im[0];
    im[0] += x_im[0] * h_re[0] - x_re[0] * h_im[0];
    let (x_re, x_im) = (&x_re[1..BINS], &x_im[1..BINS]);
    let (h_re, h_im) = (&h_re[1..BINS], &h_im[1..BINS]);
    let (re, im) = (&mut re[1..BINS], &mut im[1..BINS]);
    for k in 0..BINS - 1 {
        let (a, b) = (h_re[BINS - 2 - k], h_im[BINS - 2 - k]);
        re[k] += x_re[k] * a + x_im[k] * b;
        im[k] += x_im[k] * a - x_re[k] * b;
    }
}

/// The spectra of the real and of the imaginary part of a signal whose spectrum is `both`.
fn split(both: &[f32], real: &mut [f32], imaginary: &mut [f32]) {
    let (re, im) = both.split_at(BINS);
    let ((a_re, a_im), (b_re, b_im)) = (real.split_at_mut(BINS), imaginary.split_at_mut(BINS));
    for k in 0..BINS {
        let opposite = (BINS - k) % BINS;
        a_re[k] = 0.5 * (re[k] + re[opposite]);
        a_im[k] = 0.5 * (im[k] - im[opposite]);
        b_re[k] = 0.5 * (im[k] + im[opposite]);
        b_im[k] = 0.5 * (re[opposite] - re[k]);
    }
}

/// Add `weight` times `x` to `out`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub(super) fn add_weighted(x: &[f32], weight: f32, out: &mut [f32]) {
    for (out, x) in out.iter_mut().zip(x) {
        *out += weight * x;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_equal_the_direct_sum() {
        let noise = |i: usize, k: u64| ((i as u64 + 1).wrapping_mul(k) >> 20) as f64 % 1000.0 / 500.0 - 1.0;
        for taps in [1, 64, 128, 129, 300, 513] {
            let ear = |k: u64| (0..taps).map(|i| noise(i, k) / taps as f64).collect::<Vec<f64>>();
            let (left, right) = (ear(0x9e37_79b9_7f4a_7c15), ear(0xbf58_476d_1ce4_e5b9));
            let parts = partitions(taps);
            let mut filter = vec![0.0; filter_len(parts)];
            FilterWriter::new().write(&left, &right, &mut filter);
            let signal: Vec<f32> = (0..BLOCK * (parts + 4)).map(|i| noise(i, 0x94d0_49bb_1331_11eb) as f32).collect();
            let mut convolver = Convolver::new(parts, false);
            for block in 1..parts + 4 {
                convolver.push(&signal[(block - 1) * BLOCK..(block + 1) * BLOCK]);
                if block < parts {
                    continue;
                }
                let out = convolver.filtered(&filter);
                for (j, out) in out.iter().enumerate() {
                    let n = block * BLOCK + j;
                    let sum = |ear: &[f64]| {
                        (0..taps)
                            .map(|k| ear[k] * f64::from(*signal.get(n.wrapping_sub(k)).unwrap_or(&0.0)))
                            .sum::<f64>()
                    };
                    assert!((f64::from(narrow(out.re)) - sum(&left)).abs() < 1e-6, "{taps} {n}");
                    assert!((f64::from(narrow(out.im)) - sum(&right)).abs() < 1e-6, "{taps} {n}");
                }
            }
        }
    }

    #[test]
    fn each_ear_hears_its_own_channel() {
        let noise = |i: usize, k: u64| ((i as u64 + 1).wrapping_mul(k) >> 20) as f64 % 1000.0 / 500.0 - 1.0;
        let taps = 200;
        let ear = |k: u64| (0..taps).map(|i| noise(i, k) / taps as f64).collect::<Vec<f64>>();
        let ears = [ear(0x9e37_79b9_7f4a_7c15), ear(0xbf58_476d_1ce4_e5b9)];
        let mut filter = vec![0.0; filter_len(2)];
        FilterWriter::new().write(&ears[0], &ears[1], &mut filter);
        let channels: [Vec<f32>; 2] = [0x94d0_49bb_1331_11eb, 0x2545_f491_4f6c_dd1d]
            .map(|k| (0..BLOCK * 5).map(|i| noise(i, k) as f32).collect());
        let mixed = |sign: f32| {
            channels[0].iter().zip(&channels[1]).map(|(left, right)| 0.5 * (left + sign * right)).collect::<Vec<f32>>()
        };
        let (middle, side) = (mixed(1.0), mixed(-1.0));
        let mut convolver = Convolver::new(2, true);
        for block in 1..5 {
            let range = (block - 1) * BLOCK..(block + 1) * BLOCK;
            convolver.push_pair(&middle[range.clone()], &side[range]);
        }
        for (j, out) in convolver.filtered(&filter).iter().enumerate() {
            let n = 4 * BLOCK + j;
            let sum = |ear: usize| (0..taps).map(|k| ears[ear][k] * f64::from(channels[ear][n - k])).sum::<f64>();
            assert!((f64::from(narrow(out.re)) - sum(0)).abs() < 1e-6, "{n}");
            assert!((f64::from(narrow(out.im)) - sum(1)).abs() < 1e-6, "{n}");
        }
    }
}
