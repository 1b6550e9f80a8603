//! A step without frequencies above half the sample rate, at any fraction of a frame: the integral of a sinc times a
//! Kaiser window. Differences of steps are rectangular pulses without aliases.

use std::f64::consts::PI;
use std::sync::OnceLock;

use super::bessel::bessel_i0;

/// Frames on either side of a step within which it differs from 0 and 1.
pub const REACH: usize = 48;
/// Points of the table per frame. Between them a cubic follows value and slope; its error is below 1e-8.
const POINTS: usize = 64;
/// Centre of the transition band as a fraction of half the sample rate. The pass band ends at 0.85, the stop band begins
/// at 1.
const CUTOFF: f64 = 0.925;
/// Parameter of the Kaiser window: 110 dB of attenuation.
const BETA: f64 = 11.2;

/// The table of the step.
#[derive(Debug)]
pub struct BandLimitedStep {
    /// Value, and slope per point, from `-REACH` to `REACH` frames.
    points: Vec<[f64; 2]>,
}

impl BandLimitedStep {
    /// The table, which is computed on first use (a few milliseconds).
    pub fn shared() -> &'static Self {
        static TABLE: OnceLock<BandLimitedStep> = OnceLock::new();
        TABLE.get_or_init(Self::new)
    }

    fn new() -> Self {
        let count = 2 * REACH * POINTS;
        let at = |point: f64| impulse(point / POINTS as f64 - REACH as f64);
        let mut points = Vec::with_capacity(count + 1);
        let mut sum = 0.0;
        for point in 0..=count {
            let x = point as f64;
            points.push([sum, at(x)]);
            // Boole's rule over the stretch to the next point
            let values = [0.0, 0.25, 0.5, 0.75, 1.0].map(|part| at(x + part));
            let [a, b, c, d, e] = values;
            sum += (7.0 * a + 32.0 * b + 12.0 * c + 32.0 * d + 7.0 * e) / 90.0;
        }
        let total = points[count][0];
        points.iter_mut().flatten().for_each(|value| *value /= total);
        Self { points }
    }

    /// The value `x` frames after the step, 0 long before and 1 long after.
    pub fn at(&self, x: f64) -> f64 {
        let place = (x + REACH as f64) * POINTS as f64;
        if place <= 0.0 {
            return 0.0;
        }
        let index = place as usize;
        let (Some([y0, d0]), Some([y1, d1])) = (self.points.get(index), self.points.get(index + 1)) else { return 1.0 };
        let t = place - index as f64;
        let (rise, u) = (y1 - y0, 1.0 - t);
        y0 + t * (rise + u * (u * (d0 - rise) - t * (d1 - rise)))
    }
}

/// The windowed sinc, not normalised.
fn impulse(x: f64) -> f64 {
    let edge = 1.0 - (x / REACH as f64).powi(2);
    if edge <= 0.0 {
        return 0.0;
    }
    let angle = PI * CUTOFF * x;
    let sinc = if angle == 0.0 { 1.0 } else { angle.sin() / angle };
    sinc * bessel_i0(BETA * edge.sqrt()) / bessel_i0(BETA)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    /// The Fourier transform of the step's derivative at `cycles` per frame, from differences at a fine spacing.
    fn response(cycles: f64, offset: f64) -> f64 {
        let step = BandLimitedStep::shared();
        let (mut re, mut im) = (0.0, 0.0);
        for n in -60_i32..60 {
            // samples of a pulse of one frame
            let x = f64::from(n) - offset;
            let sample = step.at(x + 0.5) - step.at(x - 0.5);
            re += sample * (TAU * cycles * x).cos();
            im += sample * (TAU * cycles * x).sin();
        }
        re.hypot(im)
    }

    #[test]
    fn pulses_keep_their_spectrum_between_frames() {
        for offset in [0.0, 0.25, 0.5, 0.813] {
            for cycles in [0.0, 0.01, 0.1, 0.25, 0.4] {
                let exact = if cycles == 0.0 { 1.0 } else { (PI * cycles).sin() / (PI * cycles) };
                let error = (response(cycles, offset) - exact).abs();
                assert!(error < 2e-5, "{cycles} {offset}: {error:e}");
            }
        }
    }

    #[test]
    fn a_step_goes_from_nothing_to_one() {
        let step = BandLimitedStep::shared();
        assert_eq!([step.at(-1e9), step.at(-48.5), step.at(48.5), step.at(1e9)], [0.0, 0.0, 1.0, 1.0]);
        assert!((step.at(0.0) - 0.5).abs() < 1e-12);
        for k in 0..5000 {
            let x = f64::from(k) * 0.009_731;
            assert!((step.at(x) + step.at(-x) - 1.0).abs() < 1e-9, "{x}");
        }
    }
}
