//! Filters that give a sound the time and level differences between the ears of the KEMAR head (spec
//! binaural-and-isochronic 6.5).
//!
//! Only the difference between the ears comes from the measurement. The mean power of both ears is 1 at every frequency
//! and azimuth, so the loudspeaker, the room and the timbre of the pinna drop out, and a source in front is unchanged.

use std::f32::consts::TAU;
use std::sync::Arc;

use multiversion::multiversion;
use realfft::num_complex::Complex;

use crate::dsp::fft;
use crate::dsp::hrir::{self, DIRECTIONS, mirrored};
use crate::dsp::recent::Recent;

/// Below this frequency the loudspeaker of the measurement is too weak, Hz: the time and level differences are constant.
const LOWEST: f64 = 90.0;

/// Up to this frequency the phases of the two ears are opposite, Hz. Above it there are nulls of the far ear, around
/// which half of a phase difference is not defined.
const OPPOSITE: f64 = 1500.0;

/// Above the first of these frequencies the differences fade out, Hz; above the second there are none.
const FADE_OUT: (f64, f64) = (16_000.0, 20_000.0);

/// The filters are designed at a rate in this range, in Hz, and used at all rates that are larger or smaller by a power of
/// two: at a lower rate without their upper bins, at a higher rate continued with 1.
const DESIGN_RATE: std::ops::Range<f64> = 40_000.0..80_000.0;

/// Lowest rate at which the filters of [`DESIGN_RATE`] are used, Hz.
const LOWEST_RATE: f64 = 1000.0;

/// What a voice asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cues {
    /// Factor on the time difference.
    pub(super) time: f64,
    /// Whether there is a level difference.
    pub(super) level: bool,
}

/// Transfer functions of the left ear in all directions.
#[derive(Debug)]
pub(super) struct Filters {
    /// Bins per direction.
    bins: usize,
    re: Vec<f32>,
    im: Vec<f32>,
}

static RECENT: Recent<(f64, Cues), Filters> = Recent::new();

/// The rate at which the filters for `rate` are designed.
fn design_rate(rate: f64) -> f64 {
    let mut base = rate;
    while base >= DESIGN_RATE.end {
        base *= 0.5;
    }
    while base < DESIGN_RATE.start && rate >= LOWEST_RATE {
        base *= 2.0;
    }
    base
}

/// Length of the transform of a design, a power of two.
fn design_size(rate: f64) -> usize {
    ((rate / 12.0).ceil() as usize).next_power_of_two().max(64)
}

/// Length of the Fourier transform in which the filters are used at `rate`, a power of two. The filters reach a quarter
/// of it, 20 to 43 ms, into the past and the future.
pub(super) fn transform_size(rate: f64) -> usize {
    let base = design_rate(rate);
    (design_size(base) as f64 * rate / base) as usize
}

impl Filters {
    /// The filters for `rate`. The last three sets are kept.
    pub(super) fn shared(rate: f64, cues: Cues) -> Arc<Self> {
        let base = design_rate(rate);
        RECENT.get((base, cues), || Self::design(base, cues))
    }

    fn design(rate: f64, cues: Cues) -> Self {
        let size = design_size(rate);
        let design = Design::new(rate, size, cues);
        let (forward, inverse) = fft::pair(size);
        let mut time = inverse.make_output_vec();
        let window: Vec<f32> = (0..size).map(|i| window(i, size) / size as f32).collect();
        let bins = size / 2 + 1;
        let (mut re, mut im) = (Vec::with_capacity(DIRECTIONS * bins), Vec::with_capacity(DIRECTIONS * bins));
        for direction in 0..DIRECTIONS {
            let mut filter = design.filter(direction);
            // the buffers have the lengths that the plan expects, so no error is possible
            let _ = inverse.process(&mut filter, &mut time);
            time.iter_mut().zip(&window).for_each(|(tap, window)| *tap *= window);
            let _ = forward.process(&mut time, &mut filter);
            re.extend(filter.iter().map(|bin| bin.re));
            im.extend(filter.iter().map(|bin| bin.im));
        }
        Self { bins, re, im }
    }

    /// Write the transfer function of the left ear for a source at `azimuth_deg`. That of the right ear is the one at
    /// the opposite azimuth. There may be more or fewer bins than in the design.
    pub(super) fn write(&self, azimuth_deg: f64, re: &mut [f32], im: &mut [f32]) {
        re.fill(0.0);
        im.fill(0.0);
        re.iter_mut().skip(self.bins).for_each(|re| *re = 1.0);
        for (direction, weight) in hrir::around(azimuth_deg) {
            if weight != 0.0 {
                let at = direction * self.bins..(direction + 1) * self.bins;
                add(re, &self.re[at.clone()], weight as f32);
                add(im, &self.im[at], weight as f32);
            }
        }
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn add(sum: &mut [f32], part: &[f32], weight: f32) {
    for (sum, part) in sum.iter_mut().zip(part) {
        *sum += part * weight;
    }
}

/// 0 to 1 without corners.
fn smooth(x: f64) -> f64 {
    let x = x.clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}

/// Limits a filter in a transform of `size` to a quarter of it in either direction.
fn window(index: usize, size: usize) -> f32 {
    let distance = index.min(size - index) as f64 / size as f64;
    (1.0 - smooth((distance - 0.2) / 0.05)) as f32
}

/// A phase that is followed over frequency without jumps of a turn.
struct Followed(f32);

impl Followed {
    fn next(&mut self, value: Complex<f32>) -> f32 {
        let step = value.arg() - self.0;
        self.0 += step - TAU * (step / TAU).round();
        self.0
    }
}

/// The measured responses at all frequencies.
struct Design {
    /// Distance of two bins, Hz.
    spacing: f64,
    cues: Cues,
    /// Responses of the left ear at [`LOWEST`].
    lowest: Vec<Complex<f32>>,
    spectra: Vec<Vec<Complex<f32>>>,
}

impl Design {
    fn new(rate: f64, size: usize, cues: Cues) -> Self {
        let (forward, _) = fft::pair(size);
        let mut time = forward.make_input_vec();
        let spectrum = |taps: &Vec<f64>| {
            time.fill(0.0);
            time.iter_mut().zip(taps).for_each(|(value, tap)| *value = *tap as f32);
            let mut bins = forward.make_output_vec();
            let _ = forward.process(&mut time, &mut bins);
            bins
        };
        let spectra = hrir::left_ear(rate).iter().map(spectrum).collect();
        let lowest = |taps: &Vec<f64>| {
            let at = hrir::transfer(taps, LOWEST / hrir::RATE);
            Complex::new(at.re as f32, at.im as f32)
        };
        let lowest = hrir::left_ear(hrir::RATE).iter().map(lowest).collect();
        Self { spacing: rate / size as f64, cues, lowest, spectra }
    }

    /// The level of `own` relative to the mean power of both ears.
    fn level(&self, own: Complex<f32>, other: Complex<f32>) -> f32 {
        let power = 0.5 * (own.norm_sqr() + other.norm_sqr());
        if self.cues.level && power > 0.0 { (own.norm_sqr() / power).sqrt() } else { 1.0 }
    }

    /// The transfer function of the left ear for one direction.
    fn filter(&self, direction: usize) -> Vec<Complex<f32>> {
        let opposite = mirrored(direction);
        let (low, low_other, low_front) = (self.lowest[direction], self.lowest[opposite], self.lowest[0]);
        let low_level = self.level(low, low_other);
        let low_lead = (low * low_other.conj()).arg();
        let mut lead = Followed(low_lead);
        let mut own_phase = Followed((low * low_front.conj()).arg());
        let mut other_phase = Followed((low_other * low_front.conj()).arg());
        let time = self.cues.time as f32;
        let mut top = LOWEST as f32;
        let mut constant_turn = None;
        let spectra = self.spectra[direction].iter().zip(&self.spectra[opposite]).zip(&self.spectra[0]);
        let mut filter: Vec<Complex<f32>> = spectra
            .enumerate()
            .map(|(bin, ((own, other), front))| {
                let frequency = bin as f64 * self.spacing;
                let at = frequency as f32;
                if frequency < LOWEST {
                    return Complex::from_polar(low_level, 0.5 * time * low_lead * at / LOWEST as f32);
                }
                if frequency >= FADE_OUT.1 {
                    return Complex::new(1.0, 0.0);
                }
                if frequency <= OPPOSITE {
                    top = at;
                    own_phase.next(own * front.conj());
                    other_phase.next(other * front.conj());
                    let lead = lead.next(own * other.conj());
                    return Complex::from_polar(self.level(*own, *other), 0.5 * time * lead);
                }
                let turned = own * front.conj();
                let size = turned.norm();
                if size == 0.0 {
                    return Complex::new(1.0, 0.0);
                }
                // the mean phase of the ears stays what it was, the additional time difference grows with frequency
                let added = 0.5 * (time - 1.0) * lead.0 * at / top;
                let phase = added - 0.5 * (own_phase.0 + other_phase.0);
                let turn = constant_turn.unwrap_or_else(|| Complex::from_polar(1.0, phase));
                if time == 1.0 {
                    constant_turn = Some(turn);
                }
                let value = turned * turn * (self.level(*own, *other) / size);
                let rest = smooth((frequency - FADE_OUT.0) / (FADE_OUT.1 - FADE_OUT.0)) as f32;
                value * (1.0 - rest) + rest
            })
            .collect();
        if let [first, .., last] = filter.as_mut_slice() {
            (first.im, last.im) = (0.0, 0.0);
        }
        filter
    }
}
