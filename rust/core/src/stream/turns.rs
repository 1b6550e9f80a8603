//! Which track of a list has its turn.
//!
//! An entry is a turn of the list: entry 0 is the first track that is played, and a list of `n` tracks that is repeated
//! begins again at entry `n`.

use crate::dsp::split_mix::{STEP, mixed};

/// An order by chance. The same seed gives the same order, on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shuffle {
    /// Seed of the order.
    pub seed: u64,
}

impl Shuffle {
    /// The order of `count` tracks in round `round` of a list that is repeated.
    ///
    /// ```
    /// use realtime_backend_core::stream::Shuffle;
    ///
    /// let shuffle = Shuffle { seed: 7 };
    /// let mut order = shuffle.order(5, 0);
    /// assert_eq!(order, shuffle.order(5, 0));
    /// order.sort();
    /// assert_eq!(order, [0, 1, 2, 3, 4]);
    /// ```
    pub fn order(self, count: usize, round: u64) -> Vec<usize> {
        let mut state = self.seed ^ round.wrapping_mul(STEP);
        let mut order: Vec<usize> = (0..count).collect();
        // Fisher and Yates
        for last in (1..count).rev() {
            state = state.wrapping_add(STEP);
            order.swap(last, (mixed(state) % (last as u64 + 1)) as usize);
        }
        order
    }
}

/// The turns of a list of tracks.
///
/// ```
/// use realtime_backend_core::stream::Turns;
///
/// let turns = Turns { count: 3, shuffle: None, repeat: true };
/// // the track with index 1 cannot be played
/// let playable = |index: usize| index != 1;
/// assert_eq!((turns.from(1, playable), turns.from(4, playable)), (Some(2), Some(5)));
/// assert_eq!((turns.before(2, playable), turns.index(5), turns.entry_of(2, 4)), (Some(0), 2, Some(5)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turns {
    /// Number of tracks.
    pub count: usize,
    /// An order by chance; `None`: that of the list.
    pub shuffle: Option<Shuffle>,
    /// Begin again after the last track, in another order if that is by chance.
    pub repeat: bool,
}

impl Turns {
    /// Index of the track of an entry.
    pub fn index(&self, entry: u64) -> usize {
        let count = self.count.max(1) as u64;
        let place = (entry % count) as usize;
        match self.shuffle {
            Some(shuffle) => shuffle.order(self.count, entry / count).get(place).copied().unwrap_or(place),
            None => place,
        }
    }

    /// The entry of the track `index` in the round of `entry`; `None` if there is no such track.
    pub fn entry_of(&self, index: usize, entry: u64) -> Option<u64> {
        let round = entry / self.count.max(1) as u64;
        let begin = round * self.count as u64;
        (begin..begin + self.count as u64).find(|entry| self.index(*entry) == index)
    }

    /// The first entry from `entry` on whose track is `playable`.
    pub fn from(&self, entry: u64, playable: impl Fn(usize) -> bool) -> Option<u64> {
        let count = self.count as u64;
        (entry..entry + count)
            .take_while(|entry| self.repeat || *entry < count)
            .find(|entry| playable(self.index(*entry)))
    }

    /// The last entry before `entry` whose track is `playable`.
    pub fn before(&self, entry: u64, playable: impl Fn(usize) -> bool) -> Option<u64> {
        (0..entry).rev().take(self.count).find(|entry| playable(self.index(*entry)))
    }
}
