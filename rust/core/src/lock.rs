//! Locks that a panic elsewhere does not close for good.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Lock `mutex`, also after a thread has panicked while it held it: what is guarded in this workspace stays usable then.
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
