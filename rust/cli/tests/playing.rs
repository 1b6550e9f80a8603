//! `play`: timers, loops and lists, in real time on the device without output.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::{Duration, Instant};

use support::{Folder, beat};

#[test]
fn the_timer_ends_a_track_and_a_loop() {
    let folder = Folder::new();
    folder.track("long.json", &beat(3600.0));
    folder.track("short.json", &beat(0.5));
    for args in [
        &["play", "long.json", "--null", "--for", "0.3s", "--fade-out", "0.1"][..],
        &["play", "short.json", "--null", "--loop", "--for", "0:01.5", "--fade-out", "1"],
        &["play", "long.json", "--null", "--loop=0.2-0.5", "--for", "1"],
    ] {
        let begun = Instant::now();
        let done = folder.run(args);
        assert_eq!((done.code, done.out.as_str(), done.err.as_str()), (0, "", ""), "{args:?}");
        assert!((Duration::from_millis(300)..Duration::from_secs(30)).contains(&begun.elapsed()));
    }
}

#[test]
fn a_list_leaves_out_what_cannot_be_played() {
    let folder = Folder::new();
    folder.track("a.json", &beat(0.4));
    folder.write("b.json", "{\"steps\": 3}");
    folder.track("set/c.json", &beat(0.4));
    folder.track("set/d.json", &beat(0.4));
    folder.write("set/notes.txt", "no track");
    let done =
        folder.run(&["play", "a.json", "b.json", "set", "--null", "--shuffle", "--seed", "1", "--crossfade", "0.1"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.err.contains("b.json: warning: left out: steps: expected a list, got 3"), "{}", done.err);
    assert_eq!(done.err.lines().count(), 1, "{}", done.err);
    let refused = folder.run(&["play", "a.json", "set", "--null", "--loop=0-1"]);
    assert_eq!((refused.code, refused.err.contains("--loop")), (2, true), "{}", refused.err);
}
