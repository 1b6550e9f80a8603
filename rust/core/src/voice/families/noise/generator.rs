//! `noise_generator`: notch-filtered noise with amplitudes, fades, an envelope and the spatial stage (spec noise 2.3
//! and 2.4).

use serde_json::Value;

use super::body::Recipe;
use super::colour::INPUT_AUDIO_PATH;
use super::flow::CELL_FRAMES;
use super::numbers::{num, number_or, per_sweep, waveform};
use super::stage::{Clipped, InputEnvelope, Shaped, Shaping, limit, points};
use super::sweeps::{END_SWEEPS, LFO_WAVEFORM, STATIC_NOTCHES, SWEEPS};
use super::{FILE_FIELDS, STANDING};
use super::{body, colour, input, sweeps};
use crate::dsp::curve::{Alpha, Curve};
use crate::dsp::noise::sweep::{Drift, Motion, Sweep};
use crate::error::Result;
use crate::voice::family::{Family, Preparation};
use crate::voice::param::{Moves, Param, TRANSITION_CURVE};
use crate::voice::params::{Params, Ramp};
use crate::voice::parts::transition;
use crate::voice::stages::spatial::{self, SPATIAL_ENABLE};
use crate::voice::{Context, Voice};

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "noise_generator",
    transition: true,
    summary: "Coloured noise (or a file) through sweeping notches, with amplitudes per channel, fades and an envelope.",
    source: "spec noise",
    params: &[colour::TABLE, sweeps::TABLE, TABLE, spatial::TABLE],
    beat: Some(&LFO_FREQ),
    switched_timing: &[TRANSITION_CURVE],
    build,
    also_written: FILE_FIELDS,
    standing: STANDING,
    preparation: Preparation::Long,
    cell_frames: CELL_FRAMES,
    ..Family::PLAIN
};

const RATE: f64 = 1.0 / 12.0;
const Q: f64 = 25.0;
const STAGES: f64 = 10.0;

const LFO_FREQ: Param =
    Param::number("lfo_freq", RATE, "Hz", "Rate of the sweep.").moves(Moves::Own { start: RATE, end: RATE });
const LFO_PHASE_OFFSET_DEG: Param =
    Param::number("lfo_phase_offset_deg", 90.0, "deg", "Lead of the right channel's sweep.")
        .moves(Moves::Own { start: 90.0, end: 90.0 });
const INTRA_PHASE_OFFSET_DEG: Param =
    Param::number("intra_phase_offset_deg", 0.0, "deg", "Lead of a second pass; 0 in a static voice: none.")
        .moves(Moves::Own { start: 0.0, end: 0.0 });
const NOTCH_Q: Param = listed("notch_q", "Quality of all sweeps, or a list of one each.").moves(Moves::StaticOnly);
const CASCADE_COUNT: Param =
    listed("cascade_count", "Number of stages of all sweeps, or a list of one each.").moves(Moves::StaticOnly);
const START_NOTCH_Q: Param =
    listed("start_notch_q", "Quality at the start, one or one each.").moves(Moves::TransitionOnly);
const END_NOTCH_Q: Param = listed("end_notch_q", "Quality at the end, one or one each.").moves(Moves::TransitionOnly);
const START_CASCADE_COUNT: Param =
    listed("start_cascade_count", "Stages at the start, one or one each.").moves(Moves::TransitionOnly);
const END_CASCADE_COUNT: Param =
    listed("end_cascade_count", "Stages at the end, one or one each.").moves(Moves::TransitionOnly);
const AMP: Param = Param::number("amp", 0.25, "", "Amplitude of both channels.").moves(Moves::StaticOnly);
const AMP_LEFT: Param =
    optional("amp_left", "Amplitude of the left channel, if it is another.").moves(Moves::StaticOnly);
const AMP_RIGHT: Param =
    optional("amp_right", "Amplitude of the right channel, if it is another.").moves(Moves::StaticOnly);
const START_AMP: Param = Param::number("start_amp", 0.25, "", "Amplitude at the start.").moves(Moves::TransitionOnly);
const END_AMP: Param = optional("end_amp", "Amplitude at the end, if it is another.").moves(Moves::TransitionOnly);
const START_AMP_LEFT: Param =
    optional("start_amp_left", "Left amplitude at the start, if it is another.").moves(Moves::TransitionOnly);
const START_AMP_RIGHT: Param =
    optional("start_amp_right", "Right amplitude at the start, if it is another.").moves(Moves::TransitionOnly);
const END_AMP_LEFT: Param =
    optional("end_amp_left", "Left amplitude at the end; absent: `end_amp`.").moves(Moves::TransitionOnly);
const END_AMP_RIGHT: Param =
    optional("end_amp_right", "Right amplitude at the end; absent: `end_amp`.").moves(Moves::TransitionOnly);
const FADE_IN: Param =
    Param::number("fade_in", 0.0, "s", "Length of the linear fade at the start.").moves(Moves::Fixed);
const FADE_OUT: Param =
    Param::number("fade_out", 0.0, "s", "Length of the linear fade at the end.").moves(Moves::Fixed);
pub(super) const AMP_ENVELOPE: Param =
    listed("amp_envelope", "List of points `[time in s, amplitude]` or `{time, amp}`.");
const CURVE: Param = Param::text(
    "curve",
    "linear",
    "Curve of the transition; absent: `transition_curve`, under the switch `transition_timing`.",
)
.moves(Moves::TransitionOnly);
const POST_OFFSET: Param =
    optional("post_offset", "Another name of `transition_duration`.").moves(Moves::TransitionOnly);
const MEMORY_EFFICIENT: Param = Param::flag("memory_efficient", false, "Kept with the file; has no effect.");
const N_JOBS: Param = Param::integer("n_jobs", 1.0, "Kept with the file; has no effect.");

const TABLE: &[Param] = &[
    LFO_FREQ,
    LFO_PHASE_OFFSET_DEG,
    INTRA_PHASE_OFFSET_DEG,
    NOTCH_Q,
    CASCADE_COUNT,
    START_NOTCH_Q,
    END_NOTCH_Q,
    START_CASCADE_COUNT,
    END_CASCADE_COUNT,
    END_SWEEPS,
    AMP,
    AMP_LEFT,
    AMP_RIGHT,
    START_AMP,
    END_AMP,
    START_AMP_LEFT,
    START_AMP_RIGHT,
    END_AMP_LEFT,
    END_AMP_RIGHT,
    FADE_IN,
    FADE_OUT,
    AMP_ENVELOPE,
    CURVE,
    POST_OFFSET,
    MEMORY_EFFICIENT,
    N_JOBS,
];

const fn optional(name: &'static str, about: &'static str) -> Param {
    Param::number(name, 0.0, "", about).optional()
}

const fn listed(name: &'static str, about: &'static str) -> Param {
    Param::structure(name, about)
}

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    params.number(&N_JOBS)?; // validated, but has no effect
    let alpha = alpha(context, params)?;
    let (sweeps, drift, amplitudes) = if params.transition {
        (moving_sweeps(context, params)?, Drift::Moving(alpha.clone()), moving_amplitudes(params)?)
    } else {
        (fixed_sweeps(params)?, Drift::Still, fixed_amplitudes(params)?)
    };
    let radians = |row: &'static Param| params.ramp(row).map(|ramp| ramp.map(f64::to_radians));
    let intra = radians(&INTRA_PHASE_OFFSET_DEG)?;
    let motion = Motion {
        sweeps,
        waveform: waveform(params.raw(&LFO_WAVEFORM))?,
        rate: params.ramp(&LFO_FREQ)?,
        offset: radians(&LFO_PHASE_OFFSET_DEG)?,
        second: (params.transition || intra.start != 0.0).then_some(intra),
        drift,
        sample_rate: context.sample_rate,
        frames: context.frames,
    };
    let recipe = Recipe {
        source: colour::read(context, params)?,
        input: input::read(context, &params.text(&INPUT_AUDIO_PATH))?,
        motion,
        statics: sweeps::static_notches(params.raw(&STATIC_NOTCHES), context.sample_rate)?,
        correlation: colour::correlation(context, params)?,
    };
    recipe.source.warn_about(params, context.sample_rate);
    let frames = recipe.frames(context);
    let fades = [number_or(params, &FADE_IN, 0.0)?, number_or(params, &FADE_OUT, 0.0)?];
    let shaping = Shaping {
        amplitudes,
        alpha,
        stretch: (frames != context.frames).then_some((frames, context.frames)),
        envelope: InputEnvelope::new(frames, context.sample_rate, fades, &points(params.raw(&AMP_ENVELOPE))?),
        limit: limit(context),
    };
    let voice = Box::new(Shaped { body: body::build(context, recipe)?, shaping });
    if !params.flag(&SPATIAL_ENABLE) {
        return Ok(voice);
    }
    Ok(Box::new(Clipped(spatial::wrap(voice, context, params)?, limit(context))))
}

/// The interpolation factor. Unlike in other voices, the curve is called `curve` and the length has a second name (spec
/// noise 2.4). Under `Compat::transition_timing` the usual name of the curve is read too.
fn alpha(context: &Context, params: &Params<'_>) -> Result<Alpha> {
    if !params.transition {
        return Ok(Alpha::still());
    }
    let offset = transition::initial_offset(context, params)?;
    let duration = match transition::duration(context, params)? {
        Some(seconds) => Some(seconds),
        None => context.ramp_length(params.optional(&POST_OFFSET)?),
    };
    let lenient = !context.compat.exact_words;
    let other = context.compat.transition_timing && params.raw(&CURVE).is_none();
    let row = if other { &TRANSITION_CURVE } else { &CURVE };
    let curve = Curve::parse(&params.text(row), lenient).map_err(|e| e.within(row.name))?;
    Ok(Alpha::new(context.duration, context.frames, offset, duration, curve))
}

fn quality(default: f64) -> impl Fn(&Value) -> Result<f64> {
    move |value| num(Some(value), default)
}

fn stages(default: f64) -> impl Fn(&Value) -> Result<f64> {
    move |value| Ok(num(Some(value), default)?.round_ties_even().max(1.0))
}

fn fixed_sweeps(params: &Params<'_>) -> Result<Vec<Sweep>> {
    let mut sweeps = sweeps::fixed(params)?;
    let count = sweeps.len();
    let q = per_sweep(params, &NOTCH_Q, count, |value, _| quality(Q)(value))?;
    let counts = per_sweep(params, &CASCADE_COUNT, count, |value, _| stages(STAGES)(value))?;
    for (i, sweep) in sweeps.iter_mut().enumerate() {
        sweep.q = q.as_ref().map_or(sweep.q, |q| Ramp::fixed(q[i]));
        sweep.stages = counts.as_ref().map_or(sweep.stages, |c| Ramp::fixed(c[i]));
    }
    Ok(sweeps)
}

/// The sweeps with the overrides applied one by one; an unreadable end value becomes the start value (spec noise 2.4,
/// Q7, Q16).
fn moving_sweeps(context: &Context, params: &Params<'_>) -> Result<Vec<Sweep>> {
    let mut sweeps = sweeps::moving(context, params, &SWEEPS)?;
    let count = sweeps.len();
    let start_q = per_sweep(params, &START_NOTCH_Q, count, |value, _| quality(Q)(value))?;
    let start_stages = per_sweep(params, &START_CASCADE_COUNT, count, |value, _| stages(STAGES)(value))?;
    for (i, sweep) in sweeps.iter_mut().enumerate() {
        sweep.q.start = start_q.as_ref().map_or(sweep.q.start, |q| q[i]);
        sweep.stages.start = start_stages.as_ref().map_or(sweep.stages.start, |c| c[i]);
    }
    let end_q = per_sweep(params, &END_NOTCH_Q, count, |value, i| quality(sweeps[i].q.start)(value))?;
    let end_stages = per_sweep(params, &END_CASCADE_COUNT, count, |value, i| stages(sweeps[i].stages.start)(value))?;
    for (i, sweep) in sweeps.iter_mut().enumerate() {
        sweep.q.end = end_q.as_ref().map_or(sweep.q.end, |q| q[i]);
        sweep.stages.end = end_stages.as_ref().map_or(sweep.stages.end, |c| c[i]);
    }
    Ok(sweeps)
}

fn fixed_amplitudes(params: &Params<'_>) -> Result<[Ramp; 2]> {
    let amp = params.number(&AMP)?;
    let of = |row: &'static Param| number_or(params, row, amp).map(Ramp::fixed);
    Ok([of(&AMP_LEFT)?, of(&AMP_RIGHT)?])
}

/// Left and right amplitude. The end value of a side falls back to `end_amp`, not to its own start (spec noise 2.4).
fn moving_amplitudes(params: &Params<'_>) -> Result<[Ramp; 2]> {
    let of = |row: &'static Param, default: f64| number_or(params, row, default);
    let start = params.number(&START_AMP)?;
    let end = of(&END_AMP, start)?;
    Ok([
        Ramp { start: of(&START_AMP_LEFT, start)?, end: of(&END_AMP_LEFT, end)? },
        Ramp { start: of(&START_AMP_RIGHT, start)?, end: of(&END_AMP_RIGHT, end)? },
    ])
}
