//! The engine for browsers.
//!
//! [`Stream`] turns a track into frames that are pulled. Frames that were not heard yet can be taken back. There are
//! three interfaces to it: [`Engine`] for pages and workers (wasm-bindgen), the functions of [`legacy_api`] with the
//! names that the legacy implementation exported, and the plain exports of [`raw`] for places without `TextDecoder`,
//! such as an AudioWorklet. The interfaces contain no track logic and no signal processing.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod compiled;
mod convert;
mod engine;
#[cfg(feature = "full")]
mod exporter;
mod fade;
mod files;
#[cfg(feature = "full")]
mod import;
pub mod legacy_api;
mod options;
pub mod raw;
mod state;
mod stream;

pub use compiled::Compiled;
pub use engine::Engine;
#[cfg(feature = "full")]
pub use exporter::Exporter;
pub use files::{insert, load, wanted_files};
#[cfg(feature = "full")]
pub use import::import_track;
pub use options::StreamOptions;
pub use state::State;
pub use stream::Stream;
