//! Vectorised mixing of blocks of samples: sums, gains and peaks.
//!
//! Every operation works on single samples or is a maximum, so all targets and vector widths give the same bits.

use multiversion::multiversion;

/// `out += x`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2"))]
pub fn add(out: &mut [f32], x: &[f32]) {
    for (o, x) in out.iter_mut().zip(x) {
        *o += *x;
    }
}

/// `out += x·gain`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2"))]
pub fn add_scaled(out: &mut [f32], x: &[f32], gain: f32) {
    for (o, x) in out.iter_mut().zip(x) {
        *o += *x * gain;
    }
}

/// `out *= gains[0]`, then `gains[1]`, and so on, each product rounded.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2"))]
pub fn scale(out: &mut [f32], gains: [f32; 4]) {
    for o in out.iter_mut() {
        *o = *o * gains[0] * gains[1] * gains[2] * gains[3];
    }
}

/// `out = (out·a[0]·a[1] + x·b[0]·b[1])·both[0]·both[1]`, every operation rounded.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2"))]
pub fn join(out: &mut [f32], a: [f32; 2], x: &[f32], b: [f32; 2], both: [f32; 2]) {
    for (o, x) in out.iter_mut().zip(x) {
        *o = (*o * a[0] * a[1] + *x * b[0] * b[1]) * both[0] * both[1];
    }
}

/// The largest magnitude in `x`; samples that are not finite count as 0.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2"))]
pub fn peak(x: &[f32]) -> f32 {
    const FINITE: i32 = 0x7f7f_ffff;
    const LANES: usize = 16;
    // The magnitudes of floats have the same order as their bits. One maximum per lane lets the loop vectorise.
    let larger = |most: i32, x: f32| {
        let bits = (x.to_bits() & 0x7fff_ffff) as i32;
        if bits > most && bits <= FINITE { bits } else { most }
    };
    let mut most = [0_i32; LANES];
    let mut chunks = x.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (most, x) in most.iter_mut().zip(chunk) {
            *most = larger(*most, *x);
        }
    }
    let rest = chunks.remainder().iter().fold(0, |most, x| larger(most, *x));
    let bits = most.iter().fold(rest, |a, b| a.max(*b));
    f32::from_bits(bits as u32)
}

/// Replaces samples that are not finite by 0.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2"))]
pub fn silence_non_finite(out: &mut [f32]) {
    for o in out.iter_mut() {
        let bits = o.to_bits();
        *o = f32::from_bits(if bits & 0x7fff_ffff < 0x7f80_0000 { bits } else { 0 });
    }
}

/// Interleaves two channels into stereo frames. `out` holds twice as many samples as each channel.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2"))]
pub fn interleave(left: &[f32], right: &[f32], out: &mut [f32]) {
    for ((frame, l), r) in out.chunks_exact_mut(2).zip(left).zip(right) {
        frame[0] = *l;
        frame[1] = *r;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peak_is_the_largest_finite_magnitude() {
        let mut x: Vec<f32> = (0..1000).map(|i| (i as f32 * 0.7).sin()).collect();
        x[501] = -1.5;
        assert_eq!(peak(&x), 1.5);
        x[3] = f32::NAN;
        x[4] = f32::NEG_INFINITY;
        assert_eq!(peak(&x), 1.5);
        assert_eq!(peak(&[]), 0.0);
    }

    #[test]
    fn only_samples_that_are_not_finite_are_silenced() {
        let mut x = [0.5, f32::NAN, f32::INFINITY, -f32::MAX, -0.0];
        silence_non_finite(&mut x);
        assert_eq!(x, [0.5, 0.0, 0.0, -f32::MAX, 0.0]);
    }

    #[test]
    fn gains_are_applied_one_after_the_other() {
        let mut x = [0.3_f32; 9];
        scale(&mut x, [1.1, 0.7, 0.9, 1.3]);
        assert_eq!(x, [0.3 * 1.1 * 0.7 * 0.9 * 1.3; 9]);
        let mut x = [0.3_f32; 9];
        join(&mut x, [1.1, 0.7], &[0.2; 9], [0.9, 0.8], [0.5, 3.0]);
        assert_eq!(x, [(0.3 * 1.1 * 0.7 + 0.2 * 0.9 * 0.8) * 0.5 * 3.0; 9]);
    }

    #[test]
    fn frames_alternate_left_and_right() {
        let mut out = [0.0; 4];
        interleave(&[1.0, 2.0], &[3.0, 4.0], &mut out);
        assert_eq!(out, [1.0, 3.0, 2.0, 4.0]);
    }
}
