//! The interpolation factor of a transition voice, as all families read it (spec voice-pipeline 3).

use super::{Context, Params};
use crate::dsp::curve::{Alpha, Curve};
use crate::error::{Error, Result};

/// The factor of this call; 0 everywhere for a static voice. Curve names are taken in any case, except under the legacy
/// rules, where only the exact spelling counts.
pub fn alpha(context: &Context, params: &Params<'_>) -> Result<Alpha> {
    read(context, params, !context.compat.silence_bad_voices)
}

/// [`alpha`] for the family that always took curve names in any case (`binaural_beat`).
pub fn alpha_any_case(context: &Context, params: &Params<'_>) -> Result<Alpha> {
    read(context, params, true)
}

fn read(context: &Context, params: &Params<'_>, lenient: bool) -> Result<Alpha> {
    if !params.transition {
        return Ok(Alpha::still());
    }
    let offset = params.number("initial_offset")?;
    let duration = params.optional("transition_duration")?;
    let curve =
        Curve::parse(&params.text("transition_curve"), lenient).map_err(|e: Error| e.within("transition_curve"))?;
    Ok(Alpha::new(context.duration, context.frames, offset, duration, curve))
}
