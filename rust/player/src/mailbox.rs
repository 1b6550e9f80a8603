//! Commands for the render thread: one slot for each kind, in which the latest command replaces the one before.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use realtime_backend_core::lock::lock;
use realtime_backend_core::stream::{Led, Loop, Next};

use crate::render_thread::TakeOver;

/// Something else, or nothing, from now on.
pub(crate) struct Replace<T>(pub(crate) Option<T>);

/// Commands that have not been carried out.
#[derive(Default)]
pub(crate) struct Mail {
    /// Track frame to go to.
    pub(crate) seek: Option<u64>,
    /// Compiled source of an edited track, or of another one.
    pub(crate) source: Option<TakeOver>,
    /// The loop to play; `None` in it ends the loop.
    pub(crate) looping: Option<Replace<Loop>>,
    /// The next round of a loop.
    pub(crate) led: Option<Led>,
    /// The next track; `None` in it: another one than that which was made before.
    pub(crate) next: Option<Replace<Next>>,
    /// How many times to skip to the next track.
    pub(crate) skips: u32,
    /// Whether another track follows the one that plays.
    pub(crate) continues: Option<bool>,
    /// Whether the render thread shall end.
    pub(crate) close: bool,
}

impl Mail {
    /// Whether there is something that changes the sound at once.
    pub(crate) const fn is_pending(&self) -> bool {
        self.seek.is_some() || self.source.is_some() || self.looping.is_some()
    }

    /// Whether there is something that will be of use later.
    const fn is_later(&self) -> bool {
        self.led.is_some() || self.next.is_some() || self.continues.is_some() || self.skips > 0
    }
}

/// The mailbox. Its lock is held only while a few values are moved, and never by the audio callback.
#[derive(Default)]
pub(crate) struct Mailbox {
    mail: Mutex<Mail>,
    bell: Condvar,
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, Mail> {
        lock(&self.mail)
    }

    /// Change the mail and wake the render thread. The sender drops what `change` returns, such as a replaced source.
    pub(crate) fn post<R>(&self, change: impl FnOnce(&mut Mail) -> R) -> R {
        let result = change(&mut self.lock());
        self.bell.notify_all();
        result
    }

    /// Move new commands to `into`. If there are none, wait for one for at most `timeout`.
    pub(crate) fn collect(&self, into: &mut Mail, timeout: Duration) {
        let mut mail = self.lock();
        if !mail.is_pending() && !mail.is_later() && !mail.close {
            mail = self.bell.wait_timeout(mail, timeout).unwrap_or_else(PoisonError::into_inner).0;
        }
        if let Some(frame) = mail.seek.take() {
            into.seek = Some(frame);
        }
        if let Some(source) = mail.source.take() {
            into.source = Some(source);
        }
        if let Some(looping) = mail.looping.take() {
            into.looping = Some(looping);
        }
        if let Some(led) = mail.led.take() {
            into.led = Some(led);
        }
        if let Some(next) = mail.next.take() {
            into.next = Some(next);
        }
        if let Some(continues) = mail.continues.take() {
            into.continues = Some(continues);
        }
        into.skips += std::mem::take(&mut mail.skips);
        into.close |= mail.close;
    }
}
