//! Parameters of the flanger, and the sweep of its delay.

use multiversion::multiversion;

use crate::dsp::phase::Turns;
use crate::dsp::sine::sine;

/// Parameters of [`Flanger`](super::Flanger) with the names and defaults of spec voice-pipeline 11.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlangerSettings {
    /// Centre delay, ms.
    pub delay_ms: f64,
    /// Largest deviation from the centre delay, ms.
    pub depth_ms: f64,
    /// LFO rate, Hz; may be 0 or negative.
    pub rate_hz: f64,
    /// LFO shape: 1 is a triangle, anything else a sine.
    pub lfo_shape: i64,
    /// Feedback gain, clamped to -1..1.
    pub feedback: f64,
    /// Gain of the delayed signal; the direct signal has gain 1.
    pub wet: f64,
    /// Low-pass in the feedback loop, Hz; 0 mutes the loop.
    pub loop_lpf_hz: f64,
    /// High-pass in the feedback loop, Hz; 0 mutes the loop unless [`Corrections::feedback`] is on.
    pub loop_hpf_hz: f64,
    /// 2: mid signal only, 3: side signal only, anything else: both channels (1: with spread, if corrected).
    pub stereo_mode: i64,
    /// LFO phase offset of the right channel in degrees (stereo mode 1, if [`Corrections::spread`] is on).
    pub spread_deg: f64,
    /// Quantity that follows the LFO linearly: 0 the delay, 1 its reciprocal, anything else its logarithm.
    pub law: i64,
    /// Interpolation of the delay line: 0 uses two taps, anything else four.
    pub interp_mode: i64,
    /// Shortest delay, ms; at least 0.05.
    pub min_delay_ms: f64,
    /// Longest delay, ms.
    pub max_delay_ms: f64,
    /// Loudness match: 0 is off, anything else matches the loudness of the input.
    pub loud_mode: i64,
    /// Time constant of the loudness match, ms.
    pub loud_tc_ms: f64,
    /// Smallest gain of the loudness match, linear.
    pub loud_min_gain: f64,
    /// Largest gain of the loudness match, linear; applies if it is below the smallest.
    pub loud_max_gain: f64,
}

impl Default for FlangerSettings {
    fn default() -> Self {
        Self {
            delay_ms: 1.2,
            depth_ms: 0.6,
            rate_hz: 0.12,
            lfo_shape: 0,
            feedback: 0.5,
            wet: 0.3,
            loop_lpf_hz: 7000.0,
            loop_hpf_hz: 0.0,
            stereo_mode: 0,
            spread_deg: 0.0,
            law: 0,
            interp_mode: 0,
            min_delay_ms: 0.25,
            max_delay_ms: 8.0,
            loud_mode: 1,
            loud_tc_ms: 80.0,
            loud_min_gain: 0.5,
            loud_max_gain: 2.0,
        }
    }
}

impl FlangerSettings {
    /// Shortest and longest delay after validation, ms.
    pub(super) fn limits(&self) -> (f64, f64) {
        let lo = self.min_delay_ms.max(0.05);
        (lo, if self.max_delay_ms <= lo { lo + 0.01 } else { self.max_delay_ms })
    }
}

/// Which defects of the legacy flanger are corrected (`Compat::flanger_*`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Corrections {
    /// Interpolate between the correct neighbours with weights that sum to 1.
    pub interpolation: bool,
    /// Keep feedback active when the loop high-pass is off.
    pub feedback: bool,
    /// Let `spread_deg` offset the LFO of the right channel in stereo mode 1.
    pub spread: bool,
}

/// One-pole coefficient for a time constant in ms.
pub(super) fn pole(ms: f64, sample_rate: f64) -> f64 {
    if ms <= 0.0 { 0.0 } else { (-1.0 / (ms * 0.001 * sample_rate)).exp().min(0.999_999) }
}

/// How the delay in ms follows from the LFO value, -1 to 1.
#[derive(Debug, Clone, Copy)]
enum Law {
    Delay { centre: f64, depth: f64 },
    Reciprocal { centre: f64, slope: f64 },
    Exponential { low: f64, octaves: f64 },
}

/// The delay as a function of the LFO phase.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sweep {
    law: Law,
    triangle: bool,
    lo: f64,
    hi: f64,
    per_ms: f64,
}

impl Sweep {
    /// The sweep of `settings`, with centre and depth clamped to the limits of the delay.
    pub(super) fn new(settings: &FlangerSettings, sample_rate: f64) -> Self {
        let (lo, hi) = settings.limits();
        let centre = settings.delay_ms.max(lo).min(hi);
        let mut depth = settings.depth_ms.max(0.0);
        if centre - depth < lo {
            depth = (centre - lo).max(0.0);
        }
        if centre + depth > hi {
            depth = (hi - centre).max(0.0);
        }
        let law = match settings.law {
            0 => Law::Delay { centre, depth },
            1 => {
                let slope = 0.5 * (1.0 / (centre - depth) - 1.0 / (centre + depth));
                Law::Reciprocal { centre: 1.0 / centre, slope }
            }
            _ => {
                let low = (centre - depth).max(lo);
                let high = (centre + depth).min(hi);
                Law::Exponential { low, octaves: (high / low).ln() * 0.5 }
            }
        };
        Self { law, triangle: settings.lfo_shape == 1, lo, hi, per_ms: sample_rate / 1000.0 }
    }

    /// Fills `out` with delays in frames; the LFO phase starts at `phase` and advances by `increment` per frame.
    pub(super) fn delays(&self, phase: Turns, increment: Turns, out: &mut [f64]) {
        sweep(self, phase, increment, out);
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx+avx2"))]
fn sweep(sweep: &Sweep, phase: Turns, increment: Turns, out: &mut [f64]) {
    let (lo, hi) = (sweep.lo, sweep.hi);
    for (k, delay) in out.iter_mut().enumerate() {
        let at = phase + increment.times(k as u64);
        *delay = if sweep.triangle { 4.0 * (at.cycles() - 0.5).abs() - 1.0 } else { sine(at) };
    }
    match sweep.law {
        Law::Delay { centre, depth } => {
            for delay in out.iter_mut() {
                *delay = (centre + depth * *delay).max(lo).min(hi) * sweep.per_ms;
            }
        }
        Law::Reciprocal { centre, slope } => {
            for delay in out.iter_mut() {
                *delay = (1.0 / (centre + slope * *delay)).max(lo).min(hi) * sweep.per_ms;
            }
        }
        Law::Exponential { low, octaves } => {
            for delay in out.iter_mut() {
                *delay = low * (octaves * (*delay + 1.0)).exp() * sweep.per_ms;
            }
        }
    }
}
