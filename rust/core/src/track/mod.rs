//! Tracks as written in JSON: one tolerant reader, one normalised model, one writer. Knows no sound.
//!
//! The reader accepts every spelling the format has had; the model has one of each, so that nothing behind it ever looks
//! at JSON keys again (voice parameters aside: those belong to the voices).

mod complaint;
mod envelope;
mod fields;
pub mod files;
mod findings;
pub mod json;
mod layers;
pub mod load;
pub mod model;
mod names;
pub mod noise_file;
mod noise_presets;
mod open;
mod path;
pub mod preset;
mod save;
mod schema;
pub mod session;
mod starts;
mod step;
mod voice_spec;

pub use fields::{MAX_STEP_SECONDS, MAX_TRACK_SECONDS};
pub use files::{Input, Inputs, Role};
pub use load::{LoadOptions, read};
pub use model::{
    Background, Bus, Clip, CrossfadeCurve, Dialect, Envelope, Flange, Globals, Identity, Source, Step, Track, VoiceSpec,
};
pub use noise_file::NoiseFile;
pub use open::{open, open_text};
pub use preset::{Catalogue, VoicePreset};
pub use session::Session;
pub(crate) use starts::Placing;
