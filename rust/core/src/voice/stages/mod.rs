//! Stages behind a generator: volume envelope, flanger, spatial decoder, filters.

pub(crate) mod band_limit;
pub mod envelope;
mod filtered_tones;
pub mod flange;
pub(crate) mod flanged;
pub(crate) mod spatial;
pub(crate) mod suppression;
pub mod zero_phase;
