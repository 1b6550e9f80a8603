//! Measures the sound of a plan: levels, loudness, true peak, and the carriers and beats in it, beside those that the
//! track declares. [`verify`] compares the two. It knows nothing of how voices make their sound.

mod curves;
mod declared;
mod exposure;
mod part;
mod report;
mod sheet;
mod tones;
mod verify;
mod windows;

use std::sync::Arc;

pub use self::curves::{DeclaredCurve, declared_curves};
pub use self::exposure::{Exposure, exposure, loud_exposure};
use self::part::Running;
pub use self::report::{Analysis, Beat, Levels, Pair, Place, StepAnalysis, Tone, VoiceTones};
pub use self::verify::{Comparison, Verification, verify};
use crate::error::Result;
use crate::parallel::{Progress, stage};
use crate::plan::Plan;
use crate::render::render_stream;
use crate::track::Track;

/// Part of the progress for measuring the peaks of the steps.
const PEAKS: f64 = 0.4;

/// Render `plan` once, at the level of the mix, and measure it. `track` is what it was compiled from, `seed` the seed
/// that was given for that. The values do not depend on `threads` (0: all cores).
///
/// # Errors
/// [`crate::error::Error::Cancelled`] if `progress` returns false; those of [`Plan::measure`].
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::analyse::analyse;
///
/// let analysis = analyse(&track, &plan, None, 0, &mut |_done| true)?;
/// assert!(analysis.whole.integrated_lufs.is_some());
/// let beat = &analysis.steps[0].voices[0];
/// println!("{}: {:?}", beat.path, beat.places);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn analyse(
    track: &Track,
    plan: &Arc<Plan>,
    seed: Option<u64>,
    threads: usize,
    progress: Progress<'_>,
) -> Result<Analysis> {
    plan.measure(0, plan.steps().len(), threads, &mut stage(progress, 0.0, PEAKS))?;
    let mut running = Running::new(track, plan, threads)?;
    let mut take = |left: &[f32], right: &[f32]| running.take(left, right);
    render_stream(plan, 0..plan.frames(), 1.0, threads, &mut take, &mut stage(progress, PEAKS, 1.0))?;
    let (whole, steps) = running.finish();
    Ok(Analysis {
        version: env!("CARGO_PKG_VERSION"),
        track_sha256: track.sha256(),
        sample_rate: plan.sample_rate(),
        frames: plan.frames(),
        seconds: plan.seconds(),
        seed,
        whole,
        steps,
    })
}
