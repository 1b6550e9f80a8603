//! What the keys do: a list of tracks that plays, with its timer and its loop.

use std::time::{Duration, Instant};

use realtime_backend_player::{Player, Playlist, State};

use super::keys::Key;
use super::sleep::Sleep;
use crate::args::{Part, Play};

/// A skip that is younger may not be heard yet: the next one counts from where it went.
const SETTLED: Duration = Duration::from_millis(250);

/// Within this many seconds of the start of a step, the step before is meant.
const NEAR_S: f64 = 3.0;

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
                let to = (self.position() + seconds).clamp(0.0, player.duration());
                self.seek(to);
            }
            Key::NextStep => match next(&self.starts(), self.position()) {
                Some(start) => self.seek(start),
                None if self.list.count() > 1 => self.act(Key::NextTrack),
                None => {}
            },
            Key::PreviousStep => match previous(&self.starts(), self.position()) {
                Some(start) => self.seek(start),
                None if self.list.count() > 1 => self.act(Key::PreviousTrack),
                None => self.seek(0.0),
            },
            Key::Volume(change) => {
                let _ = player.set_volume((player.volume() + change).clamp(0.0, 1.0));
            }
            Key::Timer => self.sleep.more(player),
            Key::Loop => self.set_loop(player.looped().is_none()),
            Key::NextTrack => {
                self.skipped = None;
                self.list.next();
            }
            Key::PreviousTrack => {
                self.skipped = None;
                self.list.previous();
            }
            Key::Quit | Key::Back | Key::Interrupt | Key::Help => {}
        }
    }

    /// The position in seconds: where the last skip goes, if it may not be heard yet.
    fn position(&self) -> f64 {
        let last = self.skipped.filter(|(at, _)| at.elapsed() < SETTLED);
        last.map_or_else(|| self.player().position(), |(_, to)| to)
    }

    fn seek(&mut self, to: f64) {
        self.player().seek(to);
        self.skipped = Some((Instant::now(), to));
    }

    /// The starts of the steps of the track that plays, in seconds.
    fn starts(&self) -> Vec<f64> {
        let (_, plan) = self.player().track();
        plan.step_times().into_iter().map(|(start, _)| start).collect()
    }
}

/// The first of `starts` after `position`.
fn next(starts: &[f64], position: f64) -> Option<f64> {
    starts.iter().copied().filter(|start| *start > position).min_by(f64::total_cmp)
}

/// The start of the step at `position`, or of the one before if the position is near it. `None`: near the first.
fn previous(starts: &[f64], position: f64) -> Option<f64> {
    starts.iter().copied().filter(|start| *start + NEAR_S < position).max_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_those_around_the_position() {
        let starts = [0.0, 60.0, 120.0];
        assert_eq!([next(&starts, 0.0), next(&starts, 60.0), next(&starts, 120.0)], [Some(60.0), Some(120.0), None]);
        // in the step, near its start, near the first start
        let back = [previous(&starts, 70.0), previous(&starts, 62.0), previous(&starts, 2.0)];
        assert_eq!(back, [Some(60.0), Some(0.0), None]);
    }
}
