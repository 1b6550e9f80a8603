//! `dual_pulse_binaural`: the carriers of `binaural_beat`, gated by separate pulses per ear
//! (spec am-and-monaural-voices 7).

use multiversion::multiversion;

use super::binaural;
use crate::dsp::cell::{CELL, Cell};
use crate::dsp::phase::Turns;
use crate::error::{Error, Result};
use crate::voice::family::{Family, Heard, Standing};
use crate::voice::grid::{CellSource, Cells};
use crate::voice::param::Moves;
use crate::voice::parts::gate::{PulseGate, PulseShape, Settings};
use crate::voice::parts::glide::Glide;
use crate::voice::parts::pulse_clock::PulseClock;
use crate::voice::parts::pulse_form::{FlankShape, PulseForm, Share, warn_of_both};
use crate::voice::parts::rows::{hertz, level};
use crate::voice::parts::swept_gate::SweptGate;
use crate::voice::parts::timed_gate::TimedGate;
use crate::voice::parts::{glitch, pulse_form, tone};
use crate::voice::stages::spatial;
use crate::voice::stages::suppression;
use crate::voice::{Block, Context, Onset, Oscillators, Param, Params, Phases, Ramp, Voice};

const FORCE_MONO: Param =
    Param::flag("forceMono", false, "The same carrier on both ears; the pulses keep their rates.").moves(Moves::Pair);
const HARMONIC_SUPPRESSION: Param =
    Param::flag("harmonicSuppression", false, "Low-pass at 1.5 times the base frequency, zero phase.")
        .moves(Moves::Pair);
const PULSE_RATE: Param = hertz("pulseRate", 0.0, "Pulses per second; 0 and below: the beat frequency.");
const PULSE_RATE_L: Param =
    hertz("pulseRateL", 0.0, "The same for the left ear; absent, 0 and below: `pulseRate`.").optional();
const PULSE_RATE_R: Param = hertz("pulseRateR", 0.0, "The same for the right ear.").optional();
const RAMP_PERCENT: Param = level("rampPercent", 0.2, "Each flank as a fraction of the audible part (0.5: triangle).");
const RAMP_PERCENT_L: Param =
    level("rampPercentL", 0.0, "The same for the left ear; absent: `rampPercent`.").optional();
const RAMP_PERCENT_R: Param = level("rampPercentR", 0.0, "The same for the right ear.").optional();
const GAP_PERCENT: Param = level("gapPercent", 0.15, "Silent fraction at the end of each cycle.");
const GAP_PERCENT_L: Param = level("gapPercentL", 0.0, "The same for the left ear; absent: `gapPercent`.").optional();
const GAP_PERCENT_R: Param = level("gapPercentR", 0.0, "The same for the right ear.").optional();
const PULSE_PHASE_OFFSET: Param = cycles("pulsePhaseOffset", "Phase of the pulses.");
const PULSE_PHASE_OFFSET_L: Param =
    cycles("pulsePhaseOffsetL", "The same for the left ear; absent: `pulsePhaseOffset`.").optional();
const PULSE_PHASE_OFFSET_R: Param = cycles("pulsePhaseOffsetR", "The same for the right ear.").optional();
const PULSE_SHAPE: Param = shape("pulseShape", "Form of the pulses.");
const PULSE_SHAPE_L: Param = shape("pulseShapeL", "The same for the left ear; absent: `pulseShape`.").optional();
const PULSE_SHAPE_R: Param = shape("pulseShapeR", "The same for the right ear.").optional();
const PULSE_DEPTH: Param = level("pulseDepth", 1.0, "Depth of the pulses, limited to 0..1.");
const PULSE_DEPTH_L: Param = level("pulseDepthL", 0.0, "The same for the left ear; absent: `pulseDepth`.").optional();
const PULSE_DEPTH_R: Param = level("pulseDepthR", 0.0, "The same for the right ear.").optional();

const PULSES: &[Param] = &[
    FORCE_MONO,
    HARMONIC_SUPPRESSION,
    PULSE_RATE,
    PULSE_RATE_L,
    PULSE_RATE_R,
    RAMP_PERCENT,
    RAMP_PERCENT_L,
    RAMP_PERCENT_R,
    GAP_PERCENT,
    GAP_PERCENT_L,
    GAP_PERCENT_R,
    PULSE_PHASE_OFFSET,
    PULSE_PHASE_OFFSET_L,
    PULSE_PHASE_OFFSET_R,
    PULSE_SHAPE,
    PULSE_SHAPE_L,
    PULSE_SHAPE_R,
    PULSE_DEPTH,
    PULSE_DEPTH_L,
    PULSE_DEPTH_R,
];

const fn cycles(name: &'static str, about: &'static str) -> Param {
    Param::number(name, 0.0, "cycles", about).range(-1e6, 1e6)
}

const fn shape(name: &'static str, about: &'static str) -> Param {
    Param::choice(name, PulseShape::WORDS, "trapezoid", about).moves(Moves::Pair)
}

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "dual_pulse_binaural",
    transition: true,
    summary: "A binaural beat whose two carriers are gated by pulses, separately per ear.",
    source: "spec am-and-monaural-voices 7",
    params: &[
        binaural::FREQUENCIES,
        PULSES,
        pulse_form::TABLE,
        tone::tables::CHANNELS,
        tone::tables::PANNING,
        glitch::TABLE,
        spatial::TABLE,
    ],
    carrier: Some(&binaural::BASE_FREQ),
    beat: Some(&binaural::BEAT_FREQ),
    reads_offset: true,
    heard: Heard::Ears,
    standing: Standing::SameWithout(tone::tables::VIBRATO_RANGES, "the vibrato of transitions is one increment ahead"),
    build,
    ..Family::PLAIN
};

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let carrier = binaural::carrier(context, params, either(params, &FORCE_MONO, false))?;
    let glide = Glide::read(context, params)?;
    if pulse_form::is_given(params) {
        let by = |rows: [&'static Param; 3], other: &'static Param| rows.map(|row| (row, other));
        let others = [by(SHAPES, &pulse_form::SHAPE), by(DEPTHS, &pulse_form::MODULATION_DEPTH)].concat();
        warn_of_both(params, &RAMPS, &GAPS, &others);
    }
    let ear = |side: usize| {
        let shift = context.shift(PULSE_ROLES[side]);
        Ok::<_, Error>(Ear::read(context, params, &glide, side)?.shifted(shift))
    };
    let ears = [ear(0)?, ear(1)?];
    let voice = Cells::boxed(DualPulse { carrier, ears, glide, frames: context.heard_frames(suppression::MEMORY) });
    if !either(params, &HARMONIC_SUPPRESSION, true) {
        return Ok(voice);
    }
    let base = params.ramp(&binaural::BASE_FREQ)?;
    Ok(suppression::wrap(voice, context, (base.start + base.end) / 2.0))
}

/// Whether a flag is set at either end of the transition, which turns it on for the whole call. If `from_start` is set,
/// an absent end value falls back to the start value instead of the static name.
fn either(params: &Params<'_>, row: &Param, from_start: bool) -> bool {
    let fixed = params.flag_as(row.name).unwrap_or(false);
    if !params.transition {
        return fixed;
    }
    let [start, end] = row.ends();
    let start = params.flag_as(&start).unwrap_or(fixed);
    start | params.flag_as(&end).unwrap_or(if from_start { start } else { fixed })
}

/// The pulses of the left and the right ear.
const PULSE_ROLES: [&str; 2] = ["pulseL", "pulseR"];

// The row of both ears, then those of the left and the right ear.
const RATES: [&Param; 3] = [&PULSE_RATE, &PULSE_RATE_L, &PULSE_RATE_R];
const RAMPS: [&Param; 3] = [&RAMP_PERCENT, &RAMP_PERCENT_L, &RAMP_PERCENT_R];
const GAPS: [&Param; 3] = [&GAP_PERCENT, &GAP_PERCENT_L, &GAP_PERCENT_R];
const PHASES: [&Param; 3] = [&PULSE_PHASE_OFFSET, &PULSE_PHASE_OFFSET_L, &PULSE_PHASE_OFFSET_R];
const SHAPES: [&Param; 3] = [&PULSE_SHAPE, &PULSE_SHAPE_L, &PULSE_SHAPE_R];
const DEPTHS: [&Param; 3] = [&PULSE_DEPTH, &PULSE_DEPTH_L, &PULSE_DEPTH_R];

/// The pulses of one ear.
#[derive(Debug, Clone)]
enum Ear {
    /// Two trains, crossfaded over the transition: those of its start and of its end.
    Crossfaded(PulseGate, PulseGate),
    /// One train whose rate and form move (`Compat::integrate_rates`).
    Swept(Box<SweptGate>),
    /// One train whose rate moves, and whose lengths are in milliseconds (spec stimuli 2).
    Timed(Box<TimedGate>),
}

impl Ear {
    fn read(context: &Context, params: &Params<'_>, glide: &Glide, side: usize) -> Result<Self> {
        let [from_rate, to_rate] = rates(params, side)?;
        let number = |rows: [&'static Param; 3], default: f64| {
            ends(params, rows, side, default, |row, spelling| params.number_as(row, spelling))
        };
        let shapes = ends(params, SHAPES, side, "trapezoid", |row, spelling| Ok(params.choice_as(row, spelling)))?;
        let (ramp, gap) = (number(RAMPS, 0.2)?, number(GAPS, 0.15)?);
        let (phase, depth) = (number(PHASES, 0.0)?, number(DEPTHS, 1.0)?);
        let settings = |end: usize, rate_hz: f64| {
            let shape = PulseShape::from_word(shapes[end]);
            Settings { rate_hz, ramp: ramp[end], gap: gap[end], phase: phase[end], shape, depth: depth[end] }
        };
        let (start, end) = (settings(0, from_rate), settings(1, to_rate));
        if pulse_form::is_given(params) {
            return Self::timed(context, params, glide, start, end);
        }
        let (start, end) = (start.softened(context), end.softened(context));
        let rate = context.sample_rate;
        Ok(if context.compat.integrate_rates && start != end {
            Self::Swept(Box::new(SweptGate::new(glide, start, end, rate)))
        } else {
            Self::Crossfaded(PulseGate::new(start, rate), PulseGate::new(end, rate))
        })
    }

    /// The same pulses, ahead by `shift`.
    fn shifted(self, shift: Turns) -> Self {
        match self {
            Self::Crossfaded(start, end) => Self::Crossfaded(start.shifted(shift), end.shifted(shift)),
            Self::Swept(gate) => Self::Swept(Box::new(gate.shifted(shift))),
            Self::Timed(gate) => Self::Timed(Box::new(gate.shifted(shift))),
        }
    }

    /// Position in the cycle at `frame`, of the louder train; `None` without pulses.
    fn phase(&self, glide: &Glide, frame: u64) -> Option<Turns> {
        match self {
            Self::Crossfaded(start, end) => if glide.alpha.at(frame) < 0.5 { start } else { end }.phase(frame),
            Self::Swept(gate) => Some(gate.phase(glide, frame)),
            Self::Timed(gate) => gate.phase(frame),
        }
    }

    /// One train with the names in milliseconds, which both ears share, where they are given.
    fn timed(
        context: &Context,
        params: &Params<'_>,
        glide: &Glide,
        mut start: Settings,
        mut end: Settings,
    ) -> Result<Self> {
        // an end without pulses is the other one at depth 0
        let beats = [start.rate_hz > 0.0, end.rate_hz > 0.0];
        if !beats[0] {
            start = Settings { depth: 0.0, ..end };
        } else if !beats[1] {
            end = Settings { depth: 0.0, ..start };
        }
        let ramp = |value: fn(&Settings) -> f64| Ramp { start: value(&start), end: value(&end) };
        let share = Share { ramp: ramp(|s| s.ramp), gap: ramp(|s| s.gap) };
        let shape = match start.shape {
            PulseShape::Trapezoid => FlankShape::Linear,
            PulseShape::Square => FlankShape::Square,
            PulseShape::Cosine => FlankShape::RaisedCosine,
        };
        let depth = ramp(|s| s.depth.clamp(0.0, 1.0));
        let mut form = PulseForm::read(params, share, shape, depth, start.rate_hz)?;
        for (depth, beats) in [&mut form.depth.start, &mut form.depth.end].into_iter().zip(beats) {
            *depth = if beats { *depth } else { 0.0 };
        }
        let rate = ramp(|s| s.rate_hz);
        form.check(params, rate)?;
        let phase = ramp(|s| s.phase.rem_euclid(1.0));
        let clock = PulseClock::new(rate, glide.alpha.clone(), context.sample_rate, phase, 0, glide.frames);
        Ok(Self::Timed(Box::new(TimedGate::new(clock, form))))
    }

    /// Write the gains of the current cell of `glide`.
    fn gains(&self, glide: &Glide, gains: &mut Cell) {
        match self {
            Self::Crossfaded(start, end) => {
                start.gains(glide.frame(), gains);
                if start != end {
                    let mut later = [0.0; CELL];
                    end.gains(glide.frame(), &mut later);
                    crossfade(gains, &later, glide.values());
                }
            }
            Self::Swept(gate) => gate.gains(glide, gains),
            Self::Timed(gate) => gate.gains(glide.frame(), gains),
        }
    }

    /// Of two trains, the pulses of the one that is louder in the crossfade.
    fn onsets(&self, glide: &Glide, from: u64, to: u64, label: &'static str, each: &mut dyn FnMut(Onset)) {
        match self {
            Self::Crossfaded(start, end) => {
                let later = |onset: &Onset| start != end && glide.alpha.at(onset.frame) >= 0.5;
                let mut only = |onset, wanted: bool| {
                    if later(&onset) == wanted {
                        each(onset);
                    }
                };
                start.onsets(from, to, label, &mut |onset| only(onset, false));
                end.onsets(from, to, label, &mut |onset| only(onset, true));
            }
            Self::Swept(gate) => gate.onsets(from, to, label, each),
            Self::Timed(gate) => gate.onsets(from, to, label, each),
        }
    }
}

/// The start and end value of one ear: the ear's own, else the shared one. A start value of one ear does not apply to
/// its end.
fn ends<T: Copy>(
    params: &Params<'_>,
    [shared, left, right]: [&'static Param; 3],
    side: usize,
    default: T,
    read: impl Fn(&'static Param, &str) -> Result<Option<T>>,
) -> Result<[T; 2]> {
    let own = [left, right][side];
    let (shared_value, own_value) = (read(shared, shared.name)?, read(own, own.name)?);
    if !params.transition {
        let value = own_value.or(shared_value).unwrap_or(default);
        return Ok([value; 2]);
    }
    let names = shared.ends();
    let shared_start = read(shared, &names[0])?.or(shared_value).unwrap_or(default);
    let shared_end = read(shared, &names[1])?.unwrap_or(shared_start);
    let names = own.ends();
    let start = read(own, &names[0])?.or(own_value).unwrap_or(shared_start);
    let end = read(own, &names[1])?.or(own_value).unwrap_or(shared_end);
    Ok([start, end])
}

/// Start and end pulse rate of one ear, Hz. At 0 and below it falls back to the shared rate, and that to the beat.
fn rates(params: &Params<'_>, side: usize) -> Result<[f64; 2]> {
    let positive = |value: f64, fallback: f64| if value <= 0.0 { fallback } else { value };
    let [shared, left, right] = RATES;
    let own = [left, right][side];
    let (shared_value, own_value) = (params.optional(shared)?, params.optional(own)?);
    let beat = params.ramp(&binaural::BEAT_FREQ)?;
    let rate = |end: usize, beat: f64| -> Result<f64> {
        let (mut common, mut mine) = (shared_value, own_value);
        if params.transition {
            common = params.number_as(shared, &shared.ends()[end])?.or(common);
            mine = params.number_as(own, &own.ends()[end])?.or(mine);
        }
        let common = positive(common.unwrap_or(0.0), beat);
        Ok(positive(mine.unwrap_or(common), common))
    };
    Ok([rate(0, beat.start)?, rate(1, beat.end)?])
}

struct DualPulse {
    carrier: Box<dyn Voice>,
    ears: [Ear; 2],
    glide: Glide,
    /// Frames of the carrier.
    frames: u64,
}

impl CellSource for DualPulse {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, mut out: Block<'_>) {
        self.glide.enter(index);
        let first = self.glide.frame();
        let sounding = self.frames.saturating_sub(first).min(CELL as u64) as usize;
        self.carrier.render(first, out.part(0, sounding));
        out.part(sounding, CELL).clear();
        let mut gains = [0.0; CELL];
        for (ear, out) in self.ears.iter().zip([out.left, out.right]) {
            let Some(out) = out.first_chunk_mut() else { continue };
            ear.gains(&self.glide, &mut gains);
            multiply(out, &gains);
        }
    }

    fn prepare(&mut self) {
        self.carrier.prepare();
    }

    fn fork(&self) -> Self {
        Self { carrier: self.carrier.fork(), ears: self.ears.clone(), glide: self.glide.clone(), frames: self.frames }
    }

    /// Pulses that begin in both ears at once are one event.
    fn onsets(&self, from: u64, to: u64, each: &mut dyn FnMut(Onset)) {
        let mut found = Vec::new();
        for (ear, label) in self.ears.iter().zip(["pulse_left", "pulse_right"]) {
            ear.onsets(&self.glide, from, to, label, &mut |onset| found.push(onset));
        }
        found.sort_by_cached_key(|onset| onset.frame);
        found.dedup_by(|next, kept| {
            let both = next.frame == kept.frame && next.label != kept.label && next.length == kept.length;
            if both {
                kept.label = "pulse";
            }
            both
        });
        found.into_iter().for_each(each);
    }

    fn phases_at(&self, frame: u64) -> Option<Phases> {
        self.carrier.phases_at(frame)
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        let carriers = self.carrier.oscillators_at(frame)?;
        let pulses = PULSE_ROLES.into_iter().zip(&self.ears);
        Some(pulses.fold(carriers, |all, (role, ear)| all.and(role, ear.phase(&self.glide, frame))))
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn crossfade(from: &mut Cell, to: &Cell, alpha: &Cell) {
    for j in 0..CELL {
        from[j] = from[j] * (1.0 - alpha[j]) + to[j] * alpha[j];
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn multiply(out: &mut Cell, gains: &Cell) {
    for j in 0..CELL {
        out[j] *= gains[j];
    }
}
