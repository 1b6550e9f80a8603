//! Noise voices: coloured noise (or a file) through moving notches (spec noise).
//!
//! [`swept_notch`] and [`generator`] are the two families, [`bed`] is the background layer of a track. They share the
//! parameter readers ([`colour`], [`sweeps`], [`numbers`]) and the sound ([`body`], [`exact`]); [`stage`] fades and scales the
//! finished sound. `docs/noise.md` says when the exact form and when the streaming form ([`flow`]) is used, and what
//! [`full_band`] changes.

pub mod bed;
mod body;
mod colour;
mod exact;
mod flow;
mod full_band;
pub mod generator;
mod input;
mod numbers;
mod stage;
mod sweeps;
pub mod swept_notch;

use crate::voice::family::Standing;
use crate::voice::param::AlsoWritten;

pub(crate) use colour::filled;

/// How the transition voices differ where they do not move.
const STANDING: Standing =
    Standing::Differs("the second notch pass of transitions is always done, and their LFO runs one frame ahead");

const fn kept(name: &'static str) -> AlsoWritten {
    AlsoWritten { name, sounds: false }
}

const fn sounding(name: &'static str) -> AlsoWritten {
    AlsoWritten { name, sounds: true }
}

/// Fields of a `.noise` file that editors write into a voice although the voice does not read them: fields of the file
/// itself, and fields of the other variant (spec noise 15.1).
pub(crate) const FILE_FIELDS: &[AlsoWritten] = &[
    kept("duration_seconds"),
    kept("transition"),
    kept("lfo_freq"),
    kept("start_lfo_freq"),
    kept("end_lfo_freq"),
    kept("end_lfo_phase_offset_deg"),
    kept("end_intra_phase_offset_deg"),
    sounding("start_lfo_phase_offset_deg"),
    sounding("start_intra_phase_offset_deg"),
    sounding("start_time"),
    sounding("fade_in"),
    sounding("fade_out"),
    sounding("amp_envelope"),
];
