//! The cache that the readers of audio files share: decoded pieces, and idle files and converters. Its size is bounded,
//! whatever the number and length of the files.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::file::AudioFile;
use super::resample::Converter;
use crate::lock::lock;

/// Default limit for cached samples in bytes.
pub(crate) const BUDGET: usize = 32 << 20;
/// Upper limit for the number of idle files that stay open.
const FILES: usize = 32;
/// Upper limit for idle files with the same content: one for continuous reading, and one for jumps.
const FILES_OF_ONE: usize = 2;
/// Limit for the memory of idle converters in bytes; one is kept whatever its size.
const CONVERTERS: usize = 8 << 20;

/// A piece of decoded samples: one or two channels of equal length.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) left: Vec<f32>,
    /// `None` if it equals the left channel.
    pub(crate) right: Option<Vec<f32>>,
}

impl Piece {
    /// The right channel.
    pub(crate) fn right(&self) -> &[f32] {
        self.right.as_ref().unwrap_or(&self.left)
    }

    fn bytes(&self) -> usize {
        let samples = self.left.capacity() + self.right.as_ref().map_or(0, Vec::capacity);
        samples * size_of::<f32>() + size_of::<Kept>()
    }
}

/// Key of a piece: number of its series, and its index in the series.
pub(crate) type Key = (u64, u64);

/// A cached piece, and when it was last used.
#[derive(Debug)]
struct Kept {
    piece: Arc<Piece>,
    used: u64,
}

/// The cached pieces, their total size in bytes, and a counter of uses.
#[derive(Debug, Default)]
struct Pieces {
    kept: HashMap<Key, Kept>,
    bytes: usize,
    clock: u64,
}

/// An idle file.
#[derive(Debug)]
struct Idle {
    content: u64,
    /// The frame after the last one that was read.
    next: u64,
    file: AudioFile,
}

/// A cache of decoded pieces, idle files and idle converters, which may be used from any thread.
pub(crate) struct Store {
    budget: usize,
    pieces: Mutex<Pieces>,
    /// Idle files and converters, the most recently used one last.
    files: Mutex<Vec<Idle>>,
    converters: Mutex<Vec<Converter>>,
    series: AtomicU64,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Default for Store {
    fn default() -> Self {
        Self::new(BUDGET)
    }
}

impl Store {
    /// A store that caches at most `budget` bytes of samples.
    pub(crate) fn new(budget: usize) -> Self {
        Self {
            budget,
            pieces: Mutex::default(),
            files: Mutex::default(),
            converters: Mutex::default(),
            series: AtomicU64::new(0),
        }
    }

    /// A number for a new series of pieces, unique in this store.
    pub(crate) fn new_series(&self) -> u64 {
        self.series.fetch_add(1, Ordering::Relaxed)
    }

    /// The piece with this key, if it is cached.
    pub(crate) fn piece(&self, key: Key) -> Option<Arc<Piece>> {
        let mut pieces = lock(&self.pieces);
        pieces.clock += 1;
        let clock = pieces.clock;
        let kept = pieces.kept.get_mut(&key)?;
        kept.used = clock;
        Some(Arc::clone(&kept.piece))
    }

    /// Adds a piece to the cache and returns it. The least recently used pieces are dropped to make room.
    pub(crate) fn keep(&self, key: Key, piece: Piece) -> Arc<Piece> {
        let piece = Arc::new(piece);
        let mut pieces = lock(&self.pieces);
        pieces.clock += 1;
        let used = pieces.clock;
        pieces.bytes += piece.bytes();
        if let Some(old) = pieces.kept.insert(key, Kept { piece: Arc::clone(&piece), used }) {
            pieces.bytes -= old.piece.bytes();
        }
        if pieces.bytes > self.budget {
            pieces.shrink(self.budget / 4 * 3);
        }
        piece
    }

    /// Current size of the cached samples in bytes.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        lock(&self.pieces).bytes
    }

    /// An open file with this content, preferably one at frame `at`. If none is there and only one is idle, that one is
    /// left to its continuous reader and a copy is returned.
    pub(crate) fn take_file(&self, content: u64, at: u64) -> Option<AudioFile> {
        let mut files = lock(&self.files);
        if let Some(there) = files.iter().position(|idle| idle.content == content && idle.next == at) {
            return Some(files.remove(there).file);
        }
        let first = files.iter().position(|idle| idle.content == content)?;
        let count = files.iter().filter(|idle| idle.content == content).count();
        let another = if count < FILES_OF_ONE { files[first].file.reopen().ok() } else { None };
        Some(another.unwrap_or_else(|| files.remove(first).file))
    }

    /// Returns a file that is positioned at frame `next` to the idle files.
    pub(crate) fn give_file(&self, content: u64, next: u64, file: AudioFile) {
        let mut files = lock(&self.files);
        files.push(Idle { content, next, file });
        if files.iter().filter(|idle| idle.content == content).count() > FILES_OF_ONE {
            let oldest = files.iter().position(|idle| idle.content == content);
            oldest.map(|at| files.remove(at));
        } else if files.len() > FILES {
            files.remove(0);
        }
    }

    /// Number of idle files.
    #[cfg(test)]
    pub(crate) fn waiting_files(&self) -> usize {
        lock(&self.files).len()
    }

    /// Closes all idle files.
    #[cfg(test)]
    pub(crate) fn close_all(&self) {
        lock(&self.files).clear();
    }

    /// Closes the idle files with this content.
    pub(crate) fn forget(&self, content: u64) {
        lock(&self.files).retain(|idle| idle.content != content);
    }

    /// An idle converter for these rates and channels, preferably one whose next block is `next`.
    pub(crate) fn take_converter(&self, rates: (u32, u32), channels: usize, next: Key) -> Option<Converter> {
        let mut converters = lock(&self.converters);
        let fits = |converter: &Converter| converter.rates() == rates && converter.channels() == channels;
        let there = converters.iter().position(|converter| fits(converter) && converter.next == Some(next));
        let at = there.or_else(|| converters.iter().position(fits))?;
        Some(converters.remove(at))
    }

    /// Returns a converter to the idle converters.
    pub(crate) fn give_converter(&self, converter: Converter) {
        let mut converters = lock(&self.converters);
        converters.push(converter);
        while converters.len() > 1 && converters.iter().map(Converter::bytes).sum::<usize>() > CONVERTERS {
            converters.remove(0);
        }
    }
}

impl Pieces {
    /// Drops the least recently used pieces until at most `goal` bytes are left.
    fn shrink(&mut self, goal: usize) {
        let mut ages: Vec<(u64, Key, usize)> =
            self.kept.iter().map(|(key, kept)| (kept.used, *key, kept.piece.bytes())).collect();
        ages.sort_unstable();
        for (_, key, bytes) in ages {
            if self.bytes <= goal {
                break;
            }
            self.kept.remove(&key);
            self.bytes -= bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(frames: usize) -> Piece {
        Piece { left: vec![0.5; frames], right: None }
    }

    #[test]
    fn the_cache_stays_within_its_budget_and_drops_the_oldest() {
        let store = Store::new(100_000);
        for index in 0..1000 {
            store.keep((1, index), piece(1000));
            assert!(store.piece((1, 0)).is_some(), "in use all the time");
            assert!(store.bytes() <= 100_000);
        }
        assert!(store.piece((1, 999)).is_some() && store.piece((1, 500)).is_none());
    }

    #[test]
    fn a_piece_that_is_cached_twice_counts_once() {
        let store = Store::new(100_000);
        store.keep((1, 1), piece(100));
        let once = store.bytes();
        store.keep((1, 1), piece(100));
        assert_eq!(store.bytes(), once);
    }
}
