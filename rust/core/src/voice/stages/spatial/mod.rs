//! The spatial stage of the binaural voices: the mid signal moves around the head, the side signal stays
//! (spec binaural-and-isochronic 6). This file and [`decoder`] are the legacy stage, [`measured`] the corrected one.
//!
//! The path around the head and everything that is smoothed from it depend on the parameters alone, not on the sound:
//! [`states`] knows them before any cell, so that any cell can be computed by itself. The sound itself needs only as much
//! history as the longest delay between the ears.

mod decoder;
mod filters;
mod head;
mod measured;
mod states;
mod trajectory;
mod turn;

use std::sync::Arc;

use crate::error::Result;
use crate::voice::grid::{CellSource, Cells};
use crate::voice::param::{Moves, Param};
use crate::voice::params::Params;
use crate::voice::{Block, Context, Voice};
use decoder::Decoder;
use head::Head;
use states::States;
use trajectory::Trajectory;

pub(crate) const SPATIAL_ENABLE: Param = Param::flag("spatialEnable", false, "Move the sound around the head.");
const SPATIAL_TRAJECTORY: Param =
    Param::structure("spatialTrajectory", "List of path segments {mode, seconds, start_deg, ..., distance_m}.");
const SPATIAL_USE_ILD: Param = fixed("spatialUseIld", 1.0, "", "Level difference between the ears (0 off).");
const SPATIAL_EAR_ANGLE_DEG: Param = fixed(
    "spatialEarAngleDeg",
    30.0,
    "deg",
    "Angle of the ears' cardioids (decoder `foa_cardioid`; not under `true_spatial`).",
);
const SPATIAL_HEAD_RADIUS_M: Param = fixed("spatialHeadRadiusM", 0.0875, "m", "Radius of the head.");
const SPATIAL_ITD_SCALE: Param = fixed("spatialItdScale", 1.0, "", "Factor on the time difference between the ears.");
const SPATIAL_ILD_MAX_DB: Param = fixed(
    "spatialIldMaxDb",
    1.5,
    "dB",
    "Largest level difference between the ears; under `true_spatial` only 0 matters: none.",
);
const SPATIAL_ILD_XOVER_HZ: Param = fixed("spatialIldXoverHz", 700.0, "Hz", "Kept with the file; has no effect.");
const SPATIAL_REF_DISTANCE_M: Param =
    fixed("spatialRefDistanceM", 1.0, "m", "Distance at which the level is 1.").range(1e-3, 1e4);
const SPATIAL_ROLLOFF: Param =
    fixed("spatialRolloff", 1.0, "", "Exponent of the level over distance.").range(0.0, 16.0);
const SPATIAL_HF_ROLL_DB_PER_M: Param =
    fixed("spatialHfRollDbPerM", 0.0, "dB/m", "Extra loss with distance (decoder `foa_cardioid`).");
const SPATIAL_DEZIPPER_THETA_MS: Param = fixed("spatialDezipperThetaMs", 60.0, "ms", "Smoothing of the azimuth.");
const SPATIAL_DEZIPPER_DIST_MS: Param = fixed("spatialDezipperDistMs", 80.0, "ms", "Smoothing of the distance.");
const SPATIAL_DECODER: Param =
    Param::choice("spatialDecoder", &["itd_head", "foa_cardioid"], "itd_head", "How the ears are fed.");
const SPATIAL_MIN_DISTANCE_M: Param = fixed("spatialMinDistanceM", 0.1, "m", "Smallest distance (decoder `itd_head`).");
const SPATIAL_MAX_DEG_PER_S: Param = fixed("spatialMaxDegPerS", 90.0, "deg/s", "Fastest turn (decoder `itd_head`).");
const SPATIAL_MAX_DELAY_STEP_SAMPLES: Param = fixed(
    "spatialMaxDelayStepSamples",
    0.02,
    "frames",
    "Fastest change of the delay per frame (decoder `itd_head`; not under `true_spatial`).",
);
const SPATIAL_INTERP: Param = fixed(
    "spatialInterp",
    1.0,
    "",
    "Delay interpolation: 0 linear, else four taps (decoder `itd_head`; not under `true_spatial`).",
);
const SPATIAL_USE_ITD_ILD: Param = Param::flag("spatialUseItdIld", true, "Kept with the file; has no effect.");

/// Parameters of the stage; none of them moves in a transition.
pub(crate) const TABLE: &[Param] = &[
    SPATIAL_ENABLE,
    SPATIAL_TRAJECTORY,
    SPATIAL_USE_ILD,
    SPATIAL_EAR_ANGLE_DEG,
    SPATIAL_HEAD_RADIUS_M,
    SPATIAL_ITD_SCALE,
    SPATIAL_ILD_MAX_DB,
    SPATIAL_ILD_XOVER_HZ,
    SPATIAL_REF_DISTANCE_M,
    SPATIAL_ROLLOFF,
    SPATIAL_HF_ROLL_DB_PER_M,
    SPATIAL_DEZIPPER_THETA_MS,
    SPATIAL_DEZIPPER_DIST_MS,
    SPATIAL_DECODER,
    SPATIAL_MIN_DISTANCE_M,
    SPATIAL_MAX_DEG_PER_S,
    SPATIAL_MAX_DELAY_STEP_SAMPLES,
    SPATIAL_INTERP,
    SPATIAL_USE_ITD_ILD,
];

const fn fixed(name: &'static str, default: f64, unit: &'static str, about: &'static str) -> Param {
    Param::number(name, default, unit, about).moves(Moves::Fixed)
}

/// Frames per cell.
const CELL: usize = 4096;

/// `voice` behind the spatial stage, if the parameters turn it on.
pub(crate) fn wrap(voice: Box<dyn Voice>, context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    if !params.flag(&SPATIAL_ENABLE) || context.frames == 0 {
        return Ok(voice);
    }
    let path = Arc::new(Trajectory::read(context, params)?);
    let head = Head::read(context, params)?;
    let decoder = Decoder::read(params, &head)?;
    if context.compat.true_spatial {
        return Ok(measured::wrap(voice, context, path, head));
    }
    let history = decoder.history();
    let cells = context.frames.div_ceil(CELL as u64);
    let states = States::new(head, path, Head::step, CELL as u64, history);
    Ok(Cells::boxed(Spatial {
        voice,
        head,
        decoder,
        states,
        cells,
        history,
        left: vec![0.0; CELL + history as usize],
        right: vec![0.0; CELL + history as usize],
    }))
}

struct Spatial {
    voice: Box<dyn Voice>,
    head: Head,
    decoder: Decoder,
    /// States before the first frame of each cell's history.
    states: States,
    cells: u64,
    history: u64,
    left: Vec<f32>,
    right: Vec<f32>,
}

impl CellSource for Spatial {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        let first = index * CELL as u64;
        let from = first.saturating_sub(self.history);
        let lead = (first - from) as usize;
        let (left, right) = (&mut self.left[..lead + CELL], &mut self.right[..lead + CELL]);
        self.voice.render(from, Block::new(left, right));
        if index >= self.cells {
            out.left.fill(0.0);
            out.right.fill(0.0);
            return;
        }
        let mut state = self.states.before(index);
        self.decoder.restart();
        for (x, (l, r)) in left.iter().zip(right.iter()).enumerate() {
            self.head.step(&mut state, self.states.path(), from + x as u64);
            let (l, r) = self.decoder.frame(&self.head, &state, *l, *r);
            if x >= lead {
                out.left[x - lead] = l;
                out.right[x - lead] = r;
            }
        }
    }

    fn prepare(&mut self) {
        self.voice.prepare();
    }

    fn fork(&self) -> Self {
        Self {
            voice: self.voice.fork(),
            head: self.head,
            decoder: self.decoder.clone(),
            states: self.states.clone(),
            cells: self.cells,
            history: self.history,
            left: self.left.clone(),
            right: self.right.clone(),
        }
    }

    fn inner(&self) -> Option<&dyn Voice> {
        Some(self.voice.as_ref())
    }
}
