//! Decoded audio files, kept so that compiling an edited track does not decode them again.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::error::Result;
use crate::media::{Audio, Resampling, decode, decode_file};

/// Audio files by path, time of change and rate. What no plan uses any more is forgotten at the next look-up.
#[derive(Debug, Default)]
pub struct Library {
    files: Mutex<HashMap<Key, Arc<Audio>>>,
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
    /// The file at `path`, decoded and at `sample_rate`.
    pub(crate) fn file(&self, path: &Path, sample_rate: u32, method: Resampling) -> Result<Arc<Audio>> {
        let meta = std::fs::metadata(path).ok();
        let key = Key {
            path: path.to_owned(),
            changed: meta.as_ref().and_then(|m| m.modified().ok()),
            bytes: meta.as_ref().map_or(0, std::fs::Metadata::len),
            sample_rate,
            fourier: method == Resampling::Fourier,
        };
        if let Some(known) = self.lock().get(&key) {
            return Ok(Arc::clone(known));
        }
        let audio = Arc::new(at_rate(decode_file(path)?, sample_rate, method)?);
        let mut files = self.lock();
        files.retain(|_, audio| Arc::strong_count(audio) > 1);
        files.insert(key, Arc::clone(&audio));
        Ok(audio)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Arc<Audio>>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The content of a `data:` URL, decoded and at `sample_rate`.
pub(crate) fn data_url(url: &str, sample_rate: u32, method: Resampling) -> Result<Arc<Audio>> {
    Ok(Arc::new(at_rate(decode(url, None)?, sample_rate, method)?))
}

fn at_rate(audio: Audio, sample_rate: u32, method: Resampling) -> Result<Audio> {
    if audio.sample_rate() == sample_rate { Ok(audio) } else { audio.resampled(sample_rate, method) }
}
