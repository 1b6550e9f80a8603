//! `wave_shape_stereo_am` and `rhythmic_waveshaping`: a carrier with a tremolo, driven through a tanh waveshaper, then
//! amplitude-modulated per ear or panned (spec am-and-monaural-voices 4 and 5).

use std::f64::consts::FRAC_PI_2;

use multiversion::multiversion;

use crate::dsp::cell::{CELL, Cell, PhaseCell};
use crate::dsp::pan::pan_gains;
use crate::dsp::sine::sine_u32;
use crate::dsp::tanh::tanh;
use crate::dsp::tanh_series::TanhSeries;
use crate::dsp::{tanh_partials, tanh_series};
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
        series: context.compat.band_limited.then(TanhSeries::table),
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
    /// The table of partials, if there are none above half the sample rate.
    series: Option<&'static TanhSeries>,
}

impl WaveShape {
    /// Write the shaped tone of the current cell.
    fn shaped(&self, out: &mut Cell) {
        let mut gains = [0.0; CELL];
        self.tremolo.gains(&self.glide, &mut gains);
        match self.series.and_then(|series| self.partials(series, &gains)) {
            Some(partials) => self.limited(partials, &gains, out),
            None => self.unlimited(&gains, out),
        }
    }

    /// Write the shaped tone with all its partials.
    fn unlimited(&self, gains: &Cell, out: &mut Cell) {
        self.carrier.sines(&self.glide, out);
        match (self.glide.shape(), self.drive.moves()) {
            (CellMotion::Still(alpha), _) => shape_steadily(self.drive.at(alpha), gains, out),
            (_, false) => shape_steadily(self.drive.start, gains, out),
            (_, true) => {
                let mut drive = [0.0; CELL];
                self.glide.follow(self.drive, &mut drive);
                shape(&drive, gains, out);
            }
        }
    }

    /// The partials of the current cell; `None` if none of them lies above half the sample rate.
    fn partials(&self, series: &'static TanhSeries, gains: &Cell) -> Option<Partials> {
        let highest = self.carrier.rate_at(&self.glide, 0).max(self.carrier.rate_at(&self.glide, CELL - 1));
        // the lowest odd partial that is above
        let first = (0.5 / highest).ceil().min(f64::from(LAST_PARTIAL)) as u32 | 1;
        let drive = match self.glide.shape() {
            CellMotion::Still(alpha) => self.drive.at(alpha) as f32,
            _ => {
                let mut drives = [0.0; CELL];
                self.glide.follow(self.drive, &mut drives);
                greatest(&drives)
            }
        };
        if first == 1 {
            return Some(Partials::None);
        }
        let fades = self.carrier.moves() && nyquist::gain(highest * f64::from(first - 2), true) < 1.0;
        let (lost, drive) = (if fades { first - 2 } else { first }, drive.max(0.0) * greatest(gains));
        let kept = first / 2;
        if !tanh_partials::exceed(0, drive, lost) {
            None
        } else if kept <= tanh_series::MOST as u32 && tanh_partials::exceed(kept / FRACTION_COST, drive, lost) {
            Some(Partials::Kept { series, count: kept as usize, fades })
        } else {
            Some(Partials::Removed { first, fades, fractions: tanh_partials::fractions(drive, lost) })
        }
    }

    /// Write the shaped tone without partials above half the sample rate.
    fn limited(&self, partials: Partials, gains: &Cell, out: &mut Cell) {
        let (mut phases, mut drives, mut scales, mut share) = ([0; CELL], *gains, [0.0; CELL], [1.0; CELL]);
        self.carrier.phases(&self.glide, &mut phases);
        match (self.glide.shape(), self.drive.moves()) {
            (CellMotion::Still(alpha), _) => steady_levels(self.drive.at(alpha), &mut drives, &mut scales),
            (_, false) => steady_levels(self.drive.start, &mut drives, &mut scales),
            (_, true) => {
                self.glide.follow(self.drive, &mut drives);
                levels(gains, &mut drives, &mut scales);
            }
        }
        let follow = |share: &mut Cell, partial: u32| {
            for (j, share) in share.iter_mut().enumerate() {
                *share = nyquist::gain(self.carrier.rate_at(&self.glide, j) * f64::from(partial), true) as f32;
            }
        };
        match partials {
            Partials::None => *out = [0.0; CELL],
            Partials::Kept { series, count, fades } => {
                if fades {
                    follow(&mut share, 2 * count as u32 - 1);
                }
                series.sum(&drives, &phases, count, &share, out);
            }
            Partials::Removed { first, fades, fractions } => {
                if fades {
                    follow(&mut share, first - 2);
                }
                let lost = share.map(|share| 1.0 - share);
                saturate(&drives, &phases, out);
                tanh_partials::remove(out, &drives, &phases, first, &lost, fractions);
            }
        }
        multiply(&scales, out);
    }
}

/// How the partials above half the sample rate are left out of a cell. `fades`: the highest one below moves into the
/// range in which it is faded out.
#[derive(Clone, Copy)]
enum Partials {
    /// The carrier itself is above.
    None,
    /// The lowest odd ones are summed.
    Kept { series: &'static TanhSeries, count: usize, fades: bool },
    /// Those from the odd number `first` on are taken out.
    Removed { first: u32, fades: bool, fractions: u32 },
}

/// Higher partials are not looked at.
const LAST_PARTIAL: u32 = 1 << 12;

/// Time of a fraction of [`tanh_partials`] relative to that of a partial of [`tanh_series`].
const FRACTION_COST: u32 = 12;

/// The largest magnitude in a cell.
fn greatest(values: &Cell) -> f32 {
    // positive numbers are ordered like their bits
    f32::from_bits(values.iter().fold(0, |most, value| most.max(value.abs().to_bits())))
}

/// As [`levels`] with a constant drive; `gains` becomes what the shaper is given.
fn steady_levels(drive: f64, gains: &mut Cell, scales: &mut Cell) {
    *scales = [if drive <= SILENT { 0.0 } else { 1.0 / drive.tanh() } as f32; CELL];
    multiply(&[drive.max(SILENT) as f32; CELL], gains);
}

/// From drives and gains to what the shaper is given (`drives`) and by what it multiplies its output (`scales`).
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn levels(gains: &Cell, drives: &mut Cell, scales: &mut Cell) {
    for j in 0..CELL {
        let safe = drives[j].max(SILENT as f32);
        scales[j] = if drives[j] > SILENT as f32 { 1.0 / tanh(safe) } else { 0.0 };
        drives[j] = safe * gains[j];
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn saturate(drives: &Cell, phases: &PhaseCell, out: &mut Cell) {
    for j in 0..CELL {
        out[j] = tanh(drives[j] * sine_u32(phases[j]));
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
