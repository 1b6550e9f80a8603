//! Which track is the next one.
//!
//! An entry is a turn of the list: entry 0 is the first track that is played, and a list of `n` tracks that is repeated
//! begins again at entry `n`.

use std::sync::Mutex;

use realtime_backend_core::error::{Problem, Result};
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::lock::lock;
use realtime_backend_core::track::Track;

use super::{Load, PlaylistOptions};

/// Longest crossfade of a skip in seconds.
const SKIP_S: f64 = 1.0;

/// The tracks of a player.
pub(crate) struct List {
    count: usize,
    load: Load,
    options: PlaylistOptions,
    /// Tracks that cannot be played, with the reason.
    left_out: Mutex<Vec<(usize, String)>>,
}

impl List {
    pub(super) const fn new(count: usize, load: Load, options: PlaylistOptions) -> Self {
        Self { count, load, options, left_out: Mutex::new(Vec::new()) }
    }

    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// Index of the track of an entry.
    pub(crate) fn index(&self, entry: u64) -> usize {
        let count = self.count.max(1) as u64;
        let place = (entry % count) as usize;
        match self.options.shuffle {
            Some(shuffle) => shuffle.order(self.count, entry / count).get(place).copied().unwrap_or(place),
            None => place,
        }
    }

    /// The first entry from `entry` on whose track may be playable.
    pub(crate) fn from(&self, entry: u64) -> Option<u64> {
        let count = self.count as u64;
        (entry..entry + count)
            .take_while(|entry| self.options.repeat || *entry < count)
            .find(|entry| self.may_play(*entry))
    }

    /// The last entry before `entry` whose track may be playable.
    pub(super) fn before(&self, entry: u64) -> Option<u64> {
        (0..entry).rev().take(self.count).find(|entry| self.may_play(*entry))
    }

    fn may_play(&self, entry: u64) -> bool {
        let index = self.index(entry);
        lock(&self.left_out).iter().all(|(bad, _)| *bad != index)
    }

    /// Load the track of an entry.
    pub(crate) fn load(&self, entry: u64, interrupt: &Interrupt) -> Result<(Track, Vec<Problem>)> {
        (self.load)(self.index(entry), interrupt)
    }

    /// Leave the track of an entry out from now on.
    pub(crate) fn leave_out(&self, entry: u64, reason: String) {
        lock(&self.left_out).push((self.index(entry), reason));
    }

    pub(super) fn left_out(&self) -> Vec<(usize, String)> {
        lock(&self.left_out).clone()
    }

    /// Seconds of the crossfade between two tracks.
    pub(crate) const fn crossfade(&self) -> f64 {
        self.options.crossfade
    }

    /// Seconds of the crossfade of a skip.
    pub(crate) fn skip_fade(&self) -> f64 {
        self.options.crossfade.min(SKIP_S)
    }
}
