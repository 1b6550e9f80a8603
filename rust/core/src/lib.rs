//! The engine of `realtime_backend`: voices, tracks, plans, rendering.
//!
//! A track (JSON) is compiled once into an immutable plan. The plan can be evaluated at any frame, in blocks of any
//! size, on any thread, and gives the same samples every time. This crate knows no devices.
//!
//! ```
//! use std::sync::Arc;
//!
//! use realtime_backend_core::plan::{Plan, PlanOptions};
//! use realtime_backend_core::render::render_array;
//! use realtime_backend_core::track::Track;
//!
//! let (track, warnings) = Track::from_json(
//!     r#"{"progression": [{"duration": 2.0, "voices": [
//!         {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}
//!     ]}]}"#,
//! )?;
//! assert!(warnings.is_empty());
//!
//! let (plan, _) = Plan::compile(&track, &PlanOptions::default())?;
//! let plan = Arc::new(plan);
//! let whole = render_array(&plan, 0, None, 0, &mut |_done| true)?; // left and right alternate
//! assert_eq!(whole.len(), 2 * 2 * 44_100);
//!
//! // any stretch is the same as that slice of the whole
//! let second = render_array(&plan, 44_100, Some(512), 1, &mut |_done| true)?;
//! assert_eq!(second, whole[2 * 44_100..2 * (44_100 + 512)]);
//! # Ok::<(), realtime_backend_core::error::Error>(())
//! ```
//!
//! | module | what it is |
//! | --- | --- |
//! | [`track`] | the format: reading, checking, saving |
//! | [`plan`] | a track compiled into something that can be evaluated |
//! | [`render`] | plans in blocks, whole tracks on all cores, files |
//! | [`analyse`] | levels and tones of a rendered plan, beside what the track declares |
//! | [`stream`] | a plan as it is played |
//! | [`voice`] | the voices and the trait that they share |
//! | [`media`], [`dsp`], [`json`] | what these are made of |
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod analyse;
pub mod compat;
pub mod dsp;
pub mod error;
pub mod fault;
pub mod files;
pub mod interrupt;
pub mod json;
pub mod lock;
mod manual;
pub mod media;
mod order;
pub mod parallel;
pub mod plan;
pub mod printable;
pub mod render;
pub mod rolling;
pub mod stream;
pub mod track;
pub mod voice;
