//! The make-up gain of the flanger, which follows the ratio of input power to output power in each channel.

use multiversion::multiversion;

use super::TILE;
use super::settings::{FlangerSettings, pole};

/// Floor of the power detectors.
const FLOOR: f64 = 1e-20;
/// Smaller powers are set to zero at the start of each tile.
const SILENCE: f64 = 1e-30;

/// The samples of a tile, both channels.
pub(super) type Tile = [[f64; TILE]; 2];

/// The state of the loudness match of both channels.
#[derive(Debug, Clone)]
pub(super) struct Loudness {
    detector: f64,
    limits: [f64; 2],
    /// Smoothed powers: input left, input right, output left, output right.
    powers: [f64; 4],
    gains: [f64; 2],
}

impl Loudness {
    /// `None` if the settings turn loudness matching off.
    pub(super) fn new(settings: &FlangerSettings, sample_rate: f64) -> Option<Self> {
        (settings.loud_mode != 0).then(|| Self {
            detector: pole(settings.loud_tc_ms, sample_rate),
            limits: [settings.loud_min_gain, settings.loud_max_gain],
            powers: [0.0; 4],
            gains: [1.0; 2],
        })
    }

    /// Sets the powers to 0 and the gains to 1.
    pub(super) const fn reset(&mut self) {
        self.powers = [0.0; 4];
        self.gains = [1.0; 2];
    }

    /// Scales the first `n` samples of `output` to the loudness of `input`. `new_tile`: they begin a tile of the grid.
    pub(super) fn apply(&mut self, input: &Tile, output: &mut Tile, n: usize, new_tile: bool) {
        if new_tile {
            self.powers = self.powers.map(|power| if power < SILENCE { 0.0 } else { power });
        }
        follow(self, input, output, n);
    }
}

/// Separate loops for detectors, ratios and gains: this keeps chains of dependent operations short and vectorises the
/// divisions.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx+avx2"))]
fn follow(loudness: &mut Loudness, input: &Tile, output: &mut Tile, n: usize) {
    let a = loudness.detector;
    let b = 1.0 - a;
    let mut powers = loudness.powers;
    let mut wanted = [[1.0; 2]; TILE];
    let mut below = [[1.0; 2]; TILE];
    for k in 0..n {
        let samples = [input[0][k], input[1][k], output[0][k], output[1][k]];
        for lane in 0..4 {
            powers[lane] = a * powers[lane] + b * samples[lane] * samples[lane];
        }
        wanted[k] = [powers[0], powers[1]];
        below[k] = [powers[2], powers[3]];
    }
    loudness.powers = powers;
    for (wanted, below) in wanted.iter_mut().flatten().zip(below.iter().flatten()) {
        let ratio = ((*wanted + FLOOR) / (below + FLOOR)).sqrt();
        *wanted = if *below > FLOOR { ratio } else { 1.0 };
    }
    let [low, high] = loudness.limits;
    let mut gains = loudness.gains;
    for k in 0..n {
        for channel in 0..2 {
            gains[channel] = (a * gains[channel] + b * wanted[k][channel]).max(low).min(high);
            output[channel][k] *= gains[channel];
        }
    }
    loudness.gains = gains;
}
