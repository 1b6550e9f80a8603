//! Gives steps their positions the way loading a file does (spec assembly 2), and bounds the whole.

use super::fields::MAX_TRACK_SECONDS;
use super::findings::Findings;
use super::model::{Globals, Step, Track};

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
