//! Tracks as written in JSON: one tolerant reader, one normalised model, one writer. Knows no sound.
//!
//! The reader accepts every spelling the format has had; the model has one of each, so that nothing behind it ever looks
//! at JSON keys again (voice parameters aside: those belong to the voices).

pub mod model;

pub use model::{
    Background, Bus, Clip, CrossfadeCurve, Dialect, Envelope, Flange, Globals, Identity, Source, Step, Track, VoiceSpec,
};
