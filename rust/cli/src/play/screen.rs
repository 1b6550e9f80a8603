//! What `play` draws: one line with the position.

use std::io::IsTerminal;
use std::path::PathBuf;

use realtime_backend_core::printable::printable;
use realtime_backend_player::{Player, Playlist};

use crate::console::{clock, draw, note};
use crate::source;

/// The position line, until this is dropped.
pub(super) struct Screen {
    /// Whether the line is shown.
    line: bool,
    /// Whether the terminal is in raw mode.
    raw: bool,
}

impl Screen {
    /// The line, unless it shall be `quiet` or there is no terminal. `keys`: whether keys can be read.
    pub(super) fn new(quiet: bool, keys: bool) -> Self {
        let line = !quiet && std::io::stderr().is_terminal();
        if keys && line {
            draw("p pause   left/right seek   +/- volume   t timer   l loop   n/b next/previous   q quit\r\n");
        }
        Self { line, raw: keys }
    }

    /// Write a line above the position.
    pub(super) fn tell(&self, line: &str) {
        if self.raw {
            draw(format_args!("\r\x1b[K{}\r\n", printable(line)));
        } else {
            note(line);
        }
    }

    /// Show where the list is.
    pub(super) fn show(&self, list: &Playlist, files: &[PathBuf]) {
        if !self.line {
            return;
        }
        let player = list.player();
        let turn = match files {
            [_] => String::new(),
            _ => {
                let name = files.get(list.current()).map_or_else(String::new, |file| source::name(file));
                format!("{name}   ")
            }
        };
        let timer = player.timer().map_or_else(String::new, |left| format!("   ends in {}", clock(left)));
        let looped = if player.looped().is_some() { "   loop" } else { "" };
        let steps = player.step_times().len();
        let step = player.step().map_or_else(String::new, |step| format!("   step {}/{steps}", step + 1));
        let underruns = match player.stats().underrun_events {
            0 => String::new(),
            count => format!("   {count} underruns"),
        };
        draw(format_args!(
            "\r\x1b[K{turn}{:>8} / {}{step}   volume {:3.0} %   {}{looped}{timer}{underruns}",
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
