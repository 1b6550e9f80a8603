//! `spatial_angle_modulation_monaural_beat`: a monaural beat in both channels with a second amplitude modulation (spec
//! spatial-angle-modulation 5, 6). Its spatial part was never implemented; those parameters are read and have no
//! effect.
//!
//! A call that exceeds full scale is scaled to a peak of 0.98, which depends on the whole signal. If the parameters
//! allow such a peak, it is measured once, when the voice is first rendered.

use std::sync::Arc;

use multiversion::multiversion;

use super::monaural::Monaural;
use crate::dsp::cell::{CELL, Cell};
use crate::dsp::spread::spread;
use crate::error::Result;
use crate::voice::grid::{CellSource, Cells};
use crate::voice::lazy::lazy_with;
use crate::voice::param::{Moves, TIMING};
use crate::voice::parts::amp_osc::AmpOscillator;
use crate::voice::parts::glide::Glide;
use crate::voice::parts::rows::{hertz, level, radians};
use crate::voice::parts::transition;
use crate::voice::{Block, Context, Family, Heard, Oscillators, Param, Params, Ramp, Voice};

const fn named(row: Param, start: &'static str, end: &'static str) -> Param {
    row.moves(Moves::Named { start, end })
}

/// A row for an alternative name, which only the static voice reads.
const fn other(row: Param) -> Param {
    row.optional().moves(Moves::StaticOnly)
}

const SILENT: &str = "No effect (the spatial part was never implemented).";

const AMP: Param = level("amp", 0.7, "Amplitude; calls that exceed 1 are scaled to a peak of 0.98.");
const AMP_LOWER_L: Param = level("amp_lower_L", 0.5, "Gain of the lower tone in the left part of the mix.");
const AMP_UPPER_L: Param = level("amp_upper_L", 0.5, "Gain of the upper tone in the left part of the mix.");
const AMP_LOWER_R: Param = level("amp_lower_R", 0.5, "Gain of the lower tone in the right part of the mix.");
const AMP_UPPER_R: Param = level("amp_upper_R", 0.5, "Gain of the upper tone in the right part of the mix.");
const BASE_FREQ: Param = hertz("baseFreq", 200.0, "Centre between the tones.");
const BEAT_FREQ: Param = hertz("beatFreq", 4.0, "Distance of the tones; negative swaps them.");
const START_PHASE_L: Param = named(
    radians("startPhaseL", 0.0, "Start phase of the lower tone."),
    "startStartPhaseL_monaural",
    "endStartPhaseL_monaural",
);
const START_PHASE_R: Param = named(
    radians("startPhaseR", 0.0, "Start phase of the upper tone."),
    "startStartPhaseU_monaural",
    "endStartPhaseU_monaural",
);
const PHASE_OSC_FREQ: Param = named(
    hertz("phaseOscFreq", 0.0, "Rate at which the tones' phases move against each other."),
    "startPhaseOscFreq_monaural",
    "endPhaseOscFreq_monaural",
);
const PHASE_OSC_RANGE: Param = named(
    radians("phaseOscRange", 0.0, "Range of that movement, peak to peak."),
    "startPhaseOscRange_monaural",
    "endPhaseOscRange_monaural",
);
const MONAURAL_AMP_OSC_DEPTH: Param = named(
    level("monaural_ampOscDepth", 0.0, "Depth of the beat's amplitude oscillation, limited to 0..2."),
    "startAmpOscDepth_monaural",
    "endAmpOscDepth_monaural",
);
const MONAURAL_AMP_OSC_FREQ: Param = named(
    hertz("monaural_ampOscFreq", 0.0, "Rate of the beat's amplitude oscillation; 0 is off."),
    "startAmpOscFreq_monaural",
    "endAmpOscFreq_monaural",
);
const MONAURAL_AMP_OSC_PHASE_OFFSET: Param = named(
    radians("monaural_ampOscPhaseOffset", 0.0, "Start phase of the beat's amplitude oscillation."),
    "startAmpOscPhaseOffset_monaural",
    "endAmpOscPhaseOffset_monaural",
);
const SAM_AMP_OSC_DEPTH: Param =
    level("sam_ampOscDepth", 0.0, "Depth of the second amplitude oscillation, limited to 0..2.");
const SAM_AMP_OSC_FREQ: Param =
    hertz("sam_ampOscFreq", 0.0, "Rate of the second amplitude oscillation; 0 and less is off.");
const SAM_AMP_OSC_PHASE_OFFSET: Param =
    radians("sam_ampOscPhaseOffset", 0.0, "Start phase of the second amplitude oscillation.");
const AMP_OSC_DEPTH: Param = other(level("ampOscDepth", 0.0, "Another name of `sam_ampOscDepth`."));
const AMP_OSC_FREQ: Param = other(hertz("ampOscFreq", 0.0, "Another name of `sam_ampOscFreq`."));
const AMP_OSC_PHASE_OFFSET: Param =
    other(radians("ampOscPhaseOffset", 0.0, "Another name of `sam_ampOscPhaseOffset`."));
const SPATIAL_BEAT_FREQ: Param = hertz("spatialBeatFreq", 4.0, SILENT);
const SPATIAL_PHASE_OFFSET: Param = radians("spatialPhaseOffset", 0.0, SILENT);
const PATH_RADIUS: Param = level("pathRadius", 1.0, SILENT);
const FRAME_DUR_MS: Param = Param::number("frame_dur_ms", 46.4, "ms", SILENT).moves(Moves::Fixed);
const OVERLAP_FACTOR: Param = Param::integer("overlap_factor", 8.0, SILENT);
const ROTATION_DIRECTION: Param = Param::text("rotationDirection", "cw", SILENT);

const PARAMS: &[Param] = &[
    AMP,
    AMP_LOWER_L,
    AMP_UPPER_L,
    AMP_LOWER_R,
    AMP_UPPER_R,
    BASE_FREQ,
    BEAT_FREQ,
    START_PHASE_L,
    START_PHASE_R,
    PHASE_OSC_FREQ,
    PHASE_OSC_RANGE,
    MONAURAL_AMP_OSC_DEPTH,
    MONAURAL_AMP_OSC_FREQ,
    MONAURAL_AMP_OSC_PHASE_OFFSET,
    SAM_AMP_OSC_DEPTH,
    SAM_AMP_OSC_FREQ,
    SAM_AMP_OSC_PHASE_OFFSET,
    AMP_OSC_DEPTH,
    AMP_OSC_FREQ,
    AMP_OSC_PHASE_OFFSET,
    SPATIAL_BEAT_FREQ,
    SPATIAL_PHASE_OFFSET,
    PATH_RADIUS,
    FRAME_DUR_MS,
    OVERLAP_FACTOR,
    ROTATION_DIRECTION,
];

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "spatial_angle_modulation_monaural_beat",
    transition: true,
    summary: "A monaural beat in both ears with a second amplitude modulation.",
    source: "spec spatial-angle-modulation 5 and 6",
    params: &[PARAMS],
    carrier: Some(&BASE_FREQ),
    beat: Some(&BEAT_FREQ),
    switched_timing: TIMING,
    heard: Heard::Pair,
    build,
    ..Family::PLAIN
};

/// Parameters of the beat's amplitude oscillation: depth, rate, phase.
const BEAT: [&Param; 3] = [&MONAURAL_AMP_OSC_DEPTH, &MONAURAL_AMP_OSC_FREQ, &MONAURAL_AMP_OSC_PHASE_OFFSET];
/// Parameters of the second amplitude oscillation.
const SECOND: [&Param; 3] = [&SAM_AMP_OSC_DEPTH, &SAM_AMP_OSC_FREQ, &SAM_AMP_OSC_PHASE_OFFSET];
/// Alternative names of [`SECOND`].
const SECOND_OTHER: [&Param; 3] = [&AMP_OSC_DEPTH, &AMP_OSC_FREQ, &AMP_OSC_PHASE_OFFSET];

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    for row in [&SPATIAL_BEAT_FREQ, &SPATIAL_PHASE_OFFSET, &PATH_RADIUS, &FRAME_DUR_MS, &OVERLAP_FACTOR] {
        params.ramp(row)?;
    }
    let glide = Glide::new(transition::whole_call(context, params)?, context.dt(), context.frames);
    // the outer stage runs on the sample clock and reaches its end values at the last frame
    let alpha = transition::whole_call_to_the_end(context, params)?;
    let outer = Glide::new(alpha, 1.0 / context.sample_rate, context.frames);
    let mut second = SECOND;
    for (row, other) in second.iter_mut().zip(SECOND_OTHER) {
        if !params.transition && params.raw(row).is_none() && params.optional(other)?.is_some() {
            *row = other;
        }
    }
    let amp = params.ramp(&AMP)?;
    let mut voice = SamMonaural {
        amp_osc: AmpOscillator::read(context, params, &outer, second, |rate| rate > 0.0)?
            .map(|osc| osc.shifted(context.shift("outerAmpOsc"))),
        beat: Monaural::read(context, params, glide, BEAT)?,
        outer,
        amp,
    };
    if voice.bound(context, params)? <= 1.0 {
        return Ok(Cells::boxed(voice));
    }
    let (frames, level) = (context.frames, Arc::clone(&context.level));
    level.announce();
    let known = voice.clone();
    let make = move || {
        let peak = level.get_or_measure(|| peak(&mut voice, frames));
        let gain = if peak > 1.0 { 0.98 / f64::from(peak) } else { 1.0 };
        voice.amp = amp.map(|amp| amp * gain);
        Cells::boxed(voice)
    };
    Ok(lazy_with(make, move |frame| known.oscillators(frame)))
}

/// Largest number of cells that are measured. Up to this number (95 s at 44.1 kHz) the peak is exact; in longer calls
/// the measured cells are spread evenly.
const EXACT: u64 = 1 << 14;

/// The peak of a call of `frames` frames.
fn peak(voice: &mut SamMonaural, frames: u64) -> f32 {
    let (mut left, mut right) = ([0.0; CELL], [0.0; CELL]);
    let mut peak = 0.0_f32;
    let cells = frames.div_ceil(CELL as u64);
    for index in (0..cells.min(EXACT)).map(|k| if cells <= EXACT { k } else { spread(k, cells) }) {
        voice.cell(index, Block::new(&mut left, &mut right));
        let valid = (frames - index * CELL as u64).min(CELL as u64) as usize;
        peak = left[..valid].iter().fold(peak, |peak, value| peak.max(value.abs()));
    }
    peak
}

#[derive(Debug, Clone)]
struct SamMonaural {
    beat: Monaural,
    amp_osc: Option<AmpOscillator>,
    amp: Ramp,
    outer: Glide,
}

impl SamMonaural {
    /// An upper bound of the magnitude of all samples (spec 5); infinite if the curve is an expression, whose values
    /// have no limits.
    fn bound(&self, context: &Context, params: &Params<'_>) -> Result<f64> {
        let limit = if context.compat.no_hidden_clipping { f64::INFINITY } else { 1.0 };
        if !self.outer.alpha.is_smooth() {
            return Ok(f64::INFINITY);
        }
        let most = |row: &'static Param| params.ramp(row).map(|ramp| ramp.start.abs().max(ramp.end.abs()));
        let left = (most(&AMP_LOWER_L)? + most(&AMP_UPPER_L)?).min(limit);
        let right = (most(&AMP_LOWER_R)? + most(&AMP_UPPER_R)?).min(limit);
        Ok(most(&AMP)? * (left + right) / 2.0)
    }
}

impl SamMonaural {
    fn oscillators(&self, frame: u64) -> Oscillators {
        let all = self.beat.oscillators_at(frame).unwrap_or_default();
        all.and("outerAmpOsc", self.amp_osc.as_ref().map(|osc| osc.phase(&self.outer, frame)))
    }
}

impl CellSource for SamMonaural {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        let (mut left, mut right) = ([0.0; CELL], [0.0; CELL]);
        self.beat.cell(index, Block::new(&mut left, &mut right));
        self.outer.enter(index);
        let (mut gains, mut amps) = ([1.0; CELL], [0.0; CELL]);
        if let Some(amp_osc) = &self.amp_osc {
            amp_osc.gains(&self.outer, &mut gains);
        }
        self.outer.follow(self.amp, &mut amps);
        if let Some(mono) = out.left.first_chunk_mut() {
            mix([&left, &right, &gains, &amps], mono);
            out.right.copy_from_slice(mono);
        }
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        Some(self.oscillators(frame))
    }

    fn fork(&self) -> Self {
        self.clone()
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn mix([left, right, gains, amps]: [&Cell; 4], out: &mut Cell) {
    for j in 0..CELL {
        out[j] = (left[j] + right[j]) * 0.5 * gains[j] * amps[j];
    }
}
