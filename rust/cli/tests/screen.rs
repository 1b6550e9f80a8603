//! `play` in a real terminal: what is shown, keys, sizes, and the shell afterwards.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;
#[path = "support/tmux.rs"]
mod tmux;

use support::{Folder, beat};
use tmux::Tmux;

const PLAY: &str = concat!(env!("CARGO_BIN_EXE_realtime_backend"), " play --null long.json");

fn begin(folder: &Folder, before: &str, options: &str) -> Tmux {
    folder.track("long.json", &beat(3600.0));
    let terminal = Tmux::new(80, 24, folder.path("").as_path());
    terminal.run("echo before");
    terminal.wait("\nbefore");
    terminal.run(&format!("{before} {PLAY} {options}; echo code $?"));
    terminal
}

#[test]
fn keys_change_what_is_shown_and_the_shell_returns() {
    let folder = Folder::new();
    let terminal = begin(&folder, "", "");
    let shown = terminal.wait("► playing");
    assert_eq!(terminal.state(), "alternate 1 cursor 0");
    let rows: Vec<&str> = shown.lines().collect();
    assert_eq!(rows.len(), 24, "{shown}");
    assert!(rows[0].starts_with(" long ") && rows[23].contains("space pause"), "{shown}");
    assert!(!shown.contains("before"), "{shown}");
    terminal.press(&["Space"]);
    terminal.wait("║ paused");
    terminal.press(&["-"]);
    terminal.wait("━╸ 95 %");
    // the second press comes before the first is heard
    terminal.press(&["S-Right", "S-Right"]);
    terminal.wait(" 1:00 /");
    terminal.press(&["?"]);
    terminal.wait("show or hide this list");
    terminal.press(&["Escape"]);
    terminal.wait_until("no list", |shown| !shown.contains("show or hide this list") && shown.contains("paused"));
    terminal.press(&["p"]);
    terminal.wait("► playing");
    terminal.press(&["q"]);
    let shown = terminal.wait("code 0");
    assert!(shown.contains("\nbefore\n") && shown.contains("\nlong: stopped at 1:0"), "{shown}");
    terminal.assert_restored();
}

#[test]
fn the_screen_follows_the_size_of_the_terminal() {
    let folder = Folder::new();
    let terminal = begin(&folder, "", "");
    terminal.wait("beat 4.00 Hz");
    terminal.resize(40, 8);
    terminal.wait_until("no curve", |shown| !shown.contains("beat") && shown.lines().count() == 8);
    terminal.wait("L ");
    terminal.resize(30, 4);
    terminal.wait_until("one line", |shown| shown.contains(" / 1:00:00.0") && !shown.contains("L "));
    terminal.resize(120, 40);
    terminal.wait("beat 4.00 Hz");
    terminal.press(&["Escape"]);
    terminal.wait("code 0");
    terminal.assert_restored();
}

#[test]
fn the_terminal_is_restored_after_a_signal() {
    let folder = Folder::new();
    let terminal = begin(&folder, "", "");
    terminal.wait("► playing");
    terminal.press(&["C-c"]);
    terminal.wait("code 130");
    terminal.assert_restored();
    let terminal = begin(&folder, "timeout --foreground --preserve-status -s TERM 3", "");
    terminal.wait("► playing");
    let shown = terminal.wait("code 143");
    assert!(shown.contains("\nlong: stopped at 0:0"), "{shown}");
    terminal.assert_restored();
}

#[test]
fn plain_dumb_and_redirected_terminals_have_one_line() {
    let folder = Folder::new();
    for (before, after) in [("", "--plain"), ("TERM=dumb", ""), ("", ">/dev/null")] {
        let terminal = begin(&folder, before, after);
        terminal.wait(" / 1:00:00.0   step 1/1   volume 100 %   playing");
        assert_eq!(terminal.state(), "alternate 0 cursor 1");
        terminal.press(&["-"]);
        terminal.wait("volume  95 %");
        terminal.press(&["q"]);
        let shown = terminal.wait("\ncode 0");
        assert_eq!(shown.matches("volume  95 %").count(), 1, "{shown}");
        terminal.assert_restored();
    }
}

#[test]
fn quiet_shows_nothing() {
    let folder = Folder::new();
    let terminal = begin(&folder, "", "--quiet --start 3599.5");
    let shown = terminal.wait("code 0");
    let rows: Vec<&str> = shown.lines().skip_while(|row| !row.ends_with("code $?")).skip(1).collect();
    assert_eq!(rows[..2], ["code 0", "$"], "{shown}");
}
