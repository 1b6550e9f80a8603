//! Commands for the render thread: one slot for each kind, in which the latest command replaces the one before.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use realtime_backend_core::lock::lock;

use crate::render_thread::Source;

/// Commands that have not been carried out.
#[derive(Default)]
pub(crate) struct Mail {
    /// Track frame to go to.
    pub(crate) seek: Option<u64>,
    /// Compiled source of an edited track.
    pub(crate) source: Option<Box<Source>>,
    /// Whether the render thread shall end.
    pub(crate) close: bool,
}

impl Mail {
    pub(crate) const fn is_pending(&self) -> bool {
        self.seek.is_some() || self.source.is_some()
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
        if !mail.is_pending() && !mail.close {
            mail = self.bell.wait_timeout(mail, timeout).unwrap_or_else(PoisonError::into_inner).0;
        }
        if let Some(frame) = mail.seek.take() {
            into.seek = Some(frame);
        }
        if let Some(source) = mail.source.take() {
            into.source = Some(source);
        }
        into.close |= mail.close;
    }
}
