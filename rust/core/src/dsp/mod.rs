//! Signal-processing primitives. Knows nothing of voices, tracks or files.

pub mod phase;
pub mod sine;
