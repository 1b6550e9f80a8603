//! Signal-processing primitives. Knows nothing of voices, tracks or files.

pub mod curve;
pub mod expression;
pub mod lfo;
pub mod pan;
pub mod phase;
pub mod ramp;
pub mod series;
pub mod sine;
pub mod trapezoid;
