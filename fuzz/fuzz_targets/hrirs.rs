//! Reads any bytes as a set of head-related responses. The compact form of a set has as many responses.
#![no_main]

use libfuzzer_sys::fuzz_target;
use realtime_backend_core::media::sofa::{Cues, Hrirs};

fuzz_target!(|bytes: &[u8]| {
    let Ok(set) = Hrirs::of_bytes(bytes, "input") else { return };
    assert!(set.responses.iter().all(|tap| tap.is_finite()), "a tap is not finite");
    let _ = (set.delays_in_samples(false), set.delays_in_samples(true), Cues::of(&set));
    let Ok(compact) = set.to_compact() else { return };
    // numbers beyond single precision are refused
    let Ok(again) = Hrirs::of_bytes(&compact, "again") else { return };
    assert_eq!((again.taps, again.positions.len()), (set.taps, set.positions.len()));
});
