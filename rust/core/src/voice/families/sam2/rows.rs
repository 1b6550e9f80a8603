//! The parameters of SAM2 (spec spatial-angle-modulation 3.1, spatial-workbench 1 and 6).

use super::path::ArcShape;
use crate::voice::param::{Moves, Param};
use crate::voice::parts::rows::{hertz, level, radians};
use crate::voice::spatial::rows::{
    ASSET, ASSET_HASH, CANONICAL_TRAJECTORY, DISTANCE_LAW, DOPPLER, HRTF_OPTIONS, MAXIMUM_DISTANCE, MINIMUM_DISTANCE,
    REFERENCE_DISTANCE,
};

const fn angle(name: &'static str, default: f64, about: &'static str) -> Param {
    Param::number(name, default, "deg", about).range(-1e6, 1e6)
}

const fn other(row: Param) -> Param {
    row.optional()
}

const fn fixed(row: Param) -> Param {
    row.moves(Moves::Fixed)
}

pub(super) const POLARITIES: &[&str] = &["left_plus_right_minus", "left_minus_right_plus", "left_plus_right_plus"];

/// The renderer that is heard.
pub(super) const RENDERER: &str = "abstract_pm";

/// The tone moves along a path in a free field.
pub(super) const GEOMETRIC: &str = "geometric";

/// The tone moves along a path, through measured responses.
pub(super) const HRTF: &str = "hrtf";

pub(super) const AMP: Param = fixed(level("amp", 0.7, "Amplitude."));
pub(super) const CARRIER_FREQ: Param = hertz("carrierFreq", 440.0, "Frequency of the tone.");
pub(super) const MOD_FREQ: Param = hertz("modFreq", 4.0, "Cycles of the path per second.");
pub(super) const BEAT_FREQ: Param = other(hertz("beatFreq", 4.0, "Another name of `modFreq`."));
pub(super) const ARC_WIDTH_DEG: Param = angle("arcWidthDeg", 90.0, "Full angular width of the path.");
pub(super) const ARC_WIDTH: Param =
    other(angle("arcWidth", 90.0, "Another name of `arcWidthDeg`.").moves(Moves::Fixed));
pub(super) const DIRECTION_OFFSET_DEG: Param = angle("directionOffsetDeg", 0.0, "Middle of the path.");
pub(super) const DIRECTION_OFFSET: Param =
    other(angle("directionOffset", 0.0, "Another name of `directionOffsetDeg`.").moves(Moves::Fixed));
pub(super) const SPATIAL_SCALE: Param = radians("spatialScale", 1.0, "Phase deviation of each ear at 90°.");
pub(super) const PEAK_PHASE_DEV: Param = other(radians("peakPhaseDev", 1.0, "Another name of `spatialScale`."));
pub(super) const PHASE_OFFSET_L_RAD: Param = fixed(radians("phaseOffsetLRad", 0.0, "Constant phase of the left ear."));
pub(super) const PHASE_OFFSET_R_RAD: Param = fixed(radians("phaseOffsetRRad", 0.0, "Constant phase of the right ear."));
pub(super) const PHASE_OFFSET_L: Param =
    other(fixed(radians("phaseOffsetL", 0.0, "Another name of `phaseOffsetLRad`.")));
pub(super) const PHASE_OFFSET_R: Param =
    other(fixed(radians("phaseOffsetR", 0.0, "Another name of `phaseOffsetRRad`.")));
pub(super) const START_PHASE_OFFSET_L: Param =
    other(fixed(radians("startPhaseOffsetL", 0.0, "Another name of `phaseOffsetLRad`.")));
pub(super) const START_PHASE_OFFSET_R: Param =
    other(fixed(radians("startPhaseOffsetR", 0.0, "Another name of `phaseOffsetRRad`.")));
pub(super) const PATH_TYPE: Param = Param::choice(
    "pathType",
    &["open", "closed", "discontinuous", "custom"],
    "open",
    "There and back, round, in jumps, or drawn.",
);
pub(super) const PATH_SHAPE: Param = Param::choice(
    "pathShape",
    ArcShape::NAMES,
    "sinusoidal",
    "Movement along the path; absent: `sinusoidal` on open, `ramp` on closed, `square` on discontinuous paths.",
);
pub(super) const ROTATION_DIRECTION: Param =
    Param::choice("rotationDirection", &["cw", "ccw"], "cw", "Sense of closed and discontinuous paths.");
pub(super) const DISCONTINUOUS_STEPS: Param =
    Param::integer("discontinuousSteps", 8.0, "Jumps of a discontinuous path per cycle, at least 2.").range(-1e6, 1e6);
pub(super) const CUSTOM_PATH_PROFILE: Param = Param::structure(
    "customPathProfile",
    "Drawn path: `points`, `kind` (`spline` or lines), `closedLoop`, `smoothingPasses`, `smoothingRatio`, `subNodesPerSegment`.",
);
pub(super) const CUSTOM_PATH_SMOOTHING_PASSES: Param =
    Param::integer("customPathSmoothingPasses", 1.0, "Overrides `smoothingPasses` of the drawn path, 0 to 6.")
        .optional()
        .range(-1e6, 1e6);
pub(super) const CUSTOM_PATH_SMOOTHING_RATIO: Param = Param::number(
    "customPathSmoothingRatio",
    0.25,
    "",
    "Overrides `smoothingRatio` of the drawn path, 0.001 to 0.499.",
)
.optional()
.range(-1e6, 1e6)
.moves(Moves::Fixed);
pub(super) const EAR_POLARITY: Param = Param::choice(
    "earPolarity",
    POLARITIES,
    "left_minus_right_plus",
    "Sense of the deviation in the ears; absent: `left_minus_right_plus`, or `left_plus_right_minus` with `samSchemaVersion`.",
);
pub(super) const SAM_SCHEMA_VERSION: Param = Param::integer(
    "samSchemaVersion",
    1.0,
    "Version of the editor's format; present: the other default of `earPolarity`.",
)
.optional()
.range(-1e6, 1e6);
pub(super) const RENDERER_MODE: Param = Param::text(
    "rendererMode",
    RENDERER,
    "`abstract_pm`, or a tone that moves along `canonicalTrajectory`: `geometric` in a free field, `hrtf` through the responses of `hrtfAsset`.",
);
pub(super) const PARAMS: &[Param] = &[
    AMP,
    CARRIER_FREQ,
    MOD_FREQ,
    BEAT_FREQ,
    ARC_WIDTH_DEG,
    ARC_WIDTH,
    DIRECTION_OFFSET_DEG,
    DIRECTION_OFFSET,
    SPATIAL_SCALE,
    PEAK_PHASE_DEV,
    PHASE_OFFSET_L_RAD,
    PHASE_OFFSET_R_RAD,
    PHASE_OFFSET_L,
    PHASE_OFFSET_R,
    START_PHASE_OFFSET_L,
    START_PHASE_OFFSET_R,
    PATH_TYPE,
    PATH_SHAPE,
    ROTATION_DIRECTION,
    DISCONTINUOUS_STEPS,
    CUSTOM_PATH_PROFILE,
    CUSTOM_PATH_SMOOTHING_PASSES,
    CUSTOM_PATH_SMOOTHING_RATIO,
    EAR_POLARITY,
    SAM_SCHEMA_VERSION,
    RENDERER_MODE,
    CANONICAL_TRAJECTORY,
    DISTANCE_LAW,
    REFERENCE_DISTANCE,
    MINIMUM_DISTANCE,
    MAXIMUM_DISTANCE,
    DOPPLER,
    ASSET,
    ASSET_HASH,
    HRTF_OPTIONS,
];
