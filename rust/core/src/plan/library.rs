//! Decoded audio files and prepared noise, kept so that compiling an edited track does not make them again.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use super::kept::Kept;
use crate::error::Result;
use crate::lock::lock;
use crate::media::{Audio, Limits, Resampling, decode, decode_bytes, decode_file};
use crate::regular_file::read_regular;

/// Audio files by path, time of change and rate. What no plan uses any more is forgotten at the next look-up.
///
/// Also the files of a place without a file system: what was put in ([`Self::insert`]) is found before what is on disk.
#[derive(Debug, Default)]
pub struct Library {
    files: Mutex<HashMap<Key, Arc<Audio>>>,
    memory: Mutex<HashMap<PathBuf, Arc<[u8]>>>,
    pub(crate) noise: Kept,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    path: PathBuf,
    changed: Option<SystemTime>,
    bytes: u64,
    sample_rate: u32,
    fourier: bool,
}

impl Library {
    /// Let `bytes` be the content of the file at `path`, as a track's folder and the path in the track make it.
    pub fn insert(&self, path: impl Into<PathBuf>, bytes: impl Into<Arc<[u8]>>) {
        lock(&self.memory).insert(path.into(), bytes.into());
    }

    /// What was put in as the file at `path`.
    pub fn inserted(&self, path: &Path) -> Option<Arc<[u8]>> {
        lock(&self.memory).get(path).cloned()
    }

    /// The bytes of the file at `path`.
    pub(crate) fn bytes(&self, path: &Path) -> Result<Vec<u8>> {
        if let Some(bytes) = self.inserted(path) {
            return Ok(bytes.to_vec());
        }
        read_regular(path)
    }

    /// The file at `path`, decoded and at `sample_rate`.
    pub(crate) fn file(&self, path: &Path, sample_rate: u32, method: Resampling) -> Result<Arc<Audio>> {
        let memory = self.inserted(path);
        let meta = if memory.is_some() { None } else { std::fs::metadata(path).ok() };
        let key = Key {
            path: path.to_owned(),
            changed: meta.as_ref().and_then(|m| m.modified().ok()),
            bytes: memory.as_ref().map_or(meta.as_ref().map_or(0, std::fs::Metadata::len), |b| b.len() as u64),
            sample_rate,
            fourier: method == Resampling::Fourier,
        };
        if let Some(known) = lock(&self.files).get(&key) {
            return Ok(Arc::clone(known));
        }
        let audio = match memory {
            Some(bytes) => decode_bytes(bytes, &path.to_string_lossy(), Limits::default())?,
            None => decode_file(path)?,
        };
        let audio = Arc::new(at_rate(audio, sample_rate, method)?);
        let mut files = lock(&self.files);
        files.retain(|_, audio| Arc::strong_count(audio) > 1);
        files.insert(key, Arc::clone(&audio));
        Ok(audio)
    }
}

/// The content of a `data:` URL, decoded and at `sample_rate`.
pub(crate) fn data_url(url: &str, sample_rate: u32, method: Resampling) -> Result<Arc<Audio>> {
    Ok(Arc::new(at_rate(decode(url, None)?, sample_rate, method)?))
}

fn at_rate(audio: Audio, sample_rate: u32, method: Resampling) -> Result<Audio> {
    if audio.sample_rate() == sample_rate { Ok(audio) } else { audio.resampled(sample_rate, method) }
}
