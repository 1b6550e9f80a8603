//! From voices, beds and clips to one stereo signal.

pub(crate) mod block;
pub(crate) mod bus;
pub(crate) mod gains;
pub(crate) mod layers;
pub(crate) mod mixer;
pub(crate) mod prerendered;
