//! Transforms in double precision, put together from the factors of their length.

use std::f64::consts::TAU;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, FftError, RealToComplex};
use rustfft::algorithm::butterflies::{Butterfly3, Butterfly5, Butterfly7};
use rustfft::algorithm::{BluesteinsAlgorithm, Dft, MixedRadix, Radix4};
use rustfft::{Fft, FftDirection};

/// From this prime on, a transform of that length is computed as a convolution.
const LARGE: usize = 32;

/// A complex transform of `len` values, without scaling.
pub(super) fn complex(len: usize, direction: FftDirection) -> Arc<dyn Fft<f64>> {
    if len == 0 {
        return Arc::new(Dft::new(0, direction));
    }
    let mut rest = len >> len.trailing_zeros();
    let mut made: Arc<dyn Fft<f64>> = Arc::new(Radix4::new(len / rest, direction));
    let mut factor = 3;
    while rest > 1 {
        if factor * factor > rest {
            factor = rest;
        }
        while rest.is_multiple_of(factor) {
            rest /= factor;
            made = Arc::new(MixedRadix::new(prime(factor, direction), made));
        }
        factor += 2;
    }
    made
}

/// The transform of a prime number of values.
fn prime(len: usize, direction: FftDirection) -> Arc<dyn Fft<f64>> {
    match len {
        3 => Arc::new(Butterfly3::new(direction)),
        5 => Arc::new(Butterfly5::new(direction)),
        7 => Arc::new(Butterfly7::new(direction)),
        _ if len < LARGE => Arc::new(Dft::new(len, direction)),
        _ => {
            let inner = Radix4::new((2 * len - 1).next_power_of_two(), direction);
            Arc::new(BluesteinsAlgorithm::new(len, Arc::new(inner)))
        }
    }
}

/// The transform of a signal of `len` samples.
pub(super) fn real_forward(len: usize) -> Arc<dyn RealToComplex<f64>> {
    Arc::new(Real::new(len, FftDirection::Forward))
}

/// The inverse of [`real_forward`], without scaling.
pub(super) fn real_inverse(len: usize) -> Arc<dyn ComplexToReal<f64>> {
    Arc::new(Real::new(len, FftDirection::Inverse))
}

/// A transform of real numbers: one of half as many complex ones or, if their number is odd, of as many.
struct Real {
    len: usize,
    complex: Arc<dyn Fft<f64>>,
    /// The bins of half a turn backwards, as far as an even transform needs them.
    turns: Vec<Complex<f64>>,
}

impl Real {
    fn new(len: usize, direction: FftDirection) -> Self {
        if !len.is_multiple_of(2) {
            return Self { len, complex: complex(len, direction), turns: Vec::new() };
        }
        let turn = |bin| Complex::from_polar(1.0, -TAU * bin as f64 / len as f64);
        Self { len, complex: complex(len / 2, direction), turns: (0..=len / 4).map(turn).collect() }
    }

    /// Room for the values of an odd transform, and for the complex transform.
    fn scratch(&self) -> usize {
        self.complex.get_inplace_scratch_len() + if self.len.is_multiple_of(2) { 0 } else { self.len }
    }
}

/// The transform of the even and of the odd samples, both of real signals, from bins `k` and `half - k` of the transform
/// of the signal whose real part is the one and whose imaginary part the other, times two; or back.
fn parts(bin: Complex<f64>, mirror: Complex<f64>) -> [Complex<f64>; 2] {
    [bin + mirror.conj(), bin - mirror.conj()]
}

const I: Complex<f64> = Complex::new(0.0, 1.0);

impl RealToComplex<f64> for Real {
    fn process_with_scratch(
        &self,
        input: &mut [f64],
        output: &mut [Complex<f64>],
        scratch: &mut [Complex<f64>],
    ) -> Result<(), FftError> {
        if self.len.is_multiple_of(2) {
            let half = self.len / 2;
            let (values, last) = output.split_at_mut(half);
            values.iter_mut().zip(input.chunks_exact(2)).for_each(|(to, pair)| *to = Complex::new(pair[0], pair[1]));
            self.complex.process_with_scratch(values, scratch);
            if let ([first, ..], [last, ..]) = (&mut *values, last) {
                *last = Complex::new(first.re - first.im, 0.0);
                *first = Complex::new(first.re + first.im, 0.0);
            }
            for low in 1..=half / 2 {
                let [even, odd] = parts(values[low], values[half - low]).map(|part| part * 0.5);
                let odd = -I * self.turns[low] * odd;
                values[low] = even + odd;
                values[half - low] = (even - odd).conj();
            }
        } else {
            let (values, scratch) = scratch.split_at_mut(self.len);
            values.iter_mut().zip(input).for_each(|(to, from)| *to = Complex::new(*from, 0.0));
            self.complex.process_with_scratch(values, scratch);
            output.copy_from_slice(&values[..=self.len / 2]);
            output[0].im = 0.0;
        }
        Ok(())
    }

    fn process(&self, input: &mut [f64], output: &mut [Complex<f64>]) -> Result<(), FftError> {
        let scratch = &mut RealToComplex::make_scratch_vec(self);
        RealToComplex::process_with_scratch(self, input, output, scratch)
    }

    fn get_scratch_len(&self) -> usize {
        self.scratch()
    }

    fn len(&self) -> usize {
        self.len
    }

    fn make_input_vec(&self) -> Vec<f64> {
        vec![0.0; self.len]
    }

    fn make_output_vec(&self) -> Vec<Complex<f64>> {
        vec![Complex::default(); self.len / 2 + 1]
    }

    fn make_scratch_vec(&self) -> Vec<Complex<f64>> {
        vec![Complex::default(); self.scratch()]
    }
}

impl ComplexToReal<f64> for Real {
    /// The imaginary parts of the first and the last bin, which are 0 in the transform of a real signal, do not count.
    fn process_with_scratch(
        &self,
        input: &mut [Complex<f64>],
        output: &mut [f64],
        scratch: &mut [Complex<f64>],
    ) -> Result<(), FftError> {
        if self.len.is_multiple_of(2) {
            let half = self.len / 2;
            let (values, last) = input.split_at_mut(half);
            if let ([first, ..], [last, ..]) = (&mut *values, last) {
                *first = Complex::new(first.re + last.re, first.re - last.re);
            }
            for low in 1..=half / 2 {
                let [even, odd] = parts(values[low], values[half - low]);
                let odd = I * self.turns[low].conj() * odd;
                values[low] = even + odd;
                values[half - low] = (even - odd).conj();
            }
            self.complex.process_with_scratch(values, scratch);
            for (pair, value) in output.chunks_exact_mut(2).zip(values) {
                pair.copy_from_slice(&[value.re, value.im]);
            }
        } else {
            let (values, scratch) = scratch.split_at_mut(self.len);
            values[0] = Complex::new(input[0].re, 0.0);
            for (k, bin) in input.iter().enumerate().skip(1) {
                values[k] = *bin;
                values[self.len - k] = bin.conj();
            }
            self.complex.process_with_scratch(values, scratch);
            output.iter_mut().zip(values).for_each(|(to, from)| *to = from.re);
        }
        Ok(())
    }

    fn process(&self, input: &mut [Complex<f64>], output: &mut [f64]) -> Result<(), FftError> {
        let scratch = &mut ComplexToReal::make_scratch_vec(self);
        ComplexToReal::process_with_scratch(self, input, output, scratch)
    }

    fn get_scratch_len(&self) -> usize {
        self.scratch()
    }

    fn len(&self) -> usize {
        self.len
    }

    fn make_input_vec(&self) -> Vec<Complex<f64>> {
        vec![Complex::default(); self.len / 2 + 1]
    }

    fn make_output_vec(&self) -> Vec<f64> {
        vec![0.0; self.len]
    }

    fn make_scratch_vec(&self) -> Vec<Complex<f64>> {
        vec![Complex::default(); self.scratch()]
    }
}

#[cfg(test)]
mod tests {
    use realfft::RealFftPlanner;
    use rustfft::FftPlanner;

    use super::*;

    /// Powers of two, products of small and of large primes, primes.
    const LENGTHS: [usize; 16] = [1, 2, 3, 4, 6, 8, 9, 12, 22, 105, 997, 1022, 1147, 4096, 44_100, 2 * 997];

    fn signal(len: usize) -> Vec<f64> {
        (0..len).map(|i| ((i * i) as f64).sin()).collect()
    }

    fn near(got: &[Complex<f64>], want: &[Complex<f64>]) -> bool {
        got.len() == want.len() && got.iter().zip(want).all(|(a, b)| (a - b).norm() < 1e-12 * got.len() as f64)
    }

    #[test]
    fn complex_transforms_equal_those_of_the_library() {
        for len in LENGTHS {
            for direction in [FftDirection::Forward, FftDirection::Inverse] {
                let mut got: Vec<_> = signal(2 * len).chunks(2).map(|pair| Complex::new(pair[0], pair[1])).collect();
                let mut want = got.clone();
                complex(len, direction).process(&mut got);
                FftPlanner::new().plan_fft(len, direction).process(&mut want);
                assert!(near(&got, &want), "{len}");
            }
        }
    }

    #[test]
    fn real_transforms_equal_those_of_the_library_and_invert() {
        for len in LENGTHS {
            let (forward, inverse) = (real_forward(len), real_inverse(len));
            let (mut got, mut want) = (forward.make_output_vec(), forward.make_output_vec());
            forward.process(&mut signal(len), &mut got).unwrap();
            RealFftPlanner::new().plan_fft_forward(len).process(&mut signal(len), &mut want).unwrap();
            assert!(near(&got, &want), "{len}");
            let mut back = inverse.make_output_vec();
            inverse.process(&mut got, &mut back).unwrap();
            let limit = 1e-12 * len as f64;
            assert!(
                back.iter().zip(signal(len)).all(|(a, b)| (a - b * len as f64).abs() < limit * len as f64),
                "{len}"
            );
        }
    }
}
