//! Gated tones: both ears of a cell at once. What the gate mutes is not computed, and where the ears have the same phase
//! the sine is computed once. The bits are those of the tone times the gate, one ear after the other.

use multiversion::multiversion;

use super::kernel::{self, bend_at, curve_at};
use super::segment::{Phase, SegmentGate, ToneSegment};
use crate::dsp::sine::sine_u32;
use crate::voice::Block;

/// Frames after which the 32-bit phases are set to the exact 64-bit phases again, as in [`kernel`].
const STRIDE: usize = 64;

/// Fill `out` with both ears of a cell, each times its gate; `phases` is working memory of the same length.
pub(crate) fn pair(out: Block<'_>, ears: &[ToneSegment; 2], phases: &mut [u32]) {
    let [left, right] = ears;
    let fast = left.gate.filter(|gate| {
        let same = left.phase == right.phase && left.gate == right.gate;
        let plain = gate.steepness > 0.0 && gate.phase.bend == [0.0; 4] && !gate.is_closed();
        same && plain && out.len().is_multiple_of(STRIDE)
    });
    if let Some(gate) = fast {
        return both(out.left, out.right, ears, &gate);
    }
    let mut known = None;
    for (plane, segment) in [out.left, out.right].into_iter().zip(ears) {
        kernel::tone(plane, segment);
        if let Some(gate) = &segment.gate {
            if gate.is_closed() {
                plane.fill(0.0);
                continue;
            }
            if known != Some(gate.phase) {
                kernel::phases(phases, &gate.phase);
                known = Some(gate.phase);
            }
            kernel::gate(plane, phases, gate);
        }
    }
}

/// The 32-bit phase of a stride that begins at frame `first`.
#[inline(always)]
fn base(phase: &Phase, first: usize) -> u32 {
    (phase.start.wrapping_add(phase.increment.wrapping_mul(first as u64)) >> 32) as u32
}

/// Its change from frame to frame.
#[inline(always)]
const fn step(phase: &Phase) -> u32 {
    (phase.increment.wrapping_add(1 << 31) >> 32) as u32
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn both(left: &mut [f32], right: &mut [f32], ears: &[ToneSegment; 2], gate: &SegmentGate) {
    let [a, b] = ears;
    let len = left.len() as f32;
    let (turn, pulse) = (step(&a.phase), step(&gate.phase));
    let strides = left.as_chunks_mut::<STRIDE>().0.iter_mut().zip(right.as_chunks_mut::<STRIDE>().0);
    for (index, (left, right)) in strides.enumerate() {
        let first = index * STRIDE;
        let position = base(&gate.phase, first);
        let last = u64::from(position) + u64::from(pulse) * (STRIDE as u64 - 1);
        if (position >> 1) as i32 >= gate.end && u32::try_from(last).is_ok() {
            left.fill(0.0);
            right.fill(0.0);
            continue;
        }
        let mut sines = [0.0; STRIDE];
        let start = base(&a.phase, first);
        for (x, sine) in sines.iter_mut().enumerate() {
            let bend = bend_at((first + x) as i32 as f32, len, a.phase.bend);
            *sine = sine_u32(start.wrapping_add(turn.wrapping_mul(x as u32)).wrapping_add(bend));
        }
        let mut levels = [0.0; STRIDE];
        for (x, level) in levels.iter_mut().enumerate() {
            let position = (position.wrapping_add(pulse.wrapping_mul(x as u32)) >> 1) as i32;
            *level = kernel::level(position, gate.end, gate.steepness);
        }
        for (plane, ear) in [(left, a), (right, b)] {
            for (x, sample) in plane.iter_mut().enumerate() {
                let at = (first + x) as i32 as f32;
                let gain = ear.level + at * ear.slope + at * (len - at) * curve_at(at, ear.curve);
                *sample = sines[x] * gain * levels[x];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::polynomial::CellPolynomial;
    use super::*;
    use crate::dsp::phase::Turns;

    #[test]
    fn both_ears_have_the_bits_of_each_alone() {
        let len = 2048;
        let bend = CellPolynomial { slope: 0.0066, a: 1e-9, b: 2e-13, ..CellPolynomial::default() };
        let phase = Phase::new(Turns::from_cycles(0.3), &bend);
        let gain = CellPolynomial { value: 0.5, slope: 1e-5, a: 3e-9, ..CellPolynomial::default() };
        for (rate, open, flank) in [(9e-5, 0.5, 0.125), (0.004, 0.4, 0.1), (0.3, 0.5, 0.2), (1e-5, 0.9, 0.45)] {
            for begin in [0.0, 0.45, 0.7, 0.99] {
                let pulse = CellPolynomial { slope: rate, ..CellPolynomial::default() };
                let gate = SegmentGate::new(Phase::new(Turns::from_cycles(begin), &pulse), open, flank);
                let ear = |gain| ToneSegment { gate: Some(gate), ..ToneSegment::new(phase, &gain) };
                let ears = [ear(gain), ear(CellPolynomial { value: 0.2, ..CellPolynomial::default() })];
                let (mut left, mut right, mut phases) = (vec![1.0; len], vec![1.0; len], vec![0; len]);
                pair(Block::new(&mut left, &mut right), &ears, &mut phases);
                for (plane, ear) in [left, right].iter().zip(&ears) {
                    let mut alone = vec![0.0; len];
                    kernel::tone(&mut alone, ear);
                    kernel::phases(&mut phases, &gate.phase);
                    kernel::gate(&mut alone, &phases, &gate);
                    assert!(alone.iter().any(|sample| *sample != 0.0) || rate == 9e-5 || rate == 1e-5);
                    assert_eq!(*plane, alone, "{rate} {begin}");
                }
            }
        }
    }

    #[test]
    fn ears_with_phases_of_their_own_are_gated_too() {
        let pulse = CellPolynomial { slope: 0.004, ..CellPolynomial::default() };
        let gate = Some(SegmentGate::new(Phase::new(Turns::ZERO, &pulse), 0.5, 0.1));
        let ear = |slope: f64| {
            let phase = Phase::new(Turns::ZERO, &CellPolynomial { slope, ..CellPolynomial::default() });
            let gain = CellPolynomial { value: 0.5, ..CellPolynomial::default() };
            ToneSegment { gate, ..ToneSegment::new(phase, &gain) }
        };
        let (mut left, mut right, mut phases) = ([1.0; 512], [1.0; 512], [0; 512]);
        pair(Block::new(&mut left, &mut right), &[ear(0.01), ear(0.02)], &mut phases);
        let exact = |x: usize, cycles: f64| {
            let position = (0.004 * x as f64).fract();
            let level = (position / 0.1).min((0.5 - position) / 0.1).clamp(0.0, 1.0);
            0.5 * level * (std::f64::consts::TAU * cycles * x as f64).sin()
        };
        for x in 0..512 {
            assert!((f64::from(left[x]) - exact(x, 0.01)).abs() < 1e-6);
            assert!((f64::from(right[x]) - exact(x, 0.02)).abs() < 1e-6);
        }
    }
}
