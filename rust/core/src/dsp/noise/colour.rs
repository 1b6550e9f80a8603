//! The colour of noise: its power spectrum, independent of how it is generated (spec noise 4, 5 and 6).

use std::f64::consts::PI;

use crate::dsp::biquad::Section;
use crate::dsp::butterworth;

/// Lower limit of [`Shape::curve`] (spec noise 5, step 4).
const MIN_CURVE: f64 = 1e-6;
/// Frequencies in Hz at which a declared colour has its first and its second exponent.
const PROFILE_HZ: [f64; 2] = [20.0, 20_000.0];
/// Order of each cut-off filter.
const ORDER: usize = 4;

/// A colour of noise: how the spectrum falls or rises with frequency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Colour {
    /// A power law, optionally with an exponent that changes over frequency and with cut-offs.
    Shaped(Shape),
    /// Six one-pole filters on white noise (after Kellett), about `1/f`.
    Pink,
    /// The running sum of white noise.
    Brown,
    /// Equal power at all frequencies.
    White,
}

/// A power law `f^-exponent` whose exponent may change over the (logarithmic) frequency axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Exponent at the lowest frequency: 0 white, 1 pink, 2 brown, -1 blue, -2 purple.
    pub exponent: f64,
    /// Exponent at the highest frequency.
    pub high_exponent: f64,
    /// Exponent of the path from the first to the second exponent over log frequency: below 1 the change happens at low
    /// frequencies, above 1 at high ones.
    pub curve: f64,
    /// Cutoff of the high-pass in Hz.
    pub low_cut: Option<f64>,
    /// Cutoff of the low-pass in Hz.
    pub high_cut: Option<f64>,
    /// Gain. A voice normalises its level, so only 0 (silence) makes a difference there.
    pub amplitude: f64,
}

impl Shape {
    /// The power law `f^-exponent` over all frequencies, without cut-offs.
    pub const fn power_law(exponent: f64) -> Self {
        Self { exponent, high_exponent: exponent, curve: 1.0, low_cut: None, high_cut: None, amplitude: 1.0 }
    }

    /// The same shape with cut-offs in Hz: a high-pass at `low` and a low-pass at `high`.
    #[must_use]
    pub const fn cut(mut self, low: Option<f64>, high: Option<f64>) -> Self {
        self.low_cut = low;
        self.high_cut = high;
        self
    }

    /// The power law on a frequency axis from `low` to `high` Hz.
    pub fn law(&self, low: f64, high: f64) -> Law {
        let octaves = if high > low { (high / low).ln() } else { 0.0 };
        Law {
            start: self.exponent,
            change: self.high_exponent - self.exponent,
            curve: self.curve.max(MIN_CURVE),
            log_low: low.ln(),
            per_octave: if octaves > 0.0 { 1.0 / octaves } else { 0.0 },
        }
    }

    /// The cut-offs at this sample rate; those outside the band are left out, and both if they are not in ascending
    /// order (spec noise 13).
    pub fn cut_off(&self, sample_rate: f64) -> CutOff {
        let possible = |hz: &f64| *hz > 0.0 && *hz < sample_rate / 2.0;
        match (self.low_cut.filter(possible), self.high_cut.filter(possible)) {
            (Some(low), Some(high)) if low >= high => CutOff::None,
            (Some(low), Some(high)) => CutOff::Band(low, high),
            (Some(low), None) => CutOff::High(low),
            (None, Some(high)) => CutOff::Low(high),
            (None, None) => CutOff::None,
        }
    }
}

/// The power law of a [`Shape`] on a given frequency axis.
#[derive(Debug, Clone, Copy)]
pub struct Law {
    start: f64,
    change: f64,
    curve: f64,
    log_low: f64,
    per_octave: f64,
}

impl Law {
    /// Amplitude `f^(-e/2)` at `f` > 0 Hz, where `e` is the exponent at `f`.
    #[inline]
    pub fn amplitude(&self, f: f64) -> f64 {
        if self.change == 0.0 {
            return match self.start {
                0.0 => 1.0,
                1.0 => 1.0 / f.sqrt(),
                2.0 => 1.0 / f,
                -2.0 => f,
                e => f.powf(-e / 2.0),
            };
        }
        let log = f.ln();
        let place = ((log - self.log_low) * self.per_octave).max(0.0);
        let bent = if self.curve == 1.0 { place } else { place.powf(self.curve) };
        (-0.5 * (self.start + self.change * bent) * log).exp()
    }
}

/// Butterworth cut-off filters of order 4 (spec noise 5, step 6), cutoffs in Hz.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CutOff {
    /// No filter.
    None,
    /// Low-pass.
    Low(f64),
    /// High-pass.
    High(f64),
    /// Band-pass.
    Band(f64, f64),
}

impl CutOff {
    /// The filter as second-order sections.
    pub fn sections(self, sample_rate: f64) -> Vec<Section> {
        let edge = |hz: f64| hz / (sample_rate / 2.0);
        match self {
            Self::None => Vec::new(),
            Self::Low(hz) => butterworth::lowpass(ORDER, edge(hz)),
            Self::High(hz) => butterworth::highpass(ORDER, edge(hz)),
            Self::Band(low, high) => butterworth::bandpass(ORDER, edge(low), edge(high)),
        }
    }

    /// Power response at `f` Hz.
    pub fn power(self, f: f64, sample_rate: f64) -> f64 {
        let warp = |hz: f64| (PI * hz / sample_rate).tan();
        let at = |distance: f64| 1.0 / (1.0 + distance.powi(2 * ORDER as i32));
        let omega = warp(f);
        match self {
            Self::None => 1.0,
            Self::Low(hz) => at(omega / warp(hz)),
            Self::High(hz) => at(warp(hz) / omega),
            Self::Band(low, high) => {
                let (low, high) = (warp(low), warp(high));
                at((omega * omega - low * high) / ((high - low) * omega))
            }
        }
    }
}

/// Poles of the six filters of [`Colour::Pink`] (spec noise 6).
pub(super) const PINK_POLES: [f64; 6] = [0.998_86, 0.993_32, 0.969_00, 0.866_50, 0.550_00, -0.7616];
/// Gains of the six filters of [`Colour::Pink`] (spec noise 6).
pub(super) const PINK_GAINS: [f64; 6] = [0.055_517_9, 0.075_075_9, 0.153_852_0, 0.310_485_6, 0.532_952_2, -0.016_898_0];

impl Colour {
    /// A function that gives the power density at `f` Hz (0 < f < rate/2) up to a constant factor. The signal has
    /// `frames` samples: the frequency axis of a power law begins at one cycle per signal.
    pub fn power(&self, sample_rate: f64, frames: u64) -> impl Fn(f64) -> f64 + use<> {
        let colour = *self;
        let (law, cut) = match colour {
            Self::Shaped(shape) => {
                let low = sample_rate / frames.max(2) as f64;
                (shape.law(low, sample_rate / 2.0), shape.cut_off(sample_rate))
            }
            _ => (Shape::power_law(0.0).law(1.0, 2.0), CutOff::None),
        };
        move |f| match colour {
            Self::Shaped(_) => law.amplitude(f).powi(2) * cut.power(f, sample_rate),
            Self::Pink => pink_power(f, sample_rate),
            Self::Brown => 0.25 / (PI * f / sample_rate).sin().powi(2),
            Self::White => 1.0,
        }
    }

    /// A function that gives the power density that the colour declares at `f` Hz (0 < f < rate/2), up to a constant
    /// factor, at any length of the signal (spec noise 16.4).
    pub fn declared(&self, sample_rate: f64) -> impl Fn(f64) -> f64 + use<> {
        let shape = match *self {
            Self::Shaped(shape) => shape,
            Self::Pink => Shape::power_law(1.0),
            Self::Brown => Shape::power_law(2.0),
            Self::White => Shape::power_law(0.0),
        };
        let (law, cut) = (shape.law(PROFILE_HZ[0], PROFILE_HZ[1]), shape.cut_off(sample_rate));
        move |f| law.amplitude(f).powi(2) * cut.power(f, sample_rate)
    }

    /// Whether the shape of [`Self::power`] depends on the length of the signal.
    pub fn depends_on_length(&self) -> bool {
        matches!(self, Self::Shaped(shape) if shape.exponent != shape.high_exponent)
    }

    /// Whether the noise is silent.
    pub fn is_silent(&self) -> bool {
        matches!(self, Self::Shaped(shape) if shape.amplitude == 0.0)
    }
}

fn pink_power(f: f64, sample_rate: f64) -> f64 {
    let (sin, cos) = (2.0 * PI * f / sample_rate).sin_cos();
    let (mut re, mut im) = (0.0, 0.0);
    for (p, g) in PINK_POLES.iter().zip(PINK_GAINS) {
        // g/(1 - p·e^-jw)
        let (a, b) = (1.0 - p * cos, p * sin);
        let norm = a * a + b * b;
        re += g * a / norm;
        im -= g * b / norm;
    }
    re * re + im * im
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_power_formula_matches_the_sections_of_the_cut_off() {
        let rate = 44_100.0;
        for cut in [CutOff::Low(800.0), CutOff::High(50.0), CutOff::Band(50.0, 800.0), CutOff::Band(100.0, 20_000.0)] {
            let sections = cut.sections(rate);
            for f in [20.0, 50.0, 333.0, 800.0, 5000.0, 20_000.0] {
                let (s, c) = (2.0 * PI * f / rate).sin_cos();
                let (s2, c2) = (4.0 * PI * f / rate).sin_cos();
                let power: f64 = sections
                    .iter()
                    .map(|x| {
                        let num = ((x.b[0] + x.b[1] * c + x.b[2] * c2), (x.b[1] * s + x.b[2] * s2));
                        let den = ((1.0 + x.a[0] * c + x.a[1] * c2), (x.a[0] * s + x.a[1] * s2));
                        (num.0 * num.0 + num.1 * num.1) / (den.0 * den.0 + den.1 * den.1)
                    })
                    .product();
                let formula = cut.power(f, rate);
                assert!((power / formula).ln().abs() < 1e-5, "{cut:?} {f}: {power:e} {formula:e}");
            }
        }
    }

    #[test]
    fn cut_offs_outside_the_band_are_left_out() {
        let cut = |low, high| Shape::power_law(0.0).cut(low, high).cut_off(32_000.0);
        assert_eq!(cut(Some(50.0), Some(20_000.0)), CutOff::High(50.0));
        assert_eq!(cut(Some(0.0), Some(900.0)), CutOff::Low(900.0));
        assert_eq!(cut(Some(0.0), Some(0.0)), CutOff::None);
        assert_eq!(cut(Some(-5.0), None), CutOff::None);
        assert_eq!(cut(Some(900.0), Some(300.0)), CutOff::None);
        assert_eq!(cut(Some(f64::NAN), Some(1000.0)), CutOff::Low(1000.0));
    }

    #[test]
    fn a_profile_goes_from_one_exponent_to_the_other() {
        let mut shape = Shape::power_law(0.0);
        shape.high_exponent = 3.0;
        let law = shape.law(1.0, 20_000.0);
        assert!((law.amplitude(1.0) - 1.0).abs() < 1e-12);
        assert!((law.amplitude(20_000.0) / 20_000.0_f64.powf(-1.5) - 1.0).abs() < 1e-9);
        for e in [0.0, 1.0, 2.0, -2.0, -1.0, 0.7] {
            let law = Shape::power_law(e).law(1.0, 20_000.0);
            assert!((law.amplitude(500.0) / 500.0_f64.powf(-e / 2.0) - 1.0).abs() < 1e-12);
        }
    }
}
