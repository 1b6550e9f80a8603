//! The controls of the desktop in builds without the feature `mpris`, and on systems without MPRIS: none.

use realtime_backend_player::Player;

use super::keys::Key;
use super::screen::Now;

/// Nothing on the session bus.
pub(super) struct Mpris;

impl Mpris {
    pub(super) const fn begin(_now: Now<'_>) -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "the other one has a bus")]
    pub(super) const fn next(&self, _player: &Player) -> Option<Key> {
        None
    }

    #[expect(clippy::unused_self, reason = "the other one has a bus")]
    pub(super) const fn show(&mut self, _now: Now<'_>) {}
}
