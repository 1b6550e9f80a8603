//! Warns about steps that are no longer than their fades.

use super::several;
use crate::error::Problem;
use crate::plan::{Placement, Plan};

pub(super) fn covered(plan: &Plan) -> Vec<Problem> {
    let steps = plan.steps();
    let seconds = |frames: u64| frames as f64 / f64::from(plan.sample_rate());
    let tell = |index: usize| {
        let own = &steps[index].placement;
        let before = own.crossfade.map_or(0, |fade| fade.frames);
        let after = steps.get(index + 1).map_or(0, |next| faded(own, &next.placement));
        // Fades that just meet are allowed: a chain of them is a way to write a glide.
        let covered = before.max(after) >= own.placed || before + after > own.placed + 1;
        covered.then(|| {
            let (length, fades) = (seconds(own.placed), seconds(before.max(after)));
            let message = format!(
                "the step lasts {length:.3} s and fades for {fades:.3} s: it is never heard by itself, and its neighbours \
                 may lie on top of it"
            );
            Problem::warning(steps[index].at.as_str(), message)
        })
    };
    several((0..steps.len()).filter_map(tell).collect())
}

/// Frames over which `own` is faded into `next`.
fn faded(own: &Placement, next: &Placement) -> u64 {
    let overlap = own.end().min(next.end()).saturating_sub(own.start.max(next.start));
    next.crossfade.map_or(0, |fade| fade.frames.min(overlap))
}
