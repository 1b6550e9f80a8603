//! The set that is heard where a voice names none: the KEMAR dummy head in the horizontal plane (`dsp/hrir.rs`), without
//! the timbre that all its directions have in common, at every degree (spec hrtf-renderer 2.3).
//!
//! The mean power over all directions is divided out with its minimum phase, which removes the loudspeaker, the ear canal
//! and the microphone. Below [`SEEN`] the loudspeaker was too weak: there each ear has one level and one delay.

use std::f64::consts::{PI, TAU};
use std::sync::Arc;

use rustfft::FftDirection;
use rustfft::num_complex::Complex;

use super::filters::{DelayPolicy, FilterRules, Filters};
use crate::dsp::direction::spherical;
use crate::dsp::fft;
use crate::dsp::hrir::{DIRECTIONS, RATE, left_ear};
use crate::dsp::recent::Recent;
use crate::error::Result;
use crate::media::sofa::{DelayUnit, Hrirs};

/// Length of the transforms.
const SIZE: usize = 2048;
/// Frequencies in Hz between which the measurement takes over from one level and one delay.
const SEEN: [f64; 2] = [150.0, 350.0];
/// Frequencies in Hz outside which the mean power is taken as constant.
const DIVIDED: [f64; 2] = [22.0, 19_000.0];
/// Frames by which all responses begin earlier than in the measurement.
const EARLIER: usize = 20;
/// Taps of a response, and those over which it fades out.
const TAPS: usize = 128;
const FADE: usize = 32;
/// Directions of the set.
const DEGREES: usize = 360;
/// Distance of the loudspeaker, metres.
const DISTANCE: f64 = 1.4;

/// The filters of the built-in set at `rate` Hz; those that were used last are kept.
pub(crate) fn filters(rate: f64) -> Result<Arc<Filters>> {
    static RECENT: Recent<u64, Option<Arc<Filters>>> = Recent::new();
    let rules = FilterRules { rate, policy: DelayPolicy::Bake, recorded: false };
    let make = || Filters::new(&set(), rules);
    let kept = RECENT.get(rate.to_bits(), || make().ok().map(Arc::new));
    kept.as_ref().clone().map_or_else(|| make().map(Arc::new), Ok)
}

/// The set.
fn set() -> Hrirs {
    let left = turned(&equalised());
    let ears = (0..DEGREES).flat_map(|degree| [degree, (DEGREES - degree) % DEGREES]);
    Hrirs {
        name: "the built-in set".to_owned(),
        title: "KEMAR".to_owned(),
        licence: crate::dsp::hrir::ATTRIBUTION.to_owned(),
        sha256: String::new(),
        sample_rate: RATE,
        taps: TAPS,
        positions: (0..DEGREES).map(|degree| spherical(degree as f64, 0.0, DISTANCE)).collect(),
        responses: ears.flat_map(|degree| left[degree]).collect(),
        delays: vec![[0.0; 2]; DEGREES],
        delay_unit: DelayUnit::Samples,
        warnings: Vec::new(),
    }
}

/// The responses of the left ear in the measured directions, equalised.
fn equalised() -> Vec<[f64; TAPS]> {
    let (forward, inverse) = (fft::plan(SIZE, FftDirection::Forward), fft::plan(SIZE, FftDirection::Inverse));
    let measured = left_ear(RATE);
    let mut spectra: Vec<Vec<Complex<f64>>> = measured
        .iter()
        .map(|taps| {
            let mut bins: Vec<Complex<f64>> = taps.iter().map(|tap| Complex::new(*tap, 0.0)).collect();
            bins.resize(SIZE, Complex::default());
            forward.process(&mut bins);
            bins
        })
        .collect();
    let power = |k: usize| spectra.iter().map(|bins| bins[k].norm_sqr()).sum::<f64>() / DIRECTIONS as f64;
    let bin = |hertz: f64| (hertz * SIZE as f64 / RATE).ceil() as usize;
    let [lowest, highest] = DIVIDED.map(bin);
    // half the logarithm of the power, and its minimum phase
    let mut common: Vec<Complex<f64>> = (0..SIZE)
        .map(|k| Complex::new(0.5 * power(k.min(SIZE - k).clamp(lowest, highest)).ln() / SIZE as f64, 0.0))
        .collect();
    inverse.process(&mut common);
    let half = SIZE / 2;
    common[1..half].iter_mut().for_each(|value| *value *= 2.0);
    common[half + 1..].fill(Complex::default());
    forward.process(&mut common);
    let [from, to] = SEEN.map(bin);
    let fade: [f64; TAPS] = std::array::from_fn(|i| {
        let into = (i + FADE + 1).saturating_sub(TAPS) as f64;
        0.5 + 0.5 * (PI * into / (FADE + 1) as f64).cos()
    });
    let finish = |bins: &mut Vec<Complex<f64>>| {
        bins.iter_mut().zip(&common).for_each(|(bin, common)| *bin /= common.exp());
        let count = (to - from + 1) as f64;
        let level = bins[from..=to].iter().map(|bin| bin.norm()).sum::<f64>() / count;
        let turn = |k: usize| bins[k].arg() / k as f64;
        let slope = (from..=to).map(turn).sum::<f64>() / count;
        for k in 0..=to {
            let x = ((k as f64 - from as f64) / (to - from) as f64).clamp(0.0, 1.0);
            let seen = x * x * (3.0 - 2.0 * x);
            let low = Complex::from_polar(level, slope * k as f64);
            bins[k] = low * (1.0 - seen) + bins[k] * seen;
            if k > 0 {
                bins[SIZE - k] = bins[k].conj();
            }
        }
        inverse.process(bins);
        std::array::from_fn(|i| fade[i] * bins[i + EARLIER].re / SIZE as f64)
    };
    spectra.iter_mut().map(finish).collect()
}

/// The responses at every degree, by trigonometric interpolation between the measured directions.
fn turned(measured: &[[f64; TAPS]]) -> Vec<[f64; TAPS]> {
    let count = DIRECTIONS as f64;
    let weight = |degree: usize, direction: usize| {
        let apart = TAU * (degree as f64 / DEGREES as f64 - direction as f64 / count);
        let half = 0.5 * apart;
        if half.sin().abs() < 1e-9 { 1.0 } else { (count * half).sin() / (count * half.tan()) }
    };
    let at = |degree: usize| {
        let mut taps = [0.0; TAPS];
        for (direction, row) in measured.iter().enumerate() {
            let weight = weight(degree, direction);
            taps.iter_mut().zip(row).for_each(|(tap, own)| *tap += weight * own);
        }
        taps
    };
    (0..DEGREES).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::hrir::{mirrored, transfer};

    /// The response of the left ear at a frequency.
    fn heard(left: &[[f64; TAPS]], degree: usize, hertz: f64) -> Complex<f64> {
        transfer(&left[degree], hertz / RATE)
    }

    #[test]
    fn differences_between_the_ears_are_the_measured_ones() {
        let (measured, equal) = (left_ear(RATE), equalised());
        for direction in [3, 9, 18, 27] {
            for hertz in [700.0, 1500.0, 3000.0, 6000.0] {
                let apart = |own: &dyn Fn(usize) -> Complex<f64>| own(direction) / own(mirrored(direction));
                let given = apart(&|d| transfer(&measured[d], hertz / RATE));
                let here = apart(&|d| transfer(&equal[d], hertz / RATE));
                let error = 20.0 * (here.norm() / given.norm()).log10();
                let late = (here / given).arg() / (TAU * hertz) * 1e6;
                assert!(error.abs() < 2.5 && late.abs() < 30.0, "{direction} {hertz}: {error} dB {late} µs");
            }
        }
    }

    #[test]
    fn the_mean_of_all_directions_has_no_timbre() {
        let left = turned(&equalised());
        for hertz in [100.0, 200.0, 500.0, 1000.0, 3000.0, 6000.0, 12_000.0] {
            let power = (0..DEGREES).map(|degree| heard(&left, degree, hertz).norm_sqr()).sum::<f64>();
            let level = 10.0 * (power / DEGREES as f64).log10();
            assert!(level.abs() < 3.0, "{hertz}: {level}");
        }
    }

    #[test]
    fn a_source_on_the_left_is_early_and_loud_there() {
        let left = turned(&equalised());
        for hertz in [60.0, 150.0, 300.0, 500.0] {
            let apart = heard(&left, 90, hertz) / heard(&left, 270, hertz);
            let early = apart.arg() / (TAU * hertz) * 1e6;
            assert!((600.0..900.0).contains(&early) && apart.norm() > 1.0, "{hertz}: {early} µs");
        }
    }

    #[test]
    fn degrees_between_are_smooth() {
        let left = turned(&equalised());
        for hertz in [300.0, 2000.0, 5000.0] {
            for degree in 0..DEGREES {
                let (here, next) = (heard(&left, degree, hertz), heard(&left, (degree + 1) % DEGREES, hertz));
                let size = (next - here).norm() / here.norm().max(0.5);
                // the way to an ear changes by at most 10 µs per degree
                assert!(size < TAU * hertz * 10e-6 + 0.05, "{degree} {hertz}: {size}");
            }
        }
    }
}
