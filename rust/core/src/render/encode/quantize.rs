//! Converts float samples to little-endian bytes: scaling, clipping, rounding, dither (spec assembly 10.3).

use multiversion::multiversion;

use super::format::{Rounding, Subtype};
use crate::dsp::split_mix::{STEP, mixed};

/// Makes the dither differ from whatever else is random under the same seed.
const DITHER: u64 = 0x5eed_d17e_0000_0001;

/// Most frames that are converted at once.
const RUN: usize = 1024;

/// Converts successive blocks and counts the samples that it had to change.
#[derive(Debug)]
pub(super) struct Quantizer {
    subtype: Subtype,
    rounding: Rounding,
    /// Key of the dither.
    key: u64,
    /// Frame of the dither's sequence at which the first sample is.
    first: u64,
    /// Frames converted so far.
    pub(super) frames: u64,
    /// NaN and infinite samples that became 0.
    pub(super) not_finite: u64,
    /// Samples beyond full scale; integer formats clip them.
    pub(super) over: u64,
}

impl Quantizer {
    pub(super) fn new(subtype: Subtype, rounding: Rounding) -> Self {
        Self { subtype, rounding, key: mixed(DITHER), first: 0, frames: 0, not_finite: 0, over: 0 }
    }

    /// Let the dither begin at frame `first` of its sequence under `seed`. Without this call both are 0.
    pub(super) fn dither_from(&mut self, seed: u64, first: u64) {
        self.key = mixed(seed ^ DITHER);
        self.first = first;
    }

    /// Append the frames to `bytes`, interleaved. Both channels have the same length.
    pub(super) fn append(&mut self, left: &[f32], right: &[f32], bytes: &mut Vec<u8>) {
        let mut noise = [[0.0; RUN]; 2];
        for (left, right) in left.chunks(RUN).zip(right.chunks(RUN)) {
            let start = bytes.len();
            bytes.resize(start + 2 * left.len() * self.subtype.bytes(), 0);
            let bytes = &mut bytes[start..];
            if self.rounding == Rounding::Dither && self.subtype != Subtype::Float32 {
                fill(self.key, self.first.wrapping_add(self.frames), left.len(), &mut noise);
            }
            let [not_finite, over] = match (self.subtype, self.rounding) {
                (Subtype::Float32, _) => floats(left, right, bytes),
                (_, Rounding::Truncate) => truncated(self.subtype, left, right, bytes),
                (Subtype::Pcm16, _) => pcm16(left, right, &noise, bytes),
                (Subtype::Pcm24, _) => pcm24(left, right, &noise, bytes),
            };
            self.not_finite += u64::from(not_finite);
            self.over += u64::from(over);
            self.frames += left.len() as u64;
        }
    }

    /// Rebuild the interleaved frames in `bytes` with a third channel: full scale where `trigger` is true, else 0.
    pub(super) fn with_trigger(&self, bytes: &[u8], trigger: &[bool]) -> Vec<u8> {
        let width = self.subtype.bytes();
        let high = match self.subtype {
            Subtype::Pcm16 => 0x7fff_i32.to_le_bytes(),
            Subtype::Pcm24 => 0x7f_ffff_i32.to_le_bytes(),
            Subtype::Float32 => 1.0_f32.to_le_bytes(),
        };
        let mut out = Vec::with_capacity(bytes.len() / 2 * 3);
        for (frame, on) in bytes.chunks_exact(2 * width).zip(trigger) {
            out.extend_from_slice(frame);
            out.extend_from_slice(if *on { &high[..width] } else { &[0; 4][..width] });
        }
        out
    }

    /// The frames in `bytes` without their right channel; each has `extra` further channels.
    pub(super) fn left_only(&self, bytes: &[u8], extra: usize) -> Vec<u8> {
        let width = self.subtype.bytes();
        let mut out = Vec::with_capacity(bytes.len());
        for frame in bytes.chunks_exact((2 + extra) * width) {
            out.extend_from_slice(&frame[..width]);
            out.extend_from_slice(&frame[2 * width..]);
        }
        out
    }
}

/// `sample`, or 0 if it is not finite. Counts samples that are not finite and samples beyond full scale.
#[inline(always)]
fn examined(sample: f32, [bad, loud]: &mut [u32; 2]) -> f32 {
    let finite = sample.abs() <= f32::MAX;
    *bad += u32::from(!finite);
    let sample = if finite { sample } else { 0.0 };
    *loud += u32::from(sample.abs() > 1.0);
    sample
}

/// Writes frames as they are. Returns the counts of [`examined`].
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn floats(left: &[f32], right: &[f32], bytes: &mut [u8]) -> [u32; 2] {
    let mut counts = [0; 2];
    for ((left, right), out) in left.iter().zip(right).zip(bytes.chunks_exact_mut(8)) {
        let [left, right] = [*left, *right].map(|sample| examined(sample, &mut counts).to_bits());
        out.copy_from_slice(&(u64::from(left) | u64::from(right) << 32).to_le_bytes());
    }
    counts
}

/// Converts at most [`RUN`] frames to 24 bits, after adding `noise` in steps. Returns the counts of [`examined`].
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn pcm24(left: &[f32], right: &[f32], noise: &[[f32; RUN]; 2], bytes: &mut [u8]) -> [u32; 2] {
    const TOP: f64 = 8_388_607.0;
    const ROUND: f64 = 6_755_399_441_055_744.0; // 1.5·2^52: adding it rounds to whole numbers, ties to even
    let mut counts = [0; 2];
    let mut values = [[0_u32; RUN]; 2];
    for (channel, samples) in [left, right].into_iter().enumerate() {
        for ((value, sample), noise) in values[channel].iter_mut().zip(samples).zip(&noise[channel]) {
            let scaled = f64::from(examined(*sample, &mut counts)) * TOP + f64::from(*noise);
            let low = if scaled < -TOP - 1.0 { -TOP - 1.0 } else { scaled };
            let clipped = if low > TOP { TOP } else { low };
            *value = (clipped + ROUND).to_bits() as u32;
        }
    }
    for ((left, right), out) in values[0].iter().zip(&values[1]).zip(bytes.chunks_exact_mut(6)) {
        let frame = u64::from(left & 0xff_ffff) | u64::from(right & 0xff_ffff) << 24;
        out.copy_from_slice(&frame.to_le_bytes()[..6]);
    }
    counts
}

/// Converts frames to integers toward zero. Returns the counts of [`examined`].
fn truncated(subtype: Subtype, left: &[f32], right: &[f32], bytes: &mut [u8]) -> [u32; 2] {
    let mut counts = [0; 2];
    let samples = left.iter().zip(right).flat_map(|(left, right)| [*left, *right]);
    for (sample, out) in samples.zip(bytes.chunks_exact_mut(subtype.bytes())) {
        let sample = examined(sample, &mut counts);
        // The product with the top of 16 bits is in f32, as in the legacy recordings.
        let (scaled, top) = match subtype {
            Subtype::Pcm16 => (f64::from(sample * 32_767.0), 32_767.0),
            Subtype::Pcm24 | Subtype::Float32 => (f64::from(sample) * 8_388_607.0, 8_388_607.0),
        };
        let value = scaled.trunc().clamp(-top - 1.0, top) as i32;
        out.copy_from_slice(&value.to_le_bytes()[..subtype.bytes()]);
    }
    counts
}

/// Converts at most [`RUN`] frames to 16 bits, after adding `noise` in steps. Returns the counts of [`examined`].
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn pcm16(left: &[f32], right: &[f32], noise: &[[f32; RUN]; 2], bytes: &mut [u8]) -> [u32; 2] {
    const ROUND: f32 = 12_582_912.0; // 1.5·2^23: adding it rounds to whole numbers, ties to even
    let mut counts = [0; 2];
    let mut convert = |sample: f32, noise: f32| {
        // The product is in f32, as in the legacy recordings.
        let scaled = examined(sample, &mut counts) * 32_767.0 + noise;
        let low = if scaled < -32_768.0 { -32_768.0 } else { scaled };
        let clipped = if low > 32_767.0 { 32_767.0 } else { low };
        ((clipped + ROUND).to_bits() as i16).to_le_bytes()
    };
    let samples = left.iter().zip(right).zip(noise[0].iter().zip(&noise[1]));
    for (((left, right), noise), out) in samples.zip(bytes.chunks_exact_mut(4)) {
        let (left, right) = (convert(*left, *noise.0), convert(*right, *noise.1));
        out.copy_from_slice(&[left[0], left[1], right[0], right[1]]);
    }
    counts
}

/// The dither of `frames` frames from `first` on.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn fill(key: u64, first: u64, frames: usize, noise: &mut [[f32; RUN]; 2]) {
    let [left, right] = noise;
    for ((frame, left), right) in (0..frames as u64).zip(left).zip(right) {
        [*left, *right] = triangular(key, first.wrapping_add(frame));
    }
}

/// Noise with a triangular distribution between -1 and 1, for both channels of a frame: the differences of two uniform
/// numbers of 16 bits each.
#[inline(always)]
fn triangular(key: u64, frame: u64) -> [f32; 2] {
    let word = mixed(frame.wrapping_mul(STEP).wrapping_add(key));
    let part = |shift: u32| (word >> shift & 0xffff) as i32;
    let difference = |one: u32, other: u32| (part(one) - part(other)) as f32 / 65_536.0;
    [difference(0, 16), difference(32, 48)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pcm16(rounding: Rounding, samples: &[f32]) -> Vec<i16> {
        let mut bytes = Vec::new();
        Quantizer::new(Subtype::Pcm16, rounding).append(samples, samples, &mut bytes);
        bytes.chunks(4).map(|b| i16::from_le_bytes([b[0], b[1]])).collect()
    }

    #[test]
    fn nearest_rounds_to_nearest_and_truncate_rounds_toward_zero() {
        let step = 1.0 / 32_767.0;
        let samples = [0.0, 0.6 * step, -0.6 * step, 1.4 * step, -1.9 * step, 1.0, -1.0];
        assert_eq!(pcm16(Rounding::Nearest, &samples), [0, 1, -1, 1, -2, 32767, -32767]);
        assert_eq!(pcm16(Rounding::Truncate, &samples), [0, 0, 0, 1, -1, 32767, -32767]);
    }

    #[test]
    fn loud_samples_clip_and_non_finite_ones_become_silence() {
        let bad = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 2.0, -2.0, 1e38, 0.5];
        for rounding in [Rounding::Nearest, Rounding::Dither, Rounding::Truncate] {
            assert_eq!(pcm16(rounding, &bad)[3..6], [32767, -32768, 32767]);
        }
        assert_eq!(pcm16(Rounding::Nearest, &bad)[..3], [0, 0, 0]);
        let mut quantizer = Quantizer::new(Subtype::Float32, Rounding::Nearest);
        let mut bytes = Vec::new();
        quantizer.append(&bad, &[0.0; 7], &mut bytes);
        assert_eq!((quantizer.not_finite, quantizer.over, quantizer.frames), (3, 3, 7));
        assert_eq!(bytes[..4], 0_f32.to_le_bytes());
        assert_eq!(bytes[24..28], 2_f32.to_le_bytes());
    }

    #[test]
    fn twenty_four_bit_samples_use_the_full_range() {
        let mut bytes = Vec::new();
        let samples = [1.0, -1.0, 1.0 / 8_388_607.0, -3.0];
        Quantizer::new(Subtype::Pcm24, Rounding::Nearest).append(&samples, &[0.0; 4], &mut bytes);
        let left: Vec<[u8; 3]> = bytes.chunks(6).map(|b| [b[0], b[1], b[2]]).collect();
        assert_eq!(left, [[0xff, 0xff, 0x7f], [0x01, 0, 0x80], [1, 0, 0], [0, 0, 0x80]]);
    }

    #[test]
    fn twenty_four_bits_are_the_nearest_integers() {
        let samples: Vec<f32> = (0..3000).map(|i| (i as f32 * 0.37).sin() * 1.01).collect();
        for rounding in [Rounding::Nearest, Rounding::Dither] {
            let (mut bytes, mut quantizer) = (Vec::new(), Quantizer::new(Subtype::Pcm24, rounding));
            quantizer.append(&samples, &samples, &mut bytes);
            for (frame, (sample, bytes)) in samples.iter().zip(bytes.chunks(6)).enumerate() {
                let noise =
                    if rounding == Rounding::Dither { triangular(mixed(DITHER), frame as u64) } else { [0.0; 2] };
                for (noise, bytes) in noise.into_iter().zip(bytes.chunks(3)) {
                    let value = (f64::from(*sample) * 8_388_607.0 + f64::from(noise)).round_ties_even();
                    let value = value.clamp(-8_388_608.0, 8_388_607.0) as i32;
                    assert_eq!(bytes, &value.to_le_bytes()[..3], "{rounding:?} {frame}");
                }
            }
            let over = samples.iter().filter(|sample| sample.abs() > 1.0).count();
            assert_eq!((quantizer.over, quantizer.frames), (2 * over as u64, 3000));
        }
    }

    #[test]
    fn dither_depends_on_the_frame_and_the_seed_alone() {
        let samples: Vec<f32> = (0..3000).map(|i| (i as f32 * 0.01).sin() * 0.3).collect();
        for subtype in [Subtype::Pcm16, Subtype::Pcm24] {
            let from = |seed: u64, first: usize, size: usize| {
                let mut bytes = Vec::new();
                let mut quantizer = Quantizer::new(subtype, Rounding::Dither);
                quantizer.dither_from(seed, first as u64);
                samples[first..].chunks(size).for_each(|block| quantizer.append(block, block, &mut bytes));
                bytes
            };
            let whole = from(0, 0, 3000);
            for size in [1, 7, 64, 999, 1024] {
                assert_eq!(from(0, 0, size), whole);
            }
            assert_eq!(from(0, 1234, 100), whole[1234 * 2 * subtype.bytes()..]);
            assert_ne!(from(1, 0, 3000), whole);
        }
    }

    #[test]
    fn dither_is_triangular_white_and_independent_between_channels() {
        let count = 100_000_u64;
        let key = mixed(DITHER);
        let (mut mean, mut power, mut neighbours, mut across) = (0.0, 0.0, 0.0, 0.0);
        for frame in 0..count {
            let [left, right] = triangular(key, frame).map(f64::from);
            assert!(left.abs() < 1.0);
            mean += left;
            power += left * left;
            neighbours += left * f64::from(triangular(key, frame + 1)[0]);
            across += left * right;
        }
        let n = count as f64;
        // Variance of the triangle on -1..1 is 1/6; the limits are five standard errors.
        assert!((mean / n).abs() < 0.0065, "{}", mean / n);
        assert!((power / n - 1.0 / 6.0).abs() < 0.0032, "{}", power / n);
        assert!((neighbours / n).abs() < 0.0027 && (across / n).abs() < 0.0027);
    }

    #[test]
    fn the_error_is_triangular_dither_without_distortion() {
        // A sine of 0.33 steps (-100 dBFS) would be lost in rounding.
        let step = 1.0 / 32_767.0;
        let (count, cycles) = (1 << 18, 5000.0);
        let tone = |n: usize| (std::f64::consts::TAU * (cycles * n as f64 / f64::from(count)).fract()).sin();
        let samples: Vec<f32> = (0..count as usize).map(|n| (0.33 * step * tone(n)) as f32).collect();
        let values = pcm16(Rounding::Dither, &samples);
        let mut power = 0.0;
        let mut level = 0.0;
        let mut third = 0.0;
        for (n, value) in values.iter().enumerate() {
            let value = f64::from(*value);
            power += (value - f64::from(samples[n]) * 32_767.0).powi(2);
            level += 2.0 * value * tone(n);
            third += 2.0 * value * tone(3 * n);
        }
        let n = f64::from(count);
        // rounding 1/12 and dither 2/12 of a step squared
        assert!((power / n - 0.25).abs() < 0.003, "{}", power / n);
        assert!((level / n - 0.33).abs() < 0.01, "{}", level / n);
        assert!((third / n).abs() < 0.01, "{}", third / n);
        assert!(pcm16(Rounding::Nearest, &samples).iter().all(|value| *value == 0));
    }

    #[test]
    fn dither_preserves_levels_between_two_steps_on_average() {
        let level = 0.25 / 32_767.0;
        let values = pcm16(Rounding::Dither, &vec![level; 100_000]);
        let mean = values.iter().map(|v| f64::from(*v)).sum::<f64>() / 100_000.0;
        assert!((mean - 0.25).abs() < 0.01, "{mean}");
        assert!(pcm16(Rounding::Nearest, &[level]) == [0]);
    }
}
