//! Signal-processing primitives. Knows nothing of voices, tracks or files.

pub mod curve;
pub mod expression;
pub mod phase;
pub mod sine;
