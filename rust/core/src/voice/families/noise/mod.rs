//! Noise voices: a coloured source (or a file) behind moving notches (spec noise).
//!
//! [`swept_notch`] and [`generator`] are the two families, [`bed`] is the background layer of a track. They share
//! reading ([`colour`], [`sweeps`], [`numbers`]) and sound ([`body`]); how a finished body is faded and scaled is in
//! [`stage`]. When the exact form is used and when the streaming form: `docs/noise.md`.

pub mod bed;
mod body;
mod colour;
mod flow;
pub mod generator;
mod input;
mod numbers;
mod stage;
mod sweeps;
pub mod swept_notch;

use crate::voice::param::AlsoWritten;

pub(crate) use colour::filled;

const fn kept(name: &'static str) -> AlsoWritten {
    AlsoWritten { name, sounds: false }
}

const fn sounding(name: &'static str) -> AlsoWritten {
    AlsoWritten { name, sounds: true }
}

/// Fields of a `.noise` file that editors write into a voice and that this voice does not read: those of the file itself,
/// and those of the other form (spec noise 15.1).
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
