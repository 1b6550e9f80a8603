//! Differences between the ears, as a check of a set.

use super::Hrirs;
use crate::dsp::direction::polar;

/// Differences between the ears at the measured direction nearest to 90° left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cues {
    /// Azimuth of that direction, degrees, left positive.
    pub azimuth: f64,
    /// Elevation of that direction, degrees.
    pub elevation: f64,
    /// By how much the sound is earlier at the left ear, seconds: peak of the cross-correlation.
    pub itd: f64,
    /// By how much it is louder there, dB.
    pub ild: f64,
}

impl Cues {
    /// Of `set`.
    pub fn of(set: &Hrirs) -> Self {
        let lateral = |p: &[f64; 3]| p[1] / p.iter().map(|value| value * value).sum::<f64>().sqrt();
        let nearest = (0..set.positions.len()).max_by(|a, b| {
            // of equal directions the first
            lateral(&set.positions[*a]).total_cmp(&lateral(&set.positions[*b])).then(b.cmp(a))
        });
        let at = nearest.unwrap_or(0);
        let [azimuth, elevation, _] = polar(set.positions[at]);
        let (left, right) = (set.response(at, 0), set.response(at, 1));
        let energy = |taps: &[f64]| taps.iter().map(|tap| tap * tap).sum::<f64>();
        let delays = set.delays_in_samples(false).map_or([0.0; 2], |delays| delays[at]);
        Self {
            azimuth,
            elevation,
            itd: (lag(left, right) + delays[1] - delays[0]) / set.sample_rate,
            ild: 10.0 * (energy(left) / energy(right)).log10(),
        }
    }
}

/// By how many samples `b` is later than `a`: the peak of their cross-correlation, between samples by a parabola.
fn lag(a: &[f64], b: &[f64]) -> f64 {
    // only ears within a few milliseconds of each other are plausible, which also bounds the work
    let reach = (a.len() as i64 - 1).min(1024);
    let product = |lag: i64| {
        let (from, to) = (0.max(-lag), (a.len() as i64).min(b.len() as i64 - lag));
        (from..to).map(|i| a[i as usize] * b[(i + lag) as usize]).sum::<f64>()
    };
    let products = (-reach..=reach).map(|lag| (lag, product(lag)));
    let best = products.max_by(|x, y| x.1.total_cmp(&y.1)).map_or(0, |(lag, _)| lag);
    let [before, peak, after] = [product(best - 1), product(best), product(best + 1)];
    let curve = before - 2.0 * peak + after;
    best as f64 + if curve < 0.0 { 0.5 * (before - after) / curve } else { 0.0 }
}
