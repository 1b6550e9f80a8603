//! Play a track: `cargo run --release -p realtime-backend-player --example play TRACK`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that talks to its user")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use realtime_backend_core::track::Track;
use realtime_backend_player::device::system::System;
use realtime_backend_player::{Error, Player, PlayerOptions};

fn main() -> Result<(), Error> {
    let path = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("examples/evening.json"), PathBuf::from);
    let (track, _) = Track::from_path(&path)?;

    let player = Player::new(&track, PlayerOptions::default(), Arc::new(System))?;
    player.play();
    while !player.wait(Some(Duration::from_secs(1))) {
        println!("{:6.1} of {:.1} s, step {:?}", player.position(), player.duration(), player.step());
    }
    Ok(())
}
