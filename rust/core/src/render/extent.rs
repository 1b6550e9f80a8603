//! Which frames of a track are written to a file.

use std::ops::Range;

use crate::error::{Error, Result};
use crate::plan::Plan;

/// Largest position that is accepted, in seconds. It is clamped to the end of the track afterwards.
const LONGEST_S: f64 = 1e9;

/// Check that a part that begins at `frame` has sound: that this is not the end of the track or behind it.
///
/// # Errors
/// [`Error::Invalid`] with both times.
///
/// ```
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// use realtime_backend_core::render::begins_within;
///
/// let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0}]}"#)?;
/// let plan = Plan::compile(&track, &PlanOptions::default())?.0;
/// assert!(begins_within(&plan, 22_050).is_ok());
/// assert!(begins_within(&plan, 44_100).is_err());
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn begins_within(plan: &Plan, frame: u64) -> Result<()> {
    if frame == 0 || frame < plan.frames() {
        return Ok(());
    }
    let [start, end] = [frame, plan.frames()].map(|frames| frames as f64 / f64::from(plan.sample_rate()));
    Err(Error::invalid("start", format!("expected a time before the end of the track at {end:.3} s, got {start:.3} s")))
}

/// The track frames of a part that begins at `start` and has the length `duration`, both in seconds from 0 to 1e9; `None`: up
/// to the end. They are rounded to the nearest frame, and the end is clamped to that of the track.
///
/// # Errors
/// [`Error::Invalid`] if a number is out of range, and those of [`begins_within`].
///
/// ```
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// use realtime_backend_core::render::frames_between;
///
/// let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0}]}"#)?;
/// let plan = Plan::compile(&track, &PlanOptions::default())?.0;
/// assert_eq!(frames_between(&plan, 0.5, Some(0.1))?, 22_050..26_460);
/// assert_eq!(frames_between(&plan, 0.5, None)?, 22_050..44_100);
/// assert!(frames_between(&plan, -1.0, None).is_err());
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn frames_between(plan: &Plan, start: f64, duration: Option<f64>) -> Result<Range<u64>> {
    let frame = |name: &str, seconds: f64| {
        if (0.0..=LONGEST_S).contains(&seconds) {
            return Ok((seconds * f64::from(plan.sample_rate())).round() as u64);
        }
        Err(Error::invalid(name, format!("expected seconds, 0 to {LONGEST_S}, got {seconds}")))
    };
    let first = frame("start", start)?;
    begins_within(plan, first)?;
    let last = match duration {
        Some(seconds) => first.saturating_add(frame("duration", seconds)?),
        None => u64::MAX,
    };
    Ok(first..last.min(plan.frames()))
}
