//! The source turns sample by sample (`Compat::sam_per_sample`, spec spatial-angle-modulation 1.8).
//!
//! A tone is filtered by multiplying it by the response at its frequency. The response of each ear is computed at points
//! that lie a small part of a turn apart, and interpolated in between. Nothing is carried from sample to sample.

use std::f64::consts::{FRAC_2_PI, TAU};
use std::sync::Arc;

use multiversion::multiversion;
use rustfft::num_complex::Complex;

use super::scene::Scene;
use crate::dsp::hrir::{self, DIRECTIONS};
use crate::dsp::phase::Turns;
use crate::dsp::sine::sine_u32;
use crate::voice::grid::{CellSource, Cells};
use crate::voice::measured_level::MeasuredLevel;
use crate::voice::{Block, Voice};

/// Samples per cell.
const CELL: usize = 1024;

/// Most samples between two points at which the response is computed.
const HOP: usize = 64;

/// Fewest points per turn, where the distance of the points allows it.
const POINTS_PER_TURN: f64 = 64.0;

/// Length of the rise at the beginning of the call, seconds.
const RISE: f64 = 0.005;

/// Delay of the main part of the responses, seconds; treated as a phase, so that the rest varies slowly over frequency.
const DELAY: f64 = 60.0 / hrir::RATE;

/// Parts of the call in which the peak is looked for, and points in each of them.
const PARTS: u64 = 32;
const POINTS: u64 = 128;

/// The left ear's response in every measured direction at one frequency, without [`DELAY`].
type Ear = [Complex<f32>; DIRECTIONS];

/// Responses of both ears.
type Ears = [Complex<f32>; 2];

/// The voice whose source turns sample by sample.
pub(super) fn boxed(scene: Scene, overlap: usize, level: &MeasuredLevel) -> Box<dyn Voice> {
    let taps: Vec<Vec<f32>> =
        hrir::left_ear(scene.rate).iter().map(|taps| taps.iter().map(|tap| *tap as f32).collect()).collect();
    // what the overlapping windows of the frames add up to on average
    let windows = if scene.root { FRAC_2_PI * overlap as f64 } else { 0.5 * overlap as f64 };
    let reach = scene.path.turns_per_second() / scene.rate * POINTS_PER_TURN;
    let hop = ((1.0 / reach).clamp(1.0, HOP as f64) as usize + 1).next_power_of_two() / 2;
    let mut turning = Turning {
        length: taps.first().map_or(0, Vec::len),
        taps: Arc::new(taps),
        hop,
        scale: (scene.amp * windows) as f32,
        carrier: [(u64::MAX, [Complex::new(0.0, 0.0); DIRECTIONS]); 2],
        phasor: (Vec::new(), Vec::new()),
        points: vec![[Complex::new(0.0, 0.0); 2]; CELL / hop + 3],
        scene: Arc::new(scene),
    };
    let gain = level.get_or_measure(|| {
        let peak = turning.peak();
        if peak > 1.0 { 0.98 / peak } else { 1.0 }
    });
    turning.scale *= gain;
    Cells::boxed(turning)
}

#[derive(Clone)]
struct Turning {
    scene: Arc<Scene>,
    taps: Arc<Vec<Vec<f32>>>,
    /// Taps of a response.
    length: usize,
    /// Samples between two points.
    hop: usize,
    /// Factor on the responses.
    scale: f32,
    /// The responses at the carrier of the beginning and the end of a cell, with the sample that they belong to.
    carrier: [(u64, Ear); 2],
    /// Cosine and sine of the carrier over the taps.
    phasor: (Vec<f32>, Vec<f32>),
    /// Responses at the points of a cell, from one before it to two after its last.
    points: Vec<Ears>,
}

impl Turning {
    /// The responses at the frequency of the carrier at `sample`.
    fn ear(&mut self, sample: u64) -> Ear {
        let cycles = self.scene.carrier.at(sample.min(self.scene.samples.saturating_sub(1))).max(0.0) / self.scene.rate;
        let (cos, sin) = &mut self.phasor;
        let first = Complex::from_polar(1.0, TAU * (cycles * DELAY * self.scene.rate).fract());
        let step = Complex::from_polar(1.0, -TAU * cycles.fract());
        let mut at = first;
        cos.clear();
        sin.clear();
        for _ in 0..self.length {
            cos.push(at.re as f32);
            sin.push(at.im as f32);
            at *= step;
        }
        std::array::from_fn(|direction| {
            let taps = &self.taps[direction];
            Complex::new(product(taps, cos), product(taps, sin))
        })
    }

    /// The responses at the beginning and at the end of the cell that begins at `first`.
    fn around(&mut self, first: u64) -> [Ear; 2] {
        if !self.scene.carrier.ends.moves() {
            if self.carrier[0].0 == u64::MAX {
                self.carrier[0] = (0, self.ear(0));
            }
            return [self.carrier[0].1; 2];
        }
        let last = first + CELL as u64;
        if self.carrier[0].0 != first {
            self.carrier[0] = if self.carrier[1].0 == first { self.carrier[1] } else { (first, self.ear(first)) };
            self.carrier[1] = (last, self.ear(last));
        }
        self.carrier.map(|(_, ear)| ear)
    }

    /// The responses at `sample`.
    fn heard(&self, ear: &Ear, sample: u64) -> Ears {
        let place = self.scene.path.place(sample.min(self.scene.samples.saturating_sub(1)));
        let at = |azimuth: f64| -> Complex<f32> {
            hrir::around(azimuth).iter().map(|(direction, weight)| ear[*direction] * *weight as f32).sum()
        };
        [1.0, -1.0].map(|side| {
            let near = at(side * place.azimuth);
            if place.opposite == 0.0 {
                return near;
            }
            let opposite = place.opposite as f32;
            near * (1.0 - opposite) + at(side * (place.azimuth + 180.0)) * opposite
        })
    }

    /// The largest magnitude of the envelope at evenly distributed places, times [`scale`](Self::scale).
    fn peak(&mut self) -> f32 {
        let samples = self.scene.samples;
        let mut peak = 0.0_f32;
        for part in 0..PARTS {
            let first = samples * part / PARTS;
            let ear = self.ear(first);
            // a whole turn, or the whole part if the source turns slower
            let turn = self.scene.rate / self.scene.path.beat.at(first).max(1e-6);
            let length = (turn.min(samples as f64) as u64).clamp(1, (samples / PARTS).max(1));
            for point in 0..POINTS.min(length) {
                let heard = self.heard(&ear, first + length * point / POINTS.min(length));
                peak = heard.iter().fold(peak, |peak, response| peak.max(response.norm()));
            }
        }
        peak * self.scale
    }

    /// Compute the responses at the points of the cell that begins at `first`.
    fn compute_points(&mut self, first: u64) {
        let [start, end] = self.around(first);
        let hop = self.hop as u64;
        let moves = self.scene.carrier.ends.moves();
        for i in 0..self.points.len() {
            let sample = (first + i as u64 * hop).saturating_sub(hop);
            let part = (i as f32 - 1.0) * self.hop as f32 / CELL as f32;
            let mut ears = self.heard(&start, sample);
            if moves {
                let later = self.heard(&end, sample);
                ears = std::array::from_fn(|side| ears[side] + (later[side] - ears[side]) * part);
            }
            self.points[i] = ears.map(|ear| ear * self.scale);
        }
    }

    /// Write the phase of the carrier, less [`DELAY`], of the samples from `first` on.
    fn phases(&self, first: u64, turns: &mut [u32]) {
        let scene = &self.scene;
        if scene.carrier.ends.moves() {
            for (n, turn) in (first..).zip(turns) {
                let n = n.min(scene.samples.saturating_sub(1));
                let late = scene.carrier.at(n).max(0.0) * DELAY;
                *turn = (scene.phase(n) - Turns::from_cycles(late)).high();
            }
            return;
        }
        let frequency = scene.carrier.ends.start.max(0.0);
        let step = Turns::from_cycles(frequency / scene.rate);
        // the phase of the first sample is one increment
        let mut at = scene.start + step.times(first.wrapping_add(1)) - Turns::from_cycles(frequency * DELAY);
        for turn in turns {
            *turn = at.high();
            at += step;
        }
    }
}

impl CellSource for Turning {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, mut out: Block<'_>) {
        let first = index * CELL as u64;
        if first >= self.scene.samples {
            out.clear();
            return;
        }
        self.compute_points(first);
        let mut turns = [0; HOP];
        for (i, points) in self.points.windows(4).take(CELL / self.hop).enumerate() {
            let turns = &mut turns[..self.hop];
            self.phases(first + (i * self.hop) as u64, turns);
            let part = out.part(i * self.hop, (i + 1) * self.hop);
            let [left, right] = [0, 1].map(|side| std::array::from_fn(|k| points[k][side]));
            modulate(&Envelope::between(left), &Envelope::between(right), turns, part.left, part.right);
        }
        let rise = (RISE * self.scene.rate).ceil();
        for (n, (left, right)) in (first..).zip(out.left.iter_mut().zip(out.right.iter_mut())) {
            if n as f64 >= rise {
                break;
            }
            let level = (0.5 - 0.5 * (0.5 * TAU * n as f64 / rise).cos()) as f32;
            *left *= level;
            *right *= level;
        }
    }

    fn fork(&self) -> Self {
        self.clone()
    }
}

/// The response of an ear between two points, as polynomials over a hop.
struct Envelope {
    re: [f32; 4],
    im: [f32; 4],
}

impl Envelope {
    /// Cubic Lagrange interpolation between the middle two of four points.
    fn between([a, b, c, d]: [Complex<f32>; 4]) -> Self {
        let slope = c - b * 0.5 - a * (1.0 / 3.0) - d * (1.0 / 6.0);
        let bend = (d - a) * (1.0 / 6.0) + (b - c) * 0.5;
        let terms = [b, slope, (a + c) * 0.5 - b, bend];
        Self { re: terms.map(|term| term.re), im: terms.map(|term| term.im) }
    }
}

/// The tone with the phases `turns`, times the responses of both ears.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn modulate(left_ear: &Envelope, right_ear: &Envelope, turns: &[u32], left: &mut [f32], right: &mut [f32]) {
    let length = turns.len().min(left.len()).min(right.len());
    let step = 1.0 / length as f32;
    for i in 0..length {
        let x = i as f32 * step;
        let (sin, cos) = (sine_u32(turns[i]), sine_u32(turns[i].wrapping_add(1 << 30)));
        let at = |c: &[f32; 4]| c[0] + x * (c[1] + x * (c[2] + x * c[3]));
        left[i] = sin * at(&left_ear.re) + cos * at(&left_ear.im);
        right[i] = sin * at(&right_ear.re) + cos * at(&right_ear.im);
    }
}

/// Scalar product, with the same order of additions on every processor.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn product(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 16;
    let mut sums = [0.0_f32; LANES];
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for i in 0..LANES {
            sums[i] += a[i] * b[i];
        }
    }
    sums.iter().sum::<f32>() + rest
}
