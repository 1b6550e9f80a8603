//! The parameters of the spatial stage; none of them moves in a transition.

use crate::voice::param::{Moves, Param};

pub(crate) const SPATIAL_ENABLE: Param = Param::flag("spatialEnable", false, "Move the sound around the head.");
pub(super) const SPATIAL_TRAJECTORY: Param =
    Param::structure("spatialTrajectory", "List of path segments {mode, seconds, start_deg, ..., distance_m}.");
pub(super) const SPATIAL_USE_ILD: Param = fixed("spatialUseIld", 1.0, "", "Level difference between the ears (0 off).");
pub(super) const SPATIAL_EAR_ANGLE_DEG: Param = fixed(
    "spatialEarAngleDeg",
    30.0,
    "deg",
    "Angle of the ears' cardioids (decoder `foa_cardioid`; not under `true_spatial`).",
);
pub(super) const SPATIAL_HEAD_RADIUS_M: Param = fixed("spatialHeadRadiusM", 0.0875, "m", "Radius of the head.");
pub(super) const SPATIAL_ITD_SCALE: Param =
    fixed("spatialItdScale", 1.0, "", "Factor on the time difference between the ears.");
pub(super) const SPATIAL_ILD_MAX_DB: Param = fixed(
    "spatialIldMaxDb",
    1.5,
    "dB",
    "Largest level difference between the ears; under `true_spatial` only 0 matters: none.",
);
pub(super) const SPATIAL_ILD_XOVER_HZ: Param =
    fixed("spatialIldXoverHz", 700.0, "Hz", "Kept with the file; has no effect.");
pub(super) const SPATIAL_REF_DISTANCE_M: Param =
    fixed("spatialRefDistanceM", 1.0, "m", "Distance at which the level is 1.").range(1e-3, 1e4);
pub(super) const SPATIAL_ROLLOFF: Param =
    fixed("spatialRolloff", 1.0, "", "Exponent of the level over distance.").range(0.0, 16.0);
pub(super) const SPATIAL_HF_ROLL_DB_PER_M: Param =
    fixed("spatialHfRollDbPerM", 0.0, "dB/m", "Extra loss with distance (decoder `foa_cardioid`).");
pub(super) const SPATIAL_DEZIPPER_THETA_MS: Param =
    fixed("spatialDezipperThetaMs", 60.0, "ms", "Smoothing of the azimuth.");
pub(super) const SPATIAL_DEZIPPER_DIST_MS: Param =
    fixed("spatialDezipperDistMs", 80.0, "ms", "Smoothing of the distance.");
pub(super) const SPATIAL_DECODER: Param =
    Param::choice("spatialDecoder", &["itd_head", "foa_cardioid"], "itd_head", "How the ears are fed.");
pub(super) const SPATIAL_MIN_DISTANCE_M: Param =
    fixed("spatialMinDistanceM", 0.1, "m", "Smallest distance (decoder `itd_head`).");
pub(super) const SPATIAL_MAX_DEG_PER_S: Param =
    fixed("spatialMaxDegPerS", 90.0, "deg/s", "Fastest turn (decoder `itd_head`).");
pub(super) const SPATIAL_MAX_DELAY_STEP_SAMPLES: Param = fixed(
    "spatialMaxDelayStepSamples",
    0.02,
    "frames",
    "Fastest change of the delay per frame (decoder `itd_head`; not under `true_spatial`).",
);
pub(super) const SPATIAL_INTERP: Param = fixed(
    "spatialInterp",
    1.0,
    "",
    "Delay interpolation: 0 linear, else four taps (decoder `itd_head`; not under `true_spatial`).",
);
pub(super) const SPATIAL_USE_ITD_ILD: Param =
    Param::flag("spatialUseItdIld", true, "Kept with the file; has no effect.");

/// All of them.
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
