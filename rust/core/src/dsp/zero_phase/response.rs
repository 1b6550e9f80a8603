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
pub struct Sums {
    /// Of its magnitudes: no result is larger than this times the largest input.
    pub size: f64,
    /// Of the magnitudes of its second differences, in the same way.
    pub bend: f64,
    /// Of its magnitudes times the distance from its middle in frames.
    pub distance: f64,
    /// Of its magnitudes times the square of that distance.
    pub square: f64,
}

/// A low-pass that runs forward and backward.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LowPass {
    pub(super) sections: Vec<Section>,
    /// Sums over its impulse response.
    pub sums: Sums,
    /// Frames on each side of a frame on which its result depends.
    pub reach: usize,
}

impl LowPass {
    /// Its gain for a tone of `cycles` per frame, 0 to 1.
    pub fn gain(&self, cycles: f64) -> f64 {
        gain(&self.sections, cycles)
    }

    /// Upper bound of what its result differs from the input times the gain of the filter at `cycles` per frame. The input
    /// is a tone of that frequency; within the reach, its frequency deviates by at most `deviation` (radians per frame)
    /// and its phase bends by at most `turning` (radians per frame squared), its gain is at most `level` and changes by
    /// at most `slope` per frame.
    pub fn tone_error(&self, level: f64, slope: f64, deviation: f64, turning: f64) -> f64 {
        let Sums { distance, square, .. } = self.sums;
        distance * (slope + level * deviation) + 0.5 * square * level * turning
    }
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
    let double = 2.0 * last[1].abs();
    let mut sums =
        Sums { size: last[0].abs() + double, bend: 2.0 * (last[1] - last[0]).abs(), distance: double, square: double };
    for n in 2..len + 2 {
        let (value, away) = (next(), n as f64);
        let size = 2.0 * value.abs();
        sums.size += size;
        sums.bend += 2.0 * (value - 2.0 * last[1] + last[0]).abs();
        sums.distance += away * size;
        sums.square += away * away * size;
        last = [last[1], value];
    }
    let Sums { size, bend, distance, square } = sums;
    Sums { size: ROUNDING * size, bend: ROUNDING * bend, distance: ROUNDING * distance, square: ROUNDING * square }
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
            let moment = |power: i32| {
                let term = |(n, value): (usize, &f64)| value.abs() * (n as f64 - 4000.0).abs().powi(power);
                exact.iter().enumerate().map(term).sum::<f64>()
            };
            let sums = sums(&modes(&filter).unwrap(), 4000);
            assert!(sums.size > size && sums.size < 1.001 * size, "{edge}: {sums:?} {size}");
            assert!(sums.bend > bend && sums.bend < 1.001 * bend, "{edge}: {sums:?} {bend}");
            assert!(sums.distance > moment(1) && sums.distance < 1.001 * moment(1), "{edge}: {sums:?}");
            assert!(sums.square > moment(2) && sums.square < 1.001 * moment(2), "{edge}: {sums:?}");
        }
    }

    #[test]
    fn a_slow_tone_passes_times_the_gain_within_the_error() {
        let filter = lowpass(4, 0.0198);
        let sums = sums(&modes(&filter).unwrap(), 4000);
        let low_pass = LowPass { sections: filter.clone(), sums, reach: 4000 };
        let cycles = 0.0066;
        for (slope, turning) in [(0.0, 0.0), (7e-4, 0.0), (7e-4, 1e-6), (0.0, 1e-5)] {
            let at = |n: usize| (n as f64) - 6000.0;
            let level = |n: usize| 1.0_f64.min((0.5 + slope * at(n)).max(0.0));
            let phase = |n: usize| cycles * std::f64::consts::TAU * at(n) + 0.5 * turning * at(n) * at(n);
            let tone: Vec<f64> = (0..12_001).map(|n| level(n) * phase(n).sin()).collect();
            let exact = zero_phase(&filter, &tone);
            let gain = low_pass.gain(cycles);
            for n in 5700..6300 {
                // within 300 frames, and as far as the impulse response counts beyond them
                let error = low_pass.tone_error(1.0, slope, turning * 1000.0, turning);
                assert!((exact[n] - gain * tone[n]).abs() <= error + 1e-9, "{slope} {turning} {n}");
            }
        }
    }
}
