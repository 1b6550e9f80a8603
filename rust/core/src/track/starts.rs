//! Positions of steps in seconds: fills in missing starts (spec assembly 2), and limits the length of a track.

use super::model::{Globals, Step, Track};
use crate::json::fields::MAX_TRACK_SECONDS;
use crate::json::findings::Findings;

/// Fill in the start of every step that has none. Only the *global* crossfade counts here; a step's own crossfade
/// changes the fade, not the position.
pub(super) fn fill(steps: &mut [Step], globals: &Globals) {
    let mut placing = Placing::new(After::Latest);
    let overlap = globals.crossfade_duration.max(0.0) * globals.crossfade_overlap;
    for step in steps {
        let begin = placing.next(step.start, step.duration, overlap);
        step.start.get_or_insert(begin);
    }
}

/// Where the step after one with an explicit start begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// At the end of that step, even if steps before it last longer, as the renderer places steps (spec assembly 3).
    Last,
    /// At the latest end of all steps before, as files are read (spec assembly 2).
    Latest,
}

/// Computes the starts of successive steps.
pub(crate) struct Placing {
    /// Start in seconds of the next step, if it has no explicit one.
    now: f64,
    after: After,
}

impl Placing {
    pub(crate) const fn new(after: After) -> Self {
        Self { now: 0.0, after }
    }

    /// The start in seconds of the next step, which lasts `duration` seconds. It begins at `start` if that is given; if
    /// not, the step after it overlaps it by `overlap` seconds. A step of zero length does not move later steps.
    pub(crate) fn next(&mut self, start: Option<f64>, duration: f64, overlap: f64) -> f64 {
        let begin = start.unwrap_or(self.now).max(0.0);
        self.now = match (start, self.after) {
            (None, _) => self.now + (duration - overlap).max(0.0),
            (Some(start), After::Latest) => self.now.max(start + duration),
            (Some(_), After::Last) if duration > 0.0 => begin + duration,
            (Some(_), After::Last) => self.now,
        };
        begin
    }
}

/// The start in seconds at which each step is rendered. Steps without a start, such as those of a track that was given
/// as an object, follow the step before.
pub(super) fn rendered(steps: &[Step], globals: &Globals) -> Vec<f64> {
    let mut placing = Placing::new(After::Last);
    let begin = |step: &Step| {
        let fade = step.crossfade_duration.unwrap_or(globals.crossfade_duration).max(0.0);
        let share = step.crossfade_overlap.unwrap_or(globals.crossfade_overlap);
        let begin = placing.next(step.start, step.duration, fade * share);
        step.start.unwrap_or(begin)
    };
    steps.iter().map(begin).collect()
}

/// Report an error if the track is longer than [`MAX_TRACK_SECONDS`].
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
