//! The families of voices, each in a file or folder of its own.

pub mod bell;
pub mod binaural;
pub mod chirp_train;
pub mod click_train;
pub mod dual_pulse;
pub mod hybrid_qam;
pub mod isochronic;
pub mod monaural;
pub mod noise;
pub mod qam;
#[cfg(not(feature = "spatial"))]
#[path = "no_sam.rs"]
mod sam;
#[cfg(feature = "spatial")]
pub mod sam2;
#[cfg(feature = "spatial")]
pub mod sam_hrtf;
pub mod sam_monaural;
pub mod shaped_beat;
pub mod steady_noise;
pub mod stereo_am;
pub mod subliminal;
pub mod wave_shape;

#[cfg(not(feature = "spatial"))]
pub use sam::{sam_hrtf, sam2};
