//! Work in numbered jobs whose results are handed on in order while the next ones are computed. There is no wait between
//! one job of a thread and its next one, as long as the results are taken as fast as they come.

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::{self, Builder};

use crate::error::Result;
use crate::lock::lock;

/// Runs the jobs `0..count` on one thread per worker and passes their results to `take`, on the calling thread and in the
/// order of the jobs. Not more than `ahead` results (at least one for each worker) are computed or wait at a time. With
/// one worker, or if no thread can be started, everything runs on the calling thread.
///
/// # Errors
/// The first error of `take`. No further job begins then.
pub fn rolling<W: Send, R: Send>(
    workers: &mut [W],
    count: usize,
    ahead: usize,
    job: impl Fn(&mut W, usize) -> R + Sync,
    mut take: impl FnMut(R) -> Result<()>,
) -> Result<()> {
    if workers.len() > 1 && count > 1 {
        let queue = Queue::new(count, ahead.max(workers.len()));
        let (queue, job) = (&queue, &job);
        let begun = thread::scope(|scope| {
            let threads: Vec<_> = workers
                .iter_mut()
                .take(count)
                .map_while(|worker| Builder::new().spawn_scoped(scope, move || queue.work(worker, job)).ok())
                .collect();
            let taken = (!threads.is_empty()).then(|| queue.hand_on(&mut take));
            for thread in threads {
                thread.join().unwrap_or_else(|panic| resume_unwind(panic));
            }
            taken
        });
        if let Some(taken) = begun {
            return taken;
        }
    }
    let Some(worker) = workers.first_mut() else { return Ok(()) };
    (0..count).try_for_each(|index| take(job(worker, index)))
}

/// Jobs of [`rolling`] that are yet to begin, and results that wait.
struct Queue<R> {
    count: usize,
    state: Mutex<State<R>>,
    /// A result was taken, or the work has ended.
    room: Condvar,
    /// A result is there, or a thread has panicked.
    done: Condvar,
}

struct State<R> {
    /// The next job to begin.
    next: usize,
    /// Results of the jobs from the first one that was not taken yet, as many as may wait.
    results: VecDeque<Option<R>>,
    taken: usize,
    stopped: bool,
}

impl<R: Send> Queue<R> {
    fn new(count: usize, ahead: usize) -> Self {
        let results = (0..ahead).map(|_| None).collect();
        let state = State { next: 0, results, taken: 0, stopped: false };
        Self { count, state: Mutex::new(state), room: Condvar::new(), done: Condvar::new() }
    }

    fn work<W>(&self, worker: &mut W, job: impl Fn(&mut W, usize) -> R) {
        // a panic of a job ends the work of all threads
        let end = OnPanic(|| self.stop());
        while let Some(index) = self.next() {
            let result = job(worker, index);
            let mut state = lock(&self.state);
            let place = index - state.taken;
            state.results[place] = Some(result);
            self.done.notify_one();
        }
        drop(end);
    }

    /// The next job, as soon as there is room for its result; `None` if none is left.
    fn next(&self) -> Option<usize> {
        let full = |state: &mut State<R>| {
            !state.stopped && state.next < self.count && state.next - state.taken >= state.results.len()
        };
        let mut state = self.room.wait_while(lock(&self.state), full).unwrap_or_else(PoisonError::into_inner);
        if state.stopped || state.next == self.count {
            return None;
        }
        state.next += 1;
        Some(state.next - 1)
    }

    /// Pass all results to `take` in order.
    fn hand_on(&self, take: &mut impl FnMut(R) -> Result<()>) -> Result<()> {
        let end = OnPanic(|| self.stop());
        for _ in 0..self.count {
            let waiting = |state: &mut State<R>| !state.stopped && state.results[0].is_none();
            let mut state = self.done.wait_while(lock(&self.state), waiting).unwrap_or_else(PoisonError::into_inner);
            let Some(result) = state.results[0].take() else { break };
            state.results.rotate_left(1);
            state.taken += 1;
            drop(state);
            self.room.notify_all();
            if let Err(error) = take(result) {
                self.stop();
                return Err(error);
            }
        }
        drop(end);
        Ok(())
    }

    fn stop(&self) {
        lock(&self.state).stopped = true;
        self.room.notify_all();
        self.done.notify_all();
    }
}

/// Calls a function if it is dropped by a panic.
struct OnPanic<F: Fn()>(F);

impl<F: Fn()> Drop for OnPanic<F> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::error::Error;

    #[test]
    fn no_workers_do_nothing() {
        rolling(&mut [0_u8; 0], 5, 1, |_, _| (), |()| unreachable!()).unwrap();
    }

    #[test]
    fn rolling_results_arrive_in_order_and_few_wait() {
        for (workers, ahead) in [(1, 1), (2, 1), (2, 5), (3, 4), (8, 9)] {
            let (begun, mut taken) = (AtomicUsize::new(0), 0);
            let job = |_: &mut u8, index: usize| {
                begun.fetch_add(1, Ordering::Relaxed);
                if index % 3 == 0 {
                    thread::yield_now();
                }
                index
            };
            let take = |index: usize| {
                assert_eq!(index, taken);
                taken += 1;
                assert!(begun.load(Ordering::Relaxed) - taken <= ahead.max(workers));
                Ok(())
            };
            rolling(&mut vec![0; workers], 500, ahead, job, take).unwrap();
            assert_eq!((taken, begun.into_inner()), (500, 500));
        }
    }

    #[test]
    fn errors_stop_a_rolling_queue_and_panics_pass_through() {
        for workers in [1, 3] {
            let begun = AtomicUsize::new(0);
            let job = |_: &mut u8, index: usize| {
                begun.fetch_add(1, Ordering::Relaxed);
                index
            };
            let stopped =
                rolling(
                    &mut vec![0; workers],
                    1000,
                    4,
                    job,
                    |index| {
                        if index == 5 { Err(Error::Cancelled) } else { Ok(()) }
                    },
                );
            assert!(matches!(stopped, Err(Error::Cancelled)));
            assert!(begun.into_inner() <= 11);
            let panics = |_: &mut u8, index: usize| assert!(index != 7, "job {index}");
            let panicked = std::panic::catch_unwind(|| rolling(&mut vec![0; workers], 1000, 4, panics, |()| Ok(())));
            assert!(panicked.is_err());
        }
    }
}
