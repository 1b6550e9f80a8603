//! Meters: they take the samples of a signal in order, in blocks of any size, and give the same values for any sizes.
//! Spectra are of whole stretches.

mod a_weighting;
mod levels;
mod lines;
mod loudness;
mod spectrum;
mod true_peak;

pub use a_weighting::AWeighted;
pub use levels::Moments;
pub use lines::{Line, Magnitudes};
pub use loudness::LoudnessMeter;
pub use spectrum::{Band, Spectra, Spectrum};
pub use true_peak::TruePeak;
