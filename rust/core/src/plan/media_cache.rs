//! A cache of audio files and prepared noise, so that compiling an edited track need not open and compute them again.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::voice_cache::VoiceCache;
use crate::error::Result;
use crate::interrupt::Interrupt;
use crate::lock::lock;
use crate::media::content::{Content, Fold, Origin, Stamp};
use crate::media::store::Store;
use crate::media::{Recording, Resampling, location};
use crate::voice::wholes::Wholes;

/// Audio files by path, modification time and sample rate, and their decoded parts ([`Store`]). Each compilation first
/// drops the files that no plan uses any more.
///
/// It also stands in for a file system where there is none: files added with [`Self::insert`] take precedence over
/// files on disk.
#[derive(Debug, Default)]
pub struct MediaCache {
    contents: Mutex<HashMap<Named, Arc<Content>>>,
    recordings: Mutex<HashMap<(Named, u32, bool), Arc<Recording>>>,
    memory: Mutex<HashMap<PathBuf, Arc<[u8]>>>,
    pub(crate) store: Arc<Store>,
    pub(crate) noise: VoiceCache,
    pub(crate) wholes: Arc<Wholes>,
}

/// One version of a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Named {
    Disk(PathBuf, Option<Stamp>),
    /// An inserted file, by its address in memory: no other file gets that address while this one is cached.
    Memory(PathBuf, usize),
    /// A `data:` URL: its length and a hash of 128 bits.
    Url(usize, [u64; 2]),
}

impl MediaCache {
    /// Start another compilation: drop what no plan uses any more.
    pub(crate) fn begin(&self) {
        self.noise.begin();
        self.wholes.begin();
        lock(&self.recordings).retain(|_, recording| Arc::strong_count(recording) > 1);
        lock(&self.contents).retain(|_, content| Arc::strong_count(content) > 1);
    }

    /// Let `bytes` be the content of the file at `path`: the track's folder joined with the path in the track.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::plan::{MediaCache, Plan, PlanOptions};
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_core::render::encode::{Container, Encoder, FileFormat};
    /// # let mut encoder = Encoder::new(std::io::Cursor::new(Vec::new()), FileFormat::new(Container::Wav), 44_100).unwrap();
    /// # encoder.write(&[0.1; 441], &[0.1; 441]).unwrap();
    /// # let wav = encoder.finish().unwrap().0.into_inner();
    /// // where there is no file system, as in a browser
    /// let cache = MediaCache::default();
    /// cache.insert("chime.wav", wav);
    /// let (track, _) = Track::from_json(
    ///     r#"{"progression": [{"duration": 1.0}], "overlay_clips": [{"file_path": "chime.wav", "start": 0.5}]}"#,
    /// )?;
    /// let options = PlanOptions { media_cache: Some(Arc::new(cache)), ..PlanOptions::default() };
    /// let (plan, warnings) = Plan::compile(&track, &options)?;
    /// assert_eq!((plan.clips().len(), warnings.len()), (1, 0));
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn insert(&self, path: impl Into<PathBuf>, bytes: impl Into<Arc<[u8]>>) {
        lock(&self.memory).insert(path.into(), bytes.into());
    }

    /// The bytes that were inserted as the file at `path`.
    pub fn inserted(&self, path: &Path) -> Option<Arc<[u8]>> {
        lock(&self.memory).get(path).cloned()
    }

    /// The audio file at `path`, converted to `sample_rate`.
    pub(crate) fn file(
        &self,
        path: &Path,
        sample_rate: u32,
        method: Resampling,
        interrupt: &Interrupt,
    ) -> Result<Arc<Recording>> {
        let (named, origin) = match self.inserted(path) {
            Some(bytes) => {
                let place = bytes.as_ptr() as usize;
                (Named::Memory(path.to_owned(), place), Origin::Bytes(bytes, path.to_string_lossy().into_owned()))
            }
            None => (Named::Disk(path.to_owned(), Stamp::of(path)), Origin::File(path.to_owned())),
        };
        self.recording(named, || Ok(origin), sample_rate, method, interrupt)
    }

    /// The audio in a `data:` URL, converted to `sample_rate`.
    pub(crate) fn data_url(
        &self,
        url: &str,
        sample_rate: u32,
        method: Resampling,
        interrupt: &Interrupt,
    ) -> Result<Arc<Recording>> {
        let hash = |seed: u64| {
            let mut hasher = DefaultHasher::new();
            (seed, url).hash(&mut hasher);
            hasher.finish()
        };
        let origin = || Ok(Origin::Bytes(location::parse_data_url(url)?.bytes.into(), location::label(url)));
        self.recording(Named::Url(url.len(), [hash(0), hash(1)]), origin, sample_rate, method, interrupt)
    }

    fn recording(
        &self,
        named: Named,
        origin: impl FnOnce() -> Result<Origin>,
        sample_rate: u32,
        method: Resampling,
        interrupt: &Interrupt,
    ) -> Result<Arc<Recording>> {
        let key = (named, sample_rate, method == Resampling::Fourier);
        if let Some(known) = lock(&self.recordings).get(&key) {
            return Ok(Arc::clone(known));
        }
        let known = lock(&self.contents).get(&key.0).cloned();
        let content = match known {
            Some(content) => content,
            None => {
                let content = Arc::new(Content::open(origin()?, Fold::Stereo, &self.store, interrupt)?);
                lock(&self.contents).insert(key.0.clone(), Arc::clone(&content));
                content
            }
        };
        let recording = Arc::new(Recording::new(content, sample_rate, method, interrupt)?);
        lock(&self.recordings).insert(key, Arc::clone(&recording));
        Ok(recording)
    }
}
