//! Building blocks of the families.

pub(crate) mod am;
pub(crate) mod amp_osc;
pub(crate) mod bandwidth;
pub mod gate;
pub mod glide;
pub(crate) mod glitch;
pub(crate) mod nyquist;
pub(crate) mod phase_osc;
pub(crate) mod rows;
pub mod sweep;
pub(crate) mod swept_gate;
pub(crate) mod tone;
pub mod transition;
pub mod tremolo;
