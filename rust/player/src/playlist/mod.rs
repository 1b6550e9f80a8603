//! Several tracks in turn.

mod files;
mod list;
mod order;

use std::sync::Arc;

use realtime_backend_core::error;
use realtime_backend_core::error::Problem;
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::track::Track;

use crate::device::Backend;
use crate::options::PlayerOptions;
use crate::player::{Error, Player, Result};
pub use files::tracks_in;
pub(crate) use list::List;
pub use order::Shuffle;

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
    /// Length of the crossfade between two tracks in seconds, 0 to 60; at most half of the shorter one. The squares of both
    /// gains add up to 1.
    pub crossfade: f64,
}

impl Default for PlaylistOptions {
    fn default() -> Self {
        Self { shuffle: None, repeat: false, crossfade: 5.0 }
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
        let list = Arc::new(List::new(count, load, options));
        let mut reason = Error::Engine(error::Error::invalid("tracks", "expected at least one track"));
        let mut entry = list.from(0);
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
            self.player.skip_to(self.list.from(0));
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

    /// The tracks that cannot be played: index in the list, and reason. They are found when it is their turn.
    pub fn left_out(&self) -> Vec<(usize, String)> {
        self.list.left_out()
    }
}
