//! In place of [`sam2`](super) and [`sam_hrtf`](super): their names, because this build places no sound round the head
//! (the feature `spatial`).

use crate::error::Error;
use crate::voice::Family;

/// In place of the tone with an interaural phase.
pub mod sam2 {
    /// Registry entry.
    pub const FAMILY: super::Family = super::refused("spatial_angle_modulation_sam2");
}

/// In place of the tone through measured ears.
pub mod sam_hrtf {
    /// Registry entry.
    pub const FAMILY: super::Family = super::refused("spatial_angle_modulation");
}

/// A family that refuses to build voices.
const fn refused(name: &'static str) -> Family {
    Family { name, transition: true, is_spatial: true, build: |_, _| Err(Error::unplaced()), ..Family::PLAIN }
}
