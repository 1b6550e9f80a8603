//! Audio files: WAV (RF64 past 4 GiB) and FLAC, written as a stream of blocks with bounded memory.
//!
//! [`AudioFile`] writes a file that appears whole or not at all; [`Encoder`] writes to anything that can seek.

mod audio_file;
mod encoder;
mod flac;
mod format;
mod quantize;
mod wav;

pub use audio_file::{AudioFile, Written};
pub use encoder::{Encoder, Tally};
pub use format::{Container, FileFormat, Rounding, Subtype};
