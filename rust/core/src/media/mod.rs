//! Audio from outside: decoding files and `data:` URLs, and changing their sample rate.
//!
//! Knows nothing of tracks or plans. Everything also works on bytes in memory, without a file system.

pub mod audio;
pub mod decode;
pub(crate) mod file;
pub mod location;
pub mod resample;
mod riff;

pub use audio::Audio;
pub use decode::{Limits, decode, decode_bytes, decode_file, recognises};
pub use resample::Resampling;
