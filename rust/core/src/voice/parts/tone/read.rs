//! Reading a tone's parameters into closed forms (spec binaural-and-isochronic 1.4 to 1.7).

use serde_json::Value;

use super::signal::{Channel, Lfo, PAN, PHASE_OSC, ROLES, Signal, Timing, in_cycles};
use super::tables;
use crate::dsp::curve::Alpha;
use crate::dsp::pan::{PanKind, PanOptions, PanSettings, PanStage, extremes};
use crate::error::{Error, Result};
use crate::json::value::number;
use crate::voice::parts::loudness;
use crate::voice::{Context, Param, Params, Ramp};

/// Largest magnitude of a carried phase in radians. At larger values doubles are more than a tenth of a radian apart.
const FARTHEST: f64 = 1e15;

/// The properties in which the voices that use a tone differ.
#[allow(clippy::struct_excessive_bools)] // independent conventions of the families
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    /// Carrier frequency of the left and the right ear, Hz.
    pub(crate) carriers: [Ramp; 2],
    /// Whether the carrier is clamped at 0 Hz before vibrato is added.
    pub(crate) floor_carrier: bool,
    /// Whether the vibrato is a triangle instead of a sine.
    pub(crate) triangle: bool,
    /// Vibrato is off where this exceeds 0.5.
    pub(crate) mono: Ramp,
    /// Whether the start phases move during a transition.
    pub(crate) start_phases_move: bool,
    /// Below this magnitude a pan value counts as zero.
    pub(crate) pan_threshold: f64,
    /// Whether the check for a zero pan looks at the values that occur in the call, instead of the transition's end
    /// values.
    pub(crate) pan_by_values: bool,
    /// Time base and conventions.
    pub(crate) timing: Timing,
}

/// Read the parameters of the shared tables, and combine them with the carriers of `style`.
pub(crate) fn read(context: &Context, params: &Params<'_>, alpha: Alpha, style: &Style) -> Result<Signal> {
    let phase_osc_rate = params.ramp(&tables::PHASE_OSC_FREQ)?;
    let phase_osc_range = params.ramp(&tables::PHASE_OSC_RANGE)?;
    let channel = |side: usize| -> Result<Channel> {
        let ramp = |rows: [&'static Param; 2]| params.ramp(rows[side]);
        let ahead = |ramp: Ramp, role: &str| ramp.map(|cycles| cycles + context.shift(role).cycles());
        let roles = &ROLES[side];
        Ok(Channel {
            amp: ramp([&tables::AMP_L, &tables::AMP_R])?,
            carrier: style.carriers[side],
            floor_carrier: style.floor_carrier,
            start: ahead(start_phase(context, params, side, style.start_phases_move)?.map(in_cycles), roles.carrier),
            vibrato_range: ramp([&tables::FREQ_OSC_RANGE_L, &tables::FREQ_OSC_RANGE_R])?,
            vibrato: Lfo {
                rate: ramp([&tables::FREQ_OSC_FREQ_L, &tables::FREQ_OSC_FREQ_R])?,
                offset: ahead(
                    ramp([&tables::FREQ_OSC_PHASE_OFFSET_L, &tables::FREQ_OSC_PHASE_OFFSET_R])?.map(in_cycles),
                    roles.vibrato,
                ),
                skew: ramp([&tables::FREQ_OSC_SKEW_L, &tables::FREQ_OSC_SKEW_R])?,
                triangle: style.triangle,
            },
            mono: style.mono,
            tremolo_depth: ramp([&tables::AMP_OSC_DEPTH_L, &tables::AMP_OSC_DEPTH_R])?,
            tremolo: Lfo {
                rate: ramp([&tables::AMP_OSC_FREQ_L, &tables::AMP_OSC_FREQ_R])?,
                offset: ahead(
                    ramp([&tables::AMP_OSC_PHASE_OFFSET_L, &tables::AMP_OSC_PHASE_OFFSET_R])?.map(in_cycles),
                    roles.tremolo,
                ),
                skew: ramp([&tables::AMP_OSC_SKEW_L, &tables::AMP_OSC_SKEW_R])?,
                triangle: false,
            },
            side: [-1.0, 1.0][side],
        })
    };
    let pan = read_pan(context, params, &alpha, style)?;
    Ok(Signal {
        alpha,
        timing: style.timing,
        channels: [channel(0)?, channel(1)?],
        phase_osc_rate,
        phase_osc_range,
        phase_osc_start: context.shift(PHASE_OSC).cycles(),
        pan,
        loudness: loudness::read(params, style.carriers)?,
    })
}

/// Start phase of one ear in radians, by the priorities of spec 1.4.
fn start_phase(context: &Context, params: &Params<'_>, side: usize, moves: bool) -> Result<Ramp> {
    let row = [&tables::START_PHASE_L, &tables::START_PHASE_R][side];
    let carried = match context.carried {
        Some(phases) => Some([phases.left, phases.right][side]),
        None => written_phase(params, ["left", "right"][side])?,
    };
    let static_value = params.number(row)?;
    if !params.transition {
        return Ok(Ramp::fixed(carried.unwrap_or(static_value)));
    }
    let names = row.ends();
    let start = params.number_as(row, &names[0])?.or(carried).unwrap_or(static_value);
    let end = params.number_as(row, &names[1])?.filter(|_| moves).unwrap_or(start);
    Ok(Ramp { start, end })
}

/// The carried phase of one ear in radians, from the parameter `oscillator_phases`; `None` if absent.
fn written_phase(params: &Params<'_>, key: &str) -> Result<Option<f64>> {
    let Some(Value::Object(phases)) = params.raw(&tables::OSCILLATOR_PHASES) else { return Ok(None) };
    let Some(value) = phases.get(key).filter(|value| !value.is_null()) else { return Ok(None) };
    let phase = number(value).filter(|n| n.abs() <= FARTHEST).ok_or_else(|| {
        Error::invalid(
            format!("{}.{key}", tables::OSCILLATOR_PHASES.name),
            format!("expected a number between -{FARTHEST} and {FARTHEST}"),
        )
    })?;
    Ok(Some(phase))
}

/// The pan stage; `None` if the position is 0 throughout.
fn read_pan(context: &Context, params: &Params<'_>, alpha: &Alpha, style: &Style) -> Result<Option<PanStage>> {
    let centre = params.ramp(&tables::PAN)?;
    let range_end = |row: &'static Param| -> Result<Ramp> {
        let shared = params.optional(row)?;
        if !params.transition {
            return Ok(Ramp::fixed(shared.unwrap_or(centre.start)));
        }
        let names = row.ends();
        let start = params.number_as(row, &names[0])?.or(shared).unwrap_or(centre.start);
        let end = params.number_as(row, &names[1])?.or(shared).unwrap_or(centre.end);
        Ok(Ramp { start, end })
    };
    let clip = |ramp: Ramp| ramp.map(|v| v.clamp(-1.0, 1.0));
    let (a, b) = (clip(range_end(&tables::PAN_RANGE_MIN)?), clip(range_end(&tables::PAN_RANGE_MAX)?));
    let low = Ramp { start: a.start.min(b.start), end: a.end.min(b.end) };
    let high = Ramp { start: a.start.max(b.start), end: a.end.max(b.end) };
    let rate = params.ramp(&tables::PAN_FREQ)?;
    // the role counts pairs of cycles, because some movements repeat only after two
    let shift = 2.0 * context.shift(PAN).cycles();
    let phase = params.ramp(&tables::PAN_PHASE)?.map(|radians| in_cycles(radians) + shift);
    let kind = PanKind::from_name(pan_type(params)?);
    let zero = |ramp: Ramp| {
        let ends = if style.pan_by_values { extremes(ramp, alpha, context.frames) } else { [ramp.start, ramp.end] };
        ends.iter().all(|value| value.abs() <= style.pan_threshold)
    };
    if zero(low) && zero(high) && zero(rate) {
        return Ok(None);
    }
    let settings = PanSettings { min: low, max: high, rate, phase, kind };
    let options =
        PanOptions { unity_centre: context.compat.smooth_pan_onset, smooth_jumps: context.compat.smooth_jumps };
    Ok(Some(PanStage::new(settings, alpha.clone(), context.sample_rate, context.frames, options)))
}

fn pan_type(params: &Params<'_>) -> Result<&'static str> {
    if !params.transition {
        return Ok(params.choice(&tables::PAN_TYPE));
    }
    let [start, end] = tables::PAN_TYPE.ends();
    let given = |spelling: &str| params.choice_as(&tables::PAN_TYPE, spelling);
    let start = given(&start).or_else(|| given(tables::PAN_TYPE.name)).unwrap_or("linear");
    match given(&end) {
        Some(other) if other != start => Err(Error::invalid(
            end,
            format!("expected the same movement as at the start (\"{start}\"), got \"{other}\""),
        )),
        _ => Ok(start),
    }
}
