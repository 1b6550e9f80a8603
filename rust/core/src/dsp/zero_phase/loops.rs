//! The inner loops of filtering at a low rate. They use no fused operations, so the bits are the same on every target.

use multiversion::multiversion;

use super::kernel::{REACH, WIDTH};
use super::response::Mode;
use super::window::BIAS;

/// Both channels at one low-rate sample.
pub(super) type Pair = [f64; 2];

/// Products that are summed side by side.
const SIDE: usize = 32;
/// Low-rate samples that are summed side by side.
const BESIDE: usize = 64;

/// Fill `out` with low-rate samples: sample `m` is the sum of `taps` times the frames from `m·step` on. There are
/// `WIDTH·step` taps.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub(super) fn decimate(taps: &[f32], step: usize, raw: [&[f32]; 2], out: &mut [Pair]) {
    match step {
        4 => by_phase::<4>(taps, raw, out),
        8 => by_phase::<8>(taps, raw, out),
        16 => by_phase::<16>(taps, raw, out),
        _ => by_sample(taps, step, raw, out),
    }
}

/// [`decimate`] for small steps: frames are sorted by their place in the step, and many samples are summed side by side.
#[inline(always)]
fn by_phase<const STEP: usize>(taps: &[f32], raw: [&[f32]; 2], out: &mut [Pair]) {
    let taps = taps.as_chunks::<STEP>().0;
    let mut phases = [[0.0_f32; BESIDE + WIDTH]; STEP];
    for (tile, out) in out.chunks_mut(BESIDE).enumerate() {
        for (channel, raw) in raw.into_iter().enumerate() {
            let steps = &raw.as_chunks::<STEP>().0[tile * BESIDE..][..out.len() + WIDTH - 1];
            if is_silent(steps.as_flattened()) {
                for out in out.iter_mut() {
                    out[channel] = BIAS;
                }
                continue;
            }
            for (m, step) in steps.iter().enumerate() {
                for (phase, frame) in phases.iter_mut().zip(step) {
                    phase[m] = *frame;
                }
            }
            let mut sums = [0.0_f32; BESIDE];
            for (k, taps) in taps.iter().enumerate() {
                for (phase, tap) in phases.iter().zip(taps) {
                    let phase = &phase[k..k + BESIDE];
                    for m in 0..BESIDE {
                        sums[m] += tap * phase[m];
                    }
                }
            }
            for (out, sum) in out.iter_mut().zip(&sums) {
                out[channel] = f64::from(*sum) + BIAS;
            }
        }
    }
}

/// Whether all `samples` are 0.
#[inline(always)]
fn is_silent(samples: &[f32]) -> bool {
    let (parts, rest) = samples.as_chunks::<SIDE>();
    let bits = |samples: &[f32]| samples.iter().fold(0, |bits, sample| bits | sample.abs().to_bits());
    parts.iter().all(|part| bits(part) == 0) && bits(rest) == 0
}

/// [`decimate`] for large steps, whose number of taps is a multiple of [`SIDE`]: sample by sample.
#[inline(always)]
fn by_sample(taps: &[f32], step: usize, raw: [&[f32]; 2], out: &mut [Pair]) {
    let taps = taps.as_chunks::<SIDE>().0;
    for (m, out) in out.iter_mut().enumerate() {
        let [left, right] = raw.map(|raw| raw[m * step..][..taps.len() * SIDE].as_chunks::<SIDE>().0);
        let mut sums = [[0.0_f32; SIDE]; 2];
        for ((taps, left), right) in taps.iter().zip(left).zip(right) {
            for k in 0..SIDE {
                sums[0][k] += taps[k] * left[k];
                sums[1][k] += taps[k] * right[k];
            }
        }
        *out = sums.map(|mut sums| {
            for half in [16, 8, 4, 2, 1] {
                for k in 0..half {
                    sums[k] += sums[k + half];
                }
            }
            f64::from(sums[0]) + BIAS
        });
    }
}

/// A zero-phase filter at the low rate: `direct` times a sample, plus both modes from both directions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Recursion {
    pub(super) direct: f64,
    pub(super) modes: [Mode; 2],
}

/// Two directions, two halves, two modes, two channels.
const STATES: usize = 16;

/// Filter `samples` into `forward`; `backward` is working memory. Both halves run side by side, each with `settling`
/// samples before it.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub(super) fn recurse(
    filter: &Recursion,
    settling: usize,
    samples: &[Pair],
    forward: &mut [Pair],
    backward: &mut [Pair],
) {
    let mode = |state: usize| &filter.modes[state / 2 % 2];
    let pole: [[f64; STATES]; 2] = [std::array::from_fn(|s| mode(s).pole.re), std::array::from_fn(|s| mode(s).pole.im)];
    let weight: [[f64; STATES]; 2] =
        [std::array::from_fn(|s| mode(s).residue.re), std::array::from_fn(|s| mode(s).residue.im)];
    let (mut re, mut im) = ([0.0; STATES], [0.0; STATES]);
    let len = samples.len();
    let half = len.div_ceil(2);
    let run = (half + settling).min(len);
    let (early, late) = (&samples[..run], &samples[len - run..]);
    for at in 0..run {
        let back = run - 1 - at;
        let [a, b, c, d] = [early[at], late[at], late[back], early[back]];
        let input = [a[0], a[1], a[0], a[1], b[0], b[1], b[0], b[1], c[0], c[1], c[0], c[1], d[0], d[1], d[0], d[1]];
        let mut sums = [0.0; STATES];
        for s in 0..STATES {
            let turned = pole[0][s] * re[s] - pole[1][s] * im[s] + input[s];
            im[s] = pole[0][s] * im[s] + pole[1][s] * re[s];
            re[s] = turned;
            sums[s] = weight[0][s] * re[s] - weight[1][s] * im[s];
        }
        if at < half {
            forward[at] = [sums[0] + sums[2], sums[1] + sums[3]];
            backward[len - 1 - at] = [sums[8] + sums[10], sums[9] + sums[11]];
        }
        if at >= run - (len - half) {
            forward[len - run + at] = [sums[4] + sums[6], sums[5] + sums[7]];
            backward[back] = [sums[12] + sums[14], sums[13] + sums[15]];
        }
    }
    for ((forward, backward), samples) in forward.iter_mut().zip(&*backward).zip(samples) {
        for channel in 0..2 {
            forward[channel] += backward[channel] + filter.direct * samples[channel];
        }
    }
}

/// Samples that are corrected side by side.
const TILE: usize = 8;

/// Correct `samples` by a symmetric filter, into one plane for each channel. The first result belongs to sample
/// [`REACH`]. Magnitudes below 1e-20 become exact silence. The planes have a multiple of [`TILE`] samples.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub(super) fn correct(taps: &[f64; REACH + 1], samples: &[Pair], out: [&mut [f32]; 2]) {
    let flat = samples.as_flattened();
    let [left, right] = out.map(|out| out.as_chunks_mut::<TILE>().0);
    // the sum of the products cannot exceed 1e-20 where all samples are below this
    let quiet = 0.5e-20 / taps.iter().map(|tap| 2.0 * tap.abs()).sum::<f64>();
    for (tile, (left, right)) in left.iter_mut().zip(right).enumerate() {
        let window = &flat[2 * TILE * tile..][..2 * TILE + 4 * REACH];
        // magnitudes have the same order as their bits
        let most = || window.iter().fold(0, |most: u64, sample| most.max(sample.abs().to_bits()));
        if window[2 * REACH].abs() < quiet && most() < quiet.to_bits() {
            left.fill(0.0);
            right.fill(0.0);
            continue;
        }
        let mut sums = [0.0; 2 * TILE];
        for j in 0..2 * TILE {
            sums[j] = taps[0] * window[2 * REACH + j];
        }
        for k in 1..=REACH {
            for j in 0..2 * TILE {
                sums[j] += taps[k] * (window[2 * (REACH - k) + j] + window[2 * (REACH + k) + j]);
            }
        }
        let sample = |value: f64| if value.abs() < 1e-20 { 0.0 } else { value as f32 };
        for k in 0..TILE {
            left[k] = sample(sums[2 * k]);
            right[k] = sample(sums[2 * k + 1]);
        }
    }
}

/// Lead `samples` back to the full rate: the frames of low-rate sample `m` get the sum of the samples `m` to
/// `m + WIDTH - 1`, each times its row of `rows`. They are written to `out`, or subtracted from it.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub(super) fn interpolate(rows: &[f32], step: usize, samples: &[f32], out: &mut [f32], subtract: bool) {
    match (step, subtract) {
        (4, false) => spread::<4, false>(rows, step, samples, out),
        (4, true) => spread::<4, true>(rows, step, samples, out),
        (8, false) => spread::<8, false>(rows, step, samples, out),
        (8, true) => spread::<8, true>(rows, step, samples, out),
        (_, false) => spread::<16, false>(rows, step, samples, out),
        (_, true) => spread::<16, true>(rows, step, samples, out),
    }
}

/// [`interpolate`] in groups of `N` frames, which divides `step`.
#[inline(always)]
fn spread<const N: usize, const SUBTRACT: bool>(rows: &[f32], step: usize, samples: &[f32], out: &mut [f32]) {
    for (tile, out) in out.chunks_mut(BESIDE * step).enumerate() {
        let samples = &samples[tile * BESIDE..][..out.len() / step + WIDTH - 1];
        if is_silent(samples) {
            if !SUBTRACT {
                out.fill(0.0);
            }
        } else if step == N {
            // a step that is known when this is compiled
            spread_tile::<N, SUBTRACT>(rows, N, samples, out);
        } else {
            spread_tile::<N, SUBTRACT>(rows, step, samples, out);
        }
    }
}

/// [`spread`] for samples that sound.
#[inline(always)]
fn spread_tile<const N: usize, const SUBTRACT: bool>(rows: &[f32], step: usize, samples: &[f32], out: &mut [f32]) {
    for (m, out) in out.chunks_exact_mut(step).enumerate() {
        let samples: &[f32] = &samples[m..m + WIDTH];
        for (group, out) in out.as_chunks_mut::<N>().0.iter_mut().enumerate() {
            let mut sums = [0.0_f32; N];
            for (k, sample) in samples.iter().enumerate() {
                let row = &rows[k * step + group * N..][..N];
                for j in 0..N {
                    sums[j] += row[j] * sample;
                }
            }
            for j in 0..N {
                if SUBTRACT {
                    out[j] -= sums[j];
                } else {
                    out[j] = sums[j];
                }
            }
        }
    }
}

/// Fill `out` with every `spacing`-th frame of what [`interpolate`] gives.
pub(super) fn sparse(rows: &[f32], step: usize, spacing: usize, samples: &[f32], out: &mut [f32]) {
    for (k, out) in out.iter_mut().enumerate() {
        let (m, frame) = (k * spacing / step, k * spacing % step);
        *out = samples[m..m + WIDTH].iter().enumerate().map(|(k, sample)| rows[k * step + frame] * sample).sum();
    }
}
