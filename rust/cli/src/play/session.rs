//! What the keys do: a list of tracks that plays, with its timer and its loop.

use std::time::{Duration, Instant};

use realtime_backend_player::{Player, Playlist, State};

use super::keys::Key;
use super::sleep::Sleep;
use crate::args::{Part, Play};

/// A skip that is younger may not be heard yet: the next one counts from where it went.
const SETTLED: Duration = Duration::from_millis(250);

/// A list that plays. It knows nothing of how it is shown.
pub(super) struct Session {
    pub(super) list: Playlist,
    sleep: Sleep,
    /// The part that is looped when the listener asks for a loop.
    part: Part,
    /// When the listener skipped last, and to where.
    skipped: Option<(Instant, f64)>,
}

impl Session {
    /// Begin to play with the timer and the loop of `args`.
    pub(super) fn begin(list: Playlist, args: &Play) -> Self {
        let part = args.looped.unwrap_or(Part(0.0, f64::INFINITY));
        let sleep = Sleep::new(args, list.player());
        let session = Self { list, sleep, part, skipped: None };
        if args.looped.is_some() && session.list.count() == 1 {
            session.set_loop(true);
        }
        session.list.play();
        session
    }

    pub(super) const fn player(&self) -> &Player {
        self.list.player()
    }

    fn set_loop(&self, on: bool) {
        // the part was checked when it was parsed
        let _ = self.player().set_loop(on.then_some(self.part.0..self.part.1));
    }

    /// Do what the listener wants, apart from ending.
    pub(super) fn act(&mut self, key: Key) {
        let player = self.list.player();
        match key {
            Key::Toggle if player.state() == State::Paused => {
                self.sleep.resume(player);
                self.list.play();
            }
            Key::Toggle => player.pause(),
            Key::Skip(seconds) => {
                let last = self.skipped.filter(|(at, _)| at.elapsed() < SETTLED);
                let from = last.map_or_else(|| player.position(), |(_, to)| to);
                let to = (from + seconds).clamp(0.0, player.duration());
                player.seek(to);
                self.skipped = Some((Instant::now(), to));
            }
            Key::Volume(change) => {
                let _ = player.set_volume((player.volume() + change).clamp(0.0, 1.0));
            }
            Key::Timer => self.sleep.more(player),
            Key::Loop => self.set_loop(player.looped().is_none()),
            Key::Next => {
                self.skipped = None;
                self.list.next();
            }
            Key::Previous => {
                self.skipped = None;
                self.list.previous();
            }
            Key::Quit | Key::Back | Key::Interrupt | Key::Help => {}
        }
    }
}
