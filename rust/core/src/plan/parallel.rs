//! Work split over threads in numbered jobs: results come back in order, whatever thread did them.
//!
//! Jobs run in waves; between waves the calling thread reports progress and may be told to stop.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::iter::{IntoParallelRefMutIterator, ParallelIterator};

use crate::error::{Error, Result};

/// Told how far a long call is, 0 to 1, on the thread that made the call; false asks to stop.
pub type Progress<'a> = &'a mut dyn FnMut(f64) -> bool;

/// Threads to use when `wanted` were asked for (0: all cores).
pub fn threads(wanted: usize) -> usize {
    if wanted == 0 { rayon::current_num_threads() } else { wanted }
}

/// Run the jobs `0..count` on as many threads as there are workers; results in the order of the jobs.
pub fn run<W: Send, R: Send>(workers: &mut [W], count: usize, job: impl Fn(&mut W, usize) -> R + Sync) -> Vec<R> {
    if let [worker] = workers {
        return (0..count).map(|index| job(worker, index)).collect();
    }
    let next = AtomicUsize::new(0);
    let mut done: Vec<(usize, R)> = workers
        .par_iter_mut()
        .flat_map_iter(|worker| {
            let mut mine = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= count {
                    break mine;
                }
                mine.push((index, job(worker, index)));
            }
        })
        .collect();
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// [`run`] in waves of a few jobs per worker, with progress between them.
pub fn run_reporting<W: Send, R: Send>(
    workers: &mut [W],
    count: usize,
    job: impl Fn(&mut W, usize) -> R + Sync,
    progress: Progress<'_>,
) -> Result<Vec<R>> {
    const JOBS_PER_WORKER: usize = 8;
    let wave = workers.len() * JOBS_PER_WORKER;
    let mut results = Vec::with_capacity(count);
    while results.len() < count {
        let first = results.len();
        results.extend(run(workers, wave.min(count - first), |worker, index| job(worker, first + index)));
        if !progress(results.len() as f64 / count as f64) {
            return Err(Error::Cancelled);
        }
    }
    Ok(results)
}

/// Part of a longer call: maps 0..1 to `from..to` of `progress`.
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
    fn saying_no_stops_the_work() {
        let mut seen = 0;
        let stopped = run_reporting(&mut [0_u8; 2], 1000, |_, index| index, &mut |done| {
            seen += 1;
            done < 0.3
        });
        assert!(matches!(stopped, Err(Error::Cancelled)));
        assert!(seen < 25);
    }
}
