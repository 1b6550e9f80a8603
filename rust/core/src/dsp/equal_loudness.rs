//! Equal-loudness-level contours of ISO 226:2003: the sound pressure level at which a pure tone is as loud as one of
//! 1 kHz.

/// Frequencies in Hz of the standard's table 1, third-octave bands.
const FREQUENCIES: [f64; COUNT] = [
    20.0, 25.0, 31.5, 40.0, 50.0, 63.0, 80.0, 100.0, 125.0, 160.0, 200.0, 250.0, 315.0, 400.0, 500.0, 630.0, 800.0,
    1000.0, 1250.0, 1600.0, 2000.0, 2500.0, 3150.0, 4000.0, 5000.0, 6300.0, 8000.0, 10_000.0, 12_500.0,
];
/// Exponent of loudness perception (table 1, α_f).
const EXPONENTS: [f64; COUNT] = [
    0.532, 0.506, 0.480, 0.455, 0.432, 0.409, 0.387, 0.367, 0.349, 0.330, 0.315, 0.301, 0.288, 0.276, 0.267, 0.259,
    0.253, 0.250, 0.246, 0.244, 0.243, 0.243, 0.243, 0.242, 0.242, 0.245, 0.254, 0.271, 0.301,
];
/// Magnitude of the linear transfer function, normalised at 1 kHz, dB (table 1, `L_U`).
const TRANSFER: [f64; COUNT] = [
    -31.6, -27.2, -23.0, -19.1, -15.9, -13.0, -10.3, -8.1, -6.2, -4.5, -3.1, -2.0, -1.1, -0.4, 0.0, 0.3, 0.5, 0.0,
    -2.7, -4.1, -1.0, 1.7, 2.5, 1.2, -2.1, -7.1, -11.2, -10.7, -3.1,
];
/// Threshold of hearing, dB (table 1, `T_f`).
const THRESHOLDS: [f64; COUNT] = [
    78.5, 68.7, 59.5, 51.1, 44.0, 37.5, 31.5, 26.5, 22.1, 17.9, 14.4, 11.4, 8.6, 6.2, 4.4, 3.0, 2.2, 2.4, 3.5, 1.7,
    -1.3, -4.2, -6.0, -5.4, -1.5, 6.0, 12.6, 13.9, 12.3,
];
const COUNT: usize = 29;
/// Index of 1 kHz.
const REFERENCE: usize = 17;

/// Loudness levels that the standard covers, phon.
pub const PHONS: (f64, f64) = (20.0, 90.0);
/// The highest frequency in Hz at which it covers all of them.
pub const HIGH: f64 = 4000.0;
/// The highest loudness level that it covers above that frequency, phon.
pub const HIGH_PHON: f64 = 80.0;

/// Sound pressure level in dB of the table's frequency `index` on the contour of `phon` (formula 1 of the standard).
fn level(phon: f64, index: usize) -> f64 {
    let exponent = EXPONENTS[index];
    let threshold = (0.4 * 10_f64.powf((THRESHOLDS[index] + TRANSFER[index]) / 10.0 - 9.0)).powf(exponent);
    let loudness = 4.47e-3 * (10_f64.powf(0.025 * phon) - 1.15) + threshold;
    10.0 / exponent * loudness.log10() - TRANSFER[index] + 94.0
}

/// One contour, relative to its level at 1 kHz. Between the frequencies of the table it is a natural cubic spline over
/// the logarithm of the frequency; outside them it is constant.
#[derive(Debug, Clone, PartialEq)]
pub struct Contour {
    /// Logarithm of the frequency, level in dB, second derivative.
    points: [[f64; 3]; COUNT],
}

impl Contour {
    /// The contour of `phon`, 20 to 90.
    pub fn new(phon: f64) -> Self {
        let reference = level(phon, REFERENCE);
        let mut points: [[f64; 3]; COUNT] =
            std::array::from_fn(|k| [FREQUENCIES[k].ln(), level(phon, k) - reference, 0.0]);
        // the tridiagonal system of the second derivatives, which are 0 at both ends
        let mut factors = [0.0; COUNT];
        for k in 1..COUNT - 1 {
            let [before, here, after] = [points[k - 1], points[k], points[k + 1]];
            let (left, right) = (here[0] - before[0], after[0] - here[0]);
            let jump = (after[1] - here[1]) / right - (here[1] - before[1]) / left;
            let pivot = 2.0 * (left + right) - left * factors[k - 1];
            factors[k] = right / pivot;
            points[k][2] = (6.0 * jump - left * before[2]) / pivot;
        }
        for k in (1..COUNT - 1).rev() {
            points[k][2] -= factors[k] * points[k + 1][2];
        }
        Self { points }
    }

    /// Level in dB at `hz` relative to that at 1 kHz.
    pub fn decibels(&self, hz: f64) -> f64 {
        let x = hz.clamp(FREQUENCIES[0], FREQUENCIES[COUNT - 1]).ln();
        let index = self.points.partition_point(|point| point[0] <= x).clamp(1, COUNT - 1);
        let ([x0, y0, m0], [x1, y1, m1]) = (self.points[index - 1], self.points[index]);
        let width = x1 - x0;
        let (a, b) = ((x1 - x) / width, (x - x0) / width);
        a * y0 + b * y1 + ((a * a * a - a) * m0 + (b * b * b - b) * m1) * width * width / 6.0
    }

    /// Linear gain at `hz` relative to 1 kHz.
    pub fn gain(&self, hz: f64) -> f64 {
        10_f64.powf(self.decibels(hz) / 20.0)
    }

    /// The largest gain at any frequency: that at 20 Hz.
    pub fn largest(&self) -> f64 {
        self.gain(FREQUENCIES[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contours_have_the_levels_that_the_standard_prints() {
        // ISO 226:2003, table B.1, dB
        let printed = [
            (40.0, [(20.0, 99.9), (63.0, 73.1), (125.0, 60.6), (1000.0, 40.0), (3150.0, 35.6), (8000.0, 51.8)]),
            (60.0, [(20.0, 109.5), (63.0, 85.9), (125.0, 75.6), (1000.0, 60.0), (3150.0, 56.4), (8000.0, 71.7)]),
            (80.0, [(20.0, 119.0), (63.0, 98.4), (125.0, 90.1), (1000.0, 80.0), (3150.0, 77.1), (8000.0, 91.4)]),
        ];
        for (phon, levels) in printed {
            let contour = Contour::new(phon);
            for (hz, decibels) in levels {
                let got = phon + contour.decibels(hz);
                assert!((got - decibels).abs() < 0.06, "{phon} phon, {hz} Hz: {got}, printed {decibels}");
            }
        }
    }

    #[test]
    fn contours_are_smooth_and_stay_within_their_largest_gain() {
        for phon in [20.0, 40.0, 65.0, 90.0] {
            let contour = Contour::new(phon);
            let at = |k: i32| contour.decibels(10.0 * 1.001_f64.powi(k));
            for k in 0..7600 {
                // no step or corner: a thousandth of the frequency changes the level by less than 0.06 dB
                assert!((at(k + 1) - at(k)).abs() < 0.06, "{k}");
                assert!(contour.gain(10.0 * 1.001_f64.powi(k)) <= contour.largest());
            }
            assert_eq!(at(0), contour.decibels(20.0));
            assert_eq!(contour.decibels(20_000.0), contour.decibels(12_500.0));
            assert!((contour.gain(1000.0) - 1.0).abs() < 1e-12);
        }
    }
}
