//! `noise_swept_notch`: coloured noise through notches that sweep up and down (spec noise 2.1 and 2.2).

use super::body::Recipe;
use super::colour::INPUT_AUDIO_PATH;
use super::flow::CELL_FRAMES;
use super::numbers::{number_or, per_sweep, strict, waveform};
use super::stage::Volume;
use super::sweeps::{END_SWEEPS, LFO_WAVEFORM, STATIC_NOTCHES, SWEEPS};
use super::{FILE_FIELDS, STANDING};
use super::{body, colour, input, sweeps};
use crate::dsp::noise::sweep::{Drift, Motion, Sweep};
use crate::error::Result;
use crate::voice::family::{Family, Preparation};
use crate::voice::param::{Moves, Param};
use crate::voice::params::{Params, Ramp};
use crate::voice::parts::transition;
use crate::voice::{Context, Voice};

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "noise_swept_notch",
    transition: true,
    summary: "Coloured noise (or a file) through notch filters that sweep up and down, at a peak of 0.95.",
    source: "spec noise",
    params: &[colour::TABLE, sweeps::TABLE, TABLE],
    beat: Some(&LFO_FREQ),
    build,
    also_written: FILE_FIELDS,
    standing: STANDING,
    preparation: Preparation::Long,
    cell_frames: CELL_FRAMES,
    ..Family::PLAIN
};

const LFO_FREQ: Param =
    Param::number("lfo_freq", 0.1, "Hz", "Rate of the sweep.").moves(Moves::Own { start: 0.1, end: 0.1 });
const START_LFO_PHASE_OFFSET_DEG: Param =
    both("start_lfo_phase_offset_deg", "deg", "Lead of the right channel's sweep.");
const END_LFO_PHASE_OFFSET_DEG: Param = end("end_lfo_phase_offset_deg", "deg", "The same at the end.");
const START_INTRA_PHASE_OFFSET_DEG: Param = both(
    "start_intra_phase_offset_deg",
    "deg",
    "Lead of a second pass through the notches; 0 in a static voice: none.",
);
const END_INTRA_PHASE_OFFSET_DEG: Param = end("end_intra_phase_offset_deg", "deg", "The same at the end.");
const NOTCH_Q: Param =
    listed("notch_q", "Quality of all sweeps, or a list of one each; overrides the entries.").moves(Moves::StaticOnly);
const CASC: Param =
    listed("casc", "Number of stages of all sweeps, or a list of one each; 0: none.").moves(Moves::StaticOnly);
const START_SWEEPS: Param = listed("start_sweeps", "The same as `sweeps`.").moves(Moves::TransitionOnly);
const START_Q: Param = listed("start_q", "Quality at the start, one or one each.").moves(Moves::TransitionOnly);
const END_Q: Param = listed("end_q", "Quality at the end, one or one each.").moves(Moves::TransitionOnly);
const START_CASC: Param = listed("start_casc", "Stages at the start, one or one each.").moves(Moves::TransitionOnly);
const END_CASC: Param = listed("end_casc", "Stages at the end, one or one each.").moves(Moves::TransitionOnly);
const VOLUME: Param = Param::number("volume", 1.0, "", "Factor on the finished sound.").moves(Moves::Fixed);
const STEREO_PHASE_INVERT: Param = Param::flag("stereo_phase_invert", false, "Kept with the file; has no effect.");
const CHANNELS: Param = Param::integer("channels", 2.0, "Kept with the file; has no effect.");

const TABLE: &[Param] = &[
    LFO_FREQ,
    START_LFO_PHASE_OFFSET_DEG,
    END_LFO_PHASE_OFFSET_DEG,
    START_INTRA_PHASE_OFFSET_DEG,
    END_INTRA_PHASE_OFFSET_DEG,
    NOTCH_Q,
    CASC,
    START_SWEEPS,
    END_SWEEPS,
    START_Q,
    END_Q,
    START_CASC,
    END_CASC,
    VOLUME,
    STEREO_PHASE_INVERT,
    CHANNELS,
];

const fn both(name: &'static str, unit: &'static str, about: &'static str) -> Param {
    Param::number(name, 0.0, unit, about).moves(Moves::Fixed)
}

const fn end(name: &'static str, unit: &'static str, about: &'static str) -> Param {
    Param::number(name, 0.0, unit, about).moves(Moves::TransitionOnly)
}

const fn listed(name: &'static str, about: &'static str) -> Param {
    Param::structure(name, about)
}

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    Ok(build_with_length(context, params)?.0)
}

/// The voice, and the length of its sound in frames.
pub(super) fn build_with_length(context: &Context, params: &Params<'_>) -> Result<(Box<dyn Voice>, u64)> {
    params.number(&CHANNELS)?; // validated, but has no effect
    let (sweeps, drift) = if params.transition {
        (moving_sweeps(context, params)?, Drift::Moving(transition::alpha(context, params)?))
    } else {
        (fixed_sweeps(params)?, Drift::Still)
    };
    let degrees = |start: &'static Param, end: &'static Param| -> Result<Ramp> {
        let from = number_or(params, start, 0.0)?.to_radians();
        let to = if params.transition { number_or(params, end, 0.0)?.to_radians() } else { from };
        Ok(Ramp { start: from, end: to })
    };
    let offset = degrees(&START_LFO_PHASE_OFFSET_DEG, &END_LFO_PHASE_OFFSET_DEG)?;
    let intra = degrees(&START_INTRA_PHASE_OFFSET_DEG, &END_INTRA_PHASE_OFFSET_DEG)?;
    let motion = Motion {
        sweeps,
        waveform: waveform(params.raw(&LFO_WAVEFORM))?,
        rate: params.ramp(&LFO_FREQ)?,
        offset,
        // in a transition the sound always passes the notches twice (spec noise Q3)
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
    let factor = params.number(&VOLUME)? as f32;
    let frames = recipe.frames(context);
    Ok((Box::new(Volume { body: body::build(context, recipe)?, factor }), frames))
}

fn fixed_sweeps(params: &Params<'_>) -> Result<Vec<Sweep>> {
    let mut sweeps = sweeps::fixed(params)?;
    let count = sweeps.len();
    let q = per_sweep(params, &NOTCH_Q, count, |value, _| strict(value))?;
    let stages = per_sweep(params, &CASC, count, |value, _| Ok(strict(value)?.trunc().max(0.0)))?;
    for (i, sweep) in sweeps.iter_mut().enumerate() {
        sweep.q = q.as_ref().map_or(sweep.q, |q| Ramp::fixed(q[i]));
        sweep.stages = stages.as_ref().map_or(sweep.stages, |c| Ramp::fixed(c[i]));
    }
    Ok(sweeps)
}

/// The sweeps from `sweeps`, else from `start_sweeps`, with the overrides applied one by one (spec noise 2.2).
fn moving_sweeps(context: &Context, params: &Params<'_>) -> Result<Vec<Sweep>> {
    let given = if params.raw(&SWEEPS).is_some() { &SWEEPS } else { &START_SWEEPS };
    let mut sweeps = sweeps::moving(context, params, given)?;
    let count = sweeps.len();
    let number = |row: &'static Param| per_sweep(params, row, count, |value, _| strict(value));
    let whole = |row: &'static Param| per_sweep(params, row, count, |value, _| Ok(strict(value)?.trunc()));
    let (start_q, end_q) = (number(&START_Q)?, number(&END_Q)?);
    let (start_stages, end_stages) = (whole(&START_CASC)?, whole(&END_CASC)?);
    for (i, sweep) in sweeps.iter_mut().enumerate() {
        let or = |list: &Option<Vec<f64>>, own: f64| list.as_ref().map_or(own, |values| values[i]);
        sweep.q = Ramp { start: or(&start_q, sweep.q.start), end: or(&end_q, sweep.q.end) };
        sweep.stages = Ramp { start: or(&start_stages, sweep.stages.start), end: or(&end_stages, sweep.stages.end) };
    }
    Ok(sweeps)
}
