//! Constant carrier: all frames with the same direction differ only in phase, so one response per direction is
//! tabulated.
//!
//! With `x[n] = amp·Im e^{iφ(n)}` a frame that starts at `s` adds `amp·Im(e^{iφ(n)}·F[n - s])`, where
//! `F[m] = Σ h[k]·w[m - k]·e^{-iωk}` depends on the direction only. A sample is the sum of ten table entries per ear.

use std::f64::consts::TAU;
use std::sync::Arc;

use multiversion::multiversion;
use rustfft::num_complex::Complex;

use super::path::Directions;
use super::scene::Scene;
use crate::dsp::hrir::{DIRECTIONS, mirrored};
use crate::dsp::phase::Turns;
use crate::dsp::sine::sine_u32;
use crate::voice::Block;

/// Largest size of the table; longer frames are computed by [`super::moving`].
const MAX_BYTES: usize = 16 << 20;

/// Calls with up to this many frames tabulate only the directions that occur; longer calls tabulate all.
const MOST_MEASURED: u64 = 4096;

/// The response `F` (see above) of the left ear to one direction.
#[derive(Debug, Default)]
struct Response {
    re: Vec<f32>,
    im: Vec<f32>,
}

/// The voice with a constant carrier.
#[derive(Debug, Clone)]
pub(super) struct Steady {
    scene: Arc<Scene>,
    responses: Arc<Vec<Response>>,
    /// Length of one frame's response in samples.
    length: usize,
    step: Turns,
    directions: Directions,
    /// Complex envelope of the current hop: left re, left im, right re, right im.
    sums: [Vec<f32>; 4],
}

impl Steady {
    /// `None` if the carrier moves or the table would be too large.
    pub(super) fn new(scene: &Arc<Scene>, left_ear: &[Vec<f64>]) -> Option<Self> {
        let length = scene.frame + left_ear.first().map_or(0, Vec::len) - 1;
        if scene.carrier.ends.moves() || length * DIRECTIONS * 8 > MAX_BYTES {
            return None;
        }
        let mut directions = Directions::new(scene.path.clone(), scene.hop, length.div_ceil(scene.hop));
        let mut used = [scene.hops() > MOST_MEASURED; DIRECTIONS];
        for frame in 0..scene.hops().min(MOST_MEASURED) {
            let direction = directions.of(frame);
            used[direction] = true;
            used[mirrored(direction)] = true;
        }
        for k in 0..DIRECTIONS {
            used[k] |= used[mirrored(k)];
        }
        Some(Self {
            responses: Arc::new(tabulate(scene, left_ear, &used)),
            length,
            step: Turns::from_cycles(scene.carrier.ends.start.max(0.0) / scene.rate),
            directions,
            sums: std::array::from_fn(|_| vec![0.0; scene.hop]),
            scene: scene.clone(),
        })
    }
}

impl super::Engine for Steady {
    fn hop(&mut self, index: u64, gain: f32, out: Block<'_>) {
        let hop = self.scene.hop;
        self.sums.iter_mut().for_each(|sum| sum.fill(0.0));
        let sounding = self.length.div_ceil(hop) as u64;
        for frame in index.saturating_sub(sounding - 1)..=index {
            let direction = self.directions.of(frame);
            let from = (index - frame) as usize * hop;
            let to = (from + hop).min(self.length);
            let [left_re, left_im, right_re, right_im] = &mut self.sums;
            let (left, right) = (&self.responses[direction], &self.responses[mirrored(direction)]);
            add(left_re, &left.re[from..to], left_im, &left.im[from..to]);
            add(right_re, &right.re[from..to], right_im, &right.im[from..to]);
        }
        let amp = self.scene.amp as f32 * gain;
        // the phase of the first sample is one increment
        let phase = self.scene.start + self.step.times(index.wrapping_mul(hop as u64).wrapping_add(1));
        modulate(&self.sums, phase.0, self.step.0, amp, out.left, out.right);
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn add(re: &mut [f32], more_re: &[f32], im: &mut [f32], more_im: &[f32]) {
    for (sum, value) in re.iter_mut().zip(more_re) {
        *sum += value;
    }
    for (sum, value) in im.iter_mut().zip(more_im) {
        *sum += value;
    }
}

/// Write `amp·Im(e^{iφ}·sum)` for both ears.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn modulate(sums: &[Vec<f32>; 4], mut phase: u64, step: u64, amp: f32, left: &mut [f32], right: &mut [f32]) {
    const RUN: usize = 64;
    let increment = (step.wrapping_add(1 << 31) >> 32) as u32;
    let [left_re, left_im, right_re, right_im] = sums;
    let length = left.len().min(right.len());
    let mut from = 0;
    while from < length {
        let to = (from + RUN).min(length);
        let start = (phase >> 32) as u32;
        let (left, right) = (&mut left[from..to], &mut right[from..to]);
        let (lr, li) = (&left_re[from..to], &left_im[from..to]);
        let (rr, ri) = (&right_re[from..to], &right_im[from..to]);
        for i in 0..left.len().min(right.len()).min(lr.len()).min(li.len()).min(rr.len()).min(ri.len()) {
            let turn = start.wrapping_add(increment.wrapping_mul(i as u32));
            let sin = sine_u32(turn) * amp;
            let cos = sine_u32(turn.wrapping_add(1 << 30)) * amp;
            left[i] = sin * lr[i] + cos * li[i];
            right[i] = sin * rr[i] + cos * ri[i];
        }
        phase = phase.wrapping_add(step.wrapping_mul(RUN as u64));
        from = to;
    }
}

/// The responses of the directions that are used; empty for the others.
///
/// The window is a sum of exponentials `c·e^{iνm}`, so `F[m]` is a sum of `c·e^{iνm}·(P[m] - P[m - M])`, where `P` are
/// the partial sums of `h[k]·e^{-i(ω+ν)k}` up to tap `m` and `M` is the frame length.
fn tabulate(scene: &Scene, left_ear: &[Vec<f64>], used: &[bool; DIRECTIONS]) -> Vec<Response> {
    let taps = left_ear.first().map_or(0, Vec::len);
    let length = scene.frame + taps - 1;
    let omega = TAU * scene.carrier.ends.start.max(0.0) / scene.rate;
    let terms: Vec<Term> = scene
        .window_terms()
        .into_iter()
        .map(|(c, nu)| Term {
            window: (0..length).map(|m| c * Complex::from_polar(1.0, nu * m as f64)).collect(),
            carrier: (0..taps).map(|k| Complex::from_polar(1.0, -(omega + nu) * k as f64)).collect(),
        })
        .collect();
    let zero = Complex::new(0.0, 0.0);
    let mut partial = vec![zero; taps];
    let mut sums = vec![zero; length];
    left_ear
        .iter()
        .zip(used)
        .map(|(taps, used)| {
            if !used {
                return Response::default();
            }
            sums.fill(zero);
            for term in &terms {
                term.partial_sums(taps, &mut partial);
                term.add_response(&partial, scene.frame, &mut sums);
            }
            Response {
                re: sums.iter().map(|sum| sum.re as f32).collect(),
                im: sums.iter().map(|sum| sum.im as f32).collect(),
            }
        })
        .collect()
}

/// One exponential of the window.
struct Term {
    window: Vec<Complex<f64>>,
    carrier: Vec<Complex<f64>>,
}

impl Term {
    fn partial_sums(&self, taps: &[f64], partial: &mut [Complex<f64>]) {
        let mut sum = Complex::new(0.0, 0.0);
        for ((partial, carrier), tap) in partial.iter_mut().zip(&self.carrier).zip(taps) {
            sum += carrier * tap;
            *partial = sum;
        }
    }

    fn add_response(&self, partial: &[Complex<f64>], frame: usize, sums: &mut [Complex<f64>]) {
        let Some(whole) = partial.last() else { return };
        let reached = |m: usize| partial.get(m).unwrap_or(whole);
        let (inside, after) = sums.split_at_mut(frame);
        for (m, (sum, window)) in inside.iter_mut().zip(&self.window).enumerate() {
            *sum += window * reached(m);
        }
        for (m, (sum, window)) in after.iter_mut().zip(&self.window[frame..]).enumerate() {
            *sum += window * (reached(m + frame) - partial[m]);
        }
    }
}
