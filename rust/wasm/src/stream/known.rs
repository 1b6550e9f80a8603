//! The tracks whose sources a stream may have.

use std::sync::Arc;

use realtime_backend_core::error::Problem;
use realtime_backend_core::track::Track;

/// Most tracks that are known at a time: more than are heard, buffered and ready.
const MOST: usize = 8;

/// A track, and the findings about it.
pub(super) struct Known {
    pub(super) entry: u64,
    pub(super) track: Arc<Track>,
    pub(super) warnings: Vec<Problem>,
}

/// The tracks by their entry in the list. Without a list there is entry 0.
pub(super) struct Tracks(Vec<Known>);

impl Tracks {
    pub(super) fn new(first: Known) -> Self {
        Self(vec![first])
    }

    /// Know a track, in place of one with the same entry.
    pub(super) fn know(&mut self, track: Known) {
        self.0.retain(|known| known.entry != track.entry);
        if self.0.len() >= MOST {
            self.0.remove(0);
        }
        self.0.push(track);
    }

    /// The track of an entry, else the one that was known last.
    pub(super) fn of(&self, entry: u64) -> &Known {
        &self.0[self.place(entry)]
    }

    pub(super) fn warnings_of(&mut self, entry: u64) -> &mut Vec<Problem> {
        let place = self.place(entry);
        &mut self.0[place].warnings
    }

    fn place(&self, entry: u64) -> usize {
        self.0.iter().position(|known| known.entry == entry).unwrap_or(self.0.len() - 1)
    }
}
