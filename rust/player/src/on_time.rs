//! A start at a given time of the device, and the time that it has.

use std::sync::atomic::Ordering;
use std::time::Instant;

use realtime_backend_core::error::Error;

use crate::player::{Player, Result};
use crate::queue::{State, TransportCommand};

/// Latest time of a start in seconds, about three years.
const LATEST_S: f64 = 1e8;

impl Player {
    /// Play as [`play`](Self::play) does, but begin at the time `seconds` of the device ([`Self::device_time`]), exact to
    /// the frame: this is when the first frame of the ramp is heard, as far as the device knows its latency. Until then
    /// the state is [`Starting`](State::Starting). If the time is over, begin at once; [`Self::started_at`] tells. A
    /// device that is opened in place of a lost one begins at once, too. After [`stop`](Self::stop), do nothing.
    ///
    /// # Errors
    /// [`Error::Engine`](crate::Error::Engine) if `seconds` is negative, not finite or above 1e8, or the player plays
    /// already.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, State, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// let at = player.device_time() + 0.2;
    /// player.play_at(at)?;
    /// assert_eq!(player.state(), State::Starting);
    /// std::thread::sleep(std::time::Duration::from_millis(500));
    /// assert!(player.started_at().is_some_and(|began| (began - at).abs() < 1e-4));
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn play_at(&self, seconds: f64) -> Result<()> {
        let frame = self.frame_at(seconds)?;
        self.return_from_end();
        self.begin_at(frame);
        Ok(())
    }

    /// The frame, counted since the device was opened, at which a start at `seconds` begins.
    pub(crate) fn frame_at(&self, seconds: f64) -> Result<u64> {
        if !(0.0..=LATEST_S).contains(&seconds) {
            let message = format!("expected a time of the device from 0 to {LATEST_S} seconds, got {seconds}");
            return Err(Error::invalid("at", message).into());
        }
        if self.state() == State::Playing {
            return Err(Error::invalid("at", "the player plays already: pause it first").into());
        }
        Ok((seconds * f64::from(self.rate)).round() as u64)
    }

    /// Give the command to play, at once (0) or at a frame counted since the device was opened.
    pub(crate) fn begin_at(&self, frame: u64) {
        self.shared.begin.store(frame, Ordering::Release);
        // whoever asks before the next callback must not see the end that is over
        let (paused, finished) = (State::Paused as u8, State::Finished as u8);
        let next = if frame > 0 { State::Starting as u8 } else { paused };
        let changed = |now: u8| (now == paused || now == finished).then_some(next);
        if !self.is_stopped() {
            self.shared.state.fetch_update(Ordering::Release, Ordering::Acquire, changed).ok();
        }
        self.command(TransportCommand::Play);
    }

    /// Seconds of sound that the device has played since it was opened, silence included: the clock of
    /// [`Self::play_at`]. It is taken from the frames that the device asks for and the latency that it reports, and runs
    /// on between two callbacks. 0 until the device asks for the first time.
    pub fn device_time(&self) -> f64 {
        self.shared.clock.frames(Instant::now(), self.rate) / f64::from(self.rate)
    }

    /// Time of the device at which the playback began last: after `play`, a pause or the end. Exact to the frame. `None`
    /// until it has begun.
    pub fn started_at(&self) -> Option<f64> {
        let frame = self.shared.begun.load(Ordering::Acquire);
        (frame != u64::MAX).then(|| frame as f64 / f64::from(self.rate))
    }
}
