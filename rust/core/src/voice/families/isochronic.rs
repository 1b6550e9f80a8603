//! `isochronic_tone`: one carrier in both ears, gated by trapezoid pulses (spec binaural-and-isochronic 4 and 5).

use crate::dsp::curve::Alpha;
use crate::error::Result;
use crate::voice::family::{Family, Heard, Standing};
use crate::voice::grid::{CellSource, Cells};
use crate::voice::param::{Moves, Param};
use crate::voice::params::{Params, Ramp};
use crate::voice::parts::pulse_clock::PulseClock;
use crate::voice::parts::pulse_form::{FlankShape, PulseForm, Share};
use crate::voice::parts::timed_gate::TimedGate;
use crate::voice::parts::tone::{Pulse, Style, Timing, Tone, gated};
use crate::voice::parts::{gate, nyquist, pulse_form, tone, transition};
use crate::voice::stages::suppression;
use crate::voice::tone_batch::ToneSegment;
use crate::voice::{Block, Context, Onset, Oscillators, Phases, Voice};

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "isochronic_tone",
    transition: true,
    summary: "A carrier switched on and off by trapezoid pulses, with vibrato, tremolo, interaural phase and pan.",
    source: "spec binaural-and-isochronic 4 and 5",
    params: &[PULSE, pulse_form::TABLE, tone::tables::CHANNELS, tone::tables::PANNING],
    carrier: Some(&BASE_FREQ),
    beat: Some(&BEAT_FREQ),
    reads_offset: true,
    peak: tone::tables::peak,
    heard: Heard::Level,
    standing: Standing::Differs("transitions run on the sample clock and start their carrier one frame later"),
    build,
    ..Family::PLAIN
};

// the transition voice does not read the static names
const BASE_FREQ: Param = Param::number("baseFreq", 200.0, "Hz", "Carrier frequency.").moves(Moves::PairOnly);
const BEAT_FREQ: Param =
    Param::number("beatFreq", 4.0, "Hz", "Pulse rate; 0 or less is silence.").moves(Moves::PairOnly);
const FORCE_MONO: Param = Param::number("forceMono", 0.0, "", "Above 0.5 the vibrato is off on both channels.");
const RAMP_PERCENT: Param =
    Param::number("rampPercent", 0.2, "", "Length of each flank as a fraction of the audible part (0.5: triangle).");
const GAP_PERCENT: Param = Param::number("gapPercent", 0.15, "", "Silent fraction of each cycle.");
const HARMONIC_SUPPRESSION: Param =
    Param::flag("harmonicSuppression", false, "Low-pass at 1.5 times the carrier, zero phase.").moves(Moves::Pair);

const PULSE: &[Param] = &[BASE_FREQ, BEAT_FREQ, FORCE_MONO, RAMP_PERCENT, GAP_PERCENT, HARMONIC_SUPPRESSION];

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let transition = params.transition;
    let alpha = transition::alpha(context, params)?;
    let (base, beat) = (params.ramp(&BASE_FREQ)?, params.ramp(&BEAT_FREQ)?);
    let step = context.dt();
    // the sums of the transition voice run on the sample clock, those of the static voice on the voice's time base
    let sum_step = match (transition, context.frames) {
        (true, 1) => context.duration,
        (true, _) => 1.0 / context.sample_rate,
        (false, _) => step,
    };
    let origin = if transition { 0.0 } else { transition::initial_offset(context, params)? };
    let mono = if transition {
        params.ramp(&FORCE_MONO)?
    } else {
        Ramp::fixed(f64::from(u8::from(params.flag_as(FORCE_MONO.name).unwrap_or(false))))
    };
    let style = Style {
        carriers: [base; 2],
        floor_carrier: transition,
        triangle: false,
        mono,
        start_phases_move: true,
        pan_threshold: 1e-8,
        pan_by_values: transition,
        timing: Timing {
            step,
            origin,
            sum_step,
            carrier_lead: u64::from(!transition),
            vibrato_lead: u64::from(transition),
            integrate: context.compat.integrate_rates,
            carry_last_heard: transition && context.compat.carry_end_phase,
        },
    };
    let (flank, gap) = (params.ramp(&RAMP_PERCENT)?, params.ramp(&GAP_PERCENT)?);
    let timed = timed_gate(context, params, beat, Share { ramp: flank, gap }, &alpha, origin)?;
    let ramp = gate::softened(context, flank, gap, beat);
    let pulse = if transition {
        Pulse::new(beat, ramp, gap, sum_step, 0.0, 1, context.frames, alpha.clone()).limited()
    } else {
        Pulse::new(beat, ramp, gap, step, origin, 0, context.frames, Alpha::still())
    };
    let pulse = pulse.shifted(context.shift("pulse"));
    let suppressed = suppress(params);
    let mean_base = mean_carrier(&alpha, base, transition, context.frames);
    let signal = tone::read(context, params, alpha.clone(), &style)?;
    let tone = Tone::new(signal, context.sample_rate, context.frames);
    let gate = match timed {
        Some(gate) => Gate::Timed { gate, gains: vec![0.0; tone.cell_len()] },
        None => Gate::Percent(pulse),
    };
    let voice = Cells::boxed(Isochronic { tone, gate });
    let voice = nyquist::limited(voice, context, params, &alpha, [(&BASE_FREQ, base); 2]);
    Ok(if suppressed { suppression::wrap(voice, context, mean_base) } else { voice })
}

/// The gate of the names in milliseconds; `None` if none of them is given. It runs on the sample clock, and its first
/// pulse begins `origin` seconds before frame 0.
fn timed_gate(
    context: &Context,
    params: &Params<'_>,
    beat: Ramp,
    share: Share,
    alpha: &Alpha,
    origin: f64,
) -> Result<Option<TimedGate>> {
    if !pulse_form::is_given(params) {
        return Ok(None);
    }
    pulse_form::warn_of_both(params, &[&RAMP_PERCENT], &[&GAP_PERCENT], &[]);
    let form = PulseForm::read(params, share, FlankShape::Linear, Ramp::fixed(1.0), beat.start)?;
    form.check(params, beat)?;
    let phase = Ramp::fixed(beat.start.max(0.0) * origin);
    let clock = PulseClock::new(beat, alpha.clone(), context.sample_rate, phase, 0, context.frames);
    Ok(Some(TimedGate::new(clock, form).shifted(context.shift("pulse"))))
}

fn suppress(params: &Params<'_>) -> bool {
    let name = HARMONIC_SUPPRESSION.name;
    if !params.transition {
        return params.lenient_flag_as(name).unwrap_or(false);
    }
    let [start, end] = HARMONIC_SUPPRESSION.ends();
    let start = params.lenient_flag_as(&start).or_else(|| params.lenient_flag_as(name));
    let end = params.lenient_flag_as(&end).or(start);
    start.unwrap_or(false) || end.unwrap_or(false)
}

/// Mean of the carrier (clamped at 0 Hz) over the whole voice, from which the low-pass of a transition is tuned.
fn mean_carrier(alpha: &Alpha, base: Ramp, transition: bool, frames: u64) -> f64 {
    if !transition || frames == 0 {
        return base.start;
    }
    if base.start >= 0.0 && base.end >= 0.0 {
        return base.start + (base.end - base.start) * alpha.sum(frames - 1) / frames as f64;
    }
    // a carrier that reaches below 0 Hz: the mean of the clamped values on fewer than 2^17 evenly spaced frames
    let stride = (frames / 65_536).max(1);
    let count = frames.div_ceil(stride);
    (0..count).map(|k| base.at(alpha.at(k * stride)).max(0.0)).sum::<f64>() / count as f64
}

struct Isochronic {
    tone: Tone,
    gate: Gate,
}

#[derive(Clone)]
enum Gate {
    /// Flanks and gap as fractions of the cycle.
    Percent(Pulse),
    /// Lengths in milliseconds, and memory for the gains of a cell.
    Timed { gate: TimedGate, gains: Vec<f32> },
}

impl CellSource for Isochronic {
    fn cell_len(&self) -> usize {
        self.tone.cell_len()
    }

    fn cell(&mut self, index: u64, mut out: Block<'_>) {
        if let Some(ears) = self.segments(index) {
            return gated::pair(out, &ears, &mut self.tone.scratch.phases);
        }
        self.tone.cell(index, out.reborrow());
        let first = index * self.tone.cell_len() as u64;
        match &mut self.gate {
            Gate::Percent(pulse) => pulse.apply(first, out, &mut self.tone.scratch.phases),
            Gate::Timed { gate, gains } => {
                gate.gains(first, gains);
                for ((left, right), gain) in out.left.iter_mut().zip(out.right).zip(gains) {
                    *left *= *gain;
                    *right *= *gain;
                }
            }
        }
    }

    fn segments(&mut self, index: u64) -> Option<[ToneSegment; 2]> {
        let len = self.tone.cell_len();
        let Gate::Percent(pulse) = &self.gate else { return None };
        let gate = Some(pulse.gate(index * len as u64, len)?);
        Some(self.tone.segments(index)?.map(|segment| ToneSegment { gate, ..segment }))
    }

    fn fork(&self) -> Self {
        Self { tone: self.tone.clone(), gate: self.gate.clone() }
    }

    fn bound(&self) -> Option<f32> {
        self.tone.bound()
    }

    fn onsets(&self, from: u64, to: u64, each: &mut dyn FnMut(Onset)) {
        match &self.gate {
            Gate::Percent(pulse) => pulse.onsets(from, to, each),
            Gate::Timed { gate, .. } => gate.onsets(from, to, "pulse", each),
        }
    }

    fn phases_at(&self, frame: u64) -> Option<Phases> {
        Some(self.tone.phases_at(frame))
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        let pulse = match &self.gate {
            Gate::Percent(pulse) => Some(pulse.position(frame)),
            Gate::Timed { gate, .. } => gate.phase(frame),
        };
        Some(self.tone.oscillators_at(frame).and("pulse", pulse))
    }
}
