//! `binaural_beat`: two sine carriers, one per ear, a beat frequency apart (spec binaural-and-isochronic 2 and 3).

use crate::error::Result;
use crate::voice::family::{Family, Heard, Standing};
use crate::voice::grid::{CellSource, Cells};
use crate::voice::param::Param;
use crate::voice::params::{Params, Ramp};
use crate::voice::parts::glitch::Glitch;
use crate::voice::parts::tone::{Style, Timing, Tone};
use crate::voice::parts::{glitch, nyquist, tone, transition};
use crate::voice::stages::spatial;
use crate::voice::tone_batch::ToneSegment;
use crate::voice::{Block, Context, Oscillators, Phases, Voice};

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "binaural_beat",
    transition: true,
    summary: "Two sine carriers, one per ear, a beat frequency apart, with vibrato, tremolo, interaural phase and pan.",
    source: "spec binaural-and-isochronic 2, 3 and 6",
    params: &[FREQUENCIES, tone::tables::CHANNELS, tone::tables::PANNING, glitch::TABLE, spatial::TABLE],
    carrier: Some(&BASE_FREQ),
    beat: Some(&BEAT_FREQ),
    reads_offset: true,
    peak: tone::tables::peak,
    heard: Heard::Ears,
    standing: Standing::SameWithout(tone::tables::VIBRATO_RANGES, "the vibrato of transitions is one increment ahead"),
    build,
    ..Family::PLAIN
};

pub(super) const BASE_FREQ: Param =
    Param::number("baseFreq", 200.0, "Hz", "Centre between the two carriers; frame 0 is one sample into their cycles.");
pub(super) const BEAT_FREQ: Param = Param::number("beatFreq", 4.0, "Hz", "Difference of the two carriers.");
const LEFT_HIGH: Param = Param::flag("leftHigh", false, "The left ear gets the higher carrier.");
const FREQ_OSC_SHAPE: Param = Param::choice("freqOscShape", &["sine", "triangle"], "sine", "Shape of the vibrato.");

/// Rows of the carriers, shared with `dual_pulse_binaural`.
pub(crate) const FREQUENCIES: &[Param] = &[BASE_FREQ, BEAT_FREQ, LEFT_HIGH, FREQ_OSC_SHAPE];

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    carrier(context, params, false)
}

/// The two carriers with vibrato, tremolo, pan, glitches and the spatial stage. If `mono` is set, there is no beat
/// between them.
pub(crate) fn carrier(context: &Context, params: &Params<'_>, mono: bool) -> Result<Box<dyn Voice>> {
    let alpha = transition::alpha_any_case(context, params)?;
    let base = params.ramp(&BASE_FREQ)?;
    let beat = if mono { Ramp::fixed(0.0) } else { params.ramp(&BEAT_FREQ)? };
    let apart = |sign: f64| Ramp { start: base.start + sign * beat.start / 2.0, end: base.end + sign * beat.end / 2.0 };
    let carriers = if params.flag(&LEFT_HIGH) { [apart(1.0), apart(-1.0)] } else { [apart(-1.0), apart(1.0)] };
    let style = Style {
        carriers,
        floor_carrier: false,
        triangle: params.choice(&FREQ_OSC_SHAPE) == "triangle",
        mono: Ramp::fixed(0.0),
        start_phases_move: false,
        pan_threshold: if params.transition { 1e-9 } else { 1e-8 },
        pan_by_values: false,
        timing: Timing {
            step: context.dt(),
            origin: if params.transition { 0.0 } else { transition::initial_offset(context, params)? },
            sum_step: context.dt(),
            carrier_lead: 1,
            vibrato_lead: u64::from(params.transition),
            integrate: context.compat.integrate_rates,
            carry_last_heard: false,
        },
    };
    let signal = tone::read(context, params, alpha.clone(), &style)?;
    let tone = Tone::new(signal, context.sample_rate, context.frames);
    let glitch = Glitch::read(context, params, 0.5 * (base.start + base.end))?;
    let voice = Cells::boxed(Binaural { tone, glitch });
    let carriers = carriers.map(|carrier| (&BASE_FREQ, carrier));
    spatial::wrap(nyquist::limited(voice, context, params, &alpha, carriers), context, params)
}

struct Binaural {
    tone: Tone,
    glitch: Option<Glitch>,
}

impl CellSource for Binaural {
    fn cell_len(&self) -> usize {
        self.tone.cell_len()
    }

    fn cell(&mut self, index: u64, mut out: Block<'_>) {
        self.tone.cell(index, out.reborrow());
        if let Some(glitch) = &mut self.glitch {
            let signal = &self.tone.signal;
            glitch.add(index * self.tone.cell_len() as u64, out, |frame| signal.pan_gains(frame));
        }
    }

    fn segments(&mut self, index: u64) -> Option<[ToneSegment; 2]> {
        if self.glitch.is_some() { None } else { self.tone.segments(index) }
    }

    fn fork(&self) -> Self {
        Self { tone: self.tone.clone(), glitch: self.glitch.as_ref().map(Glitch::fork) }
    }

    fn bound(&self) -> Option<f32> {
        self.tone.bound().filter(|_| self.glitch.is_none())
    }

    fn phases_at(&self, frame: u64) -> Option<Phases> {
        Some(self.tone.phases_at(frame))
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        Some(self.tone.oscillators_at(frame))
    }
}
