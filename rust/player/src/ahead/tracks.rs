//! The track that is heard, and those that were made lately.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use realtime_backend_core::error::Problem;
use realtime_backend_core::lock::lock;
use realtime_backend_core::plan::Plan;
use realtime_backend_core::stream::StreamClips;
use realtime_backend_core::track::Track;

/// Most sources that are known at a time. Older ones are not heard any more.
const KNOWN: usize = 16;

/// A track that plays or will play.
#[derive(Clone)]
pub(crate) struct Current {
    /// Number and entry of its source.
    pub(crate) number: u64,
    pub(crate) entry: u64,
    pub(crate) track: Arc<Track>,
    pub(crate) plan: Arc<Plan>,
    /// Its streamed clips.
    pub(crate) clips: StreamClips,
    pub(crate) warnings: Vec<Problem>,
}

/// The track that is heard, or the edit that is about to take over, and those that were made lately.
pub(crate) struct Tracks {
    current: Mutex<Current>,
    known: Mutex<Vec<Current>>,
    numbers: AtomicU64,
}

impl Tracks {
    pub(crate) fn new(first: Current) -> Self {
        let numbers = AtomicU64::new(first.number + 1);
        Self { current: Mutex::new(first.clone()), known: Mutex::new(vec![first]), numbers }
    }

    /// A number that no source has.
    pub(crate) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn current(&self) -> Current {
        lock(&self.current).clone()
    }

    pub(crate) fn plan(&self) -> Arc<Plan> {
        Arc::clone(&lock(&self.current).plan)
    }

    /// The track that is heard, with its plan.
    pub(crate) fn pair(&self) -> (Arc<Track>, Arc<Plan>) {
        let current = lock(&self.current);
        (Arc::clone(&current.track), Arc::clone(&current.plan))
    }

    /// The entry that is heard.
    pub(crate) fn entry(&self) -> u64 {
        lock(&self.current).entry
    }

    pub(crate) fn set(&self, current: Current) {
        self.know(current.clone());
        *lock(&self.current) = current;
    }

    /// The track that is heard becomes this one.
    pub(super) fn heard(&self, track: Current) {
        *lock(&self.current) = track;
    }

    /// Know the source `number`, which repeats one of the same entry with another plan.
    pub(super) fn repeat(&self, number: u64, entry: u64, plan: &Arc<Plan>) {
        if self.find(number).is_some() {
            return;
        }
        let like = lock(&self.known).iter().rev().find(|track| track.entry == entry).cloned();
        if let Some(like) = like {
            self.know(Current { number, plan: Arc::clone(plan), ..like });
        }
    }

    /// Remember a track that may be heard later.
    pub(crate) fn know(&self, track: Current) {
        let mut known = lock(&self.known);
        if known.len() >= KNOWN {
            known.remove(0);
        }
        known.push(track);
    }

    /// The track whose source has this number.
    pub(super) fn find(&self, number: u64) -> Option<Current> {
        lock(&self.known).iter().find(|track| track.number == number).cloned()
    }
}
