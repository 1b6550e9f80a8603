//! `play` in a real terminal: what is shown, keys, sizes, and the shell afterwards.
// tmux is the terminal
#![cfg(target_os = "linux")]
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
    terminal.wait_until("one line", |shown| shown.contains(" / 1:00:00") && !shown.contains("L "));
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
        let shown = terminal.wait("1/1 binaural_beat  playing  volume 100 %");
        assert!(shown.contains(" / 1:00:00  ╸"), "{shown}");
        assert_eq!(terminal.state(), "alternate 0 cursor 1");
        terminal.press(&["-"]);
        terminal.wait("volume 95 %");
        terminal.press(&["q"]);
        let shown = terminal.wait("\ncode 0");
        assert_eq!(shown.matches("volume 95 %").count(), 1, "{shown}");
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

/// A track with three steps of 100 s.
fn steps(folder: &Folder) {
    let mut track = beat(100.0);
    let step = track["steps"][0].clone();
    for name in ["arrive", "rest", "return"] {
        let mut step = step.clone();
        step["description"] = name.into();
        track["steps"].as_array_mut().unwrap().push(step);
    }
    track["steps"].as_array_mut().unwrap().remove(0);
    folder.track("steps.json", &track);
}

#[test]
fn steps_can_be_reached_and_have_a_bar() {
    let folder = Folder::new();
    steps(&folder);
    for width in [80, 120] {
        let terminal = Tmux::new(width, 24, folder.path("").as_path());
        terminal.run(concat!(env!("CARGO_BIN_EXE_realtime_backend"), " play --null steps.json; echo code $?"));
        let shown = terminal.wait("now  1/3  arrive");
        assert!(shown.contains("next 2/3  rest") && shown.contains("n/b step"), "{shown}");
        let row = |shown: &str| shown.lines().find(|row| row.contains("now ")).unwrap_or_default().to_owned();
        assert!(row(&shown).contains("╸───────"), "{shown}");
        terminal.press(&["n"]);
        terminal.wait("now  2/3  rest");
        terminal.press(&["S-Right"]);
        // 30 s of 100 s
        terminal.wait_until("the bar", |shown| row(shown).contains("━━━━━━╸─────────────"));
        terminal.press(&["b"]);
        terminal.wait_until("the start of the step", |shown| row(shown).contains("rest") && row(shown).contains(" ╸─"));
        terminal.press(&["b"]);
        terminal.wait("now  1/3  arrive");
        terminal.press(&["?"]);
        let shown = terminal.wait("next step; after the last one like shift+n");
        assert!(shown.contains("shift+left, shift+right  30 s back or forward"), "{shown}");
        terminal.press(&["q"]);
        terminal.wait("code 0");
    }
}

#[test]
fn a_narrow_terminal_does_not_scroll() {
    let folder = Folder::new();
    steps(&folder);
    for width in [40, 60] {
        let terminal = Tmux::new(width, 12, folder.path("").as_path());
        terminal.run(concat!(
            "clear; ",
            env!("CARGO_BIN_EXE_realtime_backend"),
            " play --null --plain steps.json; echo code $?"
        ));
        let shown = terminal.wait("1/3 arrive");
        // the list of keys and the line, each in one row
        let begin = shown.lines().position(|row| row.starts_with("space pause")).expect("the keys");
        let one_line = |shown: &str| shown.lines().filter(|row| row.contains(" / 5:00")).count() == 1;
        terminal.press(&["n"]);
        terminal.wait_until("the next step", |shown| shown.contains("2/3 rest") && one_line(shown));
        terminal.press(&["-"]);
        std::thread::sleep(std::time::Duration::from_millis(1500));
        let shown = terminal.shown();
        assert!(one_line(&shown), "{shown}");
        assert_eq!(shown.lines().position(|row| row.starts_with("space pause")), Some(begin), "{shown}");
        terminal.press(&["q"]);
        terminal.wait("code 0");
        terminal.assert_restored();
    }
}

#[test]
fn voices_stand_in_columns_in_a_terminal() {
    let folder = Folder::new();
    for width in [80_u16, 120] {
        let terminal = Tmux::new(width, 250, folder.path("").as_path());
        terminal.run(concat!(env!("CARGO_BIN_EXE_realtime_backend"), " voices; echo end"));
        let shown = terminal.wait("\nend");
        let rows: Vec<&str> = shown.lines().skip_while(|row| !row.starts_with("binaural_beat ")).collect();
        let column = rows[0].find("Two sine carriers").unwrap();
        let list = rows.iter().take_while(|row| !row.is_empty()).collect::<Vec<_>>();
        assert!(list.len() > 30, "{shown}");
        for row in list {
            let cells: Vec<char> = row.chars().collect();
            // the name, a gap, the description
            assert!(cells.len() <= column || cells[column - 1] == ' ', "{row}");
            assert!(cells.len() <= column || cells[column] != ' ', "{row}");
        }
        terminal.run("clear");
        terminal.wait_until("an empty screen", |shown| shown.trim() == "$");
        terminal.run(concat!(env!("CARGO_BIN_EXE_realtime_backend"), " voices binaural_beat; echo end"));
        let shown = terminal.wait("\nend");
        let begins = shown.lines().filter(|row| row.starts_with("  baseFreq ")).count();
        assert_eq!(begins, 1, "{shown}");
    }
}
