//! Several tracks in turn.

mod files;
mod list;

use std::sync::Arc;

use realtime_backend_core::error;
use realtime_backend_core::error::Problem;
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::track::Track;

use crate::device::Backend;
use crate::options::PlayerOptions;
use crate::player::{Error, Player, Result};
pub use files::{track_extensions, tracks_in};
pub(crate) use list::List;
pub use realtime_backend_core::stream::Shuffle;

/// Longest time after which [`Playlist::previous`] goes to the track before, in seconds; later it goes to the start of
/// the track that plays.
const AGAIN_S: f64 = 3.0;

/// Loads the track with an index of the list, when it is needed: on the thread that prepares the next track. Returns the
/// track and the findings about it.
pub type Load = Box<dyn Fn(usize, &Interrupt) -> error::Result<(Track, Vec<Problem>)> + Send + Sync>;

/// Options of a list of tracks.
///
/// ```
/// use realtime_backend_player::{PlaylistOptions, Shuffle};
///
/// let options = PlaylistOptions { shuffle: Some(Shuffle { seed: 7 }), ..PlaylistOptions::default() };
/// assert!(!options.repeat && options.crossfade == 5.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaylistOptions {
    /// Play in an order by chance; `None`: in the order of the list.
    pub shuffle: Option<Shuffle>,
    /// Begin again after the last track, in another order if that is by chance.
    pub repeat: bool,
    /// Index of the track to begin with; `None`: the first one of the order.
    pub first: Option<usize>,
    /// Length of the crossfade between two tracks in seconds, 0 to 60; at most half of the shorter one. The squares of both
    /// gains add up to 1.
    pub crossfade: f64,
}

impl Default for PlaylistOptions {
    fn default() -> Self {
        Self { shuffle: None, repeat: false, first: None, crossfade: 5.0 }
    }
}

/// Plays several tracks in turn, each crossfaded into the next, at the sample rate of the device. The next track is
/// prepared while one plays. A track that cannot be loaded is left out.
pub struct Playlist {
    player: Player,
    list: Arc<List>,
}

impl Playlist {
    /// Prepare to play `count` tracks, which `load` loads. The first one that can be played is loaded at once, and the
    /// device is opened. The player is paused.
    ///
    /// # Errors
    /// The error of the last track, if no track can be played; [`Error::Device`] if the device cannot be opened;
    /// [`Error::Engine`] if there is no track or an option is out of range.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use realtime_backend_core::track::Track;
    /// use realtime_backend_player::device::null::Null;
    /// use realtime_backend_player::{PlayerOptions, Playlist, PlaylistOptions};
    ///
    /// let load = |index: usize, _: &_| Track::from_json(&format!(r#"{{"progression": [{{"duration": {}.0}}]}}"#, 60 + index));
    /// let (options, device) = (PlayerOptions::default(), Arc::new(Null::default()));
    /// let list = Playlist::new(3, Box::new(load), PlaylistOptions::default(), options, device)?;
    /// list.play();
    /// assert_eq!((list.current(), list.player().duration()), (0, 60.0));
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn new(
        count: usize,
        load: Load,
        options: PlaylistOptions,
        player: PlayerOptions,
        backend: Arc<dyn Backend>,
    ) -> Result<Self> {
        if !(0.0..=60.0).contains(&options.crossfade) {
            let message = format!("expected a number of seconds from 0 to 60, got {}", options.crossfade);
            return Err(error::Error::invalid("crossfade", message).into());
        }
        if let Some(first) = options.first.filter(|first| *first >= count) {
            let message = format!("expected the index of one of {count} tracks, got {first}");
            return Err(error::Error::invalid("first", message).into());
        }
        let list = Arc::new(List::new(count, load, options));
        let mut reason = Error::Engine(error::Error::invalid("tracks", "expected at least one track"));
        let mut entry = list.first(options.first);
        while let Some(at) = entry {
            let prepared = list.load(at, &player.interrupt).map_err(Error::from).and_then(|(track, findings)| {
                let listed = Some((Arc::clone(&list), at, findings));
                Player::prepare_listed(&track, player.clone(), Arc::clone(&backend), listed)
            });
            match prepared {
                Ok(prepared) => return Ok(Self { player: prepared.open()?, list }),
                Err(Error::Engine(error)) if !matches!(error, error::Error::Cancelled) => {
                    list.leave_out(at, error.to_string());
                    reason = Error::Engine(error);
                }
                Err(error) => return Err(error),
            }
            entry = list.from(at + 1);
        }
        Err(reason)
    }

    /// The player of the tracks. Its position, duration, steps and findings are those of the track that is heard, and its
    /// edits replace that track.
    pub const fn player(&self) -> &Player {
        &self.player
    }

    /// Play, as [`Player::play`] does. After the end of the list, begin again with the first track.
    pub fn play(&self) {
        self.return_from_end();
        self.player.begin_at(0);
    }

    /// Play at a time of the device, as [`Player::play_at`] does.
    ///
    /// # Errors
    /// Those of [`Player::play_at`].
    pub fn play_at(&self, seconds: f64) -> Result<()> {
        let frame = self.player.frame_at(seconds)?;
        self.return_from_end();
        self.player.begin_at(frame);
        Ok(())
    }

    /// After the end of the list, go to the first track.
    fn return_from_end(&self) {
        if self.player.has_ended() {
            self.player.skip_to(self.list.first(None));
        }
    }

    /// Index of the track that is heard, in the list as it was given.
    pub fn current(&self) -> usize {
        self.list.index(self.player.entry())
    }

    /// Number of tracks.
    pub fn count(&self) -> usize {
        self.list.count()
    }

    /// Go to the next track, with a crossfade of at most a second. Returns false after the last one, which then goes on.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::device::null::Null;
    /// # use realtime_backend_player::{PlayerOptions, Playlist, PlaylistOptions};
    /// # let load = |_: usize, _: &_| Track::from_json(r#"{"progression": [{"duration": 60.0}]}"#);
    /// # let device = Arc::new(Null::default());
    /// let list = Playlist::new(1, Box::new(load), PlaylistOptions::default(), PlayerOptions::default(), device)?;
    /// assert!(!list.next());
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn next(&self) -> bool {
        let more = self.list.from(self.player.entry() + 1).is_some();
        if more {
            self.player.skip_to_next();
        }
        more
    }

    /// Go to the start of the track, or to the track before if it has played for less than 3 s.
    pub fn previous(&self) {
        let entry = self.player.entry();
        match self.list.before(entry).filter(|_| self.player.position() < AGAIN_S) {
            Some(before) => self.player.skip_to(Some(before)),
            None => self.player.seek(0.0),
        }
    }

    /// Go to the start of the track with this index. Returns false if there is none.
    pub fn go_to(&self, index: usize) -> bool {
        let entry = self.list.entry_of(index, self.player.entry());
        self.player.skip_to(entry);
        entry.is_some()
    }

    /// Have other tracks from now on: `count` of them, which `load` loads. The track that is heard goes on. `current` is its
    /// index among the new ones; if it is none of them (`None`), it is followed by the first track.
    ///
    /// # Errors
    /// [`Error::Engine`] if there is no track, or none with the index `current`.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::device::null::Null;
    /// # use realtime_backend_player::{Load, PlayerOptions, Playlist, PlaylistOptions};
    /// let load = || -> Load { Box::new(|_, _| Track::from_json(r#"{"progression": [{"duration": 60.0}]}"#)) };
    /// # let device = Arc::new(Null::default());
    /// let list = Playlist::new(1, load(), PlaylistOptions::default(), PlayerOptions::default(), device)?;
    /// list.set_tracks(3, load(), Some(1))?; // one before it, one after it
    /// assert_eq!((list.count(), list.current()), (3, 1));
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn set_tracks(&self, count: usize, load: Load, current: Option<usize>) -> Result<()> {
        if count == 0 {
            return Err(error::Error::invalid("tracks", "expected at least one track").into());
        }
        if let Some(current) = current.filter(|current| *current >= count) {
            let message = format!("expected the index of one of {count} tracks, got {current}");
            return Err(error::Error::invalid("current", message).into());
        }
        self.list.replace(count, load, self.player.entry(), current);
        self.follow_anew();
        Ok(())
    }

    /// Have another order from now on. The track that is heard goes on; an order by chance has it where it falls.
    pub fn set_order(&self, shuffle: Option<Shuffle>, repeat: bool) {
        self.list.reorder(shuffle, repeat, self.player.entry());
        self.follow_anew();
    }

    fn follow_anew(&self) {
        self.player.follow_anew(self.list.from(self.player.entry() + 1).is_some());
    }

    /// The tracks that cannot be played: index in the list, and reason. They are found when it is their turn.
    pub fn left_out(&self) -> Vec<(usize, String)> {
        self.list.left_out()
    }
}
