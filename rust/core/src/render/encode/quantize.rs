//! Converts float samples to little-endian bytes: scaling, clipping, rounding, dither (spec assembly 10.3).

use multiversion::multiversion;

use super::format::{Rounding, Subtype};
use crate::dsp::split_mix::{STEP, mixed};

/// Seed of the dither. It is fixed, so that the same track gives the same file.
const DITHER_SEED: u64 = 0x5eed_d17e_0000_0001;

/// Converts successive blocks and counts the samples that it had to change.
#[derive(Debug)]
pub(super) struct Quantizer {
    subtype: Subtype,
    rounding: Rounding,
    /// Frames converted so far; the dither depends on this position only.
    pub(super) frames: u64,
    /// NaN and infinite samples that became 0.
    pub(super) not_finite: u64,
    /// Samples beyond full scale; integer formats clip them.
    pub(super) over: u64,
}

impl Quantizer {
    pub(super) fn new(subtype: Subtype, rounding: Rounding) -> Self {
        Self { subtype, rounding, frames: 0, not_finite: 0, over: 0 }
    }

    /// Append the frames to `bytes`, interleaved. Both channels have the same length.
    pub(super) fn append(&mut self, left: &[f32], right: &[f32], bytes: &mut Vec<u8>) {
        if (self.subtype, self.rounding) == (Subtype::Pcm16, Rounding::Nearest) {
            let start = bytes.len();
            bytes.resize(start + 4 * left.len(), 0);
            let [not_finite, over] = pcm16(left, right, &mut bytes[start..]);
            self.not_finite += not_finite;
            self.over += over;
            self.frames += left.len() as u64;
            return;
        }
        bytes.reserve(2 * left.len() * self.subtype.bytes());
        for (left, right) in left.iter().zip(right) {
            for (channel, sample) in [(0, *left), (1, *right)] {
                let sample = self.examine(sample);
                match self.subtype {
                    // The product is in f32, as in the legacy recordings.
                    Subtype::Pcm16 => {
                        let value = self.round(f64::from(sample * 32_767.0), channel, 32_767.0);
                        bytes.extend_from_slice(&(value as i16).to_le_bytes());
                    }
                    Subtype::Pcm24 => {
                        let value = self.round(f64::from(sample) * 8_388_607.0, channel, 8_388_607.0);
                        bytes.extend_from_slice(&value.to_le_bytes()[..3]);
                    }
                    Subtype::Float32 => bytes.extend_from_slice(&sample.to_le_bytes()),
                }
            }
            self.frames += 1;
        }
    }

    fn examine(&mut self, sample: f32) -> f32 {
        if !sample.is_finite() {
            self.not_finite += 1;
            return 0.0;
        }
        if sample.abs() > 1.0 {
            self.over += 1;
        }
        sample
    }

    fn round(&self, scaled: f64, channel: u64, top: f64) -> i32 {
        let value = match self.rounding {
            Rounding::Nearest => scaled.round_ties_even(),
            Rounding::Dither => (scaled + triangular(self.frames, channel)).round_ties_even(),
            Rounding::Truncate => scaled.trunc(),
        };
        value.clamp(-top - 1.0, top) as i32
    }
}

/// The common case, vectorised: 16 bits, rounded to the nearest. Returns the numbers of non-finite samples and of
/// samples beyond full scale.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn pcm16(left: &[f32], right: &[f32], bytes: &mut [u8]) -> [u64; 2] {
    const ROUND: f32 = 12_582_912.0; // 1.5·2^23: adding it rounds to whole numbers, ties to even
    let (mut not_finite, mut over) = (0, 0);
    // Short runs allow 32-bit counters, which are as wide as the samples in vector registers.
    let runs = left.chunks(4096).zip(right.chunks(4096)).zip(bytes.chunks_mut(4 * 4096));
    for ((left, right), bytes) in runs {
        let (mut bad, mut loud) = (0_u32, 0_u32);
        let mut convert = |sample: f32| {
            let finite = sample.abs() <= f32::MAX;
            bad += u32::from(!finite);
            let sample = if finite { sample } else { 0.0 };
            loud += u32::from(sample.abs() > 1.0);
            let scaled = sample * 32_767.0;
            let low = if scaled < -32_768.0 { -32_768.0 } else { scaled };
            let clipped = if low > 32_767.0 { 32_767.0 } else { low };
            ((clipped + ROUND).to_bits() as i16).to_le_bytes()
        };
        for ((left, right), out) in left.iter().zip(right).zip(bytes.chunks_exact_mut(4)) {
            let (left, right) = (convert(*left), convert(*right));
            out.copy_from_slice(&[left[0], left[1], right[0], right[1]]);
        }
        not_finite += u64::from(bad);
        over += u64::from(loud);
    }
    [not_finite, over]
}

/// Triangular noise between -1 and 1, a pure function of frame and channel: the difference of the two halves of a hash
/// (`SplitMix64`), each of which is uniform.
fn triangular(frame: u64, channel: u64) -> f64 {
    let z = mixed((2 * frame + channel).wrapping_mul(STEP).wrapping_add(DITHER_SEED));
    (f64::from((z >> 32) as u32) - f64::from(z as u32)) / 4_294_967_296.0
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
    fn dither_does_not_depend_on_the_block_size() {
        let samples: Vec<f32> = (0..1000).map(|i| (i as f32 * 0.01).sin() * 0.3).collect();
        let mut whole = Vec::new();
        Quantizer::new(Subtype::Pcm16, Rounding::Dither).append(&samples, &samples, &mut whole);
        for size in [1, 7, 64, 999] {
            let mut parts = Vec::new();
            let mut quantizer = Quantizer::new(Subtype::Pcm16, Rounding::Dither);
            for block in samples.chunks(size) {
                quantizer.append(block, block, &mut parts);
            }
            assert_eq!(parts, whole);
        }
    }

    #[test]
    fn dither_is_triangular_white_and_independent_between_channels() {
        let count = 100_000_u64;
        let (mut mean, mut power, mut neighbours, mut across) = (0.0, 0.0, 0.0, 0.0);
        for frame in 0..count {
            let (left, right) = (triangular(frame, 0), triangular(frame, 1));
            assert!(left.abs() < 1.0);
            mean += left;
            power += left * left;
            neighbours += left * triangular(frame + 1, 0);
            across += left * right;
        }
        let n = count as f64;
        // Variance of the triangle on -1..1 is 1/6; the limits are five standard errors.
        assert!((mean / n).abs() < 0.0065, "{}", mean / n);
        assert!((power / n - 1.0 / 6.0).abs() < 0.0032, "{}", power / n);
        assert!((neighbours / n).abs() < 0.0027 && (across / n).abs() < 0.0027);
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
