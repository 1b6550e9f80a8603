//! Move the beat while it plays, without a click: `cargo run --release -p realtime-backend-player --example live_edit`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that talks to its user")]

use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::track::Track;
use realtime_backend_player::device::system::System;
use realtime_backend_player::{Error, Player, PlayerOptions};
use serde_json::json;

fn main() -> Result<(), Error> {
    let options = PlayerOptions { startup_fade: 0.5, ..PlayerOptions::default() };
    let player = Player::new(&beat(10.0)?, options, Arc::new(System))?;
    player.play();
    for beat_freq in [8.0, 6.0, 4.0] {
        sleep(Duration::from_secs(3));
        // the carriers of a voice with the same id go on at the phases that they have
        player.update(&beat(beat_freq)?, &Interrupt::default())?;
        println!("{beat_freq} Hz");
    }
    sleep(Duration::from_secs(3));
    player.stop();
    Ok(())
}

fn beat(beat_freq: f64) -> Result<Track, Error> {
    let (track, _) = Track::from_value(json!({
        "global": {"compat": "intended"},
        "progression": [{"duration": 60, "voices": [{
            "synth_function_name": "binaural_beat",
            "voice_id": "carrier",
            "params": {"baseFreq": 180, "beatFreq": beat_freq},
        }]}],
    }))?;
    Ok(track)
}
