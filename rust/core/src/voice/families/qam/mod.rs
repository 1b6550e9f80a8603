//! `qam_beat`: one amplitude-modulated cosine per ear, with a second modulation, coupling of the ears, a partial,
//! sidebands, phase oscillation and fades (spec qam-voices 2, 3).
//!
//! The sound before the filter has a closed form at every frame. The filter is in [`crate::voice::stages::band_limit`],
//! which states its margin. Transitions take the whole call (`i/(N-1)`), unless `Compat::transition_timing` makes
//! them follow their timing.

mod band;
mod coupling;
mod fades;

use std::f64::consts::FRAC_PI_2;

use multiversion::multiversion;

use crate::dsp::cell::{CELL, Cell, deviate, sines};
use crate::error::{Error, Result};
use crate::voice::grid::CellSource;
use crate::voice::param::{Moves, TIMING};
use crate::voice::parts::am::AmModulator;
use crate::voice::parts::glide::Glide;
use crate::voice::parts::nyquist;
use crate::voice::parts::phase_osc::PhaseOscillator;
use crate::voice::parts::rows::{hertz, level, radians};
use crate::voice::parts::sweep::{Law, Sweep};
use crate::voice::parts::transition;
use crate::voice::stages::band_limit::band_limited;
use crate::voice::{Block, Context, Family, Heard, Oscillators, Param, Params, Ramp, Voice};
use coupling::Coupling;
use fades::Fades;

const fn fixed(row: Param) -> Param {
    row.moves(Moves::Fixed)
}

const fn seconds(name: &'static str, about: &'static str) -> Param {
    Param::number(name, 0.0, "s", about).moves(Moves::Fixed).range(-1e6, 1e6)
}

const AMP_L: Param = level("ampL", 0.5, "Gain of the left ear; negative inverts.");
const AMP_R: Param = level("ampR", 0.5, "Gain of the right ear; negative inverts.");
const BASE_FREQ_L: Param = hertz("baseFreqL", 200.0, "Left carrier.");
const BASE_FREQ_R: Param = hertz("baseFreqR", 204.0, "Right carrier.");
const QAM_AM_FREQ_L: Param = hertz("qamAmFreqL", 4.0, "Rate of the left ear's modulation; 0 is off.");
const QAM_AM_FREQ_R: Param = hertz("qamAmFreqR", 4.0, "Rate of the right ear's modulation; 0 is off.");
const QAM_AM_DEPTH_L: Param = level("qamAmDepthL", 0.5, "Depth of the left ear's modulation.");
const QAM_AM_DEPTH_R: Param = level("qamAmDepthR", 0.5, "Depth of the right ear's modulation.");
const QAM_AM_PHASE_OFFSET_L: Param = radians("qamAmPhaseOffsetL", 0.0, "Start phase of the left ear's modulation.");
const QAM_AM_PHASE_OFFSET_R: Param = radians("qamAmPhaseOffsetR", 0.0, "Start phase of the right ear's modulation.");
const QAM_AM2_FREQ_L: Param = hertz("qamAm2FreqL", 0.0, "Rate of the left ear's second modulation; 0 is off.");
const QAM_AM2_FREQ_R: Param = hertz("qamAm2FreqR", 0.0, "Rate of the right ear's second modulation; 0 is off.");
const QAM_AM2_DEPTH_L: Param = level("qamAm2DepthL", 0.0, "Depth of the left ear's second modulation.");
const QAM_AM2_DEPTH_R: Param = level("qamAm2DepthR", 0.0, "Depth of the right ear's second modulation.");
const QAM_AM2_PHASE_OFFSET_L: Param =
    radians("qamAm2PhaseOffsetL", 0.0, "Start phase of the left ear's second modulation.");
const QAM_AM2_PHASE_OFFSET_R: Param =
    radians("qamAm2PhaseOffsetR", 0.0, "Start phase of the right ear's second modulation.");
const MOD_SHAPE_L: Param =
    level("modShapeL", 1.0, "Shape of the left modulation: 1 cosine, above towards a square, below towards peaks.");
const MOD_SHAPE_R: Param =
    level("modShapeR", 1.0, "Shape of the right modulation: 1 cosine, above towards a square, below towards peaks.");
const CROSS_MOD_DEPTH: Param =
    level("crossModDepth", 0.0, "How much each ear's modulation also modulates the other ear.");
const CROSS_MOD_DELAY: Param = seconds("crossModDelay", "Delay of that coupling; 0 and less is off.");
const HARMONIC_DEPTH: Param = level("harmonicDepth", 0.0, "Level of an added partial.");
const HARMONIC_RATIO: Param =
    fixed(level("harmonicRatio", 2.0, "Frequency of the partial as a multiple of the carrier."));
const SUB_HARMONIC_FREQ: Param = hertz("subHarmonicFreq", 0.0, "Rate of a common modulation of both ears; 0 is off.");
const SUB_HARMONIC_DEPTH: Param = level("subHarmonicDepth", 0.0, "Depth of the common modulation.");
const START_PHASE_L: Param = radians("startPhaseL", 0.0, "Start phase of the left carrier.");
const START_PHASE_R: Param = radians("startPhaseR", 0.0, "Start phase of the right carrier.");
const PHASE_OSC_FREQ: Param = hertz("phaseOscFreq", 0.0, "Rate at which the ears' phases move against each other.");
const PHASE_OSC_RANGE: Param = radians("phaseOscRange", 0.0, "Range of that movement, peak to peak.");
const PHASE_OSC_PHASE_OFFSET: Param = fixed(radians("phaseOscPhaseOffset", 0.0, "Start phase of that movement."));
const BEATING_SIDEBANDS: Param = Param::flag("beatingSidebands", false, "Adds two sidebands to each carrier.");
const SIDEBAND_OFFSET: Param = fixed(hertz("sidebandOffset", 1.0, "Distance of the sidebands from the carrier."));
const SIDEBAND_DEPTH: Param = fixed(level("sidebandDepth", 0.1, "Level of each sideband."));
const ATTACK_TIME: Param = seconds("attackTime", "Linear fade-in.");
const RELEASE_TIME: Param = seconds("releaseTime", "Linear fade-out.");

const PARAMS: &[Param] = &[
    AMP_L,
    AMP_R,
    BASE_FREQ_L,
    BASE_FREQ_R,
    QAM_AM_FREQ_L,
    QAM_AM_FREQ_R,
    QAM_AM_DEPTH_L,
    QAM_AM_DEPTH_R,
    QAM_AM_PHASE_OFFSET_L,
    QAM_AM_PHASE_OFFSET_R,
    QAM_AM2_FREQ_L,
    QAM_AM2_FREQ_R,
    QAM_AM2_DEPTH_L,
    QAM_AM2_DEPTH_R,
    QAM_AM2_PHASE_OFFSET_L,
    QAM_AM2_PHASE_OFFSET_R,
    MOD_SHAPE_L,
    MOD_SHAPE_R,
    CROSS_MOD_DEPTH,
    CROSS_MOD_DELAY,
    HARMONIC_DEPTH,
    HARMONIC_RATIO,
    SUB_HARMONIC_FREQ,
    SUB_HARMONIC_DEPTH,
    START_PHASE_L,
    START_PHASE_R,
    PHASE_OSC_FREQ,
    PHASE_OSC_RANGE,
    PHASE_OSC_PHASE_OFFSET,
    BEATING_SIDEBANDS,
    SIDEBAND_OFFSET,
    SIDEBAND_DEPTH,
    ATTACK_TIME,
    RELEASE_TIME,
];

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "qam_beat",
    transition: true,
    summary: "An amplitude-modulated tone in each ear, with coupling, partials and sidebands.",
    source: "spec qam-voices 2 and 3",
    params: &[PARAMS],
    carrier: Some(&BASE_FREQ_L),
    beat: Some(&QAM_AM_FREQ_L),
    switched_timing: TIMING,
    heard: Heard::LevelLeft,
    build,
    ..Family::PLAIN
};

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let raw = raw(context, params)?;
    let band = band::of(context, params, &raw)?;
    Ok(band_limited(raw, context, band))
}

fn raw(context: &Context, params: &Params<'_>) -> Result<Qam> {
    let alpha = transition::whole_call_to_the_end(context, params)?;
    let glide = Glide::new(alpha, context.dt(), context.frames);
    let tone = |frequency: Ramp, phase: f64, role: &str, row: &Param| {
        let left_out = nyquist::is_left_out(context, params, row, frequency);
        Sweep::new(&glide, frequency, f64::NEG_INFINITY, Ramp::fixed(phase + FRAC_PI_2), Law::SumBefore)
            .shifted(context.shift(role))
            .band_limited(left_out)
    };
    let (ratio, harmonic_depth) = (params.number(&HARMONIC_RATIO)?, params.ramp(&HARMONIC_DEPTH)?);
    // the end values of the start phases are not used
    let ear = |[amp, row, phase]: [&'static Param; 3], [carrier, partial]: [&str; 2]| {
        let (frequency, phase) = (params.ramp(row)?, params.ramp(phase)?.start);
        Ok(Ear {
            amp: params.ramp(amp)?,
            carrier: tone(frequency, phase, carrier, row),
            partial: (harmonic_depth != Ramp::fixed(0.0))
                .then(|| tone(frequency.map(|hz| hz * ratio), phase * ratio, partial, &HARMONIC_RATIO)),
        })
    };
    let am = |rows: [&'static Param; 3], shape: Ramp| {
        let read = AmModulator::read(context, params, &glide, rows, shape)?;
        Ok::<_, Error>(read.map(|am| am.shifted(context.shift(rows[0].name))))
    };
    let plain = Ramp::fixed(1.0);
    let envelope = QamEnvelope {
        first: [
            am([&QAM_AM_FREQ_L, &QAM_AM_DEPTH_L, &QAM_AM_PHASE_OFFSET_L], params.ramp(&MOD_SHAPE_L)?)?,
            am([&QAM_AM_FREQ_R, &QAM_AM_DEPTH_R, &QAM_AM_PHASE_OFFSET_R], params.ramp(&MOD_SHAPE_R)?)?,
        ],
        second: [
            am([&QAM_AM2_FREQ_L, &QAM_AM2_DEPTH_L, &QAM_AM2_PHASE_OFFSET_L], plain)?,
            am([&QAM_AM2_FREQ_R, &QAM_AM2_DEPTH_R, &QAM_AM2_PHASE_OFFSET_R], plain)?,
        ],
    };
    let (side_offset, side_depth) = (params.number(&SIDEBAND_OFFSET)?, params.number(&SIDEBAND_DEPTH)?);
    let fades = Fades::new(context, params.number(&ATTACK_TIME)?, params.number(&RELEASE_TIME)?);
    Ok(Qam {
        ears: [
            ear([&AMP_L, &BASE_FREQ_L, &START_PHASE_L], ["carrierL", "partialL"])?,
            ear([&AMP_R, &BASE_FREQ_R, &START_PHASE_R], ["carrierR", "partialR"])?,
        ],
        ratio,
        harmonic_depth,
        coupling: Coupling::new(context, &glide, params.ramp(&CROSS_MOD_DEPTH)?, params.number(&CROSS_MOD_DELAY)?),
        envelope,
        sub: subharmonic(context, params, &glide)?.map(|am| am.shifted(context.shift("subHarmonic"))),
        phase_osc: PhaseOscillator::new(
            context,
            &glide,
            params.ramp(&PHASE_OSC_FREQ)?,
            params.ramp(&PHASE_OSC_RANGE)?,
            Ramp::fixed(params.number(&PHASE_OSC_PHASE_OFFSET)?),
        )
        .map(|osc| osc.shifted(context.shift("phaseOsc"))),
        sidebands: params.flag(&BEATING_SIDEBANDS).then(|| {
            let offset = Ramp::fixed(side_offset);
            (
                Sweep::new(&glide, offset, f64::NEG_INFINITY, Ramp::fixed(FRAC_PI_2), Law::Product)
                    .shifted(context.shift("sideband")),
                2.0 * side_depth as f32,
            )
        }),
        fades,
        glide,
    })
}

/// The common modulator of both ears, which has no start phase parameter.
fn subharmonic(context: &Context, params: &Params<'_>, glide: &Glide) -> Result<Option<AmModulator>> {
    let (rate, depth) = (params.ramp(&SUB_HARMONIC_FREQ)?, params.ramp(&SUB_HARMONIC_DEPTH)?);
    Ok(AmModulator::new(context, glide, rate, depth, Ramp::fixed(0.0), Ramp::fixed(1.0)))
}

#[derive(Debug, Clone)]
struct Ear {
    amp: Ramp,
    carrier: Sweep,
    partial: Option<Sweep>,
}

/// The modulators of both ears, before the coupling.
#[derive(Debug, Clone)]
struct QamEnvelope {
    first: [Option<AmModulator>; 2],
    second: [Option<AmModulator>; 2],
}

impl QamEnvelope {
    /// Write the gains of both ears over the current cell of `glide`.
    fn fill(&self, glide: &Glide, gains: &mut [Cell; 2]) {
        for (ear, gains) in gains.iter_mut().enumerate() {
            gains.fill(1.0);
            for am in [&self.first[ear], &self.second[ear]].into_iter().flatten() {
                am.apply(glide, gains);
            }
        }
    }
}

#[derive(Debug, Clone)]
struct Qam {
    ears: [Ear; 2],
    /// Frequency of the partial as a multiple of the carrier.
    ratio: f64,
    harmonic_depth: Ramp,
    envelope: QamEnvelope,
    coupling: Option<Coupling>,
    sub: Option<AmModulator>,
    phase_osc: Option<PhaseOscillator>,
    /// Oscillator at the sideband offset, and twice the level of each sideband.
    sidebands: Option<(Sweep, f32)>,
    fades: Option<Fades>,
    glide: Glide,
}

impl Qam {
    /// Write the cosines of `tone`, with its phase shifted by `turns·amount` if `turns` is given.
    fn cosines(&self, tone: &Sweep, turns: Option<&Cell>, amount: f64, out: &mut Cell) {
        if let Some(turns) = turns {
            let mut phases = [0; CELL];
            tone.phases(&self.glide, &mut phases);
            deviate(&mut phases, turns, amount);
            sines(&phases, out);
            tone.mask(&self.glide, out);
        } else {
            tone.sines(&self.glide, out);
        }
    }

    /// Write the gains of both ears: modulation, coupling, common modulation and fades.
    fn gains(&mut self, index: u64, gains: &mut [Cell; 2]) {
        self.envelope.fill(&self.glide, gains);
        if let Some(coupling) = &mut self.coupling {
            coupling.apply(index, &self.envelope, &self.glide, gains);
        }
        for gains in gains {
            if let Some(sub) = &self.sub {
                sub.apply(&self.glide, gains);
            }
            if let Some(fades) = &self.fades {
                fades.apply(self.glide.frame(), gains);
            }
        }
    }
}

impl CellSource for Qam {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        self.glide.enter(index);
        let mut gains = [[1.0; CELL]; 2];
        self.gains(index, &mut gains);
        let mut turns = [0.0; CELL];
        let turns = self.phase_osc.as_ref().map(|phase_osc| {
            phase_osc.turns(&self.glide, &mut turns);
            &turns
        });
        let mut sides = [1.0; CELL];
        if let Some((offset, depth)) = &self.sidebands {
            offset.sines(&self.glide, &mut sides);
            beside(*depth, &mut sides);
        }
        let (mut amps, mut level) = ([0.0; CELL], [0.0; CELL]);
        self.glide.follow(self.harmonic_depth, &mut level);
        for (ear, out) in [out.left, out.right].into_iter().enumerate() {
            let (direction, ear, gains) = ([-1.0, 1.0][ear], &self.ears[ear], &gains[ear]);
            let Some(out) = out.first_chunk_mut() else { return };
            self.cosines(&ear.carrier, turns, direction, out);
            if self.sidebands.is_some() {
                multiply(&sides, out);
            }
            if let Some(partial) = &ear.partial {
                let mut cosines = [0.0; CELL];
                self.cosines(partial, turns, direction * self.ratio, &mut cosines);
                add(&level, &cosines, out);
            }
            self.glide.follow(ear.amp, &mut amps);
            multiply(&amps, out);
            multiply(gains, out);
        }
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        let glide = &self.glide;
        let mut all = Oscillators { alpha: glide.alpha.at(frame), ..Oscillators::default() };
        let roles = [
            ["carrierL", "partialL", "qamAmFreqL", "qamAm2FreqL"],
            ["carrierR", "partialR", "qamAmFreqR", "qamAm2FreqR"],
        ];
        for (side, [carrier, partial, first, second]) in roles.into_iter().enumerate() {
            let am = |am: &Option<AmModulator>| am.as_ref().map(|am| am.phase(glide, frame));
            all = all
                .with(carrier, self.ears[side].carrier.phase(glide, frame))
                .and(partial, self.ears[side].partial.as_ref().map(|tone| tone.phase(glide, frame)))
                .and(first, am(&self.envelope.first[side]))
                .and(second, am(&self.envelope.second[side]));
        }
        Some(
            all.and("subHarmonic", self.sub.as_ref().map(|am| am.phase(glide, frame)))
                .and("phaseOsc", self.phase_osc.as_ref().map(|osc| osc.phase(glide, frame)))
                .and("sideband", self.sidebands.as_ref().map(|(osc, _)| osc.phase(glide, frame))),
        )
    }

    fn fork(&self) -> Self {
        self.clone()
    }
}

/// `values = 1 + depth·values`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn beside(depth: f32, values: &mut Cell) {
    for value in values {
        *value = 1.0 + depth * *value;
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn multiply(factors: &Cell, out: &mut Cell) {
    for j in 0..CELL {
        out[j] *= factors[j];
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn add(levels: &Cell, values: &Cell, out: &mut Cell) {
    for j in 0..CELL {
        out[j] += levels[j] * values[j];
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::voice::stages::band_limit::tests::compare;

    #[test]
    fn filters_are_left_out_only_where_inaudible() {
        for params in [
            json!({}),
            json!({"baseFreqL": 60.0, "baseFreqR": 90.0}),
            json!({"baseFreqL": 300.0, "baseFreqR": 310.0, "attackTime": 0.1, "releaseTime": 0.3, "crossModDepth": 0.5,
                "crossModDelay": 0.2, "harmonicDepth": 0.4, "harmonicRatio": 1.5, "subHarmonicFreq": 3.0,
                "subHarmonicDepth": 0.4, "phaseOscFreq": 2.0, "phaseOscRange": 1.5, "qamAm2FreqL": 9.0,
                "qamAm2DepthL": 0.6, "beatingSidebands": true, "sidebandOffset": 4.0, "sidebandDepth": 0.3}),
            json!({"startBaseFreqL": 300.0, "endBaseFreqL": 420.0, "baseFreqR": 500.0, "endQamAmFreqL": 9.0,
                "endSubHarmonicFreq": 3.0, "endSubHarmonicDepth": 0.4}),
        ] {
            compare(&params, &[PARAMS], |context, params| {
                let raw = raw(context, params)?;
                let band = band::of(context, params, &raw)?;
                Ok((raw, band))
            });
        }
    }
}
