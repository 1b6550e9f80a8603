//! Mixes voices, bed and clips into one stereo signal.

pub(crate) mod bank;
pub(crate) mod block;
pub(crate) mod bus;
pub(crate) mod clip_voices;
pub(crate) mod excerpts;
pub(crate) mod fitted;
pub(crate) mod gains;
pub(crate) mod layers;
pub(crate) mod mixer;
pub(crate) mod part;
pub(crate) mod prerendered;
