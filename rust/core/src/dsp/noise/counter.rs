//! White Gaussian noise addressed by frame: any stretch can be generated directly and without state.
//!
//! Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011) turns a counter
//! into four words, and the Box-Muller method turns these into four normal numbers. Eight counters are processed in
//! parallel, so that the loops fill vector registers. The frames of a group are assigned to them in an order that keeps
//! stores contiguous.

use multiversion::multiversion;

use crate::dsp::sine::sine_u32;

/// Number of frames that are generated together.
pub const GROUP: usize = 32;
const SIDE: usize = 8;
type Words = [u32; SIDE];

/// A stream of independent standard normal numbers, one per frame. Frames may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct White {
    key: [u32; 2],
}

impl White {
    /// The stream for `seed`; different seeds give independent streams.
    pub const fn new(seed: u64) -> Self {
        Self { key: [seed as u32, (seed >> 32) as u32] }
    }

    /// Fills `out` with the values of the frames from `start` on. A frame has the same bits in every stretch.
    pub fn fill(&self, start: i64, out: &mut [f32]) {
        let mut group = start.div_euclid(GROUP as i64);
        let skip = start.rem_euclid(GROUP as i64) as usize;
        let head = if skip == 0 { 0 } else { (GROUP - skip).min(out.len()) };
        let (first, rest) = out.split_at_mut(head);
        let mut whole = [0.0; GROUP];
        if !first.is_empty() {
            fill_groups(self.key, group, &mut whole);
            first.copy_from_slice(&whole[skip..skip + head]);
            group += 1;
        }
        let count = rest.len() / GROUP;
        let (body, tail) = rest.split_at_mut(count * GROUP);
        fill_groups(self.key, group, body);
        if !tail.is_empty() {
            fill_groups(self.key, group + count as i64, &mut whole);
            tail.copy_from_slice(&whole[..tail.len()]);
        }
    }
}

/// Fills `out` with whole groups from group `first` on; `out.len()` must be a multiple of [`GROUP`].
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn fill_groups(key: [u32; 2], first: i64, out: &mut [f32]) {
    for (i, group) in out.chunks_exact_mut(GROUP).enumerate() {
        let counter = ((first + i as i64) * SIDE as i64) as u64;
        let mut words = [[0; SIDE], [(counter >> 32) as u32; SIDE], [0; SIDE], [0; SIDE]];
        for (low, lane) in words[0].iter_mut().zip(0..) {
            *low = (counter as u32) + lane; // a multiple of 8 plus up to 7: no carry
        }
        philox(&mut words, key);
        for half in 0..2 {
            let (radius, angle) = (&words[2 * half], &words[2 * half + 1]);
            for lane in 0..SIDE {
                let r = radius_of(radius[lane]);
                group[2 * half * SIDE + lane] = r * sine_u32(angle[lane].wrapping_add(1 << 30));
                group[(2 * half + 1) * SIDE + lane] = r * sine_u32(angle[lane]);
            }
        }
    }
}

#[inline(always)]
fn philox(words: &mut [Words; 4], mut key: [u32; 2]) {
    for _ in 0..10 {
        let [w0, w1, w2, w3] = words;
        for (((w0, w1), w2), w3) in w0.iter_mut().zip(w1).zip(w2).zip(w3) {
            let a = u64::from(*w0) * 0xd251_1f53;
            let b = u64::from(*w2) * 0xcd9e_8d57;
            *w0 = (b >> 32) as u32 ^ *w1 ^ key[0];
            *w2 = (a >> 32) as u32 ^ *w3 ^ key[1];
            *w1 = b as u32;
            *w3 = a as u32;
        }
        key[0] = key[0].wrapping_add(0x9e37_79b9);
        key[1] = key[1].wrapping_add(0xbb67_ae85);
    }
}

/// `sqrt(-2 ln u)` for a uniform `u` in `(0, 1]` from the upper 31 bits of `word`.
#[inline(always)]
fn radius_of(word: u32) -> f32 {
    let u = ((word >> 1) as i32 as f32 + 0.5) * (1.0 / 2_147_483_648.0);
    (-2.0 * ln(u)).max(0.0).sqrt()
}

/// Natural logarithm of a positive normal float, relative error about 1e-7 (coefficients of the Cephes library).
#[inline(always)]
fn ln(x: f32) -> f32 {
    const HALF_ROOT: u32 = 0x3f35_04f3; // sqrt(1/2)
    let shifted = x.to_bits().wrapping_sub(HALF_ROOT);
    let exponent = (shifted as i32 >> 23) as f32;
    let f = f32::from_bits((shifted & 0x007f_ffff) + HALF_ROOT) - 1.0;
    let z = f * f;
    let p = 0.070_376_836 * f - 0.115_146_1;
    let p = p * f + 0.116_769_99;
    let p = p * f - 0.124_201_41;
    let p = p * f + 0.142_493_23;
    let p = p * f - 0.166_680_58;
    let p = p * f + 0.200_007_15;
    let p = p * f - 0.249_999_94;
    let p = p * f + 0.333_333_3;
    f - 0.5 * z + f * z * p + exponent * std::f32::consts::LN_2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
        let mut words = counter.map(|w| [w; SIDE]);
        philox(&mut words, key);
        words.map(|w| w[3])
    }

    #[test]
    fn words_match_the_known_answers_of_the_reference_code() {
        // the known answers of the authors' reference code
        assert_eq!(one([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(one([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            one([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn a_frame_has_the_same_value_in_every_stretch() {
        let white = White::new(0x1234_5678_9abc_def0);
        let mut all = vec![0.0; 500];
        white.fill(-200, &mut all);
        for (start, len) in [(-200, 7), (-7, 14), (0, 32), (31, 2), (5, 200), (-100, 100), (17, 0)] {
            let mut part = vec![0.0; len];
            white.fill(start, &mut part);
            let from = (start + 200) as usize;
            assert_eq!(part, all[from..from + len], "{start} {len}");
        }
    }

    #[test]
    fn values_are_standard_normal_and_white() {
        let n = 1 << 20;
        let mut x = vec![0.0_f32; n];
        White::new(3).fill(0, &mut x);
        let moment = |p: i32| x.iter().map(|v| f64::from(*v).powi(p)).sum::<f64>() / n as f64;
        // five standard errors of each moment
        let error = |variance: f64| 5.0 * (variance / n as f64).sqrt();
        assert!(moment(1).abs() < error(1.0));
        assert!((moment(2) - 1.0).abs() < error(2.0));
        assert!(moment(3).abs() < error(15.0));
        assert!((moment(4) - 3.0).abs() < error(96.0));
        assert!(x.iter().all(|v| v.is_finite()) && x.iter().any(|v| v.abs() > 4.5));
        for lag in [1, 2, 7, 8, 9, 16, 24, 31, 32, 33] {
            let r = x.windows(lag + 1).map(|w| f64::from(w[0]) * f64::from(w[lag])).sum::<f64>() / n as f64;
            assert!(r.abs() < error(1.0), "lag {lag}: {r}");
        }
        let mut other = vec![0.0_f32; n];
        White::new(4).fill(0, &mut other);
        let r = x.iter().zip(&other).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>() / n as f64;
        assert!(r.abs() < error(1.0), "streams of different seeds: {r}");
    }

    #[test]
    fn the_logarithm_is_accurate_to_single_precision() {
        for i in 1..10_000 {
            let x = i as f32 / 10_000.0;
            assert!((f64::from(ln(x)) - f64::from(x).ln()).abs() < 2e-7 * f64::from(x).ln().abs().max(1.0), "{x}");
        }
        assert!((ln(1.2e-10) - 1.2e-10_f32.ln()).abs() < 3e-6);
    }
}
