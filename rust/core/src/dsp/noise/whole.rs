//! Noise of a known length, generated as a whole signal like in the legacy implementation (spec noise 5 and 6).

use super::colour::{Colour, Law, PINK_GAINS, PINK_POLES, Shape};
use super::counter::White;
use super::mersenne;
use crate::dsp::biquad::Section;
use crate::dsp::fft;

/// The source of the random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seed {
    /// The Mersenne twister with this seed, which gives the sequence of the legacy implementation.
    Legacy(u32),
    /// The counter-based generator with this seed, for colours that the legacy implementation does not seed.
    Free(u64),
}

impl Seed {
    /// The seed of a stream of the counter-based generator. Equal numbers of both kinds give different streams.
    pub const fn of_stream(self) -> u64 {
        match self {
            Self::Free(seed) => seed,
            Self::Legacy(seed) => 0x6e6f_6973_0000_0000 | seed as u64,
        }
    }
}

/// `n` samples of a colour before any conditioning, rounded to single precision.
pub fn whole(colour: &Colour, seed: Seed, n: usize, sample_rate: f64) -> Vec<f64> {
    // at some lengths the seeded generator loses a sample to rounding (spec noise 5, step 1)
    let m = match seed {
        Seed::Legacy(_) => ((n as f64 / sample_rate) * sample_rate) as usize,
        Seed::Free(_) => n,
    };
    let mut x = vec![0.0; m.min(n)];
    if colour.is_silent() || x.len() < 2 {
        x.fill(0.0);
    } else {
        white(seed, &mut x);
        match colour {
            Colour::Shaped(shape) => shaped(shape, sample_rate, &mut x),
            Colour::Pink => pink(&mut x),
            Colour::Brown => brown(&mut x),
            Colour::White => {}
        }
    }
    for v in &mut x {
        *v = f64::from(*v as f32);
    }
    x.resize(n, 0.0);
    x
}

fn white(seed: Seed, out: &mut [f64]) {
    match seed {
        Seed::Legacy(seed) => mersenne::normals(seed, out),
        Seed::Free(seed) => {
            let generator = White::new(seed);
            let mut buffer = [0.0_f32; 4096];
            for (i, part) in out.chunks_mut(buffer.len()).enumerate() {
                let values = &mut buffer[..part.len()];
                generator.fill((i * 4096) as i64, values);
                part.iter_mut().zip(values).for_each(|(x, v)| *x = f64::from(*v));
            }
        }
    }
}

/// Shapes the spectrum of white noise, scales it to peak 1 and applies the cut-offs (spec noise 5, steps 3 to 7).
fn shaped(shape: &Shape, sample_rate: f64, x: &mut [f64]) {
    let m = x.len();
    let per_bin = sample_rate / m as f64;
    let law = shape.law(per_bin, (m / 2) as f64 * per_bin);
    colour_spectrum(x, &law, per_bin);
    scale_to_peak(x, 1e-9);
    for section in shape.cut_off(sample_rate).sections(sample_rate) {
        filter(&section, x);
    }
    for v in x {
        *v *= shape.amplitude;
    }
}

/// Multiplies the spectrum of `x` by a power law. Only one transform exists at a time, because a transform whose length
/// has a large prime factor holds tables of about 100 bytes per sample.
fn colour_spectrum(x: &mut [f64], law: &Law, per_bin: f64) {
    let m = x.len();
    let forward = fft::real_forward(m);
    let mut spectrum = forward.make_output_vec();
    // cannot fail, because the buffers have the lengths of the transform
    let _ = forward.process(x, &mut spectrum);
    drop(forward);
    let scale = 1.0 / m as f64;
    for (k, bin) in spectrum.iter_mut().enumerate() {
        *bin *= if k == 0 { 0.0 } else { scale * law.amplitude(k as f64 * per_bin) };
    }
    // the first and the last bin of a real signal's spectrum are real
    spectrum[0].im = 0.0;
    if m.is_multiple_of(2)
        && let Some(last) = spectrum.last_mut()
    {
        last.im = 0.0;
    }
    let _ = fft::real_inverse(m).process(&mut spectrum, x);
}

fn scale_to_peak(x: &mut [f64], least: f64) {
    let peak = x.iter().fold(0.0_f64, |peak, v| peak.max(v.abs()));
    if peak > least {
        for v in x {
            *v /= peak;
        }
    }
}

/// Filters `x` in place, starting from zero state.
fn filter(section: &Section, x: &mut [f64]) {
    let ([b0, b1, b2], [a1, a2]) = (section.b, section.a);
    let (mut z1, mut z2) = (0.0, 0.0);
    for v in x {
        let y = b0 * *v + z1;
        z1 = (b1 * *v + z2) - a1 * y;
        z2 = b2 * *v - a2 * y;
        *v = y;
    }
}

fn pink(x: &mut [f64]) {
    let mut state = [0.0; 6];
    for v in x {
        let mut sum = 0.0;
        for ((s, p), g) in state.iter_mut().zip(PINK_POLES).zip(PINK_GAINS) {
            *s = p * *s + g * *v;
            sum += *s;
        }
        *v = 0.11 * sum;
    }
}

fn brown(x: &mut [f64]) {
    let mut sum = 0.0;
    let mut peak = 0.0_f64;
    for v in x.iter_mut() {
        sum += *v;
        *v = sum;
        peak = peak.max(sum.abs());
    }
    for v in x {
        *v /= peak + 1e-8;
    }
}
