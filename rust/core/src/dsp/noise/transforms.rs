//! Fourier transforms of whole signals in double precision, kept from one signal to the next of the same length.

use std::fmt;
use std::sync::{Arc, Mutex};

use realfft::{ComplexToReal, RealToComplex};

use crate::dsp::fft;
use crate::lock::lock;

/// A transform of real signals of one length and its inverse, both without scaling.
type Pair = (Arc<dyn RealToComplex<f64>>, Arc<dyn ComplexToReal<f64>>);

/// Longest signal whose tables are kept. They take up to 24 bytes per sample.
const LONGEST: usize = 1 << 20;
/// Largest prime factor of such a length. The tables of a length with a large one take 100 bytes per sample and more.
const LARGEST_FACTOR: usize = 100;

/// The tables of the last length.
#[derive(Default)]
pub struct Transforms(Mutex<Option<(usize, Pair)>>);

impl fmt::Debug for Transforms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transforms")
    }
}

impl Transforms {
    /// Transforms `x`, lets `change` act on the spectrum, and transforms it back, without scaling. If the tables are not
    /// kept, only those of one direction exist at a time.
    pub fn apply(&self, x: &mut [f64], change: impl FnOnce(&mut [realfft::num_complex::Complex<f64>])) {
        let len = x.len();
        let kept = if is_kept(len) { Some(self.pair(len)) } else { None };
        let forward = match &kept {
            Some((forward, _)) => Arc::clone(forward),
            None => fft::real_forward(len),
        };
        let mut spectrum = forward.make_output_vec();
        // cannot fail, because the buffers have the lengths of the transform
        let _ = forward.process(x, &mut spectrum);
        drop(forward);
        change(&mut spectrum);
        let inverse = match kept {
            Some((_, inverse)) => inverse,
            None => fft::real_inverse(len),
        };
        let _ = inverse.process(&mut spectrum, x);
    }

    fn pair(&self, len: usize) -> Pair {
        let mut kept = lock(&self.0);
        match &*kept {
            Some((known, pair)) if *known == len => pair.clone(),
            _ => {
                let pair = (fft::real_forward(len), fft::real_inverse(len));
                *kept = Some((len, pair.clone()));
                pair
            }
        }
    }

    /// Drops the tables.
    pub fn clear(&self) {
        *lock(&self.0) = None;
    }
}

fn is_kept(len: usize) -> bool {
    let mut rest = len.max(1);
    for factor in 2..=LARGEST_FACTOR {
        while rest.is_multiple_of(factor) {
            rest /= factor;
        }
    }
    len <= LONGEST && rest == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_tables_give_the_same_bits_as_new_ones() {
        let kept = Transforms::default();
        for len in [1000, 1000, 4096, 2 * 1009, 1000, 4095] {
            let signal: Vec<f64> = (0..len).map(|i| ((i * i) as f64 * 0.37).sin()).collect();
            let transformed = |transforms: &Transforms| {
                let mut x = signal.clone();
                transforms.apply(&mut x, |spectrum| spectrum.iter_mut().for_each(|bin| *bin *= 0.5));
                x
            };
            assert_eq!(transformed(&kept), transformed(&Transforms::default()), "{len}");
            for (got, x) in transformed(&kept).iter().zip(&signal) {
                assert!((got / len as f64 - x / 2.0).abs() < 1e-12, "{len}");
            }
        }
    }

    #[test]
    fn tables_of_lengths_with_large_prime_factors_are_not_kept() {
        assert!([529_200, 1 << 20, 97 * 64, 1].into_iter().all(is_kept));
        assert!(![101, 2 * 262_147, 1 << 21, 529_201].into_iter().any(is_kept));
    }
}
