//! Work split over threads in numbered jobs. Results come back in the order of the jobs, whichever thread ran them.
//!
//! Jobs run in waves or, with a limit on the results that wait, one after the other ([`crate::rolling`]); in
//! between the calling thread reports progress and may be told to stop.
//!
//! Threads live for one wave or one call only. There is no thread pool, because a forked child process would not have its
//! threads and would wait for them forever.

use std::panic::resume_unwind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::lock::lock;

/// Upper limit for the number of threads of a call.
pub const MOST_THREADS: usize = 1024;

/// Callback for the progress of a long call, 0 to 1, on the calling thread. It returns false to stop the call.
pub type Progress<'a> = &'a mut dyn FnMut(f64) -> bool;

/// Number of threads to use if `wanted` are requested (0: one per core), at most [`MOST_THREADS`].
pub fn threads(wanted: usize) -> usize {
    let wanted = if wanted == 0 { thread::available_parallelism().map_or(1, Into::into) } else { wanted };
    wanted.min(MOST_THREADS)
}

/// Runs the jobs `0..count` on one thread per worker; the calling thread is one of them. Returns the results in the
/// order of the jobs. If a thread cannot be started, the others do its work.
pub fn run<W: Send, R: Send>(workers: &mut [W], count: usize, job: impl Fn(&mut W, usize) -> R + Sync) -> Vec<R> {
    let used = workers.len().min(count);
    let Some((own, others)) = workers[..used].split_first_mut() else { return Vec::new() };
    let next = AtomicUsize::new(0);
    let work = |worker: &mut W| {
        let mut mine = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break mine;
            }
            mine.push((index, job(worker, index)));
        }
    };
    let work = &work;
    let done = thread::scope(|scope| {
        let started: Vec<_> = others
            .iter_mut()
            .map_while(|worker| Builder::new().spawn_scoped(scope, move || work(worker)).ok())
            .collect();
        let mut done = work(own);
        for thread in started {
            done.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    let mut results: Vec<Option<R>> = (0..count).map(|_| None).collect();
    for (index, result) in done {
        results[index] = Some(result);
    }
    results.into_iter().flatten().collect()
}

/// Runs `aside` on another thread while `own` runs on this one. If no thread can be started, `aside` runs after `own`.
pub fn beside<A>(own: impl FnOnce() -> A, aside: impl FnOnce() + Send) -> A {
    let waiting = Mutex::new(Some(aside));
    let take = || {
        let aside = lock(&waiting).take();
        if let Some(aside) = aside {
            aside();
        }
    };
    thread::scope(|scope| {
        let thread = Builder::new().spawn_scoped(scope, take);
        let result = own();
        match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => take(),
        }
        result
    })
}

/// Chooses how many jobs form a wave. A wave takes about 60 ms, however long a single job takes, so that a request to
/// stop seems to act at once.
struct Pace {
    workers: usize,
    /// Jobs for each worker in the next wave, and the upper limit for them.
    each: usize,
    most: usize,
    /// Start of the current wave; `None` where there is no clock.
    begun: Option<Instant>,
}

impl Pace {
    const WAVE: Duration = Duration::from_millis(60);

    /// For `workers` workers, with at most `most` jobs for each in one wave.
    fn new(workers: usize, most: usize) -> Self {
        Self { workers, each: 1, most, begun: None }
    }

    /// Starts a wave and returns its number of jobs, at most `left`.
    fn next(&mut self, left: usize) -> usize {
        // WebAssembly has no clock to read here; waves then stay at one job per worker
        self.begun = (!cfg!(target_family = "wasm")).then(Instant::now);
        (self.each * self.workers).min(left)
    }

    /// Ends the wave and adapts the size of the next one to the time that this one took.
    fn done(&mut self) {
        let Some(taken) = self.begun.map(|begun| begun.elapsed()) else { return };
        self.each = if 2 * taken < Self::WAVE {
            (2 * self.each).min(self.most)
        } else if taken > Self::WAVE {
            (self.each / 2).max(1)
        } else {
            self.each
        };
    }
}

/// [`run`] in waves, with a call of `progress` after each.
///
/// # Errors
/// [`Error::Cancelled`] if `progress` returned false.
pub fn run_reporting<W: Send, R: Send>(
    workers: &mut [W],
    count: usize,
    job: impl Fn(&mut W, usize) -> R + Sync,
    progress: Progress<'_>,
) -> Result<Vec<R>> {
    let mut pace = Pace::new(workers.len(), 64);
    let mut results = Vec::with_capacity(count);
    while results.len() < count {
        let first = results.len();
        let wave = pace.next(count - first);
        results.extend(run(workers, wave, |worker, index| job(worker, first + index)));
        pace.done();
        if !progress(results.len() as f64 / count as f64) {
            return Err(Error::Cancelled);
        }
    }
    Ok(results)
}

/// Progress of one part of a longer call: maps 0..1 to `from..to` and passes it to `progress`.
pub fn stage(progress: &mut dyn FnMut(f64) -> bool, from: f64, to: f64) -> impl FnMut(f64) -> bool {
    move |done| progress(from + (to - from) * done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_jobs() {
        for workers in [1, 3, 8] {
            let squares = run(&mut vec![0_u8; workers], 1000, |_, index| index * index);
            assert_eq!(squares, (0..1000).map(|i| i * i).collect::<Vec<_>>());
        }
    }

    #[test]
    fn threads_are_limited_and_no_workers_is_harmless() {
        assert_eq!(threads(usize::MAX), MOST_THREADS);
        assert!(run(&mut [0_u8; 0], 5, |_, index| index).is_empty());
        let mut done = false;
        assert_eq!(beside(|| 7, || done = true), 7);
        assert!(done);
    }

    #[test]
    fn a_progress_callback_that_returns_false_stops_the_work() {
        let mut seen = 0;
        let stopped = run_reporting(&mut [0_u8; 2], 1000, |_, index| index, &mut |done| {
            seen += 1;
            done < 0.3
        });
        assert!(matches!(stopped, Err(Error::Cancelled)));
        assert!(seen < 25);
    }
}
