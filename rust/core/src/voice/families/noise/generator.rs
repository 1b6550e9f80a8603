//! `noise_generator`: notch-filtered noise with amplitudes, fades, an envelope and the spatial stage (spec noise 2.3
//! and 2.4).

use serde_json::Value;

use super::FILE_FIELDS;
use super::body::Recipe;
use super::flow::CELL_FRAMES;
use super::numbers::{num, number_or, per_sweep, waveform};
use super::stage::{Clipped, InputEnvelope, Shaped, Shaping, limit, points};
use super::{body, colour, input, sweeps};
use crate::dsp::curve::{Alpha, Curve};
use crate::dsp::noise::sweep::{Drift, Motion, Sweep};
use crate::error::Result;
use crate::voice::family::{Family, Preparation};
use crate::voice::param::{Moves, Param};
use crate::voice::params::{Params, Ramp};
use crate::voice::parts::transition;
use crate::voice::stages::spatial;
use crate::voice::{Context, Voice};

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "noise_generator",
    transition: true,
    summary: "Coloured noise (or a file) through sweeping notches, with amplitudes per channel, fades and an envelope.",
    source: "spec noise",
    params: &[colour::TABLE, sweeps::TABLE, TABLE, spatial::TABLE],
    beat: Some("lfo_freq"),
    switched_timing: &["transition_curve"],
    build,
    also_written: FILE_FIELDS,
    preparation: Preparation::Long,
    cell_frames: CELL_FRAMES,
    ..Family::PLAIN
};

const RATE: f64 = 1.0 / 12.0;
const Q: f64 = 25.0;
const STAGES: f64 = 10.0;

const TABLE: &[Param] = &[
    Param::number("lfo_freq", RATE, "Hz", "Rate of the sweep.").moves(Moves::Own { start: RATE, end: RATE }),
    Param::number("lfo_phase_offset_deg", 90.0, "deg", "Lead of the right channel's sweep.")
        .moves(Moves::Own { start: 90.0, end: 90.0 }),
    Param::number("intra_phase_offset_deg", 0.0, "deg", "Lead of a second pass; 0 in a static voice: none.")
        .moves(Moves::Own { start: 0.0, end: 0.0 }),
    listed("notch_q", "Quality of all sweeps, or a list of one each.").moves(Moves::StaticOnly),
    listed("cascade_count", "Number of stages of all sweeps, or a list of one each.").moves(Moves::StaticOnly),
    listed("start_notch_q", "Quality at the start, one or one each.").moves(Moves::TransitionOnly),
    listed("end_notch_q", "Quality at the end, one or one each.").moves(Moves::TransitionOnly),
    listed("start_cascade_count", "Stages at the start, one or one each.").moves(Moves::TransitionOnly),
    listed("end_cascade_count", "Stages at the end, one or one each.").moves(Moves::TransitionOnly),
    listed("end_sweeps", "Ranges at the end; read under `moving_end_sweeps`.").moves(Moves::TransitionOnly),
    Param::number("amp", 0.25, "", "Amplitude of both channels.").moves(Moves::StaticOnly),
    optional("amp_left", "Amplitude of the left channel, if it is another.").moves(Moves::StaticOnly),
    optional("amp_right", "Amplitude of the right channel, if it is another.").moves(Moves::StaticOnly),
    Param::number("start_amp", 0.25, "", "Amplitude at the start.").moves(Moves::TransitionOnly),
    optional("end_amp", "Amplitude at the end, if it is another.").moves(Moves::TransitionOnly),
    optional("start_amp_left", "Left amplitude at the start, if it is another.").moves(Moves::TransitionOnly),
    optional("start_amp_right", "Right amplitude at the start, if it is another.").moves(Moves::TransitionOnly),
    optional("end_amp_left", "Left amplitude at the end; absent: `end_amp`.").moves(Moves::TransitionOnly),
    optional("end_amp_right", "Right amplitude at the end; absent: `end_amp`.").moves(Moves::TransitionOnly),
    Param::number("fade_in", 0.0, "s", "Length of the linear fade at the start.").moves(Moves::Fixed),
    Param::number("fade_out", 0.0, "s", "Length of the linear fade at the end.").moves(Moves::Fixed),
    listed("amp_envelope", "List of points `[time in s, amplitude]` or `{time, amp}`."),
    Param::text(
        "curve",
        "linear",
        "Curve of the transition; absent: `transition_curve`, under the switch `transition_timing`.",
    )
    .moves(Moves::TransitionOnly),
    optional("post_offset", "Another name of `transition_duration`.").moves(Moves::TransitionOnly),
    Param::flag("memory_efficient", false, "Kept with the file; has no effect."),
    Param::integer("n_jobs", 1.0, "Kept with the file; has no effect."),
];

const fn optional(name: &'static str, about: &'static str) -> Param {
    Param::number(name, 0.0, "", about).optional()
}

const fn listed(name: &'static str, about: &'static str) -> Param {
    Param::structure(name, about)
}

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    params.number("n_jobs")?; // validated, but has no effect
    let alpha = alpha(context, params)?;
    let (sweeps, drift, amplitudes) = if params.transition {
        (moving_sweeps(context, params)?, Drift::Moving(alpha.clone()), moving_amplitudes(params)?)
    } else {
        (fixed_sweeps(params)?, Drift::Still, fixed_amplitudes(params)?)
    };
    let radians = |name: &str| params.ramp(name).map(|ramp| ramp.map(f64::to_radians));
    let intra = radians("intra_phase_offset_deg")?;
    let motion = Motion {
        sweeps,
        waveform: waveform(params.raw("lfo_waveform"))?,
        rate: params.ramp("lfo_freq")?,
        offset: radians("lfo_phase_offset_deg")?,
        second: (params.transition || intra.start != 0.0).then_some(intra),
        drift,
        sample_rate: context.sample_rate,
        frames: context.frames,
    };
    let recipe = Recipe {
        source: colour::read(context, params)?,
        input: input::read(context, &params.text("input_audio_path"))?,
        motion,
        statics: sweeps::static_notches(params.raw("static_notches"), context.sample_rate)?,
        correlation: colour::correlation(context, params)?,
    };
    recipe.source.warn_about(params, context.sample_rate);
    let frames = recipe.frames(context);
    let fades = [number_or(params, "fade_in", 0.0)?, number_or(params, "fade_out", 0.0)?];
    let shaping = Shaping {
        amplitudes,
        alpha,
        stretch: (frames != context.frames).then_some((frames, context.frames)),
        envelope: InputEnvelope::new(frames, context.sample_rate, fades, &points(params.raw("amp_envelope"))?),
        limit: limit(context),
    };
    let voice = Box::new(Shaped { body: body::build(context, recipe)?, shaping });
    if !params.flag("spatialEnable") {
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
        None => context.ramp_length(params.optional("post_offset")?),
    };
    let lenient = !context.compat.exact_words;
    let other = context.compat.transition_timing && params.raw("curve").is_none();
    let name = if other { "transition_curve" } else { "curve" };
    let curve = Curve::parse(&params.text(name), lenient).map_err(|e| e.within(name))?;
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
    let q = per_sweep(params, "notch_q", count, |value, _| quality(Q)(value))?;
    let counts = per_sweep(params, "cascade_count", count, |value, _| stages(STAGES)(value))?;
    for (i, sweep) in sweeps.iter_mut().enumerate() {
        sweep.q = q.as_ref().map_or(sweep.q, |q| Ramp::fixed(q[i]));
        sweep.stages = counts.as_ref().map_or(sweep.stages, |c| Ramp::fixed(c[i]));
    }
    Ok(sweeps)
}

/// The sweeps with the overrides applied one by one; an unreadable end value becomes the start value (spec noise 2.4,
/// Q7, Q16).
fn moving_sweeps(context: &Context, params: &Params<'_>) -> Result<Vec<Sweep>> {
    let mut sweeps = sweeps::moving(context, params, "sweeps")?;
    let count = sweeps.len();
    let start_q = per_sweep(params, "start_notch_q", count, |value, _| quality(Q)(value))?;
    let start_stages = per_sweep(params, "start_cascade_count", count, |value, _| stages(STAGES)(value))?;
    for (i, sweep) in sweeps.iter_mut().enumerate() {
        sweep.q.start = start_q.as_ref().map_or(sweep.q.start, |q| q[i]);
        sweep.stages.start = start_stages.as_ref().map_or(sweep.stages.start, |c| c[i]);
    }
    let end_q = per_sweep(params, "end_notch_q", count, |value, i| quality(sweeps[i].q.start)(value))?;
    let end_stages = per_sweep(params, "end_cascade_count", count, |value, i| stages(sweeps[i].stages.start)(value))?;
    for (i, sweep) in sweeps.iter_mut().enumerate() {
        sweep.q.end = end_q.as_ref().map_or(sweep.q.end, |q| q[i]);
        sweep.stages.end = end_stages.as_ref().map_or(sweep.stages.end, |c| c[i]);
    }
    Ok(sweeps)
}

fn fixed_amplitudes(params: &Params<'_>) -> Result<[Ramp; 2]> {
    let amp = params.number("amp")?;
    let of = |name: &str| number_or(params, name, amp).map(Ramp::fixed);
    Ok([of("amp_left")?, of("amp_right")?])
}

/// Left and right amplitude. The end value of a side falls back to `end_amp`, not to its own start (spec noise 2.4).
fn moving_amplitudes(params: &Params<'_>) -> Result<[Ramp; 2]> {
    let of = |name: &str, default: f64| number_or(params, name, default);
    let start = params.number("start_amp")?;
    let end = of("end_amp", start)?;
    Ok([
        Ramp { start: of("start_amp_left", start)?, end: of("end_amp_left", end)? },
        Ramp { start: of("start_amp_right", start)?, end: of("end_amp_right", end)? },
    ])
}
