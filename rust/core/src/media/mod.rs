//! Decodes audio files and `data:` URLs, and converts their sample rate.
//!
//! This module does not know tracks or plans. Everything also works on bytes in memory, without a file system.

mod adts;
mod aiff;
pub mod audio;
mod blocks;
mod codecs;
mod container;
pub(crate) mod content;
pub mod decode;
pub(crate) mod embedded;
mod fault;
pub(crate) mod file;
mod input;
pub mod location;
mod mp4;
mod mpeg;
mod ogg;
mod opened;
#[cfg(feature = "opus")]
mod opus;
mod packets;
mod pcm;
mod rated;
pub(crate) mod recording;
pub(crate) mod region;
pub mod resample;
mod seam;
mod sniff;
pub mod sofa;
mod source;
pub(crate) mod store;
mod tags;
#[cfg(test)]
pub(crate) mod testing;
mod vorbis;
mod wave;

pub use audio::Audio;
pub use content::Repeat;
pub use decode::{Limits, decode, decode_bytes, decode_file, recognises};
pub use recording::Recording;
pub use region::Region;
pub use resample::Resampling;
