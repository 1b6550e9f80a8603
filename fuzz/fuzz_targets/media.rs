//! Decodes any bytes as an audio file. The samples must be finite.
#![no_main]

use libfuzzer_sys::fuzz_target;
use realtime_backend_core::media::{Limits, decode_bytes};

fuzz_target!(|bytes: &[u8]| {
    let Ok(audio) = decode_bytes(bytes.to_vec(), "input", Limits { samples: 1 << 22 }) else { return };
    assert!(audio.channels().iter().flatten().all(|sample| sample.is_finite()), "a sample is not finite");
});
