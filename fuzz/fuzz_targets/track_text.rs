//! Loads any text as a track file, and plays what loads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use realtime_backend_core::track::Track;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok((track, _)) = Track::from_json(text) else { return };
    realtime_backend_fuzz::play(track);
});
