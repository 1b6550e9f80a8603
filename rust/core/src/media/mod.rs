//! Decodes audio files and `data:` URLs, and converts their sample rate.
//!
//! This module does not know tracks or plans. Everything also works on bytes in memory, without a file system.
#![cfg_attr(not(feature = "decoders"), allow(dead_code, reason = "what is left has nothing to decode"))]

pub mod audio;
pub(crate) mod content;
pub mod decode;
pub(crate) mod embedded;
mod fault;
pub(crate) mod file;
#[cfg(feature = "decoders")]
mod formats;
#[cfg(not(feature = "decoders"))]
#[path = "no_formats.rs"]
mod formats;
mod input;
pub mod location;
mod opened;
#[cfg(feature = "decoders")]
pub(crate) mod recording;
#[cfg(not(feature = "decoders"))]
#[path = "no_recording.rs"]
pub(crate) mod recording;
pub(crate) mod region;
pub mod resample;
mod seam;
#[cfg(feature = "spatial")]
pub mod sofa;
mod source;
pub(crate) mod store;
#[cfg(test)]
pub(crate) mod testing;

pub use audio::Audio;
pub use content::Repeat;
pub use decode::{Limits, decode, decode_bytes, decode_file, recognises};
pub use recording::Recording;
pub use region::Region;
pub use resample::Resampling;
