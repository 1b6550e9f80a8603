//! Levels and delays that swing in cycles: amplitude modulation by pulses, and signals read between their samples.

use super::phase::Turns;
use super::sine::sine;

/// Level at `phase` of pulses that are open for the share `duty` (above 0, at most 1) of the cycle:
/// `sin²(π·phase/duty)` while open, else 0. With a duty of 1 it is a sine between 0 and 1.
#[inline]
pub fn pulse(phase: Turns, duty: f64) -> f64 {
    let phase = phase.cycles();
    if phase >= duty {
        return 0.0;
    }
    let half = sine(Turns::from_cycles(0.5 * phase / duty));
    half * half
}

/// Gain of amplitude modulation by [`pulse`]: from `1 - depth` to 1.
#[inline]
pub fn modulated(phase: Turns, duty: f64, depth: f64) -> f64 {
    1.0 - depth * (1.0 - pulse(phase, duty))
}

/// A delay in samples as a whole number and a fraction in 0..1.
#[inline]
pub fn split(delay: f64) -> (isize, f32) {
    let whole = delay.floor();
    (whole as isize, (delay - whole) as f32)
}

/// The value `fraction` (0..1) after the second of four samples, by a cubic polynomial through all of them.
#[inline]
pub fn between([a, b, c, d]: [f32; 4], fraction: f32) -> f32 {
    let outer = fraction * (fraction - 1.0) / 6.0;
    let inner = (fraction + 1.0) * (fraction - 2.0) / 2.0;
    -outer * (fraction - 2.0) * a + inner * (fraction - 1.0) * b - inner * fraction * c + outer * (fraction + 1.0) * d
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pulses_rise_and_fall_while_they_are_open() {
        let at = |cycles: f64, duty| pulse(Turns::from_cycles(cycles), duty);
        for k in 0..100 {
            let x = f64::from(k) / 100.0;
            let sine = 0.5 - 0.5 * (std::f64::consts::TAU * x).cos();
            assert!((at(x, 1.0) - sine).abs() < 1e-7, "{x}");
            assert!((at(0.4 * x, 0.4) - sine).abs() < 1e-7, "{x}");
            assert_eq!(at(0.4 + 0.599 * x, 0.4), 0.0, "{x}");
        }
        assert!((modulated(Turns::ZERO, 1.0, 0.25) - 0.75).abs() < 1e-12);
    }

    #[test]
    fn cubic_signals_are_read_exactly_between_their_samples() {
        let f = |x: f64| (0.3 * x * x * x - x * x + 0.5 * x + 0.25) as f32;
        for k in 0..10 {
            let x = f64::from(k) / 10.0;
            assert!((between([f(-1.0), f(0.0), f(1.0), f(2.0)], x as f32) - f(x)).abs() < 1e-6, "{x}");
        }
        assert_eq!(split(-1.25), (-2, 0.75));
        assert_eq!(split(3.0), (3, 0.0));
    }
}
