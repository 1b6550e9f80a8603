//! `wave_shape_stereo_am` and `rhythmic_waveshaping`: a carrier with a tremolo, driven through a tanh waveshaper, then
//! amplitude-modulated per ear or panned (spec am-and-monaural-voices 4 and 5).

use std::f64::consts::FRAC_PI_2;

use multiversion::multiversion;

use crate::dsp::cell::{CELL, Cell};
use crate::dsp::pan::pan_gains;
use crate::dsp::tanh::tanh;
use crate::dsp::tanh_partials;
use crate::error::Result;
use crate::voice::family::{Family, Heard, Standing};
use crate::voice::grid::{CellSource, Cells};
use crate::voice::param::Moves;
use crate::voice::parts::glide::{CellMotion, Glide};
use crate::voice::parts::nyquist;
use crate::voice::parts::rows::{hertz, level, own, radians};
use crate::voice::parts::sweep::{Law, Sweep};
use crate::voice::parts::tremolo::{FROZEN, Tremolo};
use crate::voice::{Block, Context, Oscillators, Param, Params, Ramp, Voice};

/// Drives up to this value are silent: for them the legacy test `tanh(drive) > 1e-6` fails.
const SILENT: f64 = 1e-6;

const AMP: Param = level("amp", 0.15, "Output gain; negative inverts.").moves(Moves::Fixed);
const CARRIER_FREQ: Param = hertz("carrierFreq", 200.0, "Carrier frequency.").moves(own(200.0, 100.0));
const SHAPE_MOD_FREQ: Param =
    hertz("shapeModFreq", 4.0, "Rate of the level change before the shaper; 0 and below freeze it.")
        .moves(own(4.0, 8.0));
const SHAPE_MOD_DEPTH: Param =
    level("shapeModDepth", 0.8, "Depth of the level change before the shaper; not limited.").moves(own(0.8, 0.8));
const SHAPE_AMOUNT: Param =
    level("shapeAmount", 0.5, "Drive of the shaper; 1e-6 and below is silence.").moves(own(0.5, 0.5));
const STEREO_MOD_FREQ_L: Param =
    hertz("stereoModFreqL", 4.1, "Rate of the left modulation; 0 and below freeze it.").moves(own(4.1, 6.0));
const STEREO_MOD_DEPTH_L: Param =
    level("stereoModDepthL", 0.8, "Depth of the left modulation; not limited.").moves(own(0.8, 0.8));
const STEREO_MOD_PHASE_L: Param =
    radians("stereoModPhaseL", 0.0, "Start phase of the left modulation.").moves(Moves::StaticOnly);
const STEREO_MOD_FREQ_R: Param =
    hertz("stereoModFreqR", 4.0, "Rate of the right modulation; 0 and below freeze it.").moves(own(4.0, 6.1));
const STEREO_MOD_DEPTH_R: Param =
    level("stereoModDepthR", 0.8, "Depth of the right modulation; not limited.").moves(own(0.9, 0.9));
const STEREO_MOD_PHASE_R: Param =
    radians("stereoModPhaseR", FRAC_PI_2, "Start phase of the right modulation.").moves(Moves::StaticOnly);
const START_STEREO_MOD_PHASE_L: Param =
    radians("startStereoModPhaseL", 0.0, "Start phase of the left modulation (heard with `lfo_start_phases` only).")
        .moves(Moves::TransitionOnly);
const START_STEREO_MOD_PHASE_R: Param = radians(
    "startStereoModPhaseR",
    FRAC_PI_2,
    "Start phase of the right modulation (heard with `lfo_start_phases` only).",
)
.moves(Moves::TransitionOnly);

const STEREO: &[Param] = &[
    AMP,
    CARRIER_FREQ,
    SHAPE_MOD_FREQ,
    SHAPE_MOD_DEPTH,
    SHAPE_AMOUNT,
    STEREO_MOD_FREQ_L,
    STEREO_MOD_DEPTH_L,
    STEREO_MOD_PHASE_L,
    STEREO_MOD_FREQ_R,
    STEREO_MOD_DEPTH_R,
    STEREO_MOD_PHASE_R,
    START_STEREO_MOD_PHASE_L,
    START_STEREO_MOD_PHASE_R,
];

const RHYTHMIC_AMP: Param = level("amp", 0.25, "Output gain; negative inverts.").moves(Moves::Fixed);
const RHYTHMIC_CARRIER_FREQ: Param = hertz("carrierFreq", 200.0, "Carrier frequency.").moves(own(200.0, 80.0));
const MOD_FREQ: Param =
    hertz("modFreq", 4.0, "Rate of the level change before the shaper; 0 and below freeze it.").moves(own(12.0, 7.83));
const MOD_DEPTH: Param =
    level("modDepth", 1.0, "Depth of the level change before the shaper; not limited.").moves(own(1.0, 1.0));
const RHYTHMIC_SHAPE_AMOUNT: Param =
    level("shapeAmount", 5.0, "Drive of the shaper; 1e-6 and below is silence.").moves(own(5.0, 5.0));
const PAN: Param = level("pan", 0.0, "Equal-power position, -1 left to 1 right (limited to that).").moves(Moves::Fixed);

const RHYTHMIC: &[Param] = &[RHYTHMIC_AMP, RHYTHMIC_CARRIER_FREQ, MOD_FREQ, MOD_DEPTH, RHYTHMIC_SHAPE_AMOUNT, PAN];

/// Registry entry of `wave_shape_stereo_am`.
pub const STEREO_FAMILY: Family = Family {
    name: "wave_shape_stereo_am",
    transition: true,
    summary: "A rhythmically swelling carrier through a tanh shaper, amplitude-modulated separately per ear.",
    source: "spec am-and-monaural-voices 4",
    params: &[STEREO],
    carrier: Some(&CARRIER_FREQ),
    beat: Some(&SHAPE_MOD_FREQ),
    heard: Heard::Carrier,
    standing: Standing::SameWithout(
        &[STEREO_MOD_PHASE_L, STEREO_MOD_PHASE_R],
        "LFO start phases are ignored in transitions",
    ),
    build: build_stereo,
    ..Family::PLAIN
};

/// Registry entry of `rhythmic_waveshaping`.
pub const RHYTHMIC_FAMILY: Family = Family {
    name: "rhythmic_waveshaping",
    transition: true,
    summary: "A rhythmically swelling carrier through a tanh shaper, placed with an equal-power pan.",
    source: "spec am-and-monaural-voices 5",
    params: &[RHYTHMIC],
    carrier: Some(&RHYTHMIC_CARRIER_FREQ),
    beat: Some(&MOD_FREQ),
    heard: Heard::Level,
    build: build_rhythmic,
    ..Family::PLAIN
};

fn build_stereo(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let glide = Glide::read(context, params)?;
    let ear = |rows: [&'static Param; 4], role: &str| {
        Ok(Tremolo::read(context, params, &glide, rows)?.shifted(context.shift(role)))
    };
    let left = [&STEREO_MOD_FREQ_L, &STEREO_MOD_DEPTH_L, &STEREO_MOD_PHASE_L, &START_STEREO_MOD_PHASE_L];
    let right = [&STEREO_MOD_FREQ_R, &STEREO_MOD_DEPTH_R, &STEREO_MOD_PHASE_R, &START_STEREO_MOD_PHASE_R];
    let ears = Ears::Modulated(Box::new([ear(left, EARS[0])?, ear(right, EARS[1])?]));
    build(context, params, glide, [&SHAPE_MOD_FREQ, &SHAPE_MOD_DEPTH], ears)
}

fn build_rhythmic(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let (left, right) = pan_gains(params.number(&PAN)?);
    build(
        context,
        params,
        Glide::read(context, params)?,
        [&MOD_FREQ, &MOD_DEPTH],
        Ears::Placed([left as f32, right as f32]),
    )
}

/// The two families have rows of the same names for amplitude, carrier and drive.
fn build(
    context: &Context,
    params: &Params<'_>,
    glide: Glide,
    [rate, depth]: [&'static Param; 2],
    ears: Ears,
) -> Result<Box<dyn Voice>> {
    let frequency = params.ramp(&CARRIER_FREQ)?;
    nyquist::is_left_out(context, params, &CARRIER_FREQ, frequency);
    let carrier = Sweep::new(&glide, frequency, FROZEN, Ramp::fixed(0.0), Law::Sum);
    Ok(Cells::boxed(WaveShape {
        // a strong drive magnifies errors near zero crossings
        carrier: carrier.precise().shifted(context.shift("carrier")),
        tremolo: Tremolo::new(&glide, params.ramp(rate)?, 0.0, params.ramp(depth)?).shifted(context.shift("mod")),
        drive: params.ramp(&SHAPE_AMOUNT)?,
        amp: params.number(&AMP)? as f32,
        ears,
        glide,
        band_limited: context.compat.band_limited,
    }))
}

/// The oscillators of the modulation of each ear.
const EARS: [&str; 2] = ["modL", "modR"];

/// What is applied to the shaped tone at each ear.
#[derive(Debug, Clone)]
enum Ears {
    Modulated(Box<[Tremolo; 2]>),
    Placed([f32; 2]),
}

#[derive(Debug, Clone)]
struct WaveShape {
    carrier: Sweep,
    tremolo: Tremolo,
    drive: Ramp,
    amp: f32,
    ears: Ears,
    glide: Glide,
    /// Whether there are no partials above half the sample rate.
    band_limited: bool,
}

impl WaveShape {
    /// Write the shaped tone of the current cell.
    fn shaped(&self, out: &mut Cell) {
        let mut gains = [0.0; CELL];
        self.carrier.sines(&self.glide, out);
        self.tremolo.gains(&self.glide, &mut gains);
        match (self.glide.shape(), self.drive.moves()) {
            (CellMotion::Still(alpha), _) => shape_steadily(self.drive.at(alpha), &gains, out),
            (_, false) => shape_steadily(self.drive.start, &gains, out),
            (_, true) => {
                let mut drive = [0.0; CELL];
                self.glide.follow(self.drive, &mut drive);
                shape(&drive, &gains, out);
            }
        }
        if self.band_limited {
            self.remove_high_partials(&gains, out);
        }
    }

    /// Take the partials above half the sample rate out of the shaped tone of the current cell.
    fn remove_high_partials(&self, gains: &Cell, out: &mut Cell) {
        let highest = self.carrier.rate_at(&self.glide, 0).max(self.carrier.rate_at(&self.glide, CELL - 1));
        // the lowest odd partial that is above
        let first = (0.5 / highest).ceil().min(f64::from(LAST_PARTIAL)) as u32 | 1;
        if first == 1 {
            *out = [0.0; CELL];
            return;
        }
        let (mut phases, mut drives, mut fade) = ([0; CELL], [0.0; CELL], [0.0; CELL]);
        self.glide.follow(self.drive, &mut drives);
        let greatest = |values: &Cell| values.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        if !tanh_partials::matter(greatest(&drives) * greatest(gains), first - 2) {
            return;
        }
        self.carrier.phases(&self.glide, &mut phases);
        let mut scales = [0.0; CELL];
        levels(gains, &mut drives, &mut scales, out);
        if self.carrier.moves() {
            for (j, fade) in fade.iter_mut().enumerate() {
                let rate = self.carrier.rate_at(&self.glide, j) * f64::from(first - 2);
                *fade = 1.0 - nyquist::gain(rate, true) as f32;
            }
        }
        tanh_partials::remove(out, &drives, &phases, first, &fade);
        multiply(&scales, out);
    }
}

/// Higher partials are not looked at.
const LAST_PARTIAL: u32 = 1 << 12;

/// From drives and gains to what the shaper is given (`drives`) and by what it multiplies its output (`scales`), which
/// is taken out of `shaped`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn levels(gains: &Cell, drives: &mut Cell, scales: &mut Cell, shaped: &mut Cell) {
    for j in 0..CELL {
        let safe = drives[j].max(SILENT as f32);
        let full = tanh(safe);
        scales[j] = if drives[j] > SILENT as f32 { 1.0 / full } else { 0.0 };
        shaped[j] *= full;
        drives[j] = safe * gains[j];
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn multiply(factors: &Cell, out: &mut Cell) {
    for j in 0..CELL {
        out[j] *= factors[j];
    }
}

impl CellSource for WaveShape {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        self.glide.enter(index);
        let mut shaped = [0.0; CELL];
        self.shaped(&mut shaped);
        for (ear, out) in [out.left, out.right].into_iter().enumerate() {
            let Some(out) = out.first_chunk_mut() else { continue };
            match &self.ears {
                Ears::Modulated(tremolos) => {
                    tremolos[ear].gains(&self.glide, out);
                    scale(self.amp, &shaped, out);
                }
                Ears::Placed(gains) => {
                    *out = [1.0; CELL];
                    scale(self.amp * gains[ear], &shaped, out);
                }
            }
        }
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        let all = Oscillators { alpha: self.glide.alpha.at(frame), ..Oscillators::default() }
            .with("carrier", self.carrier.phase(&self.glide, frame))
            .with("mod", self.tremolo.phase(&self.glide, frame));
        Some(match &self.ears {
            Ears::Placed(_) => all,
            Ears::Modulated(tremolos) => EARS
                .into_iter()
                .zip(tremolos.iter())
                .fold(all, |all, (role, tremolo)| all.with(role, tremolo.phase(&self.glide, frame))),
        })
    }

    fn fork(&self) -> Self {
        self.clone()
    }
}

/// The shaper with a constant drive: `tanh(drive·x)/tanh(drive)`.
fn shape_steadily(drive: f64, gains: &Cell, out: &mut Cell) {
    let scale = if drive <= SILENT { 0.0 } else { 1.0 / drive.tanh() };
    steady_kernel(drive.max(SILENT) as f32, scale as f32, gains, out);
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn steady_kernel(drive: f32, scale: f32, gains: &Cell, out: &mut Cell) {
    for j in 0..CELL {
        out[j] = tanh(out[j] * gains[j] * drive) * scale;
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn shape(drive: &Cell, gains: &Cell, out: &mut Cell) {
    for j in 0..CELL {
        let safe = drive[j].max(SILENT as f32);
        let shaped = tanh(out[j] * gains[j] * safe) / tanh(safe);
        out[j] = if drive[j] > SILENT as f32 { shaped } else { 0.0 };
    }
}

/// `out *= amp·shaped`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn scale(amp: f32, shaped: &Cell, out: &mut Cell) {
    for j in 0..CELL {
        out[j] *= amp * shaped[j];
    }
}
