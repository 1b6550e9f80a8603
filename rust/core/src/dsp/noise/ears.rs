//! Coloured noise for two independent ears, made from its spectrum and addressed by frame (spec noise 16.4).
//!
//! A block is one inverse Fourier transform of independent complex numbers, each times the amplitude of its frequency.
//! The real part is the left ear and the imaginary part the right one. Because the numbers of positive and negative
//! frequencies are independent and equally large, the ears are independent, too. Blocks overlap by an eighth, with
//! crossfades of constant power, so the variance is the same at all times. A block depends on its number alone: any
//! frame costs at most two blocks, and nothing has to settle.

use std::f64::consts::FRAC_PI_2;
use std::fmt;
use std::sync::Arc;

use multiversion::multiversion;
use rustfft::Fft;
use rustfft::num_complex::Complex;

use crate::dsp::fft;
use crate::dsp::fft::Precision;
use crate::dsp::split_mix::{STEP, mixed};

/// Shortest block in seconds. It determines the resolution at low frequencies: 2.7 Hz at 44.1 kHz.
const BLOCK_SECONDS: f64 = 0.32;
/// Shortest block in frames.
const SHORTEST_BLOCK: usize = 64;
/// The part of a block that overlaps with the next one, as a divisor of its length.
const OVERLAP: usize = 8;
/// Number of cached blocks: the current one, the one before, and one more for a reader that steps back.
const KEPT: usize = 3;
/// Bins that are filled at once.
const BINS: usize = 128;
/// Standard deviation of the numbers that [`count`] counts.
const DEVIATION: Precision = 2.0;
/// Frequencies between which the noise rises from nothing to its colour, below the range of hearing.
const LOW_EDGE: [f64; 2] = [10.0, 16.0];
/// Frequencies between which it falls to nothing, above the range of hearing.
const HIGH_EDGE: [f64; 2] = [22_050.0, 24_000.0];

/// A prepared colour: the amplitude at each frequency of a block.
pub struct Spectrum {
    /// Number of frames of a block.
    size: usize,
    /// Amplitude of bin `k + 1` and of its negative; all other bins are zero.
    amplitudes: Vec<Precision>,
    /// The rising half of the crossfade.
    rising: Vec<f64>,
    inverse: Arc<dyn Fft<Precision>>,
}

impl fmt::Debug for Spectrum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spectrum").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Spectrum {
    /// For a power density over frequency in Hz (0 < Hz < rate/2), in any scale. The noise has unit variance in each
    /// ear; a density that is zero everywhere gives silence.
    pub fn new(power: impl Fn(f64) -> f64, sample_rate: f64) -> Self {
        let size = ((sample_rate * BLOCK_SECONDS) as usize).next_power_of_two().max(SHORTEST_BLOCK);
        let spacing = sample_rate / size as f64;
        let powers: Vec<f64> = (1..size / 2)
            .map(|k| k as f64 * spacing)
            .take_while(|f| *f < HIGH_EDGE[1])
            .map(|f| power(f) * edges(f))
            .map(|power| if power.is_finite() { power.max(0.0) } else { 0.0 })
            .collect();
        // each ear gets the power of all bins, positive and negative
        let variance = 2.0 * powers.iter().sum::<f64>();
        let scale = if variance > 0.0 { 1.0 / variance } else { 0.0 };
        let overlap = size / OVERLAP;
        Self {
            size,
            amplitudes: powers.iter().map(|power| amplitude(power * scale)).collect(),
            rising: (0..overlap).map(|i| (FRAC_PI_2 * (i as f64 + 0.5) / overlap as f64).sin()).collect(),
            inverse: fft::complex_inverse(size),
        }
    }

    /// Frames from the start of a block to the start of the next.
    fn hop(&self) -> usize {
        self.size - self.rising.len()
    }
}

/// The factor of a counted number for this mean power. Far below what single precision resolves it is zero, so that the
/// transform meets no denormal numbers.
fn amplitude(power: f64) -> Precision {
    const LEAST: f64 = 1e-30;
    if power < LEAST { 0.0 } else { power.sqrt() as Precision / DEVIATION }
}

/// The share of the power at `f` Hz that is left by the limits of the band: 1 from 16 Hz to 22.05 kHz.
pub fn edges(f: f64) -> f64 {
    let risen = |[from, to]: [f64; 2]| (FRAC_PI_2 * ((f - from) / (to - from)).clamp(0.0, 1.0)).sin().powi(2);
    risen(LOW_EDGE) * (1.0 - risen(HIGH_EDGE))
}

type Block = Vec<Complex<Precision>>;

/// A reader of one stream of noise for two ears, with a cache of three blocks.
pub struct Ears {
    spectrum: Arc<Spectrum>,
    seed: u64,
    /// The part of the right ear that is equal to the left one, and its own part.
    shares: [f64; 2],
    kept: [(Option<i64>, Block); KEPT],
    scratch: Block,
}

impl fmt::Debug for Ears {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ears").field("spectrum", &self.spectrum).field("seed", &self.seed).finish_non_exhaustive()
    }
}

impl Ears {
    /// The stream of `seed` in this colour; the ears have this correlation, from -1 to 1. Allocates all buffers, so
    /// reading does not allocate.
    pub fn new(spectrum: Arc<Spectrum>, seed: u64, correlation: f64) -> Self {
        Self {
            seed,
            shares: [correlation, (1.0 - correlation * correlation).max(0.0).sqrt()],
            kept: std::array::from_fn(|_| (None, vec![Complex::default(); spectrum.size])),
            scratch: vec![Complex::default(); spectrum.inverse.get_inplace_scratch_len()],
            spectrum,
        }
    }

    /// Fills both ears, which are equally long, with the samples of the frames from `start` on, which may be negative.
    /// A frame has the same bits in every stretch.
    pub fn read(&mut self, start: i64, left: &mut [f64], right: &mut [f64]) {
        let hop = self.spectrum.hop();
        let overlap = self.spectrum.rising.len();
        let mut done = 0;
        while done < left.len() {
            let frame = start + done as i64;
            let index = frame.div_euclid(hop as i64);
            let from = frame.rem_euclid(hop as i64) as usize;
            let to = if from < overlap { overlap } else { hop }.min(from + left.len() - done);
            let span = done..done + (to - from);
            let ears = left[span.clone()].iter_mut().zip(&mut right[span]);
            let now = self.block(index, index - 1);
            if from < overlap {
                let before = self.block(index - 1, index);
                let fading = &self.kept[before].1[hop..];
                let begun = &self.kept[now].1[..overlap];
                let rising = &self.spectrum.rising;
                for ((left, right), i) in ears.zip(from..to) {
                    let (up, down) = (rising[i], rising[overlap - 1 - i]);
                    *left = up * f64::from(begun[i].re) + down * f64::from(fading[i].re);
                    *right = up * f64::from(begun[i].im) + down * f64::from(fading[i].im);
                }
            } else {
                for ((left, right), value) in ears.zip(&self.kept[now].1[from..to]) {
                    *left = f64::from(value.re);
                    *right = f64::from(value.im);
                }
            }
            done += to - from;
        }
        let [shared, own] = self.shares;
        if shared != 0.0 {
            right.iter_mut().zip(left).for_each(|(right, left)| *right = shared * *left + own * *right);
        }
    }

    /// The place in the cache of block `index`; the block `needed` keeps its place.
    fn block(&mut self, index: i64, needed: i64) -> usize {
        if let Some(found) = self.kept.iter().position(|(kept, _)| *kept == Some(index)) {
            return found;
        }
        // the block farthest away goes; it cannot be `needed`, which is a neighbour, because there are three
        let distance = |kept: Option<i64>| match kept {
            None => u64::MAX,
            Some(kept) if kept == needed => 0,
            Some(kept) => kept.abs_diff(index),
        };
        let place = (0..KEPT).max_by_key(|i| distance(self.kept[*i].0)).unwrap_or(0);
        let (kept, bins) = &mut self.kept[place];
        *kept = Some(index);
        fill(&self.spectrum, self.seed, index, bins);
        self.spectrum.inverse.process_with_scratch(bins, &mut self.scratch);
        place
    }
}

/// Fills the bins of block `index` of a stream.
fn fill(spectrum: &Spectrum, seed: u64, index: i64, bins: &mut [Complex<Precision>]) {
    let top = spectrum.amplitudes.len();
    let (positive, negative) = bins.split_at_mut(spectrum.size - top);
    positive[0] = Complex::default();
    positive[top + 1..].fill(Complex::default());
    let state = mixed(mixed(seed).wrapping_add((index as u64).wrapping_mul(STEP)));
    let pairs =
        spectrum.amplitudes.chunks(BINS).zip(positive[1..=top].chunks_mut(BINS)).zip(negative.rchunks_mut(BINS));
    for (((amplitudes, positive), negative), chunk) in pairs.zip(0..) {
        let mut counts = [0; BINS];
        count(state.wrapping_add((chunk * BINS as u64).wrapping_mul(STEP)), &mut counts);
        for (((amplitude, positive), negative), count) in
            amplitudes.iter().zip(positive).zip(negative.iter_mut().rev()).zip(counts)
        {
            let part = |i: u32| amplitude * (((count >> (16 * i)) as u32 & 0xff) as i32 - 8) as Precision;
            *positive = Complex::new(part(0), part(1));
            *negative = Complex::new(part(2), part(3));
        }
    }
}

/// Four binomial numbers per word, one in each quarter: the number of ones among 16 random bits, which has mean 8 and
/// variance 4 and is close to normal (kurtosis 2.875).
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn count(state: u64, words: &mut [u64; BINS]) {
    for (word, i) in words.iter_mut().zip(1..) {
        *word = mixed(state.wrapping_add(STEP.wrapping_mul(i)));
    }
    for word in words {
        let x = *word - ((*word >> 1) & 0x5555_5555_5555_5555);
        let x = (x & 0x3333_3333_3333_3333) + ((x >> 2) & 0x3333_3333_3333_3333);
        let x = (x + (x >> 4)) & 0x0f0f_0f0f_0f0f_0f0f;
        *word = (x + (x >> 8)) & 0x001f_001f_001f_001f;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(spectrum: &Arc<Spectrum>, seed: u64, correlation: f64, start: i64, frames: usize) -> [Vec<f64>; 2] {
        let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
        Ears::new(spectrum.clone(), seed, correlation).read(start, &mut left, &mut right);
        [left, right]
    }

    fn mean(values: impl Iterator<Item = f64>) -> f64 {
        let (sum, count) = values.fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
        sum / count
    }

    #[test]
    fn a_frame_has_the_same_value_in_every_stretch() {
        let spectrum = Arc::new(Spectrum::new(|f| 1.0 / f, 8000.0));
        let all = read(&spectrum, 5, 0.3, -9000, 40_000);
        let mut reader = Ears::new(spectrum.clone(), 5, 0.3);
        for (start, len) in [(-9000, 1), (-1, 2), (3071, 3), (30_000, 1000), (0, 15_000), (4095, 4098), (-5000, 10)] {
            let (mut left, mut right) = (vec![0.0; len], vec![0.0; len]);
            for fresh in [true, false] {
                if fresh {
                    Ears::new(spectrum.clone(), 5, 0.3).read(start, &mut left, &mut right);
                } else {
                    reader.read(start, &mut left, &mut right);
                }
                let from = (start + 9000) as usize;
                assert_eq!(left, all[0][from..from + len]);
                assert_eq!(right, all[1][from..from + len]);
            }
        }
    }

    #[test]
    fn the_variance_is_one_at_every_place_of_a_block() {
        // white noise at 8 kHz: blocks of 4096 frames every 3584
        let spectrum = Arc::new(Spectrum::new(|_| 1.0, 8000.0));
        let (blocks, hop) = (600, spectrum.hop());
        let ears = read(&spectrum, 1, 0.0, 0, blocks * hop);
        for part in 0..24 {
            let from = part * hop / 24;
            let span = hop / 24;
            let inside = |x: &[f64]| mean((0..blocks).flat_map(|b| x[b * hop + from..][..span].iter().map(|v| v * v)));
            // 600 blocks of 149 nearly independent values: a standard error of 0.5 %
            for ear in &ears {
                let variance = inside(ear);
                assert!((variance - 1.0).abs() < 0.025, "part {part}: {variance}");
            }
        }
    }

    #[test]
    fn samples_are_normal_even_where_few_bins_sound() {
        // a band of 2 Hz, which is a single bin
        let spectrum = Arc::new(Spectrum::new(|f| f64::from(u8::from((f - 100.0).abs() < 1.0)), 8000.0));
        let mut reader = Ears::new(spectrum.clone(), 2, 0.0);
        let mut values = [Vec::new(), Vec::new()];
        for block in 0..8000 {
            // one value of each block is independent of the others
            let (mut left, mut right) = ([0.0], [0.0]);
            reader.read(block * spectrum.hop() as i64 + 2000, &mut left, &mut right);
            values[0].push(left[0]);
            values[1].push(right[0]);
        }
        for ear in values {
            let moment = |power: i32| mean(ear.iter().map(|v| v.powi(power)));
            // five standard errors of 8000 values
            let (second, fourth) = (moment(2), moment(4));
            assert!((second - 1.0).abs() < 0.08 && (fourth - 3.0).abs() < 0.55, "{second} {fourth}");
        }
    }

    #[test]
    fn ears_have_the_wanted_correlation_at_every_lag() {
        let spectrum = Arc::new(Spectrum::new(|_| 1.0, 8000.0));
        let frames = 1 << 20;
        for wanted in [-1.0, -0.5, 0.0, 0.7, 1.0] {
            let [left, right] = read(&spectrum, 3, wanted, 0, frames);
            for lag in [0, 1, 2, 17, 1000, 3072, 4096] {
                let products = |a: &[f64], b: &[f64]| mean(a.iter().zip(&b[lag..]).map(|(a, b)| a * b));
                let expected = if lag == 0 { wanted } else { 0.0 };
                for got in [products(&left, &right), products(&right, &left)] {
                    // white up to 16 Hz of the 4 kHz; five standard errors and what those 16 Hz add
                    assert!((got - expected).abs() < 0.005 + 0.008, "{wanted} {lag}: {got}");
                }
            }
        }
    }
}
