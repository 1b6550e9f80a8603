//! The order to the sleep timer, from any thread to the audio callback, without a lock.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU32, AtomicU64, fence};

/// When the sleep timer ends the playback, in frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Order {
    /// Frames until the silence; [`Self::NEVER`] without a timer.
    pub(crate) length: u64,
    /// Frames over which the sound fades before that.
    pub(crate) fade: u64,
}

impl Order {
    /// The length of no timer.
    pub(crate) const NEVER: u64 = u64::MAX;
}

/// The latest order. One thread at a time may give one; the callback never waits for it.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    /// Twice the number of orders; odd while one is written.
    count: AtomicU32,
    length: AtomicU64,
    fade: AtomicU64,
}

impl Orders {
    /// Give an order. Callers hold a lock, so that there is one at a time. Returns its number.
    pub(crate) fn give(&self, order: Order) -> u32 {
        let count = self.count.load(Relaxed);
        self.count.store(count.wrapping_add(1), Relaxed);
        fence(Release);
        self.length.store(order.length, Relaxed);
        self.fade.store(order.fade, Relaxed);
        self.count.store(count.wrapping_add(2), Release);
        count.wrapping_add(2)
    }

    /// The latest order and its number, if that is not `known` and no other order is being given.
    pub(crate) fn newer(&self, known: u32) -> Option<(u32, Order)> {
        let count = self.count.load(Acquire);
        if count == known || count % 2 == 1 {
            return None;
        }
        let order = Order { length: self.length.load(Relaxed), fade: self.fade.load(Relaxed) };
        fence(Acquire);
        (self.count.load(Relaxed) == count).then_some((count, order))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_order_is_read_once() {
        let orders = Orders::default();
        assert_eq!(orders.newer(0), None);
        orders.give(Order { length: 5, fade: 1 });
        let count = orders.give(Order { length: 9, fade: 2 });
        assert_eq!(orders.newer(0), Some((count, Order { length: 9, fade: 2 })));
        assert_eq!(orders.newer(count), None);
    }
}
