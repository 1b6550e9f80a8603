//! Positions of steps in seconds: fills in missing starts (spec assembly 2), and limits the length of a track.

use super::model::{Globals, Step, Track};
use crate::json::fields::MAX_TRACK_SECONDS;
use crate::json::findings::Findings;

/// What decides where a step begins.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StepLength {
    /// Explicit start in seconds, if the step has one.
    pub start: Option<f64>,
    /// Length in seconds.
    pub duration: f64,
    /// Seconds of its own crossfade into the next step, if it has one.
    pub crossfade_duration: Option<f64>,
    /// Share of that crossfade, 0 to 1, in which the steps overlap, if it has its own.
    pub crossfade_overlap: Option<f64>,
}

impl From<&Step> for StepLength {
    fn from(step: &Step) -> Self {
        let Step { start, duration, crossfade_duration, crossfade_overlap, .. } = *step;
        Self { start, duration, crossfade_duration, crossfade_overlap }
    }
}

/// The start in seconds of each step of a track with these settings (spec assembly 2 and 3). An explicit start stays as
/// it is. Under rules without `unplaced_objects` only the global crossfade counts.
///
/// ```
/// use realtime_backend_core::track::{Globals, StepLength, step_starts};
///
/// let globals = Globals { crossfade_duration: 2.0, ..Globals::default() };
/// let step = |start, duration| StepLength { start, duration, ..StepLength::default() };
/// assert_eq!(step_starts([step(None, 10.0), step(None, 10.0), step(Some(30.0), 5.0)], &globals), [0.0, 8.0, 30.0]);
/// ```
pub fn step_starts(steps: impl IntoIterator<Item = StepLength>, globals: &Globals) -> Vec<f64> {
    if globals.compat.unwrap_or_default().unplaced_objects { rendered(steps, globals) } else { read(steps, globals) }
}

/// The starts at which steps are rendered. Steps without a start, such as those of a track that was given as an object,
/// follow the step before.
pub(super) fn rendered(steps: impl IntoIterator<Item = StepLength>, globals: &Globals) -> Vec<f64> {
    let overlap = |step: &StepLength| {
        let fade = step.crossfade_duration.unwrap_or(globals.crossfade_duration).max(0.0);
        fade * step.crossfade_overlap.unwrap_or(globals.crossfade_overlap).clamp(0.0, 1.0)
    };
    placed(steps, After::Last, overlap)
}

/// The starts as files are read. Only the *global* crossfade counts here; a step's own crossfade changes the fade, not
/// the position.
pub(super) fn read(steps: impl IntoIterator<Item = StepLength>, globals: &Globals) -> Vec<f64> {
    let overlap = globals.crossfade_duration.max(0.0) * globals.crossfade_overlap.clamp(0.0, 1.0);
    placed(steps, After::Latest, |_| overlap)
}

fn placed(steps: impl IntoIterator<Item = StepLength>, after: After, overlap: impl Fn(&StepLength) -> f64) -> Vec<f64> {
    let mut placing = Placing::new(after);
    let begin = |step: StepLength| {
        let begin = placing.next(step.start, step.duration, overlap(&step));
        step.start.unwrap_or(begin)
    };
    steps.into_iter().map(begin).collect()
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
