//! Fourier transforms in single precision.

use std::sync::Arc;

use realfft::{ComplexToReal, RealToComplex};
use rustfft::{Fft, FftPlanner};

use super::recent::Recent;

/// A forward transform and its inverse, both without scaling.
pub type Pair = (Arc<dyn RealToComplex<f32>>, Arc<dyn ComplexToReal<f32>>);

/// Precision of the complex transforms: double in the wasm module, for the reason given at [`pair`].
#[cfg(not(target_arch = "wasm32"))]
pub type Precision = f32;
/// Precision of the complex transforms: double in the wasm module, for the reason given at [`pair`].
#[cfg(target_arch = "wasm32")]
pub type Precision = f64;

/// The inverse transform of `len` complex bins, without scaling. Its tables are shared.
pub fn complex_inverse(len: usize) -> Arc<dyn Fft<Precision>> {
    static RECENT: Recent<usize, Arc<dyn Fft<Precision>>> = Recent::new();
    Arc::clone(&RECENT.get(len, || FftPlanner::new().plan_fft_inverse(len)))
}

/// The forward transform of `len` complex samples. Its tables are shared.
pub fn complex_forward(len: usize) -> Arc<dyn Fft<Precision>> {
    static RECENT: Recent<usize, Arc<dyn Fft<Precision>>> = Recent::new();
    Arc::clone(&RECENT.get(len, || FftPlanner::new().plan_fft_forward(len)))
}

/// Both directions of the transform for signals of `len` samples. Their tables are shared.
#[cfg(not(target_arch = "wasm32"))]
pub fn pair(len: usize) -> Pair {
    static RECENT: Recent<usize, Pair> = Recent::new();
    let make = || {
        let mut planner = realfft::RealFftPlanner::new();
        (planner.plan_fft_forward(len), planner.plan_fft_inverse(len))
    };
    (*RECENT.get(len, make)).clone()
}

/// Both directions of the transform for signals of `len` samples, computed in double precision. The wasm module
/// contains the double-precision transforms anyway; adding single-precision ones would make it a tenth larger.
#[cfg(target_arch = "wasm32")]
pub fn pair(len: usize) -> Pair {
    widened::pair(len)
}

#[cfg(any(target_arch = "wasm32", test))]
mod widened {
    use std::sync::{Arc, Mutex};

    use realfft::num_complex::Complex;
    use realfft::{ComplexToReal, FftError, RealFftPlanner, RealToComplex};

    use crate::lock::lock;

    /// Signal, spectrum and scratch buffer of a transform in double precision.
    type Buffers = (Vec<f64>, Vec<Complex<f64>>, Vec<Complex<f64>>);

    /// A single-precision interface to a transform in double precision.
    struct Widened<F: ?Sized> {
        inner: Arc<F>,
        buffers: Mutex<Buffers>,
    }

    /// Both directions of the transform for signals of `len` samples.
    pub(super) fn pair(len: usize) -> super::Pair {
        let mut planner = RealFftPlanner::<f64>::new();
        let (forward, inverse) = (planner.plan_fft_forward(len), planner.plan_fft_inverse(len));
        let buffers = (forward.make_input_vec(), forward.make_output_vec(), forward.make_scratch_vec());
        let back = (inverse.make_output_vec(), inverse.make_input_vec(), inverse.make_scratch_vec());
        (
            Arc::new(Widened { inner: forward, buffers: Mutex::new(buffers) }),
            Arc::new(Widened { inner: inverse, buffers: Mutex::new(back) }),
        )
    }

    fn wide(value: Complex<f32>) -> Complex<f64> {
        Complex::new(value.re.into(), value.im.into())
    }

    fn narrow(value: Complex<f64>) -> Complex<f32> {
        Complex::new(value.re as f32, value.im as f32)
    }

    impl RealToComplex<f32> for Widened<dyn RealToComplex<f64>> {
        fn process(&self, input: &mut [f32], output: &mut [Complex<f32>]) -> Result<(), FftError> {
            let mut buffers = lock(&self.buffers);
            let (signal, spectrum, scratch) = &mut *buffers;
            signal.clear();
            signal.extend(input.iter().map(|value| f64::from(*value)));
            self.inner.process_with_scratch(signal, spectrum, scratch)?;
            output.iter_mut().zip(spectrum).for_each(|(to, from)| *to = narrow(*from));
            Ok(())
        }

        fn process_with_scratch(
            &self,
            input: &mut [f32],
            output: &mut [Complex<f32>],
            _: &mut [Complex<f32>],
        ) -> Result<(), FftError> {
            self.process(input, output)
        }

        fn get_scratch_len(&self) -> usize {
            0
        }

        fn len(&self) -> usize {
            self.inner.len()
        }

        fn make_input_vec(&self) -> Vec<f32> {
            vec![0.0; self.len()]
        }

        fn make_output_vec(&self) -> Vec<Complex<f32>> {
            vec![Complex::default(); self.complex_len()]
        }

        fn make_scratch_vec(&self) -> Vec<Complex<f32>> {
            Vec::new()
        }
    }

    impl ComplexToReal<f32> for Widened<dyn ComplexToReal<f64>> {
        fn process(&self, input: &mut [Complex<f32>], output: &mut [f32]) -> Result<(), FftError> {
            let mut buffers = lock(&self.buffers);
            let (signal, spectrum, scratch) = &mut *buffers;
            spectrum.clear();
            spectrum.extend(input.iter().map(|value| wide(*value)));
            // the output is valid even if this reports non-zero imaginary parts of the first or last bin
            let done = self.inner.process_with_scratch(spectrum, signal, scratch);
            output.iter_mut().zip(signal).for_each(|(to, from)| *to = *from as f32);
            done
        }

        fn process_with_scratch(
            &self,
            input: &mut [Complex<f32>],
            output: &mut [f32],
            _: &mut [Complex<f32>],
        ) -> Result<(), FftError> {
            self.process(input, output)
        }

        fn get_scratch_len(&self) -> usize {
            0
        }

        fn len(&self) -> usize {
            self.inner.len()
        }

        fn make_input_vec(&self) -> Vec<Complex<f32>> {
            vec![Complex::default(); self.complex_len()]
        }

        fn make_output_vec(&self) -> Vec<f32> {
            vec![0.0; self.len()]
        }

        fn make_scratch_vec(&self) -> Vec<Complex<f32>> {
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn double_precision_transforms_match_single_precision_and_invert() {
        for len in [1, 2, 9, 96, 31 * 37] {
            let (forward, inverse) = pair(len);
            let (wide_forward, wide_inverse) = widened::pair(len);
            let signal: Vec<f32> = (0..len).map(|i| ((i * i) as f32).sin()).collect();
            let (mut bins, mut wide_bins) = (forward.make_output_vec(), wide_forward.make_output_vec());
            forward.process(&mut signal.clone(), &mut bins).unwrap();
            wide_forward.process(&mut signal.clone(), &mut wide_bins).unwrap();
            let limit = 1e-5 * len as f32;
            assert!(bins.iter().zip(&wide_bins).all(|(a, b)| (a - b).norm() <= limit), "{len}");
            let (mut back, mut wide_back) = (inverse.make_output_vec(), wide_inverse.make_output_vec());
            inverse.process(&mut bins, &mut back).unwrap();
            wide_inverse.process(&mut wide_bins, &mut wide_back).unwrap();
            for ((a, b), original) in back.iter().zip(&wide_back).zip(&signal) {
                assert!((a - b).abs() <= limit && (b - original * len as f32).abs() <= limit, "{len}");
            }
        }
    }
}
