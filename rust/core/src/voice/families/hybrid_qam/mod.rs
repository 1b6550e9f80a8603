//! `hybrid_qam_monaural_beat`: an amplitude-modulated cosine in the left ear, a monaural beat with vibrato, phase
//! oscillation and modulation in the right (spec qam-voices 4, 5).
//!
//! The sound before the filter can be computed at every frame. The filter is in [`crate::voice::stages::band_limit`],
//! which states its margin.

mod tones;

use std::f64::consts::FRAC_PI_2;

use multiversion::multiversion;

use crate::dsp::cell::{CELL, Cell};
use crate::error::Result;
use crate::voice::grid::CellSource;
use crate::voice::param::Moves;
use crate::voice::parts::am::AmModulator;
use crate::voice::parts::bandwidth::{Extent, fastest, greatest, phase_sidebands, vibrato_sidebands};
use crate::voice::parts::glide::Glide;
use crate::voice::parts::nyquist;
use crate::voice::parts::phase_osc::PhaseOscillator;
use crate::voice::parts::rows::{hertz, level, radians};
use crate::voice::parts::sweep::oscillator_law;
use crate::voice::parts::sweep::{Law, Sweep};
use crate::voice::stages::band_limit::{Band, band_limited};
use crate::voice::{Block, Context, Family, Heard, Oscillators, Param, Params, Ramp, Voice};
use tones::Tones;

const AMP_L: Param = level("ampL", 0.5, "Gain of the left ear.");
const AMP_R: Param = level("ampR", 0.5, "Gain of the right ear; the two tones together reach twice this.");
const QAM_CARRIER_FREQ_L: Param = hertz("qamCarrierFreqL", 100.0, "Left carrier.");
const QAM_AM_FREQ_L: Param = hertz("qamAmFreqL", 4.0, "Rate of the left modulation; 0 is off.");
const QAM_AM_DEPTH_L: Param = level("qamAmDepthL", 0.5, "Depth of the left modulation.");
const QAM_AM_PHASE_OFFSET_L: Param = radians("qamAmPhaseOffsetL", 0.0, "Start phase of the left modulation.");
const QAM_START_PHASE_L: Param = radians("qamStartPhaseL", 0.0, "Start phase of the left carrier.");
const MONO_CARRIER_FREQ_R: Param = hertz("monoCarrierFreqR", 100.0, "Centre between the right tones.");
const MONO_BEAT_FREQ_IN_CHANNEL_R: Param =
    hertz("monoBeatFreqInChannelR", 4.0, "Distance of the right tones; negative swaps them.");
const MONO_AM_DEPTH_R: Param = level("monoAmDepthR", 0.0, "Depth of the right modulation, limited to 0..1.");
const MONO_AM_FREQ_R: Param = hertz("monoAmFreqR", 0.0, "Rate of the right modulation; 0 is off.");
const MONO_AM_PHASE_OFFSET_R: Param = radians("monoAmPhaseOffsetR", 0.0, "Start phase of the right modulation.");
const MONO_FM_RANGE_R: Param = hertz("monoFmRangeR", 0.0, "Range of the right tones' vibrato, peak to peak.");
const MONO_FM_FREQ_R: Param = hertz("monoFmFreqR", 0.0, "Rate of the vibrato; 0 is off.");
const MONO_FM_PHASE_OFFSET_R: Param = radians("monoFmPhaseOffsetR", 0.0, "Start phase of the vibrato.");
const MONO_START_PHASE_R_TONE1: Param = radians("monoStartPhaseR_Tone1", 0.0, "Start phase of the lower right tone.")
    .moves(Moves::Named { start: "startMonoStartPhaseR_Tone1", end: "endMonoStartPhaseR_Tone1" });
const MONO_START_PHASE_R_TONE2: Param = radians("monoStartPhaseR_Tone2", 0.0, "Start phase of the upper right tone.")
    .moves(Moves::Named { start: "startMonoStartPhaseR_Tone2", end: "endMonoStartPhaseR_Tone2" });
const MONO_PHASE_OSC_FREQ_R: Param =
    hertz("monoPhaseOscFreqR", 0.0, "Rate at which the right tones' phases move against each other.");
const MONO_PHASE_OSC_RANGE_R: Param = radians("monoPhaseOscRangeR", 0.0, "Range of that movement, peak to peak.");
const MONO_PHASE_OSC_PHASE_OFFSET_R: Param = radians("monoPhaseOscPhaseOffsetR", 0.0, "Start phase of that movement.");

const PARAMS: &[Param] = &[
    AMP_L,
    AMP_R,
    QAM_CARRIER_FREQ_L,
    QAM_AM_FREQ_L,
    QAM_AM_DEPTH_L,
    QAM_AM_PHASE_OFFSET_L,
    QAM_START_PHASE_L,
    MONO_CARRIER_FREQ_R,
    MONO_BEAT_FREQ_IN_CHANNEL_R,
    MONO_AM_DEPTH_R,
    MONO_AM_FREQ_R,
    MONO_AM_PHASE_OFFSET_R,
    MONO_FM_RANGE_R,
    MONO_FM_FREQ_R,
    MONO_FM_PHASE_OFFSET_R,
    MONO_START_PHASE_R_TONE1,
    MONO_START_PHASE_R_TONE2,
    MONO_PHASE_OSC_FREQ_R,
    MONO_PHASE_OSC_RANGE_R,
    MONO_PHASE_OSC_PHASE_OFFSET_R,
];

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "hybrid_qam_monaural_beat",
    transition: true,
    summary: "An amplitude-modulated tone in the left ear, a monaural beat in the right.",
    source: "spec qam-voices 4 and 5",
    params: &[PARAMS],
    carrier: Some(&QAM_CARRIER_FREQ_L),
    beat: Some(&QAM_AM_FREQ_L),
    heard: Heard::LevelLeft,
    build,
    ..Family::PLAIN
};

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let raw = raw(context, params)?;
    let band = band(context, params, &raw)?;
    let alpha = raw.glide.alpha.clone();
    let (carrier, beat) = (params.ramp(&MONO_CARRIER_FREQ_R)?, params.ramp(&MONO_BEAT_FREQ_IN_CHANNEL_R)?);
    let upper = Ramp { start: carrier.start + beat.start.abs() / 2.0, end: carrier.end + beat.end.abs() / 2.0 };
    let voice = band_limited(raw, context, band);
    let carriers = [(&QAM_CARRIER_FREQ_L, params.ramp(&QAM_CARRIER_FREQ_L)?), (&MONO_CARRIER_FREQ_R, upper)];
    Ok(nyquist::limited(voice, context, params, &alpha, carriers))
}

fn raw(context: &Context, params: &Params<'_>) -> Result<Hybrid> {
    let glide = Glide::read(context, params)?;
    // the end values of start phases are not used
    let start = |row: &'static Param| Ok(Ramp::fixed(params.ramp(row)?.start));
    let plain = Ramp::fixed(1.0);
    Ok(Hybrid {
        amps: [params.ramp(&AMP_L)?, params.ramp(&AMP_R)?],
        carrier: Sweep::new(
            &glide,
            params.ramp(&QAM_CARRIER_FREQ_L)?,
            f64::NEG_INFINITY,
            Ramp::fixed(params.ramp(&QAM_START_PHASE_L)?.start + FRAC_PI_2),
            Law::SumBefore,
        )
        .shifted(context.shift("carrierL")),
        am: AmModulator::read(
            context,
            params,
            &glide,
            [&QAM_AM_FREQ_L, &QAM_AM_DEPTH_L, &QAM_AM_PHASE_OFFSET_L],
            plain,
        )?
        .map(|am| am.shifted(context.shift("amL"))),
        tones: Tones::new(
            context,
            &glide,
            [params.ramp(&MONO_CARRIER_FREQ_R)?, params.ramp(&MONO_BEAT_FREQ_IN_CHANNEL_R)?],
            [params.ramp(&MONO_FM_FREQ_R)?, params.ramp(&MONO_FM_RANGE_R)?, params.ramp(&MONO_FM_PHASE_OFFSET_R)?],
            [start(&MONO_START_PHASE_R_TONE1)?, start(&MONO_START_PHASE_R_TONE2)?],
        ),
        phase_osc: PhaseOscillator::new(
            context,
            &glide,
            params.ramp(&MONO_PHASE_OSC_FREQ_R)?,
            params.ramp(&MONO_PHASE_OSC_RANGE_R)?,
            params.ramp(&MONO_PHASE_OSC_PHASE_OFFSET_R)?,
        )
        .map(|osc| osc.shifted(context.shift("phaseOsc"))),
        dip: Dip::new(
            context,
            &glide,
            params.ramp(&MONO_AM_FREQ_R)?,
            params.ramp(&MONO_AM_DEPTH_R)?,
            params.ramp(&MONO_AM_PHASE_OFFSET_R)?,
        )
        .map(|dip| Dip { osc: dip.osc.shifted(context.shift("amR")), ..dip }),
        glide,
    })
}

/// Bounds of the sound; `None` if it may have discontinuities anywhere or its partials are unbounded.
fn band(context: &Context, params: &Params<'_>, raw: &Hybrid) -> Result<Option<Band>> {
    let alpha = &raw.glide.alpha;
    let whole = alpha.is_smooth() && alpha.corners().0 <= 1 && alpha.corners().1 >= context.frames;
    let depth = params.ramp(&MONO_AM_DEPTH_R)?;
    let limited = depth.start.min(depth.end) < 0.0 || depth.start.max(depth.end) > 1.0;
    let sidebands = raw.am.as_ref().map_or(Some((0.0, 1.0)), AmModulator::reach);
    let (Some((reach, gain)), true, false) = (sidebands, alpha.is_constant() || whole, limited) else {
        return Ok(None);
    };
    let stops = raw.dip.as_ref().is_some_and(|dip| dip.rate.start * dip.rate.end < 0.0);
    if stops || matches!(raw.tones, Tones::Summed(_)) {
        return Ok(None);
    }
    let left = Extent::of(params.ramp(&QAM_CARRIER_FREQ_L)?).widened(reach);
    let (centre, beat) = (params.ramp(&MONO_CARRIER_FREQ_R)?, params.ramp(&MONO_BEAT_FREQ_IN_CHANNEL_R)?);
    let sidebands = vibrato_sidebands(params.ramp(&MONO_FM_FREQ_R)?, params.ramp(&MONO_FM_RANGE_R)?)
        + phase_sidebands(params.ramp(&MONO_PHASE_OSC_FREQ_R)?, params.ramp(&MONO_PHASE_OSC_RANGE_R)?)
        + raw.dip.as_ref().map_or(0.0, |dip| fastest(dip.rate));
    let right = Extent::of(centre).widened(0.5 * greatest(beat) + sidebands);
    let all = left.with(right);
    let peak = (greatest(raw.amps[0]) * gain).max(2.0 * greatest(raw.amps[1]));
    Ok(Some(Band { lowest: all.lowest, highest: all.highest, peak, smooth: 0..context.frames }))
}

/// An amplitude modulator with the gain `1 - depth·(1 + sin φ)/2`, depth limited to 0..1.
#[derive(Debug, Clone)]
struct Dip {
    osc: Sweep,
    /// Hz; in frames where it is exactly 0 there is no modulation.
    rate: Ramp,
    depth: Ramp,
}

impl Dip {
    fn new(context: &Context, glide: &Glide, rate: Ramp, depth: Ramp, phase: Ramp) -> Option<Self> {
        let osc = Sweep::new(glide, rate, f64::NEG_INFINITY, phase, oscillator_law(context));
        let never = Ramp::fixed(0.0);
        (rate != never && depth != never).then_some(Self { osc, rate, depth })
    }

    fn apply(&self, glide: &Glide, out: &mut Cell) {
        let (mut depth, mut wave) = ([0.0; CELL], [0.0; CELL]);
        glide.follow(self.depth, &mut depth);
        if self.rate.start.min(self.rate.end) <= 0.0 && self.rate.start.max(self.rate.end) >= 0.0 {
            for (j, depth) in depth.iter_mut().enumerate() {
                if self.rate.at(glide.at(j)) == 0.0 {
                    *depth = 0.0;
                }
            }
        }
        self.osc.sines(glide, &mut wave);
        dip(&depth, &wave, out);
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn dip(depth: &Cell, wave: &Cell, out: &mut Cell) {
    for j in 0..CELL {
        out[j] *= 1.0 - 0.5 * depth[j].clamp(0.0, 1.0) * (1.0 + wave[j]);
    }
}

#[derive(Debug, Clone)]
struct Hybrid {
    amps: [Ramp; 2],
    carrier: Sweep,
    am: Option<AmModulator>,
    tones: Tones,
    phase_osc: Option<PhaseOscillator>,
    dip: Option<Dip>,
    glide: Glide,
}

impl CellSource for Hybrid {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        self.glide.enter(index);
        let (Some(left), Some(right)) = (out.left.first_chunk_mut(), out.right.first_chunk_mut()) else { return };
        let mut amps = [0.0; CELL];
        self.carrier.sines(&self.glide, left);
        if let Some(am) = &self.am {
            am.apply(&self.glide, left);
        }
        self.glide.follow(self.amps[0], &mut amps);
        multiply(&amps, left);

        let mut turns = [0.0; CELL];
        let turns = self.phase_osc.as_ref().map(|phase_osc| {
            phase_osc.turns(&self.glide, &mut turns);
            &turns
        });
        let mut upper = [0.0; CELL];
        self.tones.sines(&self.glide, turns, [right, &mut upper]);
        self.glide.follow(self.amps[1], &mut amps);
        mix(&upper, &amps, right);
        if let Some(dip) = &self.dip {
            dip.apply(&self.glide, right);
        }
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        let glide = &self.glide;
        let [lower, upper] = self.tones.phases_at(glide, frame);
        Some(
            Oscillators { alpha: glide.alpha.at(frame), ..Oscillators::default() }
                .with("carrierL", self.carrier.phase(glide, frame))
                .with("lower", lower)
                .with("upper", upper)
                .and("vibrato", self.tones.vibrato_at(glide, frame))
                .and("amL", self.am.as_ref().map(|am| am.phase(glide, frame)))
                .and("phaseOsc", self.phase_osc.as_ref().map(|osc| osc.phase(glide, frame)))
                .and("amR", self.dip.as_ref().map(|dip| dip.osc.phase(glide, frame))),
        )
    }

    fn fork(&self) -> Self {
        self.clone()
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn multiply(factors: &Cell, out: &mut Cell) {
    for j in 0..CELL {
        out[j] *= factors[j];
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn mix(other: &Cell, amps: &Cell, out: &mut Cell) {
    for j in 0..CELL {
        out[j] = (out[j] + other[j]) * amps[j];
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
            json!({"qamCarrierFreqL": 210.0, "monoCarrierFreqR": 230.0}),
            json!({"qamCarrierFreqL": 300.0, "monoCarrierFreqR": 330.0, "monoFmRangeR": 20.0, "monoFmFreqR": 2.0,
                "monoPhaseOscFreqR": 1.5, "monoPhaseOscRangeR": 2.0, "monoAmDepthR": 0.9, "monoAmFreqR": 3.0}),
            json!({"startQamCarrierFreqL": 260.0, "endQamCarrierFreqL": 330.0, "startMonoCarrierFreqR": 400.0,
                "endMonoCarrierFreqR": 340.0, "transition_curve": "exponential"}),
        ] {
            compare(&params, &[PARAMS], |context, params| {
                let raw = raw(context, params)?;
                let band = band(context, params, &raw)?;
                Ok((raw, band))
            });
        }
    }
}
