//! Signal-processing primitives on slices of samples. This module does not know voices, tracks or files.

pub mod biquad;
pub mod butterworth;
pub mod cell;
pub mod curve;
pub mod envelope;
pub mod expression;
pub mod fft;
pub mod filters;
pub mod flanger;
pub mod hrir;
pub mod lfo;
pub(crate) mod marks;
pub mod mix;
pub mod noise;
pub mod pan;
pub mod phase;
pub mod power;
pub mod ramp;
pub(crate) mod recent;
pub mod rounding;
pub mod series;
pub mod sine;
pub(crate) mod spread;
pub mod tanh;
pub mod trapezoid;
pub mod zero_phase;
