//! The parameters of renderers of moving sources, as the voices of the spatial workbench have them (spec
//! spatial-workbench 1 and 6, hrtf-renderer 1).

use super::geometric::Law;
use crate::voice::param::{Moves, Param};

pub(super) const fn metres(name: &'static str, default: f64, about: &'static str) -> Param {
    Param::number(name, default, "m", about).range(1e-6, 1e6).moves(Moves::Fixed)
}

pub(crate) const CANONICAL_TRAJECTORY: Param = Param::structure(
    "canonicalTrajectory",
    "Path of the source in `geometric` and `hrtf`: `geometry`, `traversal`, ... (docs/spatial.md).",
);
pub(crate) const DISTANCE_LAW: Param = Param::choice(
    "distanceLaw",
    Law::NAMES,
    "inverse",
    "How the level falls with the distance in `geometric`: `inverse`, `inverse_square`, `none`.",
);
pub(crate) const REFERENCE_DISTANCE: Param =
    metres("referenceDistanceM", 1.0, "Distance at which the level is `amp`, in `geometric`.");
pub(crate) const MINIMUM_DISTANCE: Param =
    metres("minimumDistanceM", 0.05, "Nearer sources are not louder, in `geometric`.");
pub(crate) const MAXIMUM_DISTANCE: Param =
    metres("maximumDistanceM", 100.0, "Farther sources are not softer, in `geometric`.");
pub(crate) const DOPPLER: Param =
    Param::flag("dopplerEnabled", true, "Whether the pitch follows the motion, in `geometric`.");

pub(crate) const ASSET: Param = Param::file(
    "hrtfAsset",
    "Responses of the listener for the renderer `hrtf`: a SOFA file (SimpleFreeFieldHRIR) or an `.hrir.npz` file.",
);
pub(crate) const ASSET_HASH: Param =
    Param::text("hrtfAssetHash", "", "SHA-256 of that file, hexadecimal; another file is refused.");
pub(crate) const HRTF_OPTIONS: Param = Param::structure(
    "hrtfOptions",
    "Settings of the renderer `hrtf`: `interpolation`, `delayPolicy`, `crossfadeMs`, `controlIntervalSamples`, \
     `elevationDeg`, `distanceM`, `distanceLaw`, `propagationDelay`, ...",
);
