//! Noise: random numbers, colours, moving notches, and two ways to make a signal of them.
//!
//! [`whole`] makes a signal of known length at once, sample for sample as the legacy implementation does;
//! [`stream`] makes noise of any length that can be asked for at any frame. Which one is used when: `docs/noise.md`.

pub mod bank;
pub mod colour;
pub mod conditioning;
pub mod counter;
pub mod filter;
pub mod level;
pub mod mersenne;
pub mod notch;
pub mod stream;
pub mod sweep;
pub mod whole;
