//! Reading the timing and curve of a transition into its interpolation factor (spec voice-pipeline 3).

use crate::dsp::curve::{Alpha, Curve};
use crate::error::{Error, Result};
use crate::voice::param::{INITIAL_OFFSET, TRANSITION_CURVE, TRANSITION_DURATION};
use crate::voice::{Context, Params};

/// The factor over this call; 0 everywhere for a static voice. Case does not matter in curve names, except under
/// `Compat::exact_words`.
///
/// # Errors
///
/// Returns an error if the timing is not a number or the curve is neither a name nor a valid expression.
pub fn alpha(context: &Context, params: &Params<'_>) -> Result<Alpha> {
    read(context, params, !context.compat.exact_words)
}

/// [`alpha`] for the family in which case never matters in curve names (`binaural_beat`).
///
/// # Errors
///
/// As [`alpha`].
pub fn alpha_any_case(context: &Context, params: &Params<'_>) -> Result<Alpha> {
    read(context, params, true)
}

/// Seconds before the transition of this call begins; in a static voice the time of its first frame.
///
/// # Errors
///
/// Returns an error if the value is not a number within its range.
pub fn initial_offset(context: &Context, params: &Params<'_>) -> Result<f64> {
    context.timing.map_or_else(|| params.number(&INITIAL_OFFSET), |timing| Ok(timing.initial_offset))
}

/// Seconds that the transition of this call takes; `None` means to the end of the call.
///
/// # Errors
///
/// Returns an error if the value is not a number within its range.
pub fn duration(context: &Context, params: &Params<'_>) -> Result<Option<f64>> {
    let seconds = match context.timing {
        Some(timing) => Some(timing.duration),
        None => params.optional(&TRANSITION_DURATION)?,
    };
    Ok(context.ramp_length(seconds))
}

/// The factor of families whose transitions ignore their timing, except under `Compat::transition_timing`: `n/N` at
/// frame `n`, linear over the N frames of the call.
///
/// # Errors
///
/// As [`alpha`], under `Compat::transition_timing`.
pub fn whole_call(context: &Context, params: &Params<'_>) -> Result<Alpha> {
    if context.compat.transition_timing || !params.transition {
        return alpha(context, params);
    }
    Ok(Alpha::new(context.duration, context.frames, 0.0, None, Curve::Linear))
}

/// As [`whole_call`], but exactly 1 at the last frame: `n/(N-1)`.
///
/// # Errors
///
/// As [`whole_call`].
pub fn whole_call_to_the_end(context: &Context, params: &Params<'_>) -> Result<Alpha> {
    if context.compat.transition_timing || !params.transition {
        return alpha(context, params);
    }
    let last = context.frames.saturating_sub(1);
    // a time base of one second per frame avoids rounding
    Ok(Alpha::new(last as f64, last, 0.0, None, Curve::Linear))
}

fn read(context: &Context, params: &Params<'_>, lenient: bool) -> Result<Alpha> {
    if !params.transition {
        return Ok(Alpha::still());
    }
    let (offset, duration) = (initial_offset(context, params)?, duration(context, params)?);
    let curve =
        Curve::parse(&params.text(&TRANSITION_CURVE), lenient).map_err(|e: Error| e.within(TRANSITION_CURVE.name))?;
    Ok(Alpha::new(context.duration, context.frames, offset, duration, curve))
}
