//! One cycle of a periodic signal in a table, read at any phase.

use std::f64::consts::{PI, TAU};
use std::sync::Arc;

use super::phase::Turns;
use super::recent::Recent;

/// Most harmonics of a wave.
const MOST_HARMONICS: usize = 1024;
/// The waves that were used last, by their number of harmonics.
static WAVES: Recent<(Wave, usize), Wavetable> = Recent::new();
/// Entries of a table for each cycle of its highest harmonic, for cubic interpolation.
const ENTRIES: usize = 8;
/// Most points of an envelope.
pub const MOST_POINTS: usize = 1024;

/// Shape of a periodic wave. All begin at 0 and rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wave {
    /// Sine.
    Sine,
    /// Square.
    Square,
    /// Triangle.
    Triangle,
    /// Sawtooth.
    Sawtooth,
}

impl Wave {
    /// The names that the track format accepts.
    pub const WORDS: &'static [&'static str] = &["sine", "square", "triangle", "sawtooth"];

    /// The wave for one of [`Self::WORDS`]; a sine for other names.
    pub fn from_word(word: &str) -> Self {
        match word {
            "square" => Self::Square,
            "triangle" => Self::Triangle,
            "sawtooth" => Self::Sawtooth,
            _ => Self::Sine,
        }
    }

    /// Amplitude of harmonic `k` of the wave with a peak of 1.
    fn harmonic(self, k: usize) -> f64 {
        let (n, odd) = (k as f64, k % 2 == 1);
        match self {
            Self::Sine => f64::from(u8::from(k == 1)),
            Self::Square if odd => 4.0 / (PI * n),
            Self::Triangle if odd => {
                let sign = if k % 4 == 1 { 1.0 } else { -1.0 };
                sign * 8.0 / (PI * PI * n * n)
            }
            Self::Square | Self::Triangle => 0.0,
            Self::Sawtooth => {
                let sign = if odd { 1.0 } else { -1.0 };
                sign * 2.0 / (PI * n)
            }
        }
    }
}

/// A cycle. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Wavetable {
    /// The cycle, and behind it the first entries again, so that four neighbours can be read anywhere.
    entries: Arc<[f32]>,
    /// Bits of a phase that say where between two entries it is.
    shift: u32,
}

impl Wavetable {
    /// `wave` with all harmonics below `ceiling` Hz of a fundamental of up to `highest` Hz. The harmonics are weighted
    /// (Lanczos), so that steps overshoot by 1.2 % of their height at most.
    pub fn band_limited(wave: Wave, highest: f64, ceiling: f64) -> Self {
        let room = if highest > 0.0 { ceiling / highest } else { f64::INFINITY };
        let count = (room.min(MOST_HARMONICS as f64) as usize).max(1);
        let count = if wave == Wave::Sine { 1 } else { count };
        WAVES.get((wave, count), || Self::of_harmonics(wave, count)).as_ref().clone()
    }

    /// The first `count` harmonics of `wave`.
    fn of_harmonics(wave: Wave, count: usize) -> Self {
        let weight = |k: usize| {
            let x = PI * k as f64 / (count + 1) as f64;
            if wave == Wave::Sine { 1.0 } else { x.sin() / x }
        };
        let amplitudes: Vec<f64> = (1..=count).map(|k| wave.harmonic(k) * weight(k)).collect();
        let size = if wave == Wave::Sine { 1024 } else { (ENTRIES * count).next_power_of_two().max(1024) };
        let turn: Vec<f64> = (0..size).map(|j| (TAU * j as f64 / size as f64).sin()).collect();
        let value = |j: usize| {
            let terms = amplitudes.iter().enumerate().filter(|(_, amplitude)| **amplitude != 0.0);
            terms.map(|(k, amplitude)| amplitude * turn[(k + 1) * j % size]).sum::<f64>()
        };
        Self::of((0..size).map(value))
    }

    /// The periodic band-limited curve through `points` (at most [`MOST_POINTS`]), scaled to 0..1.
    pub fn envelope(points: &[f64]) -> Self {
        let n = points.len().max(1);
        let size = (16 * n).next_power_of_two().max(1024);
        let term = |k: usize, part: fn(f64) -> f64| {
            let sum = points.iter().enumerate().map(|(j, p)| p * part(TAU * (k * j % n) as f64 / n as f64));
            let scale = if k == 0 || 2 * k == n { 1.0 } else { 2.0 };
            scale * sum.sum::<f64>() / n as f64
        };
        let terms: Vec<(f64, f64)> = (0..=n / 2).map(|k| (term(k, f64::cos), term(k, f64::sin))).collect();
        let value = |j: usize| {
            let angle = |k: usize| TAU * (k * j % size) as f64 / size as f64;
            terms.iter().enumerate().map(|(k, (a, b))| a * angle(k).cos() + b * angle(k).sin()).sum::<f64>()
        };
        let curve: Vec<f64> = (0..size).map(value).collect();
        let low = curve.iter().copied().fold(f64::INFINITY, f64::min);
        let high = curve.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let range = if high - low > 1e-12 { high - low } else { 1.0 };
        Self::of(curve.into_iter().map(|x| if high > low { (x - low) / range } else { 1.0 }))
    }

    /// `cycle` must have a power of two of entries.
    fn of(cycle: impl Iterator<Item = f64>) -> Self {
        let mut entries: Vec<f32> = cycle.map(|x| x as f32).collect();
        let bits = entries.len().trailing_zeros();
        entries.extend_from_within(..3);
        Self { entries: entries.into(), shift: 64 - bits }
    }

    /// The value at `phase`, by a cubic polynomial through four entries.
    #[inline]
    pub fn at(&self, phase: Turns) -> f32 {
        // the four entries begin one before the phase
        let moved = phase.0.wrapping_sub(1 << self.shift);
        let index = (moved >> self.shift) as usize;
        let d = (moved << (64 - self.shift) >> 40) as f32 * (1.0 / 16_777_216.0);
        let Some(&[a, b, c, e]) = self.entries.get(index..).and_then(|rest| rest.first_chunk()) else { return 0.0 };
        let (outer, inner) = (d * (d - 1.0) / 6.0, (d + 1.0) * (d - 2.0) / 2.0);
        -outer * (d - 2.0) * a + inner * (d - 1.0) * b - inner * d * c + outer * (d + 1.0) * e
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(table: &Wavetable, cycles: f64) -> f64 {
        f64::from(table.at(Turns::from_cycles(cycles)))
    }

    #[test]
    fn a_sine_is_a_sine_between_its_entries() {
        let table = Wavetable::band_limited(Wave::Sine, 100.0, 20_000.0);
        for k in 0..10_000 {
            let cycles = f64::from(k) * 0.123_456_7;
            assert!((at(&table, cycles) - (TAU * cycles).sin()).abs() < 3e-7, "{cycles}");
        }
    }

    #[test]
    fn waves_have_their_shape_and_a_peak_of_one() {
        for (wave, shape) in [
            (Wave::Square, (|x| if x < 0.5 { 1.0 } else { -1.0 }) as fn(f64) -> f64),
            (Wave::Triangle, |x| 1.0 - 4.0 * (((x + 0.25) % 1.0) - 0.5).abs()),
            (Wave::Sawtooth, |x| 2.0 * ((x + 0.5) % 1.0) - 1.0),
        ] {
            let table = Wavetable::band_limited(wave, 100.0, 20_000.0);
            for k in 0..1000 {
                let cycles = (f64::from(k) + 0.37) / 1000.0;
                let near_step = (cycles * 2.0 - (cycles * 2.0).round()).abs() < 0.05;
                let slack = if near_step && wave != Wave::Triangle { 2.1 } else { 0.02 };
                assert!(
                    (at(&table, cycles) - shape(cycles)).abs() < slack,
                    "{wave:?} {cycles}: {}",
                    at(&table, cycles)
                );
                assert!(at(&table, cycles).abs() < 1.03);
            }
        }
    }

    #[test]
    fn an_envelope_goes_through_its_scaled_points() {
        let points = [0.0, 5.5, 10.0, 8.0, 10.0, 7.2, 4.7, 2.0];
        let table = Wavetable::envelope(&points);
        let values: Vec<f64> = (0..8).map(|k| at(&table, f64::from(k) / 8.0)).collect();
        // the scale is linear: equal ratios of differences
        let ratio = (values[2] - values[0]) / (points[2] - points[0]);
        for (value, point) in values.iter().zip(points) {
            assert!((value - values[0] - ratio * point).abs() < 1e-5);
        }
        let all: Vec<f64> = (0..4096).map(|k| at(&table, f64::from(k) / 4096.0)).collect();
        assert!(all.iter().copied().fold(1.0, f64::min).abs() < 1e-3);
        assert!((all.iter().copied().fold(0.0, f64::max) - 1.0).abs() < 1e-3);
    }
}
