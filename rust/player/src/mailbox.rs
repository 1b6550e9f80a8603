//! Commands on their way to the render thread: one slot each, the latest wins.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use realtime_backend_core::lock::lock;

use crate::render_thread::Source;

/// What has been asked for and not carried out.
#[derive(Default)]
pub(crate) struct Mail {
    /// Track frame to go to.
    pub(crate) seek: Option<u64>,
    /// An edited track, ready to play.
    pub(crate) source: Option<Box<Source>>,
    /// End the render thread.
    pub(crate) close: bool,
}

impl Mail {
    pub(crate) const fn is_pending(&self) -> bool {
        self.seek.is_some() || self.source.is_some()
    }
}

/// The box itself. Its lock is held for moves of a pointer only, and never by the audio callback.
#[derive(Default)]
pub(crate) struct Mailbox {
    mail: Mutex<Mail>,
    bell: Condvar,
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, Mail> {
        lock(&self.mail)
    }

    /// Change the mail and wake the render thread; whatever was replaced is dropped here, by the sender.
    pub(crate) fn post<R>(&self, change: impl FnOnce(&mut Mail) -> R) -> R {
        let result = change(&mut self.lock());
        self.bell.notify_all();
        result
    }

    /// Take the mail, waiting for some until `timeout`.
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
