//! Documents that name or hold presets: sessions of the session builder, voice presets, noise settings.

pub mod catalogue;
pub mod noise_file;
pub(crate) mod noise_presets;
pub mod session_file;
