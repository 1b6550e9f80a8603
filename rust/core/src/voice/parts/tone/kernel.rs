//! The inner loops of the tone voices: the sine of a polynomial phase times a polynomial gain, over one cell.
//!
//! They are plain loops over slices, which the compiler vectorises for each dispatch target. They use no fused
//! operations, so every target gives the same bits.

use multiversion::multiversion;

use super::polynomial::CellPolynomial;
use super::segment::{Phase, SegmentGate, ToneSegment};
use crate::dsp::ramp::Ramp;
use crate::dsp::sine::sine_u32;
use crate::dsp::trapezoid::{form, formed};
use crate::voice::Block;

/// Frames after which the 32-bit phase is set to the exact 64-bit phase again.
const STRIDE: usize = 64;

/// Fill `out` with the phase of each frame; 2³² is one turn.
pub(crate) fn phases(out: &mut [u32], phase: &Phase) {
    if phase.bend == [0.0; 4] {
        straight(out, phase.start, phase.increment);
    } else {
        bent(out, phase.start, phase.increment, phase.bend);
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn straight(out: &mut [u32], mut start: u64, increment: u64) {
    let step = (increment.wrapping_add(1 << 31) >> 32) as u32;
    for part in out.chunks_mut(STRIDE) {
        let base = (start >> 32) as u32;
        for (x, phase) in part.iter_mut().enumerate() {
            *phase = base.wrapping_add(step.wrapping_mul(x as u32));
        }
        start = start.wrapping_add(increment.wrapping_mul(STRIDE as u64));
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn bent(out: &mut [u32], mut start: u64, increment: u64, bend: [f32; 4]) {
    let step = (increment.wrapping_add(1 << 31) >> 32) as u32;
    let len = out.len() as f32;
    let mut first = 0;
    for part in out.chunks_mut(STRIDE) {
        let base = (start >> 32) as u32;
        for (x, phase) in part.iter_mut().enumerate() {
            let bend = bend_at((first + x as i32) as f32, len, bend);
            *phase = base.wrapping_add(step.wrapping_mul(x as u32)).wrapping_add(bend);
        }
        first += STRIDE as i32;
        start = start.wrapping_add(increment.wrapping_mul(STRIDE as u64));
    }
}

/// `out = sin(phase) · gain`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub(crate) fn sines(out: &mut [f32], phases: &[u32], gains: &[f32]) {
    for ((sample, phase), gain) in out.iter_mut().zip(phases).zip(gains) {
        *sample = sine_u32(*phase) * gain;
    }
}

/// Fill `out` with the tone of `segment`, without its gate.
pub(crate) fn tone(out: &mut [f32], segment: &ToneSegment) {
    let Phase { start, increment, bend } = segment.phase;
    let still = segment.slope == 0.0 && segment.curve == [0.0; 4];
    match (bend == [0.0; 4], still) {
        _ if segment.is_silent() => out.fill(0.0),
        (true, true) => straight_tone(out, start, increment, segment.level),
        (false, true) => bent_tone(out, start, increment, bend, segment.level),
        (_, false) => shaped_tone(out, start, increment, bend, segment.level, segment.slope, segment.curve),
    }
}

/// Run `$body` over `$out` stride by stride. The length of whole strides is known at compile time.
macro_rules! strides {
    ($out:expr, |$first:ident, $part:ident| $body:block) => {
        let (whole, rest) = $out.as_chunks_mut::<STRIDE>();
        let mut $first = 0_i32;
        for $part in whole {
            $body
            $first += STRIDE as i32;
        }
        if !rest.is_empty() {
            let $part = rest;
            $body
        }
    };
}

/// The bend of a phase at frame `at` of a cell of `len` frames, as a 32-bit phase.
#[inline(always)]
pub(super) fn bend_at(at: f32, len: f32, bend: [f32; 4]) -> u32 {
    let cycles32 = at * (len - at) * (bend[0] + at * (bend[1] + at * (bend[2] + at * bend[3])));
    // SAFETY: the callers bound the bend below half a turn (2^31), and it is finite.
    let whole = unsafe { cycles32.to_int_unchecked::<i32>() };
    whole as u32
}

#[inline(always)]
pub(super) fn curve_at(at: f32, curve: [f32; 4]) -> f32 {
    curve[0] + at * (curve[1] + at * (curve[2] + at * curve[3]))
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn straight_tone(out: &mut [f32], start: u64, increment: u64, gain: f32) {
    let step = (increment.wrapping_add(1 << 31) >> 32) as u32;
    strides!(out, |first, part| {
        let base = (start.wrapping_add(increment.wrapping_mul(first as u64)) >> 32) as u32;
        for (x, sample) in part.iter_mut().enumerate() {
            *sample = sine_u32(base.wrapping_add(step.wrapping_mul(x as u32))) * gain;
        }
    });
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn bent_tone(out: &mut [f32], start: u64, increment: u64, bend: [f32; 4], gain: f32) {
    let step = (increment.wrapping_add(1 << 31) >> 32) as u32;
    let len = out.len() as f32;
    strides!(out, |first, part| {
        let base = (start.wrapping_add(increment.wrapping_mul(first as u64)) >> 32) as u32;
        for (x, sample) in part.iter_mut().enumerate() {
            let bend = bend_at((first + x as i32) as f32, len, bend);
            *sample = sine_u32(base.wrapping_add(step.wrapping_mul(x as u32)).wrapping_add(bend)) * gain;
        }
    });
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn shaped_tone(out: &mut [f32], start: u64, increment: u64, bend: [f32; 4], level: f32, slope: f32, curve: [f32; 4]) {
    let step = (increment.wrapping_add(1 << 31) >> 32) as u32;
    let len = out.len() as f32;
    strides!(out, |first, part| {
        let base = (start.wrapping_add(increment.wrapping_mul(first as u64)) >> 32) as u32;
        for (x, sample) in part.iter_mut().enumerate() {
            let at = (first + x as i32) as f32;
            let bend = bend_at(at, len, bend);
            let gain = level + at * slope + at * (len - at) * curve_at(at, curve);
            *sample = sine_u32(base.wrapping_add(step.wrapping_mul(x as u32)).wrapping_add(bend)) * gain;
        }
    });
}

/// Add a tone over a cell of `len` frames to `out`, at every `spacing`-th frame from `first` on.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub(crate) fn add_sparse(out: &mut [f32], segment: &ToneSegment, len: usize, first: usize, spacing: usize) {
    let Phase { start, increment, bend } = segment.phase;
    let (level, slope, curve) = (segment.level, segment.slope, segment.curve);
    let start = start.wrapping_add(increment.wrapping_mul(first as u64));
    let increment = increment.wrapping_mul(spacing as u64);
    let step = (increment.wrapping_add(1 << 31) >> 32) as u32;
    let (len, spacing, offset) = (len as f32, spacing as i32, first as i32);
    strides!(out, |first, part| {
        let base = (start.wrapping_add(increment.wrapping_mul(first as u64)) >> 32) as u32;
        for (x, sample) in part.iter_mut().enumerate() {
            let at = (offset + (first + x as i32) * spacing) as f32;
            let bend = bend_at(at, len, bend);
            let gain = level + at * slope + at * (len - at) * curve_at(at, curve);
            *sample += sine_u32(base.wrapping_add(step.wrapping_mul(x as u32)).wrapping_add(bend)) * gain;
        }
    });
}

/// `out *= trapezoid(phase)`, where `phases` are those of `gate.phase`.
pub(crate) fn gate(out: &mut [f32], phases: &[u32], gate: &SegmentGate) {
    if gate.steepness > 0.0 {
        flanked(out, phases, gate.end, gate.steepness);
    } else {
        square(out, phases, gate.end);
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn flanked(out: &mut [f32], phases: &[u32], end: i32, steepness: f32) {
    for (sample, phase) in out.iter_mut().zip(phases) {
        *sample *= level((phase >> 1) as i32, end, steepness);
    }
}

/// The level of a trapezoid at `position`; see [`SegmentGate`].
#[inline(always)]
pub(super) fn level(position: i32, end: i32, steepness: f32) -> f32 {
    let rise = position as f32 * steepness;
    let fall = (end - position) as f32 * steepness;
    let lower = if rise < fall { rise } else { fall };
    let level = if lower < 1.0 { lower } else { 1.0 };
    if level > 0.0 { level } else { 0.0 }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn square(out: &mut [f32], phases: &[u32], end: i32) {
    for (sample, phase) in out.iter_mut().zip(phases) {
        let position = (phase >> 1) as i32;
        *sample = if position < end { *sample } else { 0.0 };
    }
}

/// [`gate`] on both channels with a pulse whose flanks (`ramp`, a fraction of the audible part) and silent part (`gap`)
/// follow `alpha`. Both are clamped to 0..1.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub(crate) fn moving_gate(out: Block<'_>, phases: &[u32], alpha: &CellPolynomial, ramp: Ramp, gap: Ramp) {
    let len = phases.len();
    for (x, ((left, right), phase)) in out.left.iter_mut().zip(out.right).zip(phases).enumerate() {
        let alpha = alpha.at(f64::from(x as i32), len);
        let form = form(ramp.at(alpha).clamp(0.0, 1.0), gap.at(alpha).clamp(0.0, 1.0));
        let level = formed(f64::from(*phase) * (1.0 / 4_294_967_296.0), form) as f32;
        *left *= level;
        *right *= level;
    }
}

#[cfg(test)]
mod tests {
    use super::super::polynomial::{nodes, third};
    use super::*;
    use crate::dsp::phase::Turns;

    #[test]
    fn cubic_passes_through_its_nodes_and_sums_like_a_loop() {
        let cubic = |x: f64| 0.3 + 0.01 * x - 2e-4 * x * x + 1.5e-6 * x * x * x;
        for len in [16_usize, 64, 256] {
            let m = third(len);
            let arc =
                CellPolynomial::cubic([cubic(0.0), cubic(m as f64), cubic((len - m) as f64), cubic(len as f64)], len);
            let sum = arc.summed(len);
            let mut running = 0.0;
            for x in 0..=len {
                assert!((arc.at(x as f64, len) - cubic(x as f64)).abs() < 1e-12);
                assert!((sum.at(x as f64, len) - running).abs() < 1e-9, "{len} {x}");
                running += cubic(x as f64);
            }
        }
    }

    #[test]
    fn a_quintic_passes_through_its_nodes() {
        let quintic = |x: f64| 0.3 + x * (0.01 + x * (-2e-4 + x * (1.5e-6 + x * (-3e-9 + x * 1e-12))));
        for len in [16_usize, 64, 1024] {
            let arc = CellPolynomial::through(nodes(len).map(|x| quintic(x as f64)), len);
            for x in 0..=len {
                let (got, exact) = (arc.at(x as f64, len), quintic(x as f64));
                assert!((got - exact).abs() < 1e-12 * exact.abs().max(1.0), "{len} {x}: {got} {exact}");
            }
        }
    }

    #[test]
    fn bent_phase_follows_the_polynomial() {
        let arc = CellPolynomial { value: 0.2, slope: 0.0123, a: 2e-6, b: -1e-9, c: 3e-12, d: -1e-14 };
        let mut phases_ = [0_u32; 256];
        phases(&mut phases_, &Phase::new(Turns::ZERO, &arc));
        for (x, phase) in phases_.iter().enumerate() {
            let exact = arc.at(x as f64, 256).rem_euclid(1.0);
            let error = (f64::from(*phase) / 4_294_967_296.0 - exact + 0.5).rem_euclid(1.0) - 0.5;
            assert!(error.abs() < 2e-8, "{x}: {error:e}");
        }
    }

    /// The same loops as in this file, compiled for the baseline target without dispatch.
    fn baseline_tone(out: &mut [f32], start: u64, increment: u64, bend: [f32; 4], gain: [f32; 2], curve: [f32; 4]) {
        let step = (increment.wrapping_add(1 << 31) >> 32) as u32;
        let len = out.len() as f32;
        for (x, sample) in out.iter_mut().enumerate() {
            let stride = (x / STRIDE * STRIDE) as u64;
            let base = (start.wrapping_add(increment.wrapping_mul(stride)) >> 32) as u32;
            let at = x as i32 as f32;
            let phase = base.wrapping_add(step.wrapping_mul((x % STRIDE) as u32)).wrapping_add(bend_at(at, len, bend));
            let level = gain[0] + at * gain[1] + at * (len - at) * curve_at(at, curve);
            *sample = std::hint::black_box(sine_u32(phase)) * level;
        }
    }

    #[test]
    fn every_dispatch_target_gives_the_same_bits() {
        let phase = CellPolynomial { value: 0.1, slope: 0.01234, a: 3e-7, b: -2e-10, c: 1e-13, d: -2e-16 };
        let gains = [
            CellPolynomial { value: 0.7, ..CellPolynomial::default() },
            CellPolynomial { value: 0.7, slope: -1e-3, a: 2e-6, b: 1e-9, c: 1e-12, d: 1e-15 },
        ];
        for len in [16_usize, 100, 512] {
            for bent in [CellPolynomial { value: phase.value, slope: phase.slope, ..CellPolynomial::default() }, phase]
            {
                for gain in gains {
                    let (mut ours, mut reference) = (vec![0.0; len], vec![0.0; len]);
                    tone(&mut ours, &ToneSegment::new(Phase::new(Turns(0x1234_5678_9abc_def0), &bent), &gain));
                    let start = Turns(0x1234_5678_9abc_def0) + Turns::from_cycles(bent.value);
                    let increment = Turns::from_cycles(bent.slope);
                    let level = [gain.value as f32, gain.slope as f32];
                    let bend = bent.bend32(4_294_967_296.0);
                    baseline_tone(&mut reference, start.0, increment.0, bend, level, gain.bend32(1.0));
                    assert!(ours.iter().zip(&reference).all(|(a, b)| a.to_bits() == b.to_bits()), "{len}");
                }
            }
        }
    }

    #[test]
    fn gate_is_the_trapezoid() {
        let phases: Vec<u32> = (0..1000_u32).map(|i| i * 4_294_967).collect();
        let mut out = vec![1.0_f32; 1000];
        gate(&mut out, &phases, &SegmentGate::new(Phase::default(), 0.85, 0.17));
        for (i, level) in out.iter().enumerate() {
            let q = f64::from(phases[i]) / 4_294_967_296.0;
            let exact = (q / 0.17).min((0.85 - q) / 0.17).clamp(0.0, 1.0);
            assert!((f64::from(*level) - exact).abs() < 1e-6);
        }
    }

    #[test]
    fn a_moving_gate_is_the_trapezoid_of_each_frame() {
        let phases: Vec<u32> = (0..1000_u32).map(|i| i.wrapping_mul(34_294_967)).collect();
        let alpha = CellPolynomial { value: 0.1, slope: 0.8e-3, ..CellPolynomial::default() };
        for (ramp, gap) in [((0.1, 0.6), (0.0, 0.5)), ((0.0, 0.0), (0.2, 0.9)), ((0.3, 0.3), (0.9, 1.4))] {
            let (mut left, mut right) = (vec![1.0_f32; 1000], vec![-0.5_f32; 1000]);
            let ramps = [ramp, gap].map(|(start, end)| Ramp { start, end });
            moving_gate(Block::new(&mut left, &mut right), &phases, &alpha, ramps[0], ramps[1]);
            for (i, phase) in phases.iter().enumerate() {
                let a = 0.1 + 0.8e-3 * i as f64;
                let open = 1.0 - (gap.0 + (gap.1 - gap.0) * a).min(1.0);
                let flank = ((ramp.0 + (ramp.1 - ramp.0) * a) * open).min(open / 2.0);
                let q = f64::from(*phase) / 4_294_967_296.0;
                let exact = match q {
                    q if q >= open => 0.0,
                    _ if flank == 0.0 => 1.0,
                    q => (q / flank).min((open - q) / flank).min(1.0),
                };
                assert!((f64::from(left[i]) - exact).abs() < 1e-6, "{i}");
                assert_eq!(right[i], -0.5 * left[i]);
            }
        }
    }
}
