//! The keys of `play`, and the terminal from which they come.

mod table;

use std::io::IsTerminal;
use std::time::Duration;

use crossterm::event::{self, Event, KeyEventKind};
use crossterm::terminal;

pub(crate) use table::{KEYS, shortest};

/// What the listener wants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Key {
    Quit,
    /// Close what is open, or quit.
    Back,
    Interrupt,
    Toggle,
    /// Move by this many seconds.
    Skip(f64),
    /// Change the linear volume by this much.
    Volume(f32),
    /// More time on the sleep timer.
    Timer,
    /// Loop the track, or end the loop.
    Loop,
    /// To the next step, or back to the start of this one and of the one before.
    NextStep,
    PreviousStep,
    NextTrack,
    PreviousTrack,
    /// Show or hide the list of the keys.
    Help,
}

/// The terminal in raw mode, until this is dropped. Without a terminal there are no keys.
pub(super) struct Keys {
    raw: bool,
}

impl Keys {
    pub(super) fn new() -> Self {
        Self { raw: std::io::stdin().is_terminal() && terminal::enable_raw_mode().is_ok() }
    }

    /// Whether keys can be read.
    pub(super) const fn can_be_read(&self) -> bool {
        self.raw
    }

    /// Wait for a key for at most `patience`.
    pub(super) fn next(&self, patience: Duration) -> Option<Key> {
        if !self.raw {
            std::thread::sleep(patience);
            return None;
        }
        match event::poll(patience) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(_) => {
                // the terminal is gone, so there are no keys
                std::thread::sleep(patience);
                return None;
            }
        }
        match event::read() {
            Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => table::meaning(key.code, key.modifiers),
            _ => None,
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        if self.raw {
            let _ = terminal::disable_raw_mode();
        }
    }
}
