//! Noise: random numbers, colours, moving notches, and two ways to generate a signal from them.
//!
//! [`whole`] generates a signal of known length at once, sample for sample as the legacy implementation does.
//! [`stream`] generates noise of any length, starting at any frame. [`ears`] does so for two independent ears, over the
//! full band. `docs/noise.md` says which one is used when.

pub mod bank;
pub mod cascade;
pub mod colour;
pub mod conditioning;
pub mod counter;
pub mod ears;
pub mod filter;
pub mod glide;
pub mod level;
pub mod mersenne;
pub mod notch;
pub mod parallel;
pub mod stream;
pub mod sweep;
pub mod transforms;
pub mod whole;
