//! Reading sweep lists and static notches (spec noise 3 and 10.2).

use serde_json::Value;

use super::numbers::{first, int, num};
use crate::dsp::noise::conditioning::StaticNotch;
use crate::dsp::noise::notch::BAND_EDGE;
use crate::dsp::noise::sweep::Sweep;
use crate::dsp::ramp::Ramp;
use crate::error::{Error, Result};
use crate::json::value::shown;
use crate::voice::param::Moves;
use crate::voice::{Context, Param, Params};

pub(super) const SWEEPS: Param = Param::structure(
    "sweeps",
    "List of moving notches: objects `{min, max, q, cascade}` or lists `[min, max, q, count]`; absent: one from 1 to 10 kHz; empty: none.",
);
pub(super) const LFO_WAVEFORM: Param =
    Param::choice("lfo_waveform", &["sine", "triangle"], "sine", "Shape of the sweep.");
pub(super) const STATIC_NOTCHES: Param =
    Param::structure("static_notches", "List of up to ten fixed notches: `{freq, q, cascade}` or `[freq, q, count]`.");

/// The row of both families for the ranges at the end of a transition.
pub(super) const END_SWEEPS: Param =
    Param::structure("end_sweeps", "Ranges at the end; read under `moving_end_sweeps`.").moves(Moves::TransitionOnly);

/// Parameters that both families share.
pub(super) const TABLE: &[Param] = &[SWEEPS, LFO_WAVEFORM, STATIC_NOTCHES];

const LOW: f64 = 1000.0;
const HIGH: f64 = 10_000.0;
const Q: f64 = 25.0;
const STAGES: f64 = 10.0;
/// Largest number of static notches; further ones are ignored.
const MOST_STATIC_NOTCHES: usize = 10;

/// The entries of a list parameter; `None` if it is absent.
fn entries<'a>(row: &Param, value: Option<&'a Value>) -> Result<Option<&'a [Value]>> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(items)) => Ok(Some(items)),
        Some(other) => Err(Error::invalid(row.name, format!("expected a list, got {}", shown(other)))),
    }
}

/// The sweeps of a static voice (spec noise 3.1).
pub(super) fn fixed(params: &Params<'_>) -> Result<Vec<Sweep>> {
    let Some(items) = entries(&SWEEPS, params.raw(&SWEEPS))? else { return Ok(vec![fixed_sweep(&Value::Null)?]) };
    each(&SWEEPS, items, fixed_sweep)
}

fn each(row: &Param, items: &[Value], read: impl Fn(&Value) -> Result<Sweep>) -> Result<Vec<Sweep>> {
    let numbered = items.iter().enumerate();
    numbered.map(|(i, item)| read(item).map_err(|e| e.within(&format!("[{i}]")).within(row.name))).collect()
}

fn fixed_sweep(entry: &Value) -> Result<Sweep> {
    let (min, max, q, stages) = match entry {
        Value::Object(e) => (
            num(first(e, &["min", "start_min", "startMin"]), LOW)?,
            num(first(e, &["max", "start_max", "startMax"]), HIGH)?,
            num(first(e, &["q", "start_q"]), Q)?,
            int(first(e, &["cascade", "start_casc"]), STAGES)?,
        ),
        Value::Array(e) => (num(e.first(), LOW)?, num(e.get(1), HIGH)?, num(e.get(2), Q)?, int(e.get(3), STAGES)?),
        _ => (LOW, HIGH, Q, STAGES),
    };
    let (min, max) = (Ramp::fixed(min.min(max)), Ramp::fixed(min.max(max)));
    Ok(Sweep { min, max, q: Ramp::fixed(q), stages: Ramp::fixed(stages.max(1.0)) })
}

/// The sweeps of a transition voice (spec noise 3.2) from the list `row`. Under `Compat::moving_end_sweeps` the
/// end ranges come from `end_sweeps`, and a range without end values does not move (spec noise Q4, Q5).
pub(super) fn moving(context: &Context, params: &Params<'_>, row: &'static Param) -> Result<Vec<Sweep>> {
    let intended = context.compat.moving_end_sweeps;
    let read = |entry: &Value| moving_sweep(entry, intended);
    let mut sweeps = match entries(row, params.raw(row))? {
        Some(items) => each(row, items, read)?,
        None => vec![read(&Value::Null)?],
    };
    if intended && let Some(ends) = entries(&END_SWEEPS, params.raw(&END_SWEEPS))? {
        if ends.len() != sweeps.len() {
            let message = format!("expected one for each of the {} sweeps, got {}", sweeps.len(), ends.len());
            return Err(Error::invalid(END_SWEEPS.name, message));
        }
        let ends = each(&END_SWEEPS, ends, |entry| end_sweep(entry).map(|e| e.unwrap_or(NOWHERE)))?;
        for (sweep, end) in sweeps.iter_mut().zip(ends) {
            let or = |given: f64, before: f64| if given.is_nan() { before } else { given };
            let (min, max) = (or(end.min.end, sweep.min.end), or(end.max.end, sweep.max.end));
            sweep.min.end = min.min(max);
            sweep.max.end = min.max(max);
            sweep.q.end = or(end.q.end, sweep.q.end);
            sweep.stages.end = or(end.stages.end, sweep.stages.end);
        }
    }
    Ok(sweeps)
}

fn moving_sweep(entry: &Value, intended: bool) -> Result<Sweep> {
    let pair = |start: f64, end: f64| Ramp { start, end };
    let (min, max, q, stages) = match entry {
        Value::Object(e) => {
            let start_min = num(first(e, &["start_min", "min", "startMin"]), LOW)?;
            let start_max = num(first(e, &["start_max", "max", "startMax"]), HIGH)?;
            // the legacy behaviour takes the end of the lower edge from `max`
            let end_min: &[&str] = if intended { &["end_min", "endMin"] } else { &["end_min", "endMin", "max"] };
            let q = num(first(e, &["start_q", "q"]), Q)?;
            let stages = int(first(e, &["start_casc", "cascade"]), STAGES)?;
            (
                pair(start_min, num(first(e, end_min), start_min)?),
                pair(start_max, num(first(e, &["end_max", "endMax", "max"]), start_max)?),
                pair(q, num(first(e, &["end_q", "q"]), q)?),
                pair(stages, int(first(e, &["end_casc", "cascade"]), stages)?),
            )
        }
        Value::Array(e) => {
            let at = |i: usize, default: f64| num(e.get(i), default);
            let whole = |i: usize, default: f64| int(e.get(i), default);
            let (min, max, q, stages) = (at(0, LOW)?, at(1, HIGH)?, at(4, Q)?, whole(6, STAGES)?);
            (pair(min, at(2, min)?), pair(max, at(3, max)?), pair(q, at(5, q)?), pair(stages, whole(7, stages)?))
        }
        _ => (Ramp::fixed(LOW), Ramp::fixed(HIGH), Ramp::fixed(Q), Ramp::fixed(STAGES)),
    };
    Ok(Sweep {
        min: pair(min.start.min(max.start), min.end.min(max.end)),
        max: pair(min.start.max(max.start), min.end.max(max.end)),
        q,
        stages: stages.map(|c| c.max(1.0)),
    })
}

/// A sweep without any values.
const NOWHERE: Sweep = Sweep {
    min: Ramp::fixed(f64::NAN),
    max: Ramp::fixed(f64::NAN),
    q: Ramp::fixed(f64::NAN),
    stages: Ramp::fixed(f64::NAN),
};

/// An entry of `end_sweeps`: a static sweep, or one with `end_` names. Absent values are NaN and keep the start value.
fn end_sweep(entry: &Value) -> Result<Option<Sweep>> {
    let given = |value: Option<&Value>| num(value, f64::NAN);
    Ok(match entry {
        Value::Object(e) => Some(Sweep {
            min: Ramp::fixed(given(first(e, &["end_min", "endMin", "min", "start_min", "startMin"]))?),
            max: Ramp::fixed(given(first(e, &["end_max", "endMax", "max", "start_max", "startMax"]))?),
            q: Ramp::fixed(given(first(e, &["end_q", "q", "start_q"]))?),
            stages: Ramp::fixed(given(first(e, &["end_casc", "cascade", "start_casc"]))?.round_ties_even()),
        }),
        Value::Array(e) => Some(Sweep {
            min: Ramp::fixed(given(e.first())?),
            max: Ramp::fixed(given(e.get(1))?),
            q: Ramp::fixed(given(e.get(2))?),
            stages: Ramp::fixed(given(e.get(3))?.round_ties_even()),
        }),
        _ => None,
    })
}

/// The static notches (spec noise 10.2), at most ten. Entries that are neither an object nor a list are skipped.
pub(super) fn static_notches(list: Option<&Value>, sample_rate: f64) -> Result<Vec<StaticNotch>> {
    let read = |entry: &Value| -> Result<Option<StaticNotch>> {
        let (frequency, q, stages) = match entry {
            Value::Object(e) => (
                num(first(e, &["freq", "frequency", "hz"]), 1000.0)?,
                num(first(e, &["q", "quality"]), 25.0)?,
                int(first(e, &["cascade", "count"]), 1.0)?,
            ),
            Value::Array(e) => (num(e.first(), 1000.0)?, num(e.get(1), 25.0)?, int(e.get(2), 1.0)?),
            _ => return Ok(None),
        };
        let stages = stages.clamp(1.0, 1000.0) as usize;
        Ok(Some(StaticNotch { frequency: frequency.max(1.0), q: q.max(0.1), stages }))
    };
    let mut notches = Vec::new();
    for (i, entry) in entries(&STATIC_NOTCHES, list)?.unwrap_or(&[]).iter().enumerate() {
        notches.extend(read(entry).map_err(|e| e.within(&format!("[{i}]")).within(STATIC_NOTCHES.name))?);
    }
    notches.truncate(MOST_STATIC_NOTCHES);
    notches.retain(|n| n.frequency < BAND_EDGE * sample_rate);
    Ok(notches)
}
