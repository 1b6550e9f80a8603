//! `play` on the session bus, in builds with the feature `mpris`, controlled by playerctl.
#![cfg(all(feature = "mpris", target_os = "linux"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use support::{Folder, beat};

/// A session bus of the test, until it is dropped.
struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    fn new() -> Self {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon has to be installed (scripts/setup_tests.sh)");
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { daemon, address: address.trim().to_owned() }
    }

    /// What playerctl prints.
    fn ask(&self, args: &[&str]) -> String {
        let done = Command::new("playerctl").args(args).env("DBUS_SESSION_BUS_ADDRESS", &self.address).output();
        let done = done.expect("playerctl has to be installed (scripts/setup_tests.sh)");
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    /// Ask until `wanted` holds of the answer.
    fn until(&self, args: &[&str], wanted: impl Fn(&str) -> bool) {
        let begun = Instant::now();
        loop {
            let answer = self.ask(args);
            if wanted(&answer) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{args:?}: {answer}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

#[test]
fn the_desktop_controls_what_plays() {
    let (folder, bus) = (Folder::new(), Bus::new());
    let mut titled = beat(3600.0);
    titled["metadata"] = serde_json::json!({"title": "Evening"});
    folder.track("a.json", &titled);
    folder.track("b.json", &beat(1800.0));
    let mut play = folder.command(&["play", "a.json", "b.json", "--null", "--crossfade", "0"]);
    let mut play = play.env("DBUS_SESSION_BUS_ADDRESS", &bus.address).stderr(Stdio::null()).spawn().unwrap();
    let seconds = |answer: &str| answer.parse::<f64>().unwrap_or(f64::NAN);

    bus.until(&["status"], |answer| answer == "Playing");
    assert!(bus.ask(&["--list-all"]).starts_with("realtime_backend.instance"));
    assert_eq!(bus.ask(&["metadata", "title"]), "Evening");
    assert_eq!(bus.ask(&["metadata", "mpris:length"]), "3600000000");
    bus.ask(&["pause"]);
    bus.until(&["status"], |answer| answer == "Paused");
    bus.ask(&["position", "100"]);
    bus.until(&["position"], |answer| (100.0..160.0).contains(&seconds(answer)));
    bus.ask(&["play"]);
    bus.until(&["status"], |answer| answer == "Playing");
    bus.ask(&["position", "60+"]);
    bus.until(&["position"], |answer| (160.0..220.0).contains(&seconds(answer)));
    bus.ask(&["volume", "0.25"]);
    bus.until(&["volume"], |answer| (seconds(answer) - 0.25).abs() < 1e-6);
    bus.ask(&["loop", "Track"]);
    bus.until(&["loop"], |answer| answer == "Track");
    bus.ask(&["next"]);
    bus.until(&["metadata", "mpris:length"], |answer| answer == "1800000000");
    assert_eq!(bus.ask(&["metadata", "title"]), "b");
    bus.ask(&["stop"]);
    assert_eq!(play.wait().unwrap().code(), Some(0));
    assert_eq!(bus.ask(&["--list-all"]), "");
}

#[test]
fn without_a_bus_it_plays_in_silence_about_it() {
    let folder = Folder::new();
    folder.track("a.json", &beat(0.5));
    let mut play = folder.command(&["play", "a.json", "--null"]);
    let done = support::done({
        play.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
        play
    });
    assert_eq!((done.code, done.err.as_str()), (0, ""));
}
