//! What families are made of.

pub(crate) mod am;
pub(crate) mod bandwidth;
pub mod gate;
pub mod glide;
pub(crate) mod glitch;
pub(crate) mod rows;
pub(crate) mod suppression;
pub mod sweep;
pub(crate) mod tone;
pub mod transition;
pub mod tremolo;
