//! Check-points of a running sum that are computed on demand. Creating a voice is free, playing it computes each
//! check-point once, and a seek far ahead computes all check-points on the way once.

use std::sync::{Arc, Mutex};

use crate::lock::lock;

/// Values of a sum at the marks `0, 1, 2, ...`. Clones share the values that are already known.
#[derive(Debug, Clone)]
pub(crate) struct Marks<T> {
    first: T,
    known: Arc<Mutex<Vec<T>>>,
}

impl<T: Copy> Marks<T> {
    /// Starts with the value `first` at mark 0.
    pub(crate) fn new(first: T) -> Self {
        Self { first, known: Arc::default() }
    }

    /// The value at mark `index`; `advance(k, value)` computes the value at mark `k + 1` from that at mark `k`.
    pub(crate) fn at(&self, index: u64, mut advance: impl FnMut(u64, T) -> T) -> T {
        if index == 0 {
            return self.first;
        }
        let mut known = lock(&self.known);
        while (known.len() as u64) < index {
            let last = known.last().copied().unwrap_or(self.first);
            let next = advance(known.len() as u64, last);
            known.push(next);
        }
        known.get(index as usize - 1).copied().unwrap_or(self.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_computed_once() {
        let marks = Marks::new(5_u64);
        let mut steps = 0;
        let mut at = |index| {
            marks.at(index, |k, value| {
                steps += 1;
                value + k
            })
        };
        assert_eq!((at(0), at(3), at(2), at(4)), (5, 8, 6, 11));
        assert_eq!(steps, 4);
    }
}
