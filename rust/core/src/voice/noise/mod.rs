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

pub(crate) use colour::filled;
pub(crate) use flow::CELL_FRAMES;
