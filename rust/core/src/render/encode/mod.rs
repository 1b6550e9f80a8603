//! Writes audio files block by block with bounded memory.
//!
//! [`AudioFile`] writes a file that appears complete or not at all; [`Encoder`] writes to any seekable sink. A format is a
//! `Codec` and a [`FormatInfo`] in a file of its own, and a line in the table of formats.

mod audio_file;
mod codec;
mod comments;
mod container;
mod encoder;
#[cfg(any(feature = "opus", feature = "vorbis", feature = "mp3"))]
mod feed;
mod flac;
mod flac_cues;
mod flac_frame;
mod format;
#[cfg(feature = "mp3")]
mod id3;
#[cfg(feature = "mp3")]
mod mp3;
#[cfg(feature = "opus")]
mod opus;
mod quantize;
mod table;
mod tags;
#[cfg(feature = "vorbis")]
mod vorbis;
mod wav;
mod wav_tags;

pub use audio_file::{AudioFile, Written};
pub use codec::{FormatInfo, Rates};
pub use container::{Container, words};
pub use encoder::{Encoder, Tally};
pub(crate) use format::Channels;
pub use format::{FileFormat, Rounding, Subtype};
pub use tags::{Chapter, Tags};
