//! Reads any JSON as a session file, a noise file and a voice preset, and plays a session that loads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use realtime_backend_core::track::{Catalogue, NoiseFile, SessionFile, VoicePreset};

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    if let Some(map) = value.as_object() {
        if let Ok((noise, _)) = NoiseFile::from_map(map) {
            let _ = noise.step_voice();
        }
        let _ = VoicePreset::from_map(map);
    }
    let Ok((session, _)) = SessionFile::from_value(value) else { return };
    let Ok((track, _)) = session.to_track(&Catalogue::built_in()) else { return };
    realtime_backend_fuzz::play(track);
});
