//! What the bus can ask and want. Positions and lengths there are microseconds.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};

use mpris_server::{
    LoopStatus, Metadata, PlaybackRate, PlaybackStatus, PlayerInterface, Property, RootInterface, Time, TrackId,
    Volume,
    zbus::{self, ObjectPath, fdo},
};
use realtime_backend_core::lock::lock;
use realtime_backend_player::State;

use super::Wish;
use crate::play::keys::Key;
use crate::play::screen::{Now, title};

/// The player as others see it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown {
    title: String,
    /// Number of the track in the list, from 1 on.
    track: usize,
    /// Length of the list.
    count: usize,
    length: f64,
    pub(super) position: f64,
    volume: f64,
    status: PlaybackStatus,
    looped: bool,
}

/// A time in seconds as the bus has it.
pub(super) fn time(seconds: f64) -> Time {
    Time::from_micros((seconds * 1e6) as i64)
}

impl Shown {
    pub(super) fn of(now: Now<'_>) -> Self {
        let (player, (track, count)) = (now.player, now.place);
        Self {
            title: title(&player.track().0, now.name),
            track,
            count,
            length: player.duration(),
            position: player.position(),
            volume: f64::from(player.volume()),
            status: match player.state() {
                State::Playing | State::Starting => PlaybackStatus::Playing,
                State::Paused => PlaybackStatus::Paused,
                State::Stopped | State::Finished | State::Failed => PlaybackStatus::Stopped,
            },
            looped: player.looped().is_some(),
        }
    }

    pub(super) fn playing(&self) -> bool {
        self.status == PlaybackStatus::Playing
    }

    fn loop_status(&self) -> LoopStatus {
        if self.looped { LoopStatus::Track } else { LoopStatus::None }
    }

    /// The name of the track among the objects of the bus.
    fn id(&self) -> TrackId {
        let path = format!("/org/realtime_backend/track/{}", self.track);
        ObjectPath::try_from(path).map_or(TrackId::NO_TRACK, TrackId::from)
    }

    fn metadata(&self) -> Metadata {
        Metadata::builder()
            .trackid(self.id())
            .title(self.title.clone())
            .length(time(self.length))
            .track_number(self.track as i32)
            .build()
    }

    /// The properties in which `new` differs from this.
    pub(super) fn differences(&self, new: &Self) -> Vec<Property> {
        let mut found = Vec::new();
        if self.status != new.status {
            found.push(Property::PlaybackStatus(new.status));
        }
        if (&self.title, self.track, self.length) != (&new.title, new.track, new.length) {
            found.push(Property::Metadata(new.metadata()));
        }
        if self.volume != new.volume {
            found.push(Property::Volume(new.volume));
        }
        if self.looped != new.looped {
            found.push(Property::LoopStatus(new.loop_status()));
        }
        found
    }
}

/// The object that the bus calls.
pub(super) struct Service {
    shown: Arc<Mutex<Shown>>,
    wishes: Sender<Wish>,
}

impl Service {
    pub(super) const fn new(shown: Arc<Mutex<Shown>>, wishes: Sender<Wish>) -> Self {
        Self { shown, wishes }
    }

    fn shown(&self) -> Shown {
        lock(&self.shown).clone()
    }

    /// Pass on what is wanted. The player may have ended in between.
    fn wish(&self, wish: Wish) {
        let _ = self.wishes.send(wish);
    }
}

impl RootInterface for Service {
    async fn raise(&self) -> fdo::Result<()> {
        Ok(())
    }

    async fn quit(&self) -> fdo::Result<()> {
        self.wish(Wish::Key(Key::Quit));
        Ok(())
    }

    async fn can_quit(&self) -> fdo::Result<bool> {
        Ok(true)
    }

    async fn fullscreen(&self) -> fdo::Result<bool> {
        Ok(false)
    }

    async fn set_fullscreen(&self, _fullscreen: bool) -> zbus::Result<()> {
        Ok(())
    }

    async fn can_set_fullscreen(&self) -> fdo::Result<bool> {
        Ok(false)
    }

    async fn can_raise(&self) -> fdo::Result<bool> {
        Ok(false)
    }

    async fn has_track_list(&self) -> fdo::Result<bool> {
        Ok(false)
    }

    async fn identity(&self) -> fdo::Result<String> {
        Ok("realtime_backend".to_owned())
    }

    async fn desktop_entry(&self) -> fdo::Result<String> {
        Ok(String::new())
    }

    async fn supported_uri_schemes(&self) -> fdo::Result<Vec<String>> {
        Ok(Vec::new())
    }

    async fn supported_mime_types(&self) -> fdo::Result<Vec<String>> {
        Ok(Vec::new())
    }
}

impl PlayerInterface for Service {
    /// The next track, or the next step of the only one.
    async fn next(&self) -> fdo::Result<()> {
        self.wish(Wish::Key(if self.shown().count > 1 { Key::NextTrack } else { Key::NextStep }));
        Ok(())
    }

    async fn previous(&self) -> fdo::Result<()> {
        self.wish(Wish::Key(if self.shown().count > 1 { Key::PreviousTrack } else { Key::PreviousStep }));
        Ok(())
    }

    async fn pause(&self) -> fdo::Result<()> {
        self.wish(Wish::Play(false));
        Ok(())
    }

    async fn play_pause(&self) -> fdo::Result<()> {
        self.wish(Wish::Key(Key::Toggle));
        Ok(())
    }

    async fn stop(&self) -> fdo::Result<()> {
        self.wish(Wish::Key(Key::Quit));
        Ok(())
    }

    async fn play(&self) -> fdo::Result<()> {
        self.wish(Wish::Play(true));
        Ok(())
    }

    async fn seek(&self, offset: Time) -> fdo::Result<()> {
        self.wish(Wish::Key(Key::Skip(offset.as_micros() as f64 / 1e6)));
        Ok(())
    }

    /// A place behind the end, and one of a track that plays no more, are ignored, as the specification says.
    async fn set_position(&self, track: TrackId, position: Time) -> fdo::Result<()> {
        let shown = self.shown();
        let seconds = position.as_micros() as f64 / 1e6;
        if track == shown.id() && (0.0..=shown.length).contains(&seconds) {
            self.wish(Wish::Seek(seconds));
        }
        Ok(())
    }

    async fn open_uri(&self, _uri: String) -> fdo::Result<()> {
        Err(fdo::Error::NotSupported("tracks are named on the command line".to_owned()))
    }

    async fn playback_status(&self) -> fdo::Result<PlaybackStatus> {
        Ok(self.shown().status)
    }

    async fn loop_status(&self) -> fdo::Result<LoopStatus> {
        Ok(self.shown().loop_status())
    }

    async fn set_loop_status(&self, status: LoopStatus) -> zbus::Result<()> {
        if (status != LoopStatus::None) != self.shown().looped {
            self.wish(Wish::Key(Key::Loop));
        }
        Ok(())
    }

    async fn rate(&self) -> fdo::Result<PlaybackRate> {
        Ok(1.0)
    }

    async fn set_rate(&self, _rate: PlaybackRate) -> zbus::Result<()> {
        Ok(())
    }

    async fn shuffle(&self) -> fdo::Result<bool> {
        Ok(false)
    }

    async fn set_shuffle(&self, _shuffle: bool) -> zbus::Result<()> {
        Ok(())
    }

    async fn metadata(&self) -> fdo::Result<Metadata> {
        Ok(self.shown().metadata())
    }

    async fn volume(&self) -> fdo::Result<Volume> {
        Ok(self.shown().volume)
    }

    async fn set_volume(&self, volume: Volume) -> zbus::Result<()> {
        self.wish(Wish::Volume(volume.clamp(0.0, 1.0) as f32));
        Ok(())
    }

    async fn position(&self) -> fdo::Result<Time> {
        Ok(time(self.shown().position))
    }

    async fn minimum_rate(&self) -> fdo::Result<PlaybackRate> {
        Ok(1.0)
    }

    async fn maximum_rate(&self) -> fdo::Result<PlaybackRate> {
        Ok(1.0)
    }

    async fn can_go_next(&self) -> fdo::Result<bool> {
        Ok(true)
    }

    async fn can_go_previous(&self) -> fdo::Result<bool> {
        Ok(true)
    }

    async fn can_play(&self) -> fdo::Result<bool> {
        Ok(true)
    }

    async fn can_pause(&self) -> fdo::Result<bool> {
        Ok(true)
    }

    async fn can_seek(&self) -> fdo::Result<bool> {
        Ok(true)
    }

    async fn can_control(&self) -> fdo::Result<bool> {
        Ok(true)
    }
}
