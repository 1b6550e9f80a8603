//! All keys. The bottom line, the help and the documentation are made from this table.

use crossterm::event::{KeyCode, KeyModifiers};

use super::Key;

/// Seconds that an arrow key skips, alone and with Shift.
const SKIP: (f64, f64) = (5.0, 30.0);
/// Change of the linear volume per key press.
const VOLUME_STEP: f32 = 0.05;

const NONE: KeyModifiers = KeyModifiers::NONE;
const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
const CONTROL: KeyModifiers = KeyModifiers::CONTROL;

/// Keys that belong together.
pub(crate) struct Row {
    /// How the keys are called.
    pub(crate) names: &'static [&'static str],
    /// Keys and a word for the bottom line; `None`: only in the help.
    pub(crate) short: Option<(&'static str, &'static str)>,
    /// What they do.
    pub(crate) does: &'static str,
    pub(crate) group: &'static str,
    /// The presses, and what each means. Of the modifiers, characters have only Control.
    pub(super) presses: &'static [(KeyCode, KeyModifiers, Key)],
}

const PLAYBACK: &str = "playback";
const SOUND: &str = "sound";
const SCREEN: &str = "screen";
/// Keys of this group are of use with several tracks.
pub(crate) const LIST: &str = "several tracks";
const ENDS: &str = "timer and loop";

/// The table, in the order of the bottom line.
pub(crate) const KEYS: &[Row] = &[
    Row {
        names: &["space", "p"],
        short: Some(("space", "pause")),
        does: "pause, or play on",
        group: PLAYBACK,
        presses: &[(KeyCode::Char(' '), NONE, Key::Toggle), (KeyCode::Char('p'), NONE, Key::Toggle)],
    },
    Row {
        names: &["left", "right"],
        short: Some(("left/right", "5 s")),
        does: "5 s back or forward",
        group: PLAYBACK,
        presses: &[(KeyCode::Left, NONE, Key::Skip(-SKIP.0)), (KeyCode::Right, NONE, Key::Skip(SKIP.0))],
    },
    Row {
        names: &["shift+left", "shift+right"],
        short: Some(("+shift", "30 s")),
        does: "30 s back or forward",
        group: PLAYBACK,
        presses: &[(KeyCode::Left, SHIFT, Key::Skip(-SKIP.1)), (KeyCode::Right, SHIFT, Key::Skip(SKIP.1))],
    },
    Row {
        names: &["n"],
        short: Some(("n/b", "step")),
        does: "next step; after the last one like shift+n",
        group: PLAYBACK,
        presses: &[(KeyCode::Char('n'), NONE, Key::NextStep)],
    },
    Row {
        names: &["b"],
        short: None,
        does: "start of the step; within 3 s of it, a step back",
        group: PLAYBACK,
        presses: &[(KeyCode::Char('b'), NONE, Key::PreviousStep)],
    },
    Row {
        names: &["-", "+"],
        short: Some(("-/+", "volume")),
        does: "volume down or up by 5 %",
        group: SOUND,
        presses: &[
            (KeyCode::Char('-'), NONE, Key::Volume(-VOLUME_STEP)),
            (KeyCode::Char('+'), NONE, Key::Volume(VOLUME_STEP)),
            (KeyCode::Char('='), NONE, Key::Volume(VOLUME_STEP)),
        ],
    },
    Row {
        names: &["?"],
        short: Some(("?", "keys")),
        does: "show or hide this list",
        group: SCREEN,
        presses: &[(KeyCode::Char('?'), NONE, Key::Help)],
    },
    Row {
        names: &["q", "esc"],
        short: Some(("q", "quit")),
        does: "fade out and quit; esc hides the list first",
        group: SCREEN,
        presses: &[(KeyCode::Char('q'), NONE, Key::Quit), (KeyCode::Esc, NONE, Key::Back)],
    },
    Row {
        names: &["ctrl+c"],
        short: None,
        does: "quit with the exit code 130",
        group: SCREEN,
        presses: &[(KeyCode::Char('c'), CONTROL, Key::Interrupt)],
    },
    Row {
        names: &["shift+n"],
        short: Some(("N/B", "track")),
        does: "next track",
        group: LIST,
        presses: &[(KeyCode::Char('N'), NONE, Key::NextTrack)],
    },
    Row {
        names: &["shift+b"],
        short: None,
        does: "back to the start; within 3 s of it, a track back",
        group: LIST,
        presses: &[(KeyCode::Char('B'), NONE, Key::PreviousTrack)],
    },
    Row {
        names: &["t"],
        short: Some(("t", "timer")),
        does: "sleep timer: 15 minutes more; above 2 hours, none",
        group: ENDS,
        presses: &[(KeyCode::Char('t'), NONE, Key::Timer)],
    },
    Row {
        names: &["l"],
        short: Some(("l", "loop")),
        does: "loop the track, or the part of it; end the loop",
        group: ENDS,
        presses: &[(KeyCode::Char('l'), NONE, Key::Loop)],
    },
];

/// The keys of the bottom line that fit in `columns` with `gap` columns between them. `?` and `q` always come first in
/// the choice. `list`: whether there are several tracks.
pub(crate) fn shortest(columns: usize, gap: usize, list: bool) -> Vec<(&'static str, &'static str)> {
    let rows = || KEYS.iter().filter(|row| list || row.group != LIST).filter_map(|row| row.short);
    let needed = |(names, _): &(&str, &str)| ["?", "q"].contains(names);
    let width = |(names, word): &(&str, &str)| names.len() + 1 + word.len() + gap;
    let mut free = (columns + gap).saturating_sub(rows().filter(needed).map(|row| width(&row)).sum());
    let mut full = false;
    let fits = |row: &(&str, &str)| {
        full = full || (!needed(row) && width(row) > free);
        if !full && !needed(row) {
            free -= width(row);
        }
        needed(row) || !full
    };
    rows().filter(fits).collect()
}

/// What a press means.
pub(super) fn meaning(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
    let counts = if matches!(code, KeyCode::Char(_)) { CONTROL } else { SHIFT };
    let press = |row: &Row| row.presses.iter().find(|press| press.0 == code && press.1 == modifiers & counts).copied();
    KEYS.iter().find_map(press).map(|(.., key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_means_one_thing() {
        let all = || KEYS.iter().flat_map(|row| row.presses);
        for (at, (code, modifiers, key)) in all().enumerate() {
            assert_eq!(meaning(*code, *modifiers), Some(*key));
            assert!(all().skip(at + 1).all(|other| (other.0, other.1) != (*code, *modifiers)), "{code:?}");
        }
        // shift is part of the character; it means something with arrows only
        assert_eq!(meaning(KeyCode::Char('+'), SHIFT), Some(Key::Volume(VOLUME_STEP)));
        assert_eq!(meaning(KeyCode::Left, SHIFT), Some(Key::Skip(-30.0)));
        assert_eq!(meaning(KeyCode::Char('c'), NONE), None);
    }

    #[test]
    fn help_and_quit_are_in_the_shortest_list() {
        let line = |columns: usize| {
            let shown = shortest(columns, 2, false);
            shown.iter().map(|(names, word)| format!("{names} {word}")).collect::<Vec<_>>().join("  ")
        };
        assert_eq!(line(40), "space pause  ? keys  q quit");
        assert_eq!(line(43), "space pause  left/right 5 s  ? keys  q quit");
        for columns in 14..200 {
            assert!(line(columns).len() <= columns, "{columns}");
            assert!(line(columns).contains("? keys  q quit"), "{columns}");
        }
    }

    #[test]
    fn the_documentation_has_all_keys() {
        let page = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/command-line.md"));
        let names = |row: &Row| row.names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let rows: Vec<_> = KEYS.iter().map(|row| format!("| {} | {} |\n", names(row), row.does)).collect();
        let table = format!("| keys | |\n| --- | --- |\n{}\n", rows.concat());
        assert!(page.contains(&table), "docs/command-line.md needs this table:\n{table}");
    }
}
