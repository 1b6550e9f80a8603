//! From one voice of a track to the sound that is mixed: the voice itself from name, parameters and timing, then volume
//! envelope, flanger and edge fades (spec voice-pipeline 12). Everything is a function of the frame within the step.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::context::TransitionTiming;
use super::param::{INITIAL_OFFSET, TRANSITION_DURATION};
use super::silence::Silence;
use super::stages::envelope::{Envelope, edge_faded, enveloped, faded_edges};
use super::stages::flange;
use super::stages::flange::Flange;
use super::{Context, Phases, Voice, registry};
use crate::error::{Error, Problem, Result};
use crate::json::value::{number, shown};

/// One voice of a track after the clean-up of spec voice-pipeline 12.1 (rules 1 to 4): no nulls, no flanger keys, the
/// length of a transition under `transition_duration`.
#[derive(Debug, Clone, Copy)]
pub struct VoiceCall<'a> {
    /// `synth_function_name`.
    pub function: &'a str,
    /// Whether the track asks for the transition voice.
    pub is_transition: bool,
    /// The parameters that the generator reads.
    pub params: &'a Map<String, Value>,
    /// The flanger, if it is on.
    pub flange: Option<&'a Flange>,
    /// Volume over the step; `None` means fades of 10 ms at both edges (see [`faded_edges`]).
    pub envelope: Option<Envelope>,
    /// JSON path of the voice, for messages.
    pub at: &'a str,
    /// JSON path of its parameters, for messages.
    pub params_at: &'a str,
}

/// Build the voice with all stages, and return it with the warnings. `carried` are the carrier phases that the voice
/// continues; families that restart with every step ignore them.
///
/// # Errors
///
/// Returns [`Error::Invalid`] for an unknown voice or an invalid parameter. Under `Compat::silence_bad_voices` the
/// result is silence and warnings instead.
pub fn build(
    context: &Context,
    call: &VoiceCall<'_>,
    carried: Option<Phases>,
) -> Result<(Box<dyn Voice>, Vec<Problem>)> {
    match processed(context, call, carried) {
        Err(Error::Invalid(problems)) if context.compat.silence_bad_voices => {
            let silent = |p: Problem| Problem::warning(p.path, format!("{}; the voice is silent", p.message));
            Ok((Silence::boxed(), problems.into_iter().map(silent).collect()))
        }
        other => other,
    }
}

fn processed(
    context: &Context,
    call: &VoiceCall<'_>,
    carried: Option<Phases>,
) -> Result<(Box<dyn Voice>, Vec<Problem>)> {
    let (family, transition) = registry::resolve(call.function, call.is_transition)
        .map_err(|e| e.within("synth_function_name").within(call.at))?;
    let in_params = |e: Error| e.within(call.params_at);
    let Arguments { params, timing } = arguments(context, call, transition).map_err(in_params)?;
    let context = &Context { timing, carried, ..context.clone() };
    let (voice, noticed) = registry::build(family, transition, context, &params).map_err(in_params)?;
    let (voice, more) = staged(voice, context, call)?;
    Ok((voice, noticed.into_iter().map(|p| p.within(call.params_at)).chain(more).collect()))
}

/// The stages after the generator `voice`, and the warnings about them: volume envelope, flanger, edge fades.
///
/// # Errors
///
/// Returns [`Error::Invalid`] if a parameter of the flanger is invalid.
pub(crate) fn staged(
    mut voice: Box<dyn Voice>,
    context: &Context,
    call: &VoiceCall<'_>,
) -> Result<(Box<dyn Voice>, Vec<Problem>)> {
    let mut noticed = Vec::new();
    if let Some(levels) = call.envelope.and_then(|envelope| envelope.levels(context)) {
        voice = enveloped(voice, levels);
    }
    if let Some(flange) = call.flange {
        let in_params = |e: Error| e.within(call.params_at);
        let (flanged, more) = flange::apply(voice, flange, call.is_transition, context).map_err(in_params)?;
        voice = flanged;
        noticed = more;
    }
    voice = edge_faded(voice, context, faded_edges(call.envelope, context, call.flange.is_some()));
    Ok((voice, noticed.into_iter().map(|p| p.within(call.params_at)).collect()))
}

/// The arguments of the generator.
#[derive(Debug)]
pub struct Arguments<'a> {
    /// Its parameters.
    pub params: Cow<'a, Map<String, Value>>,
    /// When the transition runs, in seconds; `None` for a static voice.
    pub timing: Option<TransitionTiming>,
}

/// The arguments of the generator (spec voice-pipeline 12.1, rules 5 to 7). `transition` says which of the two voices
/// of the family is called.
///
/// # Errors
///
/// Returns [`Error::Invalid`] if `initial_offset` or `transition_duration` is not a finite number.
pub fn arguments<'a>(context: &Context, call: &VoiceCall<'a>, transition: bool) -> Result<Arguments<'a>> {
    let timing = if call.is_transition && transition {
        let offset = seconds(call.params, INITIAL_OFFSET.name)?;
        let length = seconds(call.params, TRANSITION_DURATION.name)?;
        let (initial_offset, duration) = step_timing(offset, length, 0.0, context.duration);
        Some(TransitionTiming { initial_offset, duration })
    } else {
        None
    };
    let mut params = Cow::Borrowed(call.params);
    let without = |name: &str, params: &mut Cow<'_, Map<String, Value>>| {
        if params.contains_key(name) {
            params.to_mut().shift_remove(name);
        }
    };
    if timing.is_none() {
        without(INITIAL_OFFSET.name, &mut params);
        if call.is_transition {
            without(TRANSITION_DURATION.name, &mut params);
        }
    }
    Ok(Arguments { params, timing })
}

fn seconds(params: &Map<String, Value>, name: &str) -> Result<Option<f64>> {
    let Some(value) = params.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    match number(value).filter(|seconds| seconds.is_finite()) {
        Some(seconds) => Ok(Some(seconds)),
        None => Err(Error::invalid(name, format!("expected a finite number, got {}", shown(value)))),
    }
}

/// Offset and length in seconds of a transition as seen from `chunk_start` seconds into a step of `step_duration`
/// seconds (`adapt_transition_timing_for_chunk`, spec voice-pipeline 4).
pub fn step_timing(
    initial_offset: Option<f64>,
    transition_duration: Option<f64>,
    chunk_start: f64,
    step_duration: f64,
) -> (f64, f64) {
    let start = initial_offset.unwrap_or(0.0).max(0.0);
    let end = match transition_duration {
        None => step_duration.max(start),
        Some(length) => start + length.max(0.0),
    };
    (start - chunk_start.max(0.0), (end - start).max(0.0))
}
