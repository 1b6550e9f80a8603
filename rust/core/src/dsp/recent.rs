//! A cache of the few values that were used last.

use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

/// Number of values that are kept.
const KEPT: usize = 3;

/// The last [`KEPT`] values by key, most recent first.
pub(crate) struct Recent<K, V>(Mutex<Vec<(K, Arc<V>)>>);

/// The kept values, the most recently used first.
type Entries<K, V> = Vec<(K, Arc<V>)>;

impl<K: PartialEq, V> Recent<K, V> {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Never waits for the lock: in a process that was forked while another thread held it, it is never released.
    fn kept(&self) -> Option<MutexGuard<'_, Entries<K, V>>> {
        match self.0.try_lock() {
            Ok(kept) => Some(kept),
            Err(TryLockError::Poisoned(kept)) => Some(kept.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// The value for `key`, made by `make` unless it is kept.
    pub(crate) fn get(&self, key: K, make: impl FnOnce() -> V) -> Arc<V> {
        let known = self.kept().and_then(|mut kept| {
            let place = kept.iter().position(|(known, _)| *known == key)?;
            kept[..=place].rotate_right(1);
            kept.first().map(|(_, found)| found.clone())
        });
        known.unwrap_or_else(|| {
            let made = Arc::new(make());
            if let Some(mut kept) = self.kept() {
                kept.retain(|(known, _)| *known != key);
                kept.insert(0, (key, Arc::clone(&made)));
                kept.truncate(KEPT);
            }
            made
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fourth_value_replaces_the_oldest() {
        let recent = Recent::new();
        let mut made = Vec::new();
        let mut get = |key: i32| {
            *recent.get(key, || {
                made.push(key);
                10 * key
            })
        };
        assert_eq!([1, 2, 3, 1, 4, 2].map(&mut get), [10, 20, 30, 10, 40, 20]);
        assert_eq!(made, [1, 2, 3, 4, 2]);
    }

    #[test]
    fn a_lock_that_is_never_released_does_not_block() {
        static RECENT: Recent<i32, i32> = Recent::new();
        let held = RECENT.0.lock();
        let (tx, rx) = std::sync::mpsc::channel();
        std::thread::spawn(move || tx.send(*RECENT.get(1, || 7)));
        let found = rx.recv_timeout(std::time::Duration::from_secs(30));
        drop(held);
        assert_eq!(found, Ok(7));
    }
}
