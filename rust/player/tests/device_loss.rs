//! Headphones that are pulled out: the player pauses, or follows to another device.
#![allow(clippy::expect_used)]

mod rig;

use std::sync::Arc;
use std::time::{Duration, Instant};

use realtime_backend_player::device::DeviceChange;
use realtime_backend_player::device::manual::{Handle, Manual};
use realtime_backend_player::{OnDeviceLoss, Player, PlayerOptions, State};

use rig::*;

fn plugged(on_device_loss: OnDeviceLoss, name: Option<&str>) -> (Manual, Rig) {
    let device = Manual::default();
    device.plug(&["headphones", "speakers"]);
    let options = PlayerOptions { on_device_loss, device: name.map(str::to_owned), ..exact_options() };
    let player = Player::new(&track(session(200.0)), options, Arc::new(device.clone())).expect("plays");
    let rig = Rig { player, handle: device.handle().expect("started") };
    rig.resolve_levels();
    (device, rig)
}

/// Wait until the player has opened a device.
fn reopened(device: &Manual) -> Handle {
    let begun = Instant::now();
    loop {
        if let Some(handle) = device.handle() {
            return handle;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "no device was opened");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn changes(player: &Player) -> Vec<(DeviceChange, String)> {
    player.device_events().into_iter().map(|event| (event.change, event.name)).collect()
}

#[test]
fn a_player_pauses_when_its_device_goes() {
    let expected = offline(session(200.0));
    for name in [None, Some("head")] {
        let (device, mut rig) = plugged(OnDeviceLoss::Pause, name);
        rig.player.play();
        let _ = rig.pull(RATE as usize / 2, 512);
        let held = rig.player.position();
        device.plug(&[]);
        drop(rig.handle);
        let begun = Instant::now();
        while rig.player.state() != State::Paused {
            assert!(begun.elapsed() < Duration::from_secs(10), "not paused");
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(100));
        assert!(rig.player.last_error().is_some_and(|error| error.contains("lost")));
        device.plug(&["speakers"]);
        let mut rig = Rig { player: rig.player, handle: reopened(&device) };
        let silence = rig.pull(4096, 512);
        assert!(silence.iter().all(|frame| *frame == [0.0; 2]), "the other device plays without being asked");
        assert_eq!((rig.player.state(), rig.player.position()), (State::Paused, held));
        rig.player.play();
        let heard = rig.pull(RATE as usize / 2, 512);
        assert!(roughness(&heard) < SMOOTH);
        let from = (held * f64::from(RATE)).round() as usize;
        assert!(difference(&heard[2000..], &expected[from + 2000..from + heard.len()]) == 0.0);
        assert_eq!((rig.player.info().name.as_str(), rig.player.last_error()), ("speakers", None));
        let due = [(DeviceChange::Lost, "headphones"), (DeviceChange::Opened, "speakers")];
        assert_eq!(changes(&rig.player), due.map(|(change, name)| (change, name.to_owned())));
    }
}

#[test]
fn a_player_that_follows_goes_on_with_the_default_device() {
    let expected = offline(session(200.0));
    let (device, mut rig) = plugged(OnDeviceLoss::Follow, Some("headphones"));
    rig.player.stop_after(1.0, 0.2).expect("valid");
    rig.player.play();
    let _ = rig.pull(RATE as usize / 2, 512);
    let held = rig.player.position();
    device.plug(&["speakers"]);
    drop(rig.handle);
    let mut rig = Rig { player: rig.player, handle: reopened(&device) };
    let heard = rig.pull(RATE as usize / 4, 512);
    let from = (held * f64::from(RATE)).round() as usize;
    assert!(difference(&heard[2000..8000], &expected[from + 2000..from + 8000]) == 0.0);
    assert_eq!((rig.player.state(), rig.player.info().name.as_str()), (State::Playing, "speakers"));
    // the sleep timer goes on, too
    let _ = rig.pull(RATE as usize / 2, 512);
    assert_eq!(rig.player.state(), State::Finished);
}

#[test]
fn devices_that_come_and_go_are_told_to_who_asks() {
    let (device, mut rig) = plugged(OnDeviceLoss::Pause, None);
    assert_eq!(changes(&rig.player), []);
    let _ = rig.pull(512, 512);
    std::thread::sleep(Duration::from_millis(1500)); // the first look
    device.plug(&["hdmi", "headphones"]);
    let begun = Instant::now();
    let mut found = Vec::new();
    while found.len() < 3 {
        assert!(begun.elapsed() < Duration::from_secs(10), "{found:?}");
        found.extend(changes(&rig.player));
        std::thread::sleep(Duration::from_millis(20));
    }
    let due = [(DeviceChange::Removed, "speakers"), (DeviceChange::Added, "hdmi"), (DeviceChange::Default, "hdmi")];
    assert_eq!(found, due.map(|(change, name)| (change, name.to_owned())));
}
