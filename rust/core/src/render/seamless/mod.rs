//! Files that can be repeated without a seam: the end of the sound runs into its beginning.
//!
//! `fit` prepares a track: frequencies become whole numbers of cycles in the file, and the step goes on after the end of the
//! file. `join` then crossfades what follows after the end into the beginning, each sound for itself: for a sound that
//! repeats exactly this changes nothing, and other sounds (noise, recordings) are joined at equal power.

mod fit;
mod join;

pub use fit::{Seamless, fit};
pub(super) use join::Join;
