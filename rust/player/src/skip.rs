//! From one track of a list to another.

use std::sync::atomic::Ordering;

use realtime_backend_core::lock::lock;

use crate::ahead::Ask;
use crate::mailbox::Replace;
use crate::player::Player;
use crate::queue::State;

impl Player {
    /// The entry of the list that is heard.
    pub(crate) fn entry(&self) -> u64 {
        self.tracks.entry()
    }

    /// Whether the end was heard, and not only that of the sleep timer.
    pub(crate) fn has_ended(&self) -> bool {
        self.state() == State::Finished && !self.shared.slept.load(Ordering::Acquire)
    }

    /// Go to the next track at once, or as soon as it is ready.
    pub(crate) fn skip_to_next(&self) {
        self.mailbox.post(|mail| mail.skips += 1);
    }

    /// Go to the start of an entry as soon as it is ready.
    pub(crate) fn skip_to(&self, entry: Option<u64>) {
        if let (Some(entry), Some(asks)) = (entry, lock(&self.asks).as_ref()) {
            asks.send(Ask::Skip(entry)).ok();
        }
    }

    /// Make the track that follows again: it is another one, if there is one.
    pub(crate) fn follow_anew(&self, more: bool) {
        // the one that was made before must not be heard
        let unused = self.mailbox.post(|mail| {
            mail.continues = Some(more);
            mail.next.replace(Replace(None))
        });
        drop(unused);
        if let Some(asks) = lock(&self.asks).as_ref() {
            asks.send(Ask::FollowAnew).ok();
        }
    }
}
