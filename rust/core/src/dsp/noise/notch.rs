//! One notch filter (spec noise 9): coefficients, frequency response and decay time.

use std::f64::consts::PI;

use super::cascade::Point;

/// Upper limit of notch frequencies as a fraction of the sample rate; a notch at or above it is left out.
pub const BAND_EDGE: f64 = 0.49;
/// Lowest place of a moving notch as a fraction of the sample rate, half a Hertz.
const LOWEST: f64 = 1e-5;

/// Coefficients of a notch stage: numerator `gain·[1, -2cos w0, 1]`, denominator `[1, a1, a2]` with `a1 = b1`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Notch {
    /// `1/(1 + beta)`, the first and third coefficient of the numerator.
    pub gain: f64,
    /// `-2·gain·cos w0`, the second coefficient of numerator and denominator.
    pub a1: f64,
    /// `2·gain - 1`, the third coefficient of the denominator.
    pub a2: f64,
}

impl Notch {
    /// Passes the signal on unchanged, bit for bit, from zero state.
    pub const IDENTITY: Self = Self { gain: 1.0, a1: 0.0, a2: 1.0 };

    /// A notch at `frequency` Hz with quality `q`, which is clamped to values for which the stage is stable (spec
    /// noise 13). `None` if the frequency is outside the band.
    pub fn new(frequency: f64, q: f64, sample_rate: f64) -> Option<Self> {
        let (cosine, beta) = shape(frequency, q, sample_rate)?;
        let gain = 1.0 / (1.0 + beta);
        Some(Self { gain, a1: -2.0 * gain * cosine, a2: 2.0 * gain - 1.0 })
    }
}

/// `cos w0` and `beta` of a notch; `None` if the frequency is outside the band.
fn shape(frequency: f64, q: f64, sample_rate: f64) -> Option<(f64, f64)> {
    if !(frequency > 0.0 && frequency < BAND_EDGE * sample_rate) {
        return None;
    }
    let w0 = 2.0 * PI * frequency / sample_rate;
    Some((w0.cos(), beta(w0, q)))
}

/// `beta` of a notch at the angular frequency `w0` per sample.
fn beta(w0: f64, q: f64) -> f64 {
    let half_width = if q > 0.0 { (w0 / (2.0 * q)).min(0.49 * PI) } else { 0.49 * PI };
    half_width.tan()
}

/// A notch of `count` stages as a point of a sweep. One outside the band waits at its edge and has no stages.
pub fn point(frequency: f64, q: f64, count: usize, sample_rate: f64) -> Point {
    let inside = frequency > 0.0 && frequency < BAND_EDGE * sample_rate;
    // not `clamp`: what is no number is at the edge, too
    let place = if frequency > LOWEST * sample_rate { (frequency / sample_rate).min(BAND_EDGE) } else { LOWEST };
    let w0 = 2.0 * PI * place;
    Point { tangent: (0.5 * w0).tan(), beta: beta(w0, q), count: if inside { count } else { 0 } }
}

/// The frequency response of equal notch stages in series: `H = d/(d + j)` with `d = (cos w - cos w0)/(beta·sin w)`, to
/// the power of the number of stages.
#[derive(Debug, Clone, Copy)]
pub struct Response {
    cosine: f64,
    beta: f64,
    stages: i32,
}

impl Response {
    /// The response of `stages` stages at `frequency` Hz with quality `q`; `None` if the frequency is outside the band.
    pub fn new(frequency: f64, q: f64, stages: usize, sample_rate: f64) -> Option<Self> {
        let (cosine, beta) = shape(frequency, q, sample_rate)?;
        Some(Self { cosine, beta, stages: stages as i32 })
    }

    /// Real and imaginary part of the response at the angular frequency `w` per sample, given by its cosine and sine.
    #[inline]
    pub fn at(&self, cos_w: f64, sin_w: f64) -> (f64, f64) {
        let numerator = cos_w - self.cosine;
        let width = self.beta * sin_w;
        let norm = numerator * numerator + width * width;
        if norm == 0.0 {
            return (0.0, 0.0);
        }
        let one = (numerator * numerator / norm, -numerator * width / norm);
        let mut result = (1.0, 0.0);
        let (mut base, mut left) = (one, self.stages);
        while left > 0 {
            if left & 1 == 1 {
                result = product(result, base);
            }
            base = product(base, base);
            left >>= 1;
        }
        result
    }
}

/// Product of two complex numbers.
#[inline]
pub(crate) fn product(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// The decay rate of the state of one stage: how many times it decays by a factor of `e` per sample. `None` if the
/// frequency is outside the band.
pub fn decay_per_sample(frequency: f64, q: f64, sample_rate: f64) -> Option<f64> {
    let notch = Notch::new(frequency, q, sample_rate)?;
    // complex poles have the radius sqrt(a2); of two real poles (very low q) the slower one counts
    let discriminant = notch.a1 * notch.a1 / 4.0 - notch.a2;
    let radius = if discriminant > 0.0 { notch.a1.abs() / 2.0 + discriminant.sqrt() } else { notch.a2.max(0.0).sqrt() };
    Some(-radius.max(1e-9).ln())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_coefficients(n: Notch, w: f64) -> (f64, f64) {
        // H(e^jw) = (g + b1 z^-1 + g z^-2)/(1 + a1 z^-1 + a2 z^-2)
        let (c1, s1, c2, s2) = (w.cos(), -w.sin(), (2.0 * w).cos(), -(2.0 * w).sin());
        let num = (n.gain + n.a1 * c1 + n.gain * c2, n.a1 * s1 + n.gain * s2);
        let den = (1.0 + n.a1 * c1 + n.a2 * c2, n.a1 * s1 + n.a2 * s2);
        let norm = den.0 * den.0 + den.1 * den.1;
        let (re, im) = product(num, (den.0, -den.1));
        (re / norm, im / norm)
    }

    #[test]
    fn the_response_formula_equals_the_transfer_function() {
        for (f, q) in [(1000.0, 25.0), (60.0, 100.0), (9000.0, 0.7)] {
            let notch = Notch::new(f, q, 44_100.0).unwrap();
            for hz in [20.0, 59.0, 990.0, 1000.0, 5000.0, 20_000.0] {
                let w: f64 = 2.0 * PI * hz / 44_100.0;
                let one = by_coefficients(notch, w);
                let three = product(one, product(one, one));
                let got = Response::new(f, q, 3, 44_100.0).unwrap().at(w.cos(), w.sin());
                assert!((got.0 - three.0).abs() < 1e-9 && (got.1 - three.1).abs() < 1e-9, "{f} {q} {hz}");
            }
        }
    }

    #[test]
    fn invalid_frequencies_and_qualities_are_left_out_or_clamped() {
        assert!(Notch::new(0.0, 5.0, 44_100.0).is_none());
        assert!(Notch::new(f64::NAN, 5.0, 44_100.0).is_none());
        assert!(Notch::new(21_700.0, 5.0, 44_100.0).is_none());
        for q in [0.0, -3.0, 1e-9, f64::NAN] {
            let notch = Notch::new(10_000.0, q, 44_100.0).unwrap();
            assert!(notch.a2.abs() < 1.0 && notch.a1.abs() < 1.0 + notch.a2, "unstable at q = {q}");
            assert!(decay_per_sample(10_000.0, q, 44_100.0).unwrap() > 0.0);
        }
    }
}
