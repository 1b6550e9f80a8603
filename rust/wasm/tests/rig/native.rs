//! What the native player plays, for comparison with the browser's stream.
#![allow(clippy::expect_used, reason = "for tests")]

use std::sync::Arc;
use std::time::Duration;

use realtime_backend_core::track::Track;
use realtime_backend_player::device::manual::Manual;
use realtime_backend_player::{Player, PlayerOptions};

/// The first `count` frames of a track of which the part from `part.0` to `part.1` seconds is played again and again. Where
/// the next round is not made in time, the player repeats the one before, so the device waits longer until two recordings
/// agree.
pub(crate) fn looped(track: &Track, part: (f64, f64), count: usize) -> Vec<[f32; 2]> {
    let mut before = None;
    for milliseconds in [20, 60, 180, 540] {
        let heard = recorded(track, part, count, Duration::from_millis(milliseconds));
        match heard {
            Some(heard) if before.as_ref() == Some(&heard) => return heard,
            heard => before = heard,
        }
    }
    panic!("no two recordings of the loop agree");
}

/// What a device hears that waits for `pause` before each tenth of a second; `None` if frames were missing.
fn recorded(track: &Track, part: (f64, f64), count: usize, pause: Duration) -> Option<Vec<[f32; 2]>> {
    let device = Manual::default();
    let options = PlayerOptions { startup_fade: 0.0, ramp: 0.001, measure_first: true, ..PlayerOptions::default() };
    let player = Player::new(track, options, Arc::new(device.clone())).expect("plays");
    let mut handle = device.handle().expect("started");
    player.set_loop(Some(part.0..part.1)).expect("valid");
    let mut heard = vec![[0.0; 2]; count];
    std::thread::sleep(pause);
    player.play();
    for piece in heard.chunks_mut(4410) {
        handle.fill(piece);
        std::thread::sleep(pause);
    }
    (player.stats().underrun_frames == 0).then_some(heard)
}
