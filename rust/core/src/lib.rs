//! The engine of `realtime_backend`: voices, tracks, plans, rendering.
//!
//! A track (JSON) is compiled once into an immutable plan; the plan can be evaluated at any frame, in blocks of any
//! size, on any thread, and gives the same samples every time. This crate knows no devices and no global state.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod compat;
pub mod dsp;
pub mod error;
pub mod fault;
pub mod files;
pub mod interrupt;
pub mod json;
pub mod lock;
pub mod media;
pub mod parallel;
pub mod plan;
pub mod printable;
pub mod render;
pub mod track;
pub mod voice;
