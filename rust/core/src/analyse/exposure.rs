//! How long a track may be heard each week without risk to the hearing (WHO and ITU-T H.870: 80 dB(A) for 40 hours,
//! half the time for each further 3 dB).

use super::report::Analysis;
use crate::error::Problem;

/// The allowance: A-weighted level in dB, and hours per week at that level.
const LEVEL: f64 = 80.0;
const HOURS: f64 = 40.0;
/// Further decibels that halve the time.
const EXCHANGE: f64 = 3.0;

/// The sound pressure of a track at the ear, and the time that it allows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposure {
    /// A-weighted equivalent level of the louder ear, dB(A).
    pub level_dba: f64,
    /// Hours per week.
    pub hours_per_week: f64,
}

/// The exposure if a sine of full scale at 1 kHz gives `spl_at_full_scale` dB, and the track is played at the level of
/// the mix. `None` for silence.
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::analyse::{analyse, exposure};
///
/// let analysis = analyse(&track, &plan, None, 0, &mut |_done| true)?;
/// let exposure = exposure(&analysis, 100.0).expect("the track sounds");
/// println!("{:.1} dB(A), {:.0} hours a week", exposure.level_dba, exposure.hours_per_week);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn exposure(analysis: &Analysis, spl_at_full_scale: f64) -> Option<Exposure> {
    let ears = analysis.whole.a_weighted_dbfs.into_iter().flatten();
    let level_dba = ears.reduce(f64::max)? + spl_at_full_scale;
    let hours_per_week = (HOURS * 2_f64.powf((LEVEL - level_dba) / EXCHANGE)).min(168.0);
    Some(Exposure { level_dba, hours_per_week })
}

/// The warning about a track that is too loud for 40 hours a week.
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::analyse::{analyse, loud_exposure};
///
/// let analysis = analyse(&track, &plan, None, 0, &mut |_done| true)?;
/// assert!(loud_exposure(&analysis, 60.0).is_none());
/// assert!(loud_exposure(&analysis, 130.0).is_some());
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn loud_exposure(analysis: &Analysis, spl_at_full_scale: f64) -> Option<Problem> {
    let Exposure { level_dba, hours_per_week } =
        exposure(analysis, spl_at_full_scale).filter(|exposure| exposure.level_dba > LEVEL)?;
    let time = if hours_per_week < 1.0 {
        format!("{:.0} minutes", 60.0 * hours_per_week)
    } else {
        format!("{hours_per_week:.1} hours")
    };
    let message = format!(
        "at {spl_at_full_scale} dB for full scale the track has {level_dba:.1} dB(A) on average: more than {LEVEL:.0} dB(A) for \
         {HOURS:.0} hours a week (WHO, ITU-T H.870); it allows {time} a week"
    );
    Some(Problem::warning("", message))
}
