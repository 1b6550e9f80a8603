//! Any carrier: each hop of the source is filtered once for all frames that overlap it.
//!
//! A Hann window with any shift is a sum of three fixed functions (its square root a sum of two). The spectra of the
//! source times these functions thus give the spectrum of every frame's part of the hop. These are multiplied by the
//! frames' responses, summed, and transformed back once per ear. The result of a hop is `hop + taps - 1` samples long;
//! the last few results are cached.

use std::f64::consts::TAU;
use std::sync::Arc;

use multiversion::multiversion;
use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealToComplex};

use super::path::Directions;
use super::scene::Scene;
use crate::dsp::fft;
use crate::dsp::hrir::mirrored;
use crate::dsp::sine::sine;
use crate::voice::Block;

/// A spectrum with separate real and imaginary parts.
#[derive(Debug, Clone, Default)]
struct Spectrum {
    re: Vec<f32>,
    im: Vec<f32>,
}

impl Spectrum {
    fn zero(bins: usize) -> Self {
        Self { re: vec![0.0; bins], im: vec![0.0; bins] }
    }

    fn clear(&mut self) {
        self.re.fill(0.0);
        self.im.fill(0.0);
    }

    fn set(&mut self, values: &[Complex<f32>]) {
        for ((re, im), value) in self.re.iter_mut().zip(&mut self.im).zip(values) {
            (*re, *im) = (value.re, value.im);
        }
    }
}

/// Tables that do not change while rendering.
struct Tables {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    /// Left-ear spectrum of each direction, scaled for the inverse transform.
    responses: Vec<Spectrum>,
    /// The fixed functions of which windows are sums, over one hop.
    basis: Vec<Vec<f32>>,
    /// Weights of the fixed functions for the frame that started 0, 1, 2... hops earlier.
    weights: Vec<[f32; 3]>,
    /// The end of the window, for the hop in which a frame ends; empty if frames end with a hop.
    rest: Vec<f32>,
}

/// The filtered hop `index`, `hop + taps - 1` samples per ear.
#[derive(Debug, Clone)]
struct Piece {
    index: u64,
    left: Vec<f32>,
    right: Vec<f32>,
}

/// The voice with any carrier.
#[derive(Clone)]
pub(super) struct Moving {
    scene: Arc<Scene>,
    tables: Arc<Tables>,
    directions: Directions,
    /// Length of a filtered hop in samples.
    length: usize,
    pieces: Vec<Piece>,
    source: Vec<f32>,
    time: Vec<f32>,
    bins: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    parts: [Spectrum; 3],
    ears: [Spectrum; 2],
}

impl Moving {
    pub(super) fn new(scene: &Arc<Scene>, left_ear: &[Vec<f64>]) -> Self {
        let hop = scene.hop;
        let length = hop + left_ear.first().map_or(0, Vec::len) - 1;
        let size = transform_size(length);
        let tables = Arc::new(Tables::new(scene, left_ear, size));
        let memory = scene.frame.div_ceil(hop) + length.div_ceil(hop) + 1;
        let piece = || Piece { index: u64::MAX, left: vec![0.0; size], right: vec![0.0; size] };
        let bins = size / 2 + 1;
        let zero = Complex::new(0.0, 0.0);
        let scratch = tables.forward.get_scratch_len().max(tables.inverse.get_scratch_len());
        Self {
            directions: Directions::new(scene.path.clone(), hop, memory),
            length,
            pieces: (0..length.div_ceil(hop)).map(|_| piece()).collect(),
            source: vec![0.0; hop],
            time: vec![0.0; size],
            bins: vec![zero; bins],
            scratch: vec![zero; scratch],
            parts: std::array::from_fn(|_| Spectrum::zero(bins)),
            ears: std::array::from_fn(|_| Spectrum::zero(bins)),
            scene: scene.clone(),
            tables,
        }
    }

    /// Write the spectrum of the source times `shape` into `parts[slot]`.
    fn transform(&mut self, slot: usize, shape: Shape) {
        let tables = &self.tables;
        let shape = match shape {
            Shape::Basis => &tables.basis[slot],
            Shape::Rest => &tables.rest,
        };
        self.time.fill(0.0);
        for ((value, source), factor) in self.time.iter_mut().zip(&self.source).zip(shape) {
            *value = source * factor;
        }
        // the buffers have the lengths that the plan expects, so no error is possible
        let _ = tables.forward.process_with_scratch(&mut self.time, &mut self.bins, &mut self.scratch);
        self.parts[slot].set(&self.bins);
    }

    fn compute(&mut self, index: u64) {
        let hop = self.scene.hop as u64;
        for (i, value) in self.source.iter_mut().enumerate() {
            *value = (self.scene.amp * sine(self.scene.phase(index * hop + i as u64))) as f32;
        }
        let tables = self.tables.clone();
        self.ears.iter_mut().for_each(Spectrum::clear);
        for slot in 0..tables.basis.len() {
            self.transform(slot, Shape::Basis);
        }
        for (ago, weights) in tables.weights.iter().enumerate().take(index as usize + 1) {
            let direction = self.directions.of(index - ago as u64);
            let responses = [&tables.responses[direction], &tables.responses[mirrored(direction)]];
            accumulate(&mut self.ears, &self.parts, weights, responses);
        }
        let ending = tables.weights.len() as u64;
        if !tables.rest.is_empty() && index >= ending {
            self.transform(0, Shape::Rest);
            let direction = self.directions.of(index - ending);
            let responses = [&tables.responses[direction], &tables.responses[mirrored(direction)]];
            accumulate(&mut self.ears, &self.parts, &[1.0, 0.0, 0.0], responses);
        }
        let slot = (index % self.pieces.len() as u64) as usize;
        let piece = &mut self.pieces[slot];
        piece.index = index;
        for (ear, out) in self.ears.iter().zip([&mut piece.left, &mut piece.right]) {
            for (bin, (re, im)) in self.bins.iter_mut().zip(ear.re.iter().zip(&ear.im)) {
                *bin = Complex::new(*re, *im);
            }
            if let [first, .., last] = self.bins.as_mut_slice() {
                (first.im, last.im) = (0.0, 0.0);
            }
            let _ = tables.inverse.process_with_scratch(&mut self.bins, out, &mut self.scratch);
        }
    }
}

#[derive(Clone, Copy)]
enum Shape {
    Basis,
    Rest,
}

impl super::Engine for Moving {
    fn hop(&mut self, index: u64, gain: f32, mut out: Block<'_>) {
        let hop = self.scene.hop;
        out.clear();
        let sounding = self.pieces.len() as u64;
        for piece in index.saturating_sub(sounding - 1)..=index {
            let slot = (piece % sounding) as usize;
            if self.pieces[slot].index != piece {
                self.compute(piece);
            }
            let from = (index - piece) as usize * hop;
            let to = (from + hop).min(self.length);
            let piece = &self.pieces[slot];
            add(out.left, &piece.left[from..to], gain);
            add(out.right, &piece.right[from..to], gain);
        }
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn add(out: &mut [f32], part: &[f32], gain: f32) {
    for (out, part) in out.iter_mut().zip(part) {
        *out += part * gain;
    }
}

/// `ears += (weights·parts)·responses`, bin by bin.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn accumulate(ears: &mut [Spectrum; 2], parts: &[Spectrum; 3], weights: &[f32; 3], responses: [&Spectrum; 2]) {
    let [left, right] = ears;
    let bins = left.re.len();
    let [a, b, c] = parts;
    let (a, b, c) = ((&a.re[..bins], &a.im[..bins]), (&b.re[..bins], &b.im[..bins]), (&c.re[..bins], &c.im[..bins]));
    let l = (&responses[0].re[..bins], &responses[0].im[..bins]);
    let r = (&responses[1].re[..bins], &responses[1].im[..bins]);
    let (left_re, left_im) = (&mut left.re[..bins], &mut left.im[..bins]);
    let (right_re, right_im) = (&mut right.re[..bins], &mut right.im[..bins]);
    let [wa, wb, wc] = *weights;
    for k in 0..bins {
        let re = wa * a.0[k] + wb * b.0[k] + wc * c.0[k];
        let im = wa * a.1[k] + wb * b.1[k] + wc * c.1[k];
        left_re[k] += re * l.0[k] - im * l.1[k];
        left_im[k] += re * l.1[k] + im * l.0[k];
        right_re[k] += re * r.0[k] - im * r.1[k];
        right_im[k] += re * r.1[k] + im * r.0[k];
    }
}

/// The smallest of 2ⁿ, 3·2ⁿ and 9·2ⁿ (n from 4) that holds `length`.
fn transform_size(length: usize) -> usize {
    [1, 3, 9].map(|odd| odd * length.div_ceil(odd).next_power_of_two().max(16)).into_iter().min().unwrap_or(length)
}

impl Tables {
    fn new(scene: &Scene, left_ear: &[Vec<f64>], size: usize) -> Self {
        let (forward, inverse) = fft::pair(size);
        let (mut time, mut bins) = (forward.make_input_vec(), forward.make_output_vec());
        let responses = left_ear
            .iter()
            .map(|taps| {
                time.fill(0.0);
                time.iter_mut().zip(taps).for_each(|(value, tap)| *value = (*tap / size as f64) as f32);
                let _ = forward.process(&mut time, &mut bins);
                let mut spectrum = Spectrum::zero(bins.len());
                spectrum.set(&bins);
                spectrum
            })
            .collect();
        let hop = scene.hop;
        let whole = scene.frame / hop;
        let rest = (whole * hop..scene.frame).map(|i| scene.window(i) as f32).collect();
        // Hann: 1/2 - cos(x)/2; its root on one period: sin(x/2). Both at x = angle·(i + shift).
        let angle = TAU / (scene.frame - 1) as f64 * if scene.root { 0.5 } else { 1.0 };
        let over_hop = |f: fn(f64) -> f64| (0..hop).map(|i| f(angle * i as f64) as f32).collect::<Vec<_>>();
        let mut basis = vec![over_hop(f64::cos), over_hop(f64::sin)];
        if !scene.root {
            basis.push(vec![1.0; hop]);
        }
        let weights = (0..whole)
            .map(|ago| {
                let (sin, cos) = (angle * (ago * hop) as f64).sin_cos();
                if scene.root { [sin as f32, cos as f32, 0.0] } else { [(-0.5 * cos) as f32, (0.5 * sin) as f32, 0.5] }
            })
            .collect();
        Self { forward, inverse, responses, basis, weights, rest }
    }
}
