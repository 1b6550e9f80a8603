//! The description of a call that both methods share: the source, the frames and their window (spec
//! spatial-angle-modulation 1.3, 1.5).

use std::f64::consts::TAU;

use rustfft::num_complex::Complex;

use super::path::{Path, Sweep};
use crate::dsp::phase::Turns;
use crate::voice::{Oscillators, Ramp};

/// One call of the voice.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    /// Samples of the call.
    pub(super) samples: u64,
    /// Samples per second.
    pub(super) rate: f64,
    /// Amplitude of the source, 0..1.
    pub(super) amp: f64,
    /// Phase of the carrier before the first sample.
    pub(super) start: Turns,
    /// Carrier, Hz (negative values count as 0).
    pub(super) carrier: Sweep,
    pub(super) path: Path,
    /// Frame length in samples, at least 2.
    pub(super) frame: usize,
    /// Distance of two frames in samples, at least 1.
    pub(super) hop: usize,
    /// Whether the window is the square root of a Hann window (overlap 2 and 4).
    pub(super) root: bool,
}

impl Scene {
    /// The value of the window at sample `i` of a frame.
    pub(super) fn window(&self, i: usize) -> f64 {
        let hann = 0.5 - 0.5 * (TAU * i as f64 / (self.frame - 1) as f64).cos();
        if self.root { hann.max(0.0).sqrt() } else { hann }
    }

    /// The window as a sum of exponentials: factor and frequency (radians per sample) of each.
    pub(super) fn window_terms(&self) -> Vec<(Complex<f64>, f64)> {
        let nu = TAU / (self.frame - 1) as f64;
        let real = |value: f64| Complex::new(value, 0.0);
        if self.root {
            let half = Complex::new(0.0, -0.5);
            vec![(half, 0.5 * nu), (-half, -0.5 * nu)]
        } else {
            vec![(real(0.5), 0.0), (real(-0.25), nu), (real(-0.25), -nu)]
        }
    }

    /// Carrier phase at sample `n`; the phase of the first sample is already one increment.
    pub(super) fn phase(&self, n: u64) -> Turns {
        self.start + self.carrier.turns(n, self.rate)
    }

    /// The oscillators at sample `n`.
    pub(super) fn oscillators(&self, n: u64) -> Oscillators {
        let Ramp { start, end } = self.carrier.ends;
        let change = end - start;
        let alpha = if change == 0.0 { self.path.progress(n) } else { (self.carrier.at(n) - start) / change };
        let all = Oscillators { alpha, ..Oscillators::default() };
        all.with("carrier", self.phase(n)).with("path", self.path.phase(n))
    }

    /// The number of hops in the call.
    pub(super) fn hops(&self) -> u64 {
        self.samples.div_ceil(self.hop as u64)
    }
}
