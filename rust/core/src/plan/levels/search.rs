//! Finds the exact peak of a sound from upper bounds of its parts, and renders only the few parts that may contain it.

use super::peaks::CELL;
use crate::order::order;
use crate::parallel::run;
use crate::voice::registry::longest_cell;

/// Candidates within stretches of this many frames are rendered together, in order of position: to compute a few frames
/// of a long cell costs as much as all of it.
const NEAR: u64 = longest_cell();

/// Most stretches per worker that are rendered before the largest peak found so far is compared again.
const JOBS_PER_WORKER: usize = 8;

/// A range of frames that may contain the peak, with an upper bound of the peak in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) bound: f32,
    pub(crate) from: u64,
    pub(crate) to: u64,
}

impl Candidate {
    /// Cell number `cell` of a step of `frames` frames.
    pub(crate) fn cell(bound: f32, cell: u64, frames: u64) -> Self {
        Self { bound, from: cell * CELL, to: ((cell + 1) * CELL).min(frames) }
    }
}

/// The exact peak of a sound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Found {
    pub(crate) peak: f32,
    /// First frame of the candidate that has it; `None` if it is the floor.
    pub(crate) from: Option<u64>,
}

impl Found {
    /// Take the peak of the candidate that begins at frame `from`, if it is higher.
    fn or(self, peak: f32, from: Option<u64>) -> Self {
        if peak > self.peak { Self { peak, from } } else { self }
    }
}

/// The largest peak of all candidates, or `floor` if none is higher. Stretches are rendered in descending order of the
/// largest bound in them, and of each only the candidates whose bound exceeds the largest peak found so far.
pub(crate) fn exact_peak<W: Send>(
    mut candidates: Vec<Candidate>,
    floor: f32,
    workers: &mut [W],
    measure: impl Fn(&mut W, u64, u64) -> f32 + Sync,
) -> Found {
    candidates.retain(|candidate| candidate.bound > floor);
    candidates.sort_by_cached_key(|candidate| candidate.from);
    let bound = |stretch: &[Candidate]| stretch.iter().map(|candidate| candidate.bound).fold(0.0, f32::max);
    let stretches = candidates.chunk_by(|a, b| a.from / NEAR == b.from / NEAR);
    let mut stretches: Vec<(f32, &[Candidate])> = stretches.map(|stretch| (bound(stretch), stretch)).collect();
    stretches.sort_by_cached_key(|(bound, _)| !order(f64::from(*bound)));
    let mut best = Found { peak: floor, from: None };
    let mut rest = stretches.as_slice();
    // The first stretches often contain the peak, so that few others are left.
    let mut most = workers.len();
    loop {
        let hopeful = rest.iter().take(most).take_while(|(bound, _)| *bound > best.peak).count();
        if hopeful == 0 {
            return best;
        }
        let (wave, others) = rest.split_at(hopeful);
        rest = others;
        let search = |worker: &mut W, job: usize| {
            wave[job].1.iter().fold(best, |best, candidate| {
                if candidate.bound <= best.peak {
                    return best;
                }
                best.or(measure(worker, candidate.from, candidate.to), Some(candidate.from))
            })
        };
        let found = run(workers, wave.len(), search);
        best = found.into_iter().fold(best, |best, found| best.or(found.peak, found.from));
        most = (2 * most).min(JOBS_PER_WORKER * workers.len());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::lock::lock;

    /// The peak of cell `cell` of a sound, and a bound of it.
    fn sound(cell: u64) -> [f32; 2] {
        let peak = ((cell + 1) as f32 * 12.9898).sin().abs();
        [peak, peak * 1.3 + 0.01]
    }

    #[test]
    fn the_search_finds_the_largest_peak_in_order_of_position() {
        for (count, workers) in [(1, 1), (40, 3), (1000, 2)] {
            let candidates: Vec<_> = (0..count).map(|cell| Candidate::cell(sound(cell)[1], cell, u64::MAX)).collect();
            let exact = (0..count).map(|cell| sound(cell)[0]).fold(0.0, f32::max);
            let rendered = Mutex::new(Vec::new());
            let measure = |_: &mut u8, from: u64, to: u64| {
                assert_eq!(to - from, CELL);
                lock(&rendered).push(from / CELL);
                sound(from / CELL)[0]
            };
            let found = exact_peak(candidates.clone(), 0.0, &mut vec![0; workers], measure);
            assert_eq!((found.peak, found.from.map(|from| sound(from / CELL)[0])), (exact, Some(exact)));
            let mut cells = rendered.into_inner().unwrap();
            assert!(
                workers > 1 || cells.chunk_by(|a, b| a / (NEAR / CELL) == b / (NEAR / CELL)).all(<[u64]>::is_sorted)
            );
            cells.sort_unstable();
            let all = cells.len();
            cells.dedup();
            assert_eq!(cells.len(), all, "no cell is rendered twice");
            assert_eq!(exact_peak(candidates, 2.0, &mut vec![0; workers], |_, _, _| unreachable!()).peak, 2.0);
        }
    }
}
