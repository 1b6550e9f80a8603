//! Audio files for tests.

use std::sync::Arc;

use super::content::{Content, Fold, Origin};
use super::recording::Recording;
use super::resample::Resampling;
use super::store::Store;
use crate::interrupt::Interrupt;

/// The bytes of a WAV file with 32-bit float samples.
pub(crate) fn float_wav(channels: &[Vec<f32>], rate: u32) -> Vec<u8> {
    let count = channels.len() as u32;
    let size = 4 * count * channels[0].len() as u32;
    let mut file = b"RIFF".to_vec();
    file.extend((36 + size).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x03\0");
    file.extend((count as u16).to_le_bytes());
    file.extend(rate.to_le_bytes());
    file.extend((rate * 4 * count).to_le_bytes());
    file.extend((4 * count as u16).to_le_bytes());
    file.extend(b"\x20\0data");
    file.extend(size.to_le_bytes());
    file.extend((0..channels[0].len()).flat_map(|i| channels.iter().flat_map(move |c| c[i].to_le_bytes())));
    file
}

/// A recording at `to` Hz of `channels`, which are sampled at `from` Hz.
pub(crate) fn recording(channels: &[Vec<f32>], [from, to]: [u32; 2], fold: Fold, store: &Arc<Store>) -> Recording {
    let origin = Origin::Bytes(float_wav(channels, from).into(), "a.wav".to_owned());
    let content = Content::open(origin, fold, store, &Interrupt::default()).unwrap();
    Recording::new(Arc::new(content), to, Resampling::Sinc, &Interrupt::default()).unwrap()
}
