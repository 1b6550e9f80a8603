//! The JSON format of tracks: a tolerant reader, a normalised model, and a writer. Does no audio processing.
//!
//! The reader accepts every spelling that the format ever had. The model has one name for each field, so that later
//! code need not look at JSON keys, except for voice parameters, which the voices read themselves.

mod edited;
mod envelope;
pub mod export;
pub mod files;
mod identity;
pub mod import;
mod kind;
mod layers;
pub mod model;
mod movement;
mod names;
mod placed;
pub mod presets;
pub mod read;
#[cfg(feature = "spatial")]
pub mod scene;
#[cfg(not(feature = "spatial"))]
#[path = "no_scene.rs"]
pub mod scene;
mod schema;
mod sniff;
mod starts;
mod step;
mod voice_spec;
mod write;

pub use crate::json::fields::{MAX_STEP_SECONDS, MAX_TRACK_SECONDS};
pub use files::{Input, Inputs, Role};
pub use kind::is_session;
pub use model::{
    Background, Bus, Clip, CrossfadeCurve, Dialect, Envelope, Flange, Globals, Identity, MAX_BUS_VOLUME, Normalization,
    Source, Step, Track, VoiceSpec,
};
pub use movement::{MOST_SPIN, Movement};
pub use presets::catalogue::{Catalogue, VoicePreset};
pub use presets::noise_file::NoiseFile;
pub use presets::session_file::SessionFile;
pub use read::{LoadOptions, document_text};
pub(crate) use scene::cast;
pub use sniff::{import_options, open, open_bytes, open_text};
pub(crate) use starts::{After, Placing};
pub use starts::{StepLength, step_starts};
