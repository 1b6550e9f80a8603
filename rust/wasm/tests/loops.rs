//! Loops of the browser's stream beside those of the native player: one sound.
#![allow(clippy::expect_used)]

#[path = "rig/native.rs"]
mod native;
mod rig;

use serde_json::{Value, json};

use rig::*;

/// Two tones whose periods do not fit into the loops below, normalised to measured peaks.
fn session() -> Value {
    json!({
        "global": {"sample_rate": RATE, "crossfade_duration": 0.5},
        "progression": [{"duration": 6.0, "voices": [voice(211.3, "a"), voice(316.7, "b")]}]
    })
}

#[test]
fn a_loop_has_the_samples_of_the_native_player() {
    let (part, count) = ((1.0, 2.713), frames(7.0));
    let expected = native::looped(&track(session()), part, count);
    let mut stream = stream(&track(session()));
    stream.set_loop(Some(part)).expect("valid");
    stream.play();
    let mut heard = Vec::new();
    while heard.len() < count {
        settle(&mut stream);
        heard.extend(pull(&mut stream, 441, 441));
    }
    // the three joints are at 2.713, 4.426 and 6.139 s; both players begin with a ramp of their own
    let from = frames(0.1);
    assert!(difference(&heard[from..], &expected[from..]) < 1e-6, "{}", difference(&heard[from..], &expected[from..]));
    // and the phases run on: without that the level falls in the crossfade
    let peaks =
        heard[from..].chunks_exact(2205).map(|part| part.iter().fold(0.0_f32, |peak, frame| peak.max(frame[0].abs())));
    let (low, high) = peaks.fold((f32::MAX, 0.0_f32), |(low, high), peak| (low.min(peak), high.max(peak)));
    assert!(low > 0.9 * high, "{low} to {high}");
}

#[test]
fn a_joint_that_is_taken_back_comes_again() {
    let mut stream = stream(&track(session()));
    stream.set_loop(Some((1.0, 2.713))).expect("valid");
    stream.play();
    settle(&mut stream);
    let mut heard = pull(&mut stream, frames(3.0), 512);
    for back in [2.72, 2.6] {
        stream.rewind(frames(back) as u64);
        let again = pull(&mut stream, frames(3.0) - frames(back), 300);
        assert!(again[..] == heard[frames(back)..], "from {back} s on");
    }
    heard.extend(pull(&mut stream, frames(0.5), 512));
    assert!(roughness(&heard) < 2.0 * SMOOTH, "{}", roughness(&heard));
}
