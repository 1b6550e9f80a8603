//! The tracks of a player: their turns, and how they are loaded.

use std::sync::{Arc, Mutex};

use realtime_backend_core::error::{Problem, Result};
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::lock::lock;
use realtime_backend_core::stream::{Shuffle, Turns};
use realtime_backend_core::track::Track;

use super::{Load, PlaylistOptions};

/// Longest crossfade of a skip in seconds.
const SKIP_S: f64 = 1.0;
/// Entry of the first turn. There is room before it, for tracks that are put in front of the one that is heard.
const FIRST: u64 = 1 << 32;

/// The tracks of a player.
pub(crate) struct List {
    tracks: Mutex<Tracks>,
    /// Seconds of the crossfade between two tracks.
    crossfade: f64,
}

/// What can change while the list is played.
struct Tracks {
    turns: Turns,
    load: Arc<Load>,
    /// Entry of turn 0.
    first: u64,
    /// Tracks that cannot be played, with the reason.
    left_out: Vec<(usize, String)>,
    /// Number of changes.
    version: u64,
}

impl Tracks {
    fn index(&self, entry: u64) -> usize {
        self.turns.index(entry.saturating_sub(self.first))
    }

    fn may_play(&self, index: usize) -> bool {
        self.left_out.iter().all(|(bad, _)| *bad != index)
    }
}

impl List {
    pub(super) fn new(count: usize, load: Load, options: PlaylistOptions) -> Self {
        let turns = Turns { count, shuffle: options.shuffle, repeat: options.repeat };
        let tracks = Tracks { turns, load: Arc::new(load), first: FIRST, left_out: Vec::new(), version: 0 };
        Self { tracks: Mutex::new(tracks), crossfade: options.crossfade }
    }

    /// Have other tracks. The entry `entry` is heard, which is the track `current` of them, or none.
    pub(super) fn replace(&self, count: usize, load: Load, entry: u64, current: Option<usize>) {
        let mut tracks = lock(&self.tracks);
        tracks.turns.count = count;
        tracks.load = Arc::new(load);
        tracks.left_out.clear();
        tracks.version += 1;
        let turn = current.and_then(|current| tracks.turns.entry_of(current, 0));
        tracks.first = turn.map_or(entry + 1, |turn| entry - turn);
    }

    /// Have another order. The entry `entry` is heard.
    pub(super) fn reorder(&self, shuffle: Option<Shuffle>, repeat: bool, entry: u64) {
        let mut tracks = lock(&self.tracks);
        let current = tracks.index(entry);
        tracks.turns = Turns { shuffle, repeat, ..tracks.turns };
        tracks.version += 1;
        let turn = tracks.turns.entry_of(current, 0);
        tracks.first = turn.map_or(tracks.first, |turn| entry - turn);
    }

    /// Number of changes so far.
    pub(crate) fn version(&self) -> u64 {
        lock(&self.tracks).version
    }

    pub(super) fn count(&self) -> usize {
        lock(&self.tracks).turns.count
    }

    /// Index of the track of an entry.
    pub(crate) fn index(&self, entry: u64) -> usize {
        lock(&self.tracks).index(entry)
    }

    /// The entry of the track `index` in the round of `entry`.
    pub(super) fn entry_of(&self, index: usize, entry: u64) -> Option<u64> {
        let tracks = lock(&self.tracks);
        tracks.turns.entry_of(index, entry.saturating_sub(tracks.first)).map(|turn| turn + tracks.first)
    }

    /// The first entry whose track may be playable, of all or from the first turn of the track `index` on.
    pub(super) fn first(&self, index: Option<usize>) -> Option<u64> {
        self.from(index.and_then(|index| self.entry_of(index, 0)).unwrap_or(0))
    }

    /// The first entry from `entry` on whose track may be playable.
    pub(crate) fn from(&self, entry: u64) -> Option<u64> {
        let tracks = lock(&self.tracks);
        let turn = tracks.turns.from(entry.saturating_sub(tracks.first), |index| tracks.may_play(index));
        turn.map(|turn| turn + tracks.first)
    }

    /// The last entry before `entry` whose track may be playable.
    pub(super) fn before(&self, entry: u64) -> Option<u64> {
        let tracks = lock(&self.tracks);
        let turn = tracks.turns.before(entry.saturating_sub(tracks.first), |index| tracks.may_play(index));
        turn.map(|turn| turn + tracks.first)
    }

    /// Load the track of an entry.
    pub(crate) fn load(&self, entry: u64, interrupt: &Interrupt) -> Result<(Track, Vec<Problem>)> {
        let (load, index) = {
            let tracks = lock(&self.tracks);
            (Arc::clone(&tracks.load), tracks.index(entry))
        };
        load(index, interrupt)
    }

    /// Leave the track of an entry out from now on.
    pub(crate) fn leave_out(&self, entry: u64, reason: String) {
        let mut tracks = lock(&self.tracks);
        let index = tracks.index(entry);
        tracks.left_out.push((index, reason));
    }

    pub(super) fn left_out(&self) -> Vec<(usize, String)> {
        lock(&self.tracks).left_out.clone()
    }

    /// Seconds of the crossfade between two tracks.
    pub(crate) const fn crossfade(&self) -> f64 {
        self.crossfade
    }

    /// Seconds of the crossfade of a skip.
    pub(crate) fn skip_fade(&self) -> f64 {
        self.crossfade.min(SKIP_S)
    }
}
