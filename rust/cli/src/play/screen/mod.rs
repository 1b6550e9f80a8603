//! What `play` shows: a screen, one line, or nothing.

mod curve;
mod footer;
mod gather;
mod guard;
mod header;
mod help;
mod hold;
mod layout;
mod line;
mod look;
mod meters;
mod score;
#[cfg(test)]
mod tests;
mod view;
mod write;

use std::io::{BufWriter, IsTerminal as _, Stderr, stderr, stdin, stdout};
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use realtime_backend_core::printable::printable;
use realtime_backend_player::State;

use crate::console::{draw, note, time};
use gather::Gather;
pub(super) use gather::Now;
use guard::Guard;
use look::Look;
#[cfg(all(feature = "mpris", unix, not(target_os = "macos")))]
pub(super) use score::title;
use view::View;

/// Least time between two drawings.
const TICK: Duration = Duration::from_millis(50);

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// As much as the terminal can show.
    All,
    /// One line, if there is a terminal.
    Line,
    Nothing,
}

/// Where it is drawn.
enum Face {
    Full(Full),
    Line(line::Shown),
    Nothing,
}

struct Full {
    // dropped in this order: the terminal shows its cursor, then the guard gives it back
    terminal: Terminal<CrosstermBackend<BufWriter<Stderr>>>,
    _guard: Guard,
    look: Look,
}

impl Full {
    fn new() -> std::io::Result<Self> {
        let guard = Guard::enter()?;
        let terminal = Terminal::new(CrosstermBackend::new(BufWriter::new(stderr())))?;
        Ok(Self { terminal, _guard: guard, look: Look::of_environment() })
    }
}

/// The screen of one `play`.
pub(super) struct Screen {
    face: Face,
    gather: Gather,
    drawn: Option<Instant>,
    help: bool,
    /// Whether the terminal is in raw mode.
    raw: bool,
    /// Findings that came while the screen was shown.
    told: Vec<String>,
}

impl Screen {
    /// Begin to show what plays. `keys`: whether keys can be read.
    pub(super) fn new(wish: Wish, keys: bool, now: Now<'_>) -> Self {
        let line = || Face::Line(line::Shown::new(keys));
        let face = match wish {
            Wish::All if keys && has_screen() => Full::new().map_or_else(|_| line(), Face::Full),
            Wish::All | Wish::Line if stderr().is_terminal() => line(),
            _ => Face::Nothing,
        };
        Self { face, gather: Gather::new(now), drawn: None, help: false, raw: keys, told: Vec::new() }
    }

    /// Time until the next drawing.
    pub(super) fn wait(&self) -> Duration {
        self.drawn.map_or(Duration::ZERO, |drawn| TICK.saturating_sub(drawn.elapsed()))
    }

    /// Draw, unless the last drawing is younger than [`TICK`].
    pub(super) fn show(&mut self, now: Now<'_>) {
        if self.wait().is_zero() {
            self.drawn = Some(Instant::now());
            self.draw(now);
        }
    }

    fn draw(&mut self, now: Now<'_>) {
        let help = self.help;
        match &mut self.face {
            Face::Full(Full { terminal, look, .. }) => {
                let view = self.gather.view(now, &self.told);
                // a terminal that is gone shows nothing
                let _ = terminal.draw(|frame| layout::draw(frame, &view, *look, help));
            }
            Face::Line(line) => line.show(&self.gather.view(now, &[])),
            Face::Nothing => {}
        }
    }

    /// Show a finding about a track. A screen shows it now, and prints it again when it is closed.
    pub(super) fn tell(&mut self, finding: String) {
        match &mut self.face {
            Face::Full(_) => self.told.push(finding),
            Face::Line(line) => line.tell(&finding),
            Face::Nothing if self.raw => draw(format_args!("{}\r\n", printable(&finding))),
            Face::Nothing => note(finding),
        }
    }

    /// Show the list of the keys, or hide it.
    pub(super) fn toggle_help(&mut self) {
        match &mut self.face {
            Face::Full(_) => self.help = !self.help,
            Face::Line(line) => line.help(),
            Face::Nothing => {}
        }
    }

    /// Hide the list of the keys. Returns whether it was shown.
    pub(super) fn close_help(&mut self) -> bool {
        std::mem::take(&mut self.help)
    }

    /// Give the terminal back. After a screen, print what was found meanwhile, and one line on how far it played.
    pub(super) fn close(mut self, now: Now<'_>, state: State) {
        self.draw(now);
        let view = self.gather.view(now, &[]);
        let full = matches!(self.face, Face::Full(_));
        self.face = Face::Nothing;
        if full {
            self.told.iter().for_each(note);
            note(summary(&view, state));
        }
    }
}

/// How far the track was played.
fn summary(view: &View, state: State) -> String {
    let how = if state == State::Finished { "finished" } else { "stopped" };
    format!("{}: {how} at {} of {}", view.title, time(view.position), time(view.length))
}

/// Whether the terminal can show more than a line: it has a size, it is no dumb one, and nothing is redirected.
fn has_screen() -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let sized = || crossterm::terminal::size().is_ok_and(|(width, height)| width > 0 && height > 0);
    !dumb && stdin().is_terminal() && stdout().is_terminal() && stderr().is_terminal() && sized()
}
