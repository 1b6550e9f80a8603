//! Building blocks of the families.

pub(crate) mod am;
pub(crate) mod amp_osc;
pub(crate) mod bandwidth;
pub(crate) mod event_train;
pub mod gate;
pub mod glide;
pub(crate) mod glitch;
pub(crate) mod loudness;
pub(crate) mod nyquist;
pub(crate) mod phase_osc;
pub(crate) mod pulse_clock;
pub(crate) mod pulse_form;
pub(crate) mod rows;
pub mod sweep;
pub(crate) mod swept_gate;
pub(crate) mod timed_gate;
pub(crate) mod tone;
pub mod transition;
pub mod tremolo;
