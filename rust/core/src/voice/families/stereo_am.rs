//! `stereo_am_independent`: two slightly detuned carriers, one per ear, each amplitude-modulated by its own LFO
//! (spec am-and-monaural-voices 3).

use multiversion::multiversion;

use crate::dsp::cell::{CELL, Cell};
use crate::error::{Error, Result};
use crate::voice::family::{Family, Heard, Standing};
use crate::voice::grid::{CellSource, Cells};
use crate::voice::param::Moves;
use crate::voice::parts::glide::Glide;
use crate::voice::parts::nyquist;
use crate::voice::parts::rows::{hertz, level, own, radians};
use crate::voice::parts::sweep::{Law, Sweep};
use crate::voice::parts::tremolo::{FROZEN, Tremolo};
use crate::voice::{Block, Context, Oscillators, Param, Params, Ramp, Voice};

const AMP: Param = level("amp", 0.25, "Output gain; negative inverts.").moves(Moves::Fixed);
const CARRIER_FREQ: Param = hertz("carrierFreq", 200.0, "Mean of the two carriers.").moves(own(200.0, 250.0));
const STEREO_WIDTH_HZ: Param = hertz("stereo_width_hz", 0.2, "Difference of the carriers, right minus left.")
    .moves(Moves::OwnNamed { start: ("startStereoWidthHz", 0.2), end: ("endStereoWidthHz", 0.2) });
const MOD_FREQ_L: Param = hertz("modFreqL", 4.0, "LFO rate on the left; 0 and below freeze it.").moves(own(4.0, 6.0));
const MOD_DEPTH_L: Param = level("modDepthL", 0.8, "Modulation depth on the left; not limited.").moves(own(0.8, 0.8));
const MOD_PHASE_L: Param = radians("modPhaseL", 0.0, "Start phase of the left LFO.").moves(Moves::StaticOnly);
const MOD_FREQ_R: Param = hertz("modFreqR", 4.0, "LFO rate on the right; 0 and below freeze it.").moves(own(4.1, 5.9));
const MOD_DEPTH_R: Param = level("modDepthR", 0.8, "Modulation depth on the right; not limited.").moves(own(0.8, 0.8));
const MOD_PHASE_R: Param = radians("modPhaseR", 0.0, "Start phase of the right LFO.").moves(Moves::StaticOnly);
const START_MOD_PHASE_L: Param =
    radians("startModPhaseL", 0.0, "Start phase of the left LFO (heard with `lfo_start_phases` only).")
        .moves(Moves::TransitionOnly);
const START_MOD_PHASE_R: Param =
    radians("startModPhaseR", 0.0, "Start phase of the right LFO (heard with `lfo_start_phases` only).")
        .moves(Moves::TransitionOnly);

const PARAMS: &[Param] = &[
    AMP,
    CARRIER_FREQ,
    STEREO_WIDTH_HZ,
    MOD_FREQ_L,
    MOD_DEPTH_L,
    MOD_PHASE_L,
    MOD_FREQ_R,
    MOD_DEPTH_R,
    MOD_PHASE_R,
    START_MOD_PHASE_L,
    START_MOD_PHASE_R,
];

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "stereo_am_independent",
    transition: true,
    summary: "Two slightly detuned carriers, one per ear, each amplitude-modulated by its own LFO.",
    source: "spec am-and-monaural-voices 3",
    params: &[PARAMS],
    carrier: Some(&CARRIER_FREQ),
    beat: Some(&MOD_FREQ_L),
    heard: Heard::Level,
    standing: Standing::SameWithout(&[MOD_PHASE_L, MOD_PHASE_R], "LFO start phases are ignored in transitions"),
    build,
    ..Family::PLAIN
};

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let glide = Glide::read(context, params)?;
    let carrier = params.ramp(&CARRIER_FREQ)?;
    let width = params.ramp(&STEREO_WIDTH_HZ)?;
    let ear = |side: usize, sign: f64| {
        let [carrier_role, tremolo_role] = ROLES[side];
        let frequency =
            Ramp { start: carrier.start + sign * width.start / 2.0, end: carrier.end + sign * width.end / 2.0 };
        Ok::<_, Error>((
            frequency,
            Ear {
                carrier: Sweep::new(&glide, frequency, FROZEN, Ramp::fixed(0.0), Law::Sum)
                    .shifted(context.shift(carrier_role)),
                tremolo: Tremolo::read(context, params, &glide, TREMOLOS[side])?.shifted(context.shift(tremolo_role)),
            },
        ))
    };
    let ((left, left_ear), (right, right_ear)) = (ear(0, -1.0)?, ear(1, 1.0)?);
    let alpha = glide.alpha.clone();
    let voice = Cells::boxed(StereoAm { ears: [left_ear, right_ear], amp: params.number(&AMP)? as f32, glide });
    Ok(nyquist::limited(voice, context, params, &alpha, [(&CARRIER_FREQ, left), (&CARRIER_FREQ, right)]))
}

/// Rate, depth and start phases of the left and the right LFO.
const TREMOLOS: [[&Param; 4]; 2] = [
    [&MOD_FREQ_L, &MOD_DEPTH_L, &MOD_PHASE_L, &START_MOD_PHASE_L],
    [&MOD_FREQ_R, &MOD_DEPTH_R, &MOD_PHASE_R, &START_MOD_PHASE_R],
];

/// The oscillators of the left and the right ear: carrier and modulation.
const ROLES: [[&str; 2]; 2] = [["carrierL", "modL"], ["carrierR", "modR"]];

#[derive(Debug, Clone)]
struct Ear {
    carrier: Sweep,
    tremolo: Tremolo,
}

#[derive(Debug, Clone)]
struct StereoAm {
    ears: [Ear; 2],
    amp: f32,
    glide: Glide,
}

impl CellSource for StereoAm {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        self.glide.enter(index);
        for (ear, out) in self.ears.iter().zip([out.left, out.right]) {
            let Some(out) = out.first_chunk_mut() else { continue };
            let mut gains = [0.0; CELL];
            ear.carrier.sines(&self.glide, out);
            ear.tremolo.gains(&self.glide, &mut gains);
            modulate(self.amp, &gains, out);
        }
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        let start = Oscillators { alpha: self.glide.alpha.at(frame), ..Oscillators::default() };
        Some(self.ears.iter().zip(ROLES).fold(start, |all, (ear, [carrier, tremolo])| {
            all.with(carrier, ear.carrier.phase(&self.glide, frame))
                .with(tremolo, ear.tremolo.phase(&self.glide, frame))
        }))
    }

    fn fork(&self) -> Self {
        self.clone()
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn modulate(amp: f32, gains: &Cell, out: &mut Cell) {
    for j in 0..CELL {
        out[j] *= amp * gains[j];
    }
}
