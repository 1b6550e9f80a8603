//! Real transforms in single precision, computed in double precision.

use std::sync::{Arc, Mutex};

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, FftError, RealToComplex};

use super::{real_forward, real_inverse};

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
    let (forward, inverse) = (real_forward(len), real_inverse(len));
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
