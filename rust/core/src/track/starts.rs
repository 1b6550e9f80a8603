//! Gives steps their positions the way loading a file does (spec assembly 2), and bounds the whole.

use super::model::{Globals, Step, Track};
use crate::json::fields::MAX_TRACK_SECONDS;
use crate::json::findings::Findings;

/// Fill in the start of every step that has none. Only the *global* crossfade counts here; a step's own crossfade
/// changes the fade, not the position.
pub(super) fn fill(steps: &mut [Step], globals: &Globals) {
    let crossfade = globals.crossfade_duration;
    let mut t = 0.0_f64;
    for step in steps {
        match step.start {
            None => {
                step.start = Some(t);
                t += if crossfade > 0.0 {
                    (step.duration - crossfade * globals.crossfade_overlap).max(0.0)
                } else {
                    step.duration
                };
            }
            Some(start) => t = t.max(start + step.duration),
        }
    }
}

/// Finds where steps begin as the renderer places them (spec assembly 3), one after the other: a step's own fade counts.
#[derive(Default)]
pub(crate) struct Placing {
    /// Where the next step begins if it does not say, seconds.
    now: f64,
}

impl Placing {
    /// Where a step of `duration` seconds begins, which lies at `start` if that is given, and else overlaps its successor
    /// by `overlap` seconds. A step of no length moves nothing.
    pub(crate) fn next(&mut self, start: Option<f64>, duration: f64, overlap: f64) -> f64 {
        let begin = start.unwrap_or(self.now).max(0.0);
        if duration > 0.0 && start.is_some() {
            self.now = begin + duration;
        } else if duration > 0.0 {
            self.now += (duration - overlap).max(0.0);
        }
        begin
    }
}

/// Where each step is rendered, in seconds: steps that have no start, such as those of a track that was given as an
/// object, follow the one before.
pub(super) fn rendered(steps: &[Step], globals: &Globals) -> Vec<f64> {
    let mut placing = Placing::default();
    let begin = |step: &Step| {
        let fade = step.crossfade_duration.unwrap_or(globals.crossfade_duration).max(0.0);
        let share = step.crossfade_overlap.unwrap_or(globals.crossfade_overlap);
        let begin = placing.next(step.start, step.duration, fade * share);
        step.start.unwrap_or(begin)
    };
    steps.iter().map(begin).collect()
}

/// Refuse a track that ends beyond the longest length.
pub(super) fn check(track: &Track, findings: &Findings) {
    let mut end = 0.0_f64;
    for step in &track.steps {
        end = step.start.map_or(end + step.duration, |start| end.max(start + step.duration));
        if end > MAX_TRACK_SECONDS {
            findings.error(
                step.at.clone(),
                format!("the step ends at {end} s; a track may last at most {MAX_TRACK_SECONDS} seconds (7 days)"),
            );
            return;
        }
    }
}
