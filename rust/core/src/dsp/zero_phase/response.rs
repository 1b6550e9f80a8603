//! What filters do when they run forward and backward: their gain at each frequency, and their impulse response as a sum
//! of decaying oscillations.

use std::f64::consts::TAU;

use rustfft::num_complex::Complex;

use crate::dsp::biquad::Section;

/// The value of a section at `1/z`.
fn at(section: &Section, z: Complex<f64>) -> Complex<f64> {
    let ([b0, b1, b2], [a1, a2]) = (section.b, section.a);
    (b0 + z * (b1 + z * b2)) / (1.0 + z * (a1 + z * a2))
}

/// The gain of a filter that runs forward and backward, at `cycles` per frame.
pub(super) fn gain(sections: &[Section], cycles: f64) -> f64 {
    let z = Complex::from_polar(1.0, -TAU * cycles);
    sections.iter().map(|section| at(section, z).norm_sqr()).product()
}

/// One of two conjugate poles, and its residue: the filter that runs forward and backward answers an impulse with the sum
/// of `2·Re(residue·pole^|n|)` over all poles at the frames `n` other than 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mode {
    pub(super) pole: Complex<f64>,
    pub(super) residue: Complex<f64>,
}

/// The modes of two sections; `None` if there are not two of them or one has no conjugate poles.
pub(super) fn modes(sections: &[Section]) -> Option<[Mode; 2]> {
    let [first, second] = sections else { return None };
    let of = |section: &Section, other: &Section| {
        let ([b0, b1, b2], [a1, a2]) = (section.b, section.a);
        let square = a2 - 0.25 * a1 * a1;
        let pole = (square > 0.0).then(|| Complex::new(-0.5 * a1, square.sqrt()))?;
        let back = pole.inv();
        // the section without this pole, at the pole
        let rest = (b0 + back * (b1 + back * b2)) / (1.0 - pole.conj() * back);
        Some(Mode { pole, residue: rest * at(other, back) * at(section, pole) * at(other, pole) })
    };
    Some([of(first, second)?, of(second, first)?])
}

/// Sums over the impulse response of a low-pass that runs forward and backward.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sums {
    /// Of its magnitudes: no result is larger than this times the largest input.
    pub(super) size: f64,
    /// Of the magnitudes of its second differences, in the same way.
    pub(super) bend: f64,
}

/// The sums of the first `len` frames of the response, which end where it has decayed.
pub(super) fn sums(modes: &[Mode; 2], len: usize) -> Sums {
    const ROUNDING: f64 = 1.0001;
    let mut now = modes.map(|mode| 2.0 * mode.residue);
    let mut next = || {
        let mut sum = 0.0;
        for (value, mode) in now.iter_mut().zip(modes) {
            *value *= mode.pole;
            sum += value.re;
        }
        sum
    };
    // a constant passes unchanged
    let others: f64 = modes.iter().map(|mode| 4.0 * (mode.residue * mode.pole / (1.0 - mode.pole)).re).sum();
    let mut last = [1.0 - others, next()];
    let mut sums = Sums { size: last[0].abs() + 2.0 * last[1].abs(), bend: 2.0 * (last[1] - last[0]).abs() };
    for _ in 0..len {
        let value = next();
        sums.size += 2.0 * value.abs();
        sums.bend += 2.0 * (value - 2.0 * last[1] + last[0]).abs();
        last = [last[1], value];
    }
    Sums { size: ROUNDING * sums.size, bend: ROUNDING * sums.bend }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::butterworth::{bandpass, highpass, lowpass};
    use crate::dsp::zero_phase::zero_phase;

    #[test]
    fn modes_are_the_impulse_response() {
        for filter in [lowpass(4, 0.02), highpass(4, 0.1), lowpass(4, 0.9), bandpass(2, 0.2, 0.3)] {
            let mut impulse = vec![0.0; 4001];
            impulse[2000] = 1.0;
            let exact = zero_phase(&filter, &impulse);
            let modes = modes(&filter).unwrap();
            for n in (1..900).step_by(7) {
                let sum: f64 = modes.iter().map(|mode| 2.0 * (mode.residue * mode.pole.powi(n)).re).sum();
                assert!((sum - exact[2000 + n as usize]).abs() < 1e-9, "{n}: {sum} {}", exact[2000 + n as usize]);
            }
        }
        assert_eq!(modes(&lowpass(3, 0.1)), None);
        assert_eq!(modes(&lowpass(2, 0.1)), None);
    }

    #[test]
    fn zero_phase_butterworth_filters_are_power_complementary() {
        for order in 1..=6 {
            for edge in [0.001, 0.1, 0.7] {
                for cycles in [0.0, 1e-4, 0.05, 0.2, 0.499] {
                    let both = gain(&lowpass(order, edge), cycles) + gain(&highpass(order, edge), cycles);
                    assert!((both - 1.0).abs() < 1e-9, "{order} {edge} {cycles}");
                }
            }
        }
    }

    #[test]
    fn the_sums_are_those_of_the_impulse_response() {
        for edge in [0.01, 0.02, 0.2] {
            let filter = lowpass(4, edge);
            let mut impulse = vec![0.0; 8001];
            impulse[4000] = 1.0;
            let exact = zero_phase(&filter, &impulse);
            let size: f64 = exact.iter().map(|value| value.abs()).sum();
            let bend: f64 = exact.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).sum();
            let sums = sums(&modes(&filter).unwrap(), 4000);
            assert!(sums.size > size && sums.size < 1.001 * size, "{edge}: {sums:?} {size}");
            assert!(sums.bend > bend && sums.bend < 1.001 * bend, "{edge}: {sums:?} {bend}");
        }
    }
}
