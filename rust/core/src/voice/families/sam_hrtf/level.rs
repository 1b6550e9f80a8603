//! The level of a call: a call that exceeds full scale is scaled to a peak of 0.98 (spec spatial-angle-modulation 1.5).
//!
//! The peak is measured once, when the voice is first rendered. A cheap estimate of the envelope (responses at the
//! carrier's frequency, weighted with the windows) selects the hops that can contain the peak, and only these are
//! rendered. For calls of up to [`EXACT`] hops (95 s by default) the peak is exact. For longer calls [`LOOKED_AT`]
//! evenly spread hops are estimated and the highest of them rendered, so the work does not grow with the length. The
//! error is a fraction of a percent, because the directions repeat.

use realfft::num_complex::Complex;

use super::Engine;
use super::path::Directions;
use super::scene::Scene;
use crate::dsp::fft;
use crate::dsp::hrir::{DIRECTIONS, RATE, mirrored};
use crate::dsp::spread::spread;
use crate::voice::Block;

/// Largest number of hops for which the peak is exact.
const EXACT: u64 = 1 << 14;

/// Number of hops of a longer call whose envelope is estimated.
const LOOKED_AT: u64 = 1 << 13;

/// Number of hops of a longer call that are rendered.
const RENDERED: u64 = 1 << 9;

/// Largest number of consecutive hops that are rendered to include a crest of a low carrier.
const ROW: u64 = 64;

/// The estimate of a hop's peak is within this factor of the true peak, for carriers above [`LOWEST`] and frames at
/// least twice as long as the responses. Otherwise every hop of a short call is rendered.
const TRUST: f32 = 1.06;

/// Lowest carrier for which estimates are used, Hz.
const LOWEST: f64 = 150.0;

/// Delay of the main part of the responses in seconds; removed before interpolating between bins.
const DELAY: f64 = 60.0 / RATE;

/// The factor for every sample of the call.
pub(super) fn gain(scene: &Scene, left_ear: &[Vec<f64>], engine: &mut impl Engine) -> f32 {
    if scene.amp == 0.0 {
        return 1.0;
    }
    let peak = if scene.hops() <= EXACT { exact(scene, left_ear, engine) } else { sampled(scene, left_ear, engine) };
    if peak > 1.0 { 0.98 / peak } else { 1.0 }
}

/// The peak of the call. If the peak is certainly below full scale, an estimate of it.
pub(super) fn exact(scene: &Scene, left_ear: &[Vec<f64>], engine: &mut impl Engine) -> f32 {
    let taps = left_ear.first().map_or(0, Vec::len);
    let ends = scene.carrier.ends;
    if ends.start.min(ends.end) < LOWEST || scene.frame < 2 * taps {
        return measure(scene, engine, 0..scene.hops());
    }
    let mut estimate = Estimate::new(scene, left_ear);
    let estimates: Vec<f32> = (0..scene.hops()).map(|hop| estimate.of(hop)).collect();
    let (highest, top) = estimates
        .iter()
        .enumerate()
        .fold((0, 0.0_f32), |best, (hop, level)| if *level > best.1 { (hop, *level) } else { best });
    if top * TRUST <= 1.0 {
        return top;
    }
    let first = measure(scene, engine, std::iter::once(highest as u64));
    let hops = (0..estimates.len()).filter(|hop| estimates[*hop] * TRUST >= first).map(|hop| hop as u64);
    measure(scene, engine, hops)
}

/// The peak over those hops of a long call whose estimates are highest.
pub(super) fn sampled(scene: &Scene, left_ear: &[Vec<f64>], engine: &mut impl Engine) -> f32 {
    let hops = scene.hops();
    let mut estimate = Estimate::new(scene, left_ear);
    let place = |index: u64| spread(index, hops);
    let mut found: Vec<(f32, u64)> = (0..LOOKED_AT).map(place).map(|hop| (estimate.of(hop), hop)).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut left = RENDERED;
    let rows = found.into_iter().map_while(|(_, hop)| {
        // half a period, which contains a crest
        let carrier = scene.carrier.at(hop * scene.hop as u64).max(1.0);
        let row = ((0.5 * scene.rate / carrier / scene.hop as f64).ceil() as u64).clamp(1, ROW);
        left = left.checked_sub(row)?;
        Some(hop..(hop + row).min(hops))
    });
    measure(scene, engine, rows.flatten())
}

/// The peak of both channels over the given hops.
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

/// Estimates the peaks of hops.
struct Estimate<'a> {
    scene: &'a Scene,
    spectra: Spectra,
    directions: Directions,
    /// Window values, at two points of the hop, of the frame that started 0, 1, 2... hops earlier.
    weights: Vec<[f32; 2]>,
    /// Responses at the frequency of a constant carrier.
    constant: Option<[Complex<f32>; DIRECTIONS]>,
}

impl<'a> Estimate<'a> {
    fn new(scene: &'a Scene, left_ear: &[Vec<f64>]) -> Self {
        let delay = DELAY * scene.rate;
        let spectra = Spectra::new(left_ear, delay as usize);
        let whole = scene.frame.div_ceil(scene.hop) as u64 + 1;
        let points = [0.25, 0.75].map(|part| part * scene.hop as f64);
        let weights = (0..whole)
            .map(|ago| {
                points.map(|point| {
                    let at = (ago * scene.hop as u64) as f64 + point - delay;
                    if at < 0.0 || at >= scene.frame as f64 { 0.0 } else { scene.window(at as usize) as f32 }
                })
            })
            .collect();
        let ends = scene.carrier.ends;
        Self {
            scene,
            directions: Directions::new(scene.path.clone(), scene.hop, whole as usize + 1),
            weights,
            constant: (!ends.moves()).then(|| spectra.all(ends.start / scene.rate)),
            spectra,
        }
    }

    fn of(&mut self, hop: u64) -> f32 {
        let bin = self.spectra.place(self.scene.carrier.at(hop * self.scene.hop as u64) / self.scene.rate);
        let mut sums = [[Complex::new(0.0, 0.0); 2]; 2];
        for (ago, weights) in self.weights.iter().enumerate().take(hop as usize + 1) {
            let direction = self.directions.of(hop - ago as u64);
            for (ear, sums) in [direction, mirrored(direction)].into_iter().zip(&mut sums) {
                let response = self.constant.as_ref().map_or_else(|| self.spectra.at(ear, bin), |all| all[ear]);
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += response * *weight;
                }
            }
        }
        self.scene.amp as f32 * sums.as_flattened().iter().fold(0.0_f32, |top, sum| top.max(sum.norm()))
    }
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

    /// Bin and fraction for a frequency in cycles per sample; aliased frequencies are folded.
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
