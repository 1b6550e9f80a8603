//! Coloured noise of known level: white noise through first-order filters in parallel, whose power is known in closed
//! form.

use std::f64::consts::{PI, SQRT_2};

/// Most filters of a colour.
const MAX_POLES: usize = 16;
/// How far the filters' memory of their start has faded after [`Colouring::warm_up`] frames.
const FADED: f64 = 1e-6;

/// A colour of noise whose level does not depend on the length of the sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tint {
    /// Equal power at all frequencies.
    White,
    /// -3 dB per octave above 20 Hz.
    Pink,
    /// -6 dB per octave above 30 Hz.
    Brown,
}

/// Filters that give white noise of variance 1 a colour and an rms of 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Colouring {
    direct: f64,
    poles: [f64; MAX_POLES],
    weights: [f64; MAX_POLES],
    /// Filters in use.
    count: usize,
}

impl Colouring {
    /// Corner of brown noise, and lowest corner of pink noise, in Hz.
    const LOWEST: [f64; 2] = [30.0, 20.0];

    /// The colour at `sample_rate`, with a low-pass of order 1 at `cutoff` Hz if that is above 0.
    pub fn new(tint: Tint, cutoff: f64, sample_rate: f64) -> Self {
        let [brown, pink] = Self::LOWEST;
        let pole = |hertz: f64| (-2.0 * PI * hertz / sample_rate).exp();
        let (mut poles, mut zeros) = (Vec::new(), Vec::new());
        match tint {
            Tint::White => {}
            Tint::Brown => poles.push(pole(brown)),
            Tint::Pink => {
                // corners an octave apart, poles and zeros alternating
                let mut corner = pink;
                while corner * SQRT_2 < sample_rate / 2.0 && poles.len() + 1 < MAX_POLES {
                    poles.push(pole(corner));
                    zeros.push(pole(corner * SQRT_2));
                    corner *= 2.0;
                }
            }
        }
        if cutoff > 0.0 && cutoff < sample_rate / 2.0 {
            let mut added = pole(cutoff);
            // partial fractions need different poles
            while poles.iter().any(|known| (known - added).abs() < 1e-4) {
                added *= 1.0 - 3e-4;
            }
            poles.push(added);
        }
        Self::of(&poles, &zeros)
    }

    /// The filter with these poles and zeros by partial fractions, at an output power of 1.
    fn of(poles: &[f64], zeros: &[f64]) -> Self {
        let mut found =
            Self { direct: 0.0, poles: [0.0; MAX_POLES], weights: [0.0; MAX_POLES], count: poles.len().min(MAX_POLES) };
        for (k, pole) in poles.iter().enumerate().take(MAX_POLES) {
            let above: f64 = zeros.iter().map(|zero| 1.0 - zero / pole).product();
            let below: f64 = poles.iter().enumerate().filter(|(m, _)| *m != k).map(|(_, p)| 1.0 - p / pole).product();
            found.poles[k] = *pole;
            found.weights[k] = above / below;
        }
        if zeros.len() == poles.len() {
            found.direct = zeros.iter().zip(poles).map(|(zero, pole)| zero / pole).product();
        }
        let level = found.power().sqrt().recip();
        found.direct *= level;
        found.weights.iter_mut().for_each(|weight| *weight *= level);
        found
    }

    /// Output power for white noise of variance 1: the energy of the impulse response.
    fn power(&self) -> f64 {
        let terms = || self.weights.iter().zip(&self.poles);
        let sum: f64 = self.weights.iter().sum();
        let pairs: f64 = terms().map(|(a, p)| terms().map(|(b, q)| a * b / (1.0 - p * q)).sum::<f64>()).sum();
        self.direct * self.direct + 2.0 * self.direct * sum + pairs
    }

    /// Frames after which the sound does not depend on where the filters started.
    pub fn warm_up(&self) -> usize {
        let slowest = self.poles.iter().copied().fold(0.0, f64::max);
        if slowest > 0.0 { (FADED.ln() / slowest.ln()).ceil() as usize } else { 0 }
    }

    /// Filter `signal` in place, from rest.
    pub fn apply(&self, signal: &mut [f32]) {
        if self.count == 0 {
            let direct = self.direct as f32;
            for sample in signal.iter_mut() {
                *sample *= direct;
            }
            return;
        }
        let mut states = [0.0; MAX_POLES];
        for sample in signal {
            let x = f64::from(*sample);
            let mut sum = self.direct * x;
            for k in 0..MAX_POLES {
                states[k] = states[k] * self.poles[k] + self.weights[k] * x;
                sum += states[k];
            }
            *sample = sum as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Power of the impulse response's spectrum at `hertz`.
    fn gain_db(colouring: &Colouring, hertz: f64, sample_rate: f64) -> f64 {
        let mut response = vec![0.0; 1 << 17];
        response[0] = 1.0;
        colouring.apply(&mut response);
        let turn = 2.0 * PI * hertz / sample_rate;
        let (re, im) = response.iter().enumerate().fold((0.0, 0.0), |(re, im), (n, x)| {
            let (sin, cos) = (turn * n as f64).sin_cos();
            (re + f64::from(*x) * cos, im + f64::from(*x) * sin)
        });
        10.0 * (re * re + im * im).log10()
    }

    #[test]
    fn slopes_are_those_of_the_colours() {
        for (tint, slope) in [(Tint::White, 0.0), (Tint::Pink, -3.01), (Tint::Brown, -6.02)] {
            for rate in [44_100.0, 96_000.0] {
                let colouring = Colouring::new(tint, 0.0, rate);
                let octaves = 5.0_f64;
                let fall = gain_db(&colouring, 6400.0, rate) - gain_db(&colouring, 200.0, rate);
                assert!((fall / octaves - slope).abs() < 0.25, "{tint:?} {rate}: {}", fall / octaves);
            }
        }
    }

    #[test]
    fn power_is_one_at_every_rate_and_cutoff() {
        for tint in [Tint::White, Tint::Pink, Tint::Brown] {
            for (cutoff, rate) in [(0.0, 44_100.0), (1000.0, 48_000.0), (30.0, 8000.0), (20.0, 192_000.0)] {
                let colouring = Colouring::new(tint, cutoff, rate);
                let mut response = vec![0.0; 1 << 17];
                response[0] = 1.0;
                colouring.apply(&mut response);
                let energy: f64 = response.iter().map(|x| f64::from(*x).powi(2)).sum();
                assert!((energy - 1.0).abs() < 1e-3, "{tint:?} {cutoff} {rate}: {energy}");
            }
        }
    }
}
