//! Reads any bytes as a session file of each other program, and plays what becomes a track.
#![no_main]

use libfuzzer_sys::fuzz_target;
use realtime_backend_core::track::import::{self, IMPORTERS, ImportOptions};
use realtime_backend_core::track::{LoadOptions, Track};

fuzz_target!(|bytes: &[u8]| {
    let _ = import::recognised(bytes, None);
    for importer in IMPORTERS {
        let Ok(imported) = import::read(*importer, bytes, &ImportOptions::default()) else { continue };
        let Ok(document) = imported.to_value() else { continue };
        let Ok((track, _)) = Track::from_value_with(document, &LoadOptions::filling_starts()) else { continue };
        realtime_backend_fuzz::play(track);
    }
});
