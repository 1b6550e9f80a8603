//! Writes audio files, WAV (RF64 past 4 GiB) and FLAC, block by block with bounded memory.
//!
//! [`AudioFile`] writes a file that appears complete or not at all; [`Encoder`] writes to any seekable sink.

mod audio_file;
mod encoder;
mod flac;
mod format;
mod quantize;
mod wav;

pub use audio_file::{AudioFile, Written};
pub use encoder::{Encoder, Tally};
pub(crate) use format::Channels;
pub use format::{Container, FileFormat, Rounding, Subtype};
