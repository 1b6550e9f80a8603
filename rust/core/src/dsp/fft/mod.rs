//! Fourier transforms. The module for browsers plans them itself (`planned`) and computes all of them in double
//! precision: everything that the planner of the library can choose from, in both precisions, would make it a fifth
//! larger.

#[cfg(any(target_arch = "wasm32", test))]
mod planned;
#[cfg(any(target_arch = "wasm32", test))]
mod widened;

use std::sync::Arc;

use realfft::{ComplexToReal, RealToComplex};
use rustfft::{Fft, FftDirection};

use super::recent::Recent;

/// A forward transform and its inverse, both without scaling.
pub type Pair = (Arc<dyn RealToComplex<f32>>, Arc<dyn ComplexToReal<f32>>);

/// Precision of the complex transforms: double in the module for browsers.
#[cfg(not(target_arch = "wasm32"))]
pub type Precision = f32;
/// Precision of the complex transforms: double in the module for browsers.
#[cfg(target_arch = "wasm32")]
pub type Precision = f64;

/// The inverse transform of `len` complex bins, without scaling. Its tables are shared.
pub fn complex_inverse(len: usize) -> Arc<dyn Fft<Precision>> {
    static RECENT: Recent<usize, Arc<dyn Fft<Precision>>> = Recent::new();
    Arc::clone(&RECENT.get(len, || plan(len, FftDirection::Inverse)))
}

/// The forward transform of `len` complex samples. Its tables are shared.
pub fn complex_forward(len: usize) -> Arc<dyn Fft<Precision>> {
    static RECENT: Recent<usize, Arc<dyn Fft<Precision>>> = Recent::new();
    Arc::clone(&RECENT.get(len, || plan(len, FftDirection::Forward)))
}

/// Both directions of the transform for signals of `len` samples. Their tables are shared.
pub fn pair(len: usize) -> Pair {
    static RECENT: Recent<usize, Pair> = Recent::new();
    (*RECENT.get(len, || both(len))).clone()
}

#[cfg(not(target_arch = "wasm32"))]
fn both(len: usize) -> Pair {
    let mut planner = realfft::RealFftPlanner::new();
    (planner.plan_fft_forward(len), planner.plan_fft_inverse(len))
}

#[cfg(target_arch = "wasm32")]
use widened::pair as both;

/// A complex transform of `len` values, without scaling.
#[cfg(not(target_arch = "wasm32"))]
pub fn plan<T: rustfft::FftNum>(len: usize, direction: FftDirection) -> Arc<dyn Fft<T>> {
    rustfft::FftPlanner::new().plan_fft(len, direction)
}

/// A complex transform of `len` values, without scaling.
#[cfg(target_arch = "wasm32")]
pub fn plan(len: usize, direction: FftDirection) -> Arc<dyn Fft<f64>> {
    planned::complex(len, direction)
}

/// The transform of a signal of `len` samples in double precision.
#[cfg(not(target_arch = "wasm32"))]
pub fn real_forward(len: usize) -> Arc<dyn RealToComplex<f64>> {
    realfft::RealFftPlanner::new().plan_fft_forward(len)
}

/// The inverse of [`real_forward`], without scaling.
#[cfg(not(target_arch = "wasm32"))]
pub fn real_inverse(len: usize) -> Arc<dyn ComplexToReal<f64>> {
    realfft::RealFftPlanner::new().plan_fft_inverse(len)
}

/// The transform of a signal of `len` samples in double precision.
#[cfg(target_arch = "wasm32")]
pub fn real_forward(len: usize) -> Arc<dyn RealToComplex<f64>> {
    planned::real_forward(len)
}

/// The inverse of [`real_forward`], without scaling.
#[cfg(target_arch = "wasm32")]
pub fn real_inverse(len: usize) -> Arc<dyn ComplexToReal<f64>> {
    planned::real_inverse(len)
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
