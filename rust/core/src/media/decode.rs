//! Decodes whole files (from a path, a `data:` URL or bytes) to planar `f32`.
//!
//! `docs/audio-files.md` lists the supported formats.

use std::path::Path;
use std::sync::Arc;

use super::audio::Audio;
use super::file::AudioFile;
use super::{file, location};
use crate::error::Result;

/// Limits for the decoded size of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Number of samples over all channels, 4 bytes each.
    pub samples: usize,
}

impl Default for Limits {
    /// 2³⁰ samples, 4 GiB: three hours of stereo at 48 kHz.
    fn default() -> Self {
        Self { samples: 1 << 30 }
    }
}

/// Number of frames that are decoded at once.
const PIECE: usize = 1 << 14;

/// Decodes a file at a path (relative to `folder`, if given) or in a `data:<type>;base64,` URL (spec track-format 6).
///
/// # Errors
/// [`crate::error::Error::Io`] if the file cannot be read, [`crate::error::Error::Media`] if it cannot be decoded.
pub fn decode(location: &str, folder: Option<&Path>) -> Result<Audio> {
    if location::is_data_url(location) {
        let url = location::parse_data_url(location)?;
        return whole(AudioFile::from_bytes(url.bytes.into(), &location::label(location))?, Limits::default());
    }
    match folder {
        Some(folder) => decode_file(folder.join(location)),
        None => decode_file(location),
    }
}

/// Decodes a regular file.
///
/// # Errors
/// As [`decode`].
pub fn decode_file(path: impl AsRef<Path>) -> Result<Audio> {
    whole(AudioFile::open(path.as_ref())?, Limits::default())
}

/// Decodes a file in memory; `name` is its name in messages.
///
/// # Errors
/// [`crate::error::Error::Media`] if it cannot be decoded or exceeds `limits`.
pub fn decode_bytes(bytes: impl Into<Arc<[u8]>>, name: &str, limits: Limits) -> Result<Audio> {
    whole(AudioFile::from_bytes(bytes.into(), name)?, limits)
}

/// Whether a file in memory has a format that [`decode_bytes`] supports. Damage after its header does not matter.
pub fn recognises(bytes: impl Into<Arc<[u8]>>, name: &str) -> bool {
    AudioFile::from_bytes(bytes.into(), name).is_ok()
}

fn whole(mut file: AudioFile, limits: Limits) -> Result<Audio> {
    let samples = u128::from(file.frames()) * file.channels() as u128;
    if samples > limits.samples as u128 {
        return Err(file::too_long(file.name(), limits.samples));
    }
    let mut channels = vec![Vec::new(); file.channels()];
    let mut piece = channels.clone();
    let mut at = 0;
    while at < file.frames() {
        let got = file.read(at, PIECE, &mut piece)?;
        if got == 0 {
            break;
        }
        for (channel, piece) in channels.iter_mut().zip(&piece) {
            channel.extend_from_slice(piece);
        }
        at += got as u64;
    }
    let warnings = [file.warnings(), &file.late_warnings()].concat();
    Ok(Audio::new(channels, file.sample_rate()).with_warnings(warnings))
}
