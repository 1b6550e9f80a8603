//! The keys of `play`, and the terminal from which they come.

use std::io::IsTerminal;
use std::time::Duration;

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::terminal;

/// Longest time to wait for a key before the position is updated.
const TICK: Duration = Duration::from_millis(50);
/// Seconds that an arrow key skips, alone and with Shift.
const SKIP: (f64, f64) = (5.0, 30.0);
/// Change of the linear volume per key press.
const VOLUME_STEP: f32 = 0.05;

/// What the listener wants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Key {
    Quit,
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
    Next,
    Previous,
}

/// The key that a terminal event means; `None` if it means none.
fn meaning(key: KeyEvent) -> Option<Key> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let far = if key.modifiers.contains(KeyModifiers::SHIFT) { SKIP.1 } else { SKIP.0 };
    match key.code {
        KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => Some(Key::Interrupt),
        KeyCode::Char('q') | KeyCode::Esc => Some(Key::Quit),
        KeyCode::Char('p' | ' ') => Some(Key::Toggle),
        KeyCode::Left => Some(Key::Skip(-far)),
        KeyCode::Right => Some(Key::Skip(far)),
        KeyCode::Char('+' | '=') => Some(Key::Volume(VOLUME_STEP)),
        KeyCode::Char('-') => Some(Key::Volume(-VOLUME_STEP)),
        KeyCode::Char('t') => Some(Key::Timer),
        KeyCode::Char('l') => Some(Key::Loop),
        KeyCode::Char('n') => Some(Key::Next),
        KeyCode::Char('b') => Some(Key::Previous),
        _ => None,
    }
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

    /// Wait for a key for at most [`TICK`].
    pub(super) fn next(&self) -> Option<Key> {
        if !self.raw {
            std::thread::sleep(TICK);
            return None;
        }
        match event::poll(TICK) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(_) => {
                // the terminal is gone, so there are no keys
                std::thread::sleep(TICK);
                return None;
            }
        }
        match event::read() {
            Ok(Event::Key(key)) => meaning(key),
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
