//! The keys of the object `spatial` (spec spatial-workbench 8).

use crate::voice::param::{Moves, Param};
use crate::voice::spatial::geometric::Law;
use crate::voice::spatial::rows::{ASSET_HASH, metres};

pub(super) const HRTF: &str = "hrtf";
pub(super) const GEOMETRIC: &str = "geometric";
pub(super) const EARS: &str = "ears";
pub(super) const MID: &str = "mid";

pub(super) const RENDERER_MODE: Param = Param::choice(
    "rendererMode",
    &[HRTF, GEOMETRIC],
    HRTF,
    "`hrtf`, through the responses of a head, or `geometric`, two ears in a free field.",
);
pub(super) const CHANNELS: Param = Param::choice(
    "channels",
    &[EARS, MID],
    EARS,
    "`ears`: each ear hears its own channel of the voice from there; `mid`: both hear the mean of the channels. \
     Absent: `mid` for noise and clips, else `ears`.",
);
pub(super) const AZIMUTH: Param =
    degrees("azimuthDeg", 180.0, "Direction of a source without a path, to the left of the front.");
pub(super) const ELEVATION: Param = degrees("elevationDeg", 90.0, "Its elevation.");
pub(super) const DISTANCE: Param = metres("distanceM", 1.0, "Its distance.");

/// All keys.
pub(crate) const TABLE: &[Param] = &[
    RENDERER_MODE,
    Param::structure(
        "canonicalTrajectory",
        "Path of the source: `geometry`, `traversal`, ...; absent: it stays at the place below.",
    ),
    AZIMUTH,
    ELEVATION,
    DISTANCE,
    CHANNELS,
    Param::choice("distanceLaw", Law::NAMES, "inverse", "How the level falls with the distance."),
    metres("referenceDistanceM", 1.0, "Distance at which the level is that of the voice."),
    metres("minimumDistanceM", 0.15, "Nearer sources are not louder."),
    metres("maximumDistanceM", 100.0, "Farther sources are not softer."),
    Param::flag(
        "dopplerEnabled",
        true,
        "Whether sound takes its time from the source, so that the pitch follows the motion.",
    ),
    Param::file(
        "hrtfAsset",
        "Responses of the listener: a SOFA file (SimpleFreeFieldHRIR) or an `.hrir.npz` file; absent: a dummy head.",
    ),
    ASSET_HASH,
    Param::structure(
        "hrtfOptions",
        "Settings of the renderer `hrtf`: `interpolation`, `delayPolicy`, `crossfadeMs`, `controlIntervalSamples`.",
    ),
];

/// The keys of the renderer `hrtf` alone.
pub(super) const OF_HRTF: [&str; 3] = ["hrtfAsset", "hrtfAssetHash", "hrtfOptions"];
/// The keys of `hrtfOptions` that count here.
pub(super) const OPTIONS: [&str; 6] =
    ["schemaVersion", "interpolation", "delayPolicy", "crossfadeMs", "controlIntervalSamples", "projectDirectory"];

const fn degrees(name: &'static str, most: f64, about: &'static str) -> Param {
    Param::number(name, 0.0, "deg", about).range(-most, most).moves(Moves::Fixed)
}
