//! The gain that brings a stream to the level of a file of the same track.

use crate::plan::Plan;

/// Seconds over which the estimated gain glides to the exact one.
const GLIDE_SECONDS: u64 = 2;
/// Peaks up to this linear level count as silence, which has no gain.
const SILENT: f32 = 1e-9;

/// The gain, linear, for a peak of `target` over the whole of `plan`; estimated until that peak is measured
/// ([`crate::render::peak`]).
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::render::peak;
/// use realtime_backend_core::stream::level::gain;
///
/// plan.measure(0, plan.steps().len(), 0, &mut |_done| true)?;
/// let most = peak(&plan, 0, &mut |_done| true)?;
/// assert_eq!(gain(&plan, 0.5), 0.5 / most);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn gain(plan: &Plan, target: f32) -> f32 {
    let peak = plan.known_peak().unwrap_or_else(|| plan.estimated_peak());
    if peak > SILENT { target / peak } else { 1.0 }
}

/// The gain of a stream over time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct StreamLevel {
    /// Linear peak that the whole track has in a file.
    target: f32,
    stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Stage {
    /// Nothing is rendered yet; begins at this gain.
    Fresh(f32),
    /// The peak is not measured yet.
    Estimated(f32),
    /// A glide to the exact gain that begins at track frame `start`. It is a function of the frame, so that a stretch
    /// that is rendered again gets the same gains.
    Gliding { from: f32, to: f32, start: u64 },
    /// The exact gain.
    Exact(f32),
}

impl StreamLevel {
    /// The level of a stream of `plan` with a peak of `target`. It begins at the gain `begin`, by default at the best
    /// one that is known.
    pub(super) fn new(plan: &Plan, target: f32, begin: Option<f32>) -> Self {
        let stage = match begin {
            Some(begin) => Stage::Estimated(begin),
            None => Stage::Fresh(gain(plan, target)),
        };
        Self { target, stage }
    }

    /// The gain at a track frame, as a function that holds for the frames from `at` on that are rendered now.
    pub(super) fn at(&mut self, plan: &Plan, at: u64) -> impl Fn(u64) -> f32 + use<> {
        let length = GLIDE_SECONDS * u64::from(plan.sample_rate());
        let exact = plan.known_peak().map(|_| gain(plan, self.target));
        self.stage = match (self.stage, exact) {
            (Stage::Fresh(_), Some(exact)) => Stage::Exact(exact),
            (Stage::Fresh(begin), None) => Stage::Estimated(begin),
            (Stage::Estimated(from), Some(to)) => Stage::Gliding { from, to, start: at },
            // Stretches that are rendered again are near the glide; any place farther away was reached by a seek.
            (Stage::Gliding { to, start, .. }, _) if at + length < start || at > start + 2 * length => Stage::Exact(to),
            (stage, _) => stage,
        };
        let stage = self.stage;
        move |frame| match stage {
            Stage::Fresh(gain) | Stage::Estimated(gain) | Stage::Exact(gain) => gain,
            Stage::Gliding { from, to, start } => {
                let rest = length - frame.saturating_sub(start).min(length);
                to + (from - to) * (rest as f32 / length as f32)
            }
        }
    }
}
