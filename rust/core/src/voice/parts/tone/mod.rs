//! The tone generator behind the binaural, isochronic and dual-pulse voices: two sine carriers with vibrato, tremolo,
//! interaural phase oscillation and pan (spec binaural-and-isochronic 1 to 5).
//!
//! Everything slow (vibrato, tremolo, pan, ramps) has a closed form in the frame number. It is evaluated in double
//! precision at six nodes per cell and interpolated between them by a quintic. The carriers are sines of an exact
//! fixed-point phase plus such a quintic. Cells that contain a corner (of a skewed LFO, of a ramp, of a wrapping pan)
//! are computed frame by frame from the same closed forms.

mod cell;
pub(crate) mod gated;
pub(crate) mod kernel;
mod polynomial;
mod pulse;
mod read;
pub(crate) mod rotation;
pub(crate) mod segment;
mod signal;
mod sum;
pub(crate) mod tables;

pub(crate) use cell::Tone;
pub(crate) use pulse::Pulse;
pub(crate) use read::{Style, read};
pub(crate) use signal::Timing;
