//! Loads and plays tracks of the right structure with values at and beyond the limits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use realtime_backend_fuzz::document::Document;
use realtime_backend_core::track::{LoadOptions, Track};

fuzz_target!(|document: Document| {
    let options = LoadOptions { keep_bad_voices: true, ..LoadOptions::filling_starts() };
    let Ok((track, _)) = Track::from_value_with(document.0, &options) else { return };
    realtime_backend_fuzz::play(track);
});
