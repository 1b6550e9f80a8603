//! What `play` draws: one line with the position.

use std::io::IsTerminal;

use realtime_backend_core::printable::printable;
use realtime_backend_player::Player;

use crate::console::{clock, draw};

/// The position line, until this is dropped.
pub(super) struct Screen {
    /// Whether the line is shown.
    line: bool,
}

impl Screen {
    /// The line, unless it shall be `quiet` or there is no terminal. `keys`: whether keys can be read.
    pub(super) fn new(quiet: bool, keys: bool) -> Self {
        let line = !quiet && std::io::stderr().is_terminal();
        if keys && line {
            draw("p pause   left/right seek   +/- volume   q quit\r\n");
        }
        Self { line }
    }

    /// Show where the player is.
    pub(super) fn show(&self, player: &Player) {
        if !self.line {
            return;
        }
        let steps = player.step_times().len();
        let step = player.step().map_or_else(String::new, |step| format!("   step {}/{steps}", step + 1));
        let underruns = match player.stats().underrun_events {
            0 => String::new(),
            count => format!("   {count} underruns"),
        };
        draw(format_args!(
            "\r\x1b[K{:>8} / {}{step}   volume {:3.0} %   {}{underruns}",
            clock(player.position()),
            clock(player.duration()),
            player.volume() * 100.0,
            player.state().name(),
        ));
    }
}

/// End the line and say why playback failed.
pub(super) fn failed(player: &Player) {
    let reason = player.last_error().unwrap_or_else(|| "the audio device failed".to_owned());
    draw(format_args!("\r\nerror: {}\r\n", printable(&reason)));
}

impl Drop for Screen {
    fn drop(&mut self) {
        if self.line {
            draw("\n");
        }
    }
}
