//! The families of voices, a file or folder each.

pub mod binaural;
pub mod dual_pulse;
pub mod hybrid_qam;
pub mod isochronic;
pub mod monaural;
pub mod noise;
pub mod qam;
pub mod sam2;
pub mod sam_hrtf;
pub mod sam_monaural;
pub mod stereo_am;
pub mod subliminal;
pub mod wave_shape;
