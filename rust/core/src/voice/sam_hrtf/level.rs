//! The level of a call: what exceeds full scale is brought to 0.98 as a whole (spec spatial-angle-modulation 1.5).
//!
//! The peak of the call is measured once, at construction, exactly: a cheap estimate of the envelope (responses at the
//! carrier's frequency, weighted with the windows) says which hops can hold the peak, and only these are rendered.

use realfft::num_complex::Complex;

use super::Engine;
use super::path::Directions;
use super::scene::Scene;
use crate::dsp::fft;
use crate::dsp::hrir::{DIRECTIONS, RATE, mirrored};
use crate::voice::Block;

/// The estimate of a hop's peak is within this factor of the truth, above [`LOWEST`] and for frames that are longer than
/// the responses; elsewhere every hop is rendered.
const TRUST: f32 = 1.06;

/// Carriers below this (Hz) are not estimated.
const LOWEST: f64 = 150.0;

/// Main part of the responses after this many seconds; taken out before interpolating between bins.
const DELAY: f64 = 60.0 / RATE;

/// What every sample has to be multiplied by.
pub(super) fn gain(scene: &Scene, left_ear: &[Vec<f64>], engine: &mut impl Engine) -> f32 {
    if scene.amp == 0.0 {
        return 1.0;
    }
    let peak = match estimates(scene, left_ear) {
        Some(estimates) => {
            let (highest, top) = estimates
                .iter()
                .enumerate()
                .fold((0, 0.0_f32), |best, (hop, level)| if *level > best.1 { (hop, *level) } else { best });
            if top * TRUST <= 1.0 {
                return 1.0;
            }
            let first = measure(scene, engine, std::iter::once(highest as u64));
            let hops = (0..estimates.len()).filter(|hop| estimates[*hop] * TRUST >= first).map(|hop| hop as u64);
            measure(scene, engine, hops)
        }
        None => measure(scene, engine, 0..scene.hops()),
    };
    if peak > 1.0 { 0.98 / peak } else { 1.0 }
}

/// Peak of both channels over some hops.
fn measure(scene: &Scene, engine: &mut impl Engine, hops: impl Iterator<Item = u64>) -> f32 {
    let (mut left, mut right) = (vec![0.0; scene.hop], vec![0.0; scene.hop]);
    let mut peak = 0.0_f32;
    for hop in hops {
        engine.hop(hop, 1.0, Block::new(&mut left, &mut right));
        let valid = (scene.samples - hop * scene.hop as u64).min(scene.hop as u64) as usize;
        peak = left[..valid].iter().chain(&right[..valid]).fold(peak, |peak, v| peak.max(v.abs()));
    }
    peak
}

/// Estimated peak of every hop; `None` where the estimate cannot be trusted.
fn estimates(scene: &Scene, left_ear: &[Vec<f64>]) -> Option<Vec<f32>> {
    let taps = left_ear.first().map_or(0, Vec::len);
    let ends = scene.carrier.ends;
    if ends.start.min(ends.end) < LOWEST || scene.frame < 2 * taps {
        return None;
    }
    let spectra = Spectra::new(left_ear, (DELAY * scene.rate) as usize);
    let delay = DELAY * scene.rate;
    let whole = scene.frame.div_ceil(scene.hop) as u64 + 1;
    let mut directions = Directions::new(scene.path.clone(), scene.hop, whole as usize + 1);
    let points = [0.25, 0.75].map(|part| part * scene.hop as f64);
    let weights: Vec<[f32; 2]> = (0..whole)
        .map(|ago| {
            points.map(|point| {
                let at = (ago * scene.hop as u64) as f64 + point - delay;
                if at < 0.0 || at >= scene.frame as f64 { 0.0 } else { scene.window(at as usize) as f32 }
            })
        })
        .collect();
    let constant = (!ends.moves()).then(|| spectra.all(ends.start / scene.rate));
    let estimate = |hop: u64| {
        let bin = spectra.place(scene.carrier.at(hop * scene.hop as u64) / scene.rate);
        let mut sums = [[Complex::new(0.0, 0.0); 2]; 2];
        for (ago, weights) in weights.iter().enumerate().take(hop as usize + 1) {
            let direction = directions.of(hop - ago as u64);
            for (ear, sums) in [direction, mirrored(direction)].into_iter().zip(&mut sums) {
                let response = constant.as_ref().map_or_else(|| spectra.at(ear, bin), |all| all[ear]);
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += response * *weight;
                }
            }
        }
        scene.amp as f32 * sums.as_flattened().iter().fold(0.0_f32, |top, sum| top.max(sum.norm()))
    };
    Some((0..scene.hops()).map(estimate).collect())
}

/// Responses of the left ear over frequency.
struct Spectra {
    size: usize,
    bins: Vec<Vec<Complex<f32>>>,
}

impl Spectra {
    fn new(left_ear: &[Vec<f64>], delay: usize) -> Self {
        let size = (8 * left_ear.first().map_or(0, Vec::len)).next_power_of_two();
        let (forward, _) = fft::pair(size);
        let mut time = forward.make_input_vec();
        let bins = left_ear
            .iter()
            .map(|taps| {
                time.fill(0.0);
                for (k, tap) in taps.iter().enumerate() {
                    time[(k + size - delay) % size] = *tap as f32;
                }
                let mut bins = forward.make_output_vec();
                let _ = forward.process(&mut time, &mut bins);
                bins
            })
            .collect();
        Self { size, bins }
    }

    /// Bin and fraction of a frequency in cycles per sample (aliased frequencies are folded).
    fn place(&self, cycles: f64) -> (usize, f32) {
        let cycles = cycles - cycles.floor();
        let at = cycles.min(1.0 - cycles) * self.size as f64;
        let bin = (at as usize).min(self.size / 2 - 1);
        (bin, (at - bin as f64) as f32)
    }

    fn at(&self, direction: usize, (bin, fraction): (usize, f32)) -> Complex<f32> {
        let row = &self.bins[direction];
        row[bin] + (row[bin + 1] - row[bin]) * fraction
    }

    fn all(&self, cycles: f64) -> [Complex<f32>; DIRECTIONS] {
        let place = self.place(cycles);
        std::array::from_fn(|direction| self.at(direction, place))
    }
}
