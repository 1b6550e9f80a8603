//! What a player reports: its state, position, counters, device and findings.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use realtime_backend_core::error::Problem;
use realtime_backend_core::lock::lock;
use realtime_backend_core::plan::Plan;
use realtime_backend_core::stream::level;
use realtime_backend_core::track::Track;

use crate::device::{DeviceEvent, Info};
use crate::player::Player;
use crate::queue::{State, TransportCommand};
use crate::stats::Stats;

impl Player {
    /// The current state. After [`Self::play`] it is `Starting` or `Playing` at once, before the next callback.
    pub fn state(&self) -> State {
        if self.closing.load(Ordering::Acquire) {
            return State::Stopped;
        }
        match self.shared.state() {
            State::Paused if self.shared.command() != TransportCommand::Play => State::Paused,
            State::Paused if !self.shared.started.load(Ordering::Acquire) => State::Starting,
            State::Paused => State::Playing,
            state => state,
        }
    }

    /// Position in the track, in seconds, of the sound that is heard now.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, State, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {}}]}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// assert_eq!(player.position(), 0.0);
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn position(&self) -> f64 {
        let frame = self.shared.heard.load(Ordering::Acquire).min(self.tracks.plan().frames());
        frame as f64 / f64::from(self.rate)
    }

    /// Length of the track in seconds.
    pub fn duration(&self) -> f64 {
        self.tracks.plan().seconds()
    }

    /// The track that is heard, and what it was compiled into. Later rounds of a loop have the same track and other plans.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// let (heard, plan) = player.track();
    /// assert_eq!((&*heard, plan.seconds()), (&track, player.duration()));
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn track(&self) -> (Arc<Track>, Arc<Plan>) {
        self.tracks.pair()
    }

    /// Index of the step at the playback position; `None` between steps and after the last one.
    pub fn step(&self) -> Option<usize> {
        self.tracks.plan().timeline().current(self.shared.heard.load(Ordering::Acquire))
    }

    /// Start and end of every step, in seconds.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, State, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {}}]}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// assert_eq!(player.step_times(), [(0.0, 60.0)]);
    /// assert_eq!(player.step(), Some(0));
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn step_times(&self) -> Vec<(f64, f64)> {
        self.tracks.plan().step_times()
    }

    /// Counters since the start, and peak levels since the previous call.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, State, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {}}]}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// let stats = player.stats();
    /// assert_eq!(stats.underrun_events, 0);
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn stats(&self) -> Stats {
        self.shared.meters.snapshot(self.rate, self.shared.latency.load(Ordering::Relaxed))
    }

    /// The open device, its sample rate and its channels.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, State, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {}}]}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// assert_eq!(player.info().sample_rate, 44_100);
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn info(&self) -> Info {
        lock(&self.info).clone()
    }

    /// What happened to devices since the last call: the loss of the device that plays and the one that was opened in its
    /// place, and, where the audio system can be asked (PulseAudio, PipeWire), devices that come and go and the choice of
    /// another default. Devices are watched from the first call on. At most 64 events are kept.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// for event in player.device_events() {
    ///     println!("{}: {}", event.change.name(), event.name);
    /// }
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn device_events(&self) -> Vec<DeviceEvent> {
        self.device_events.take()
    }

    /// Findings about the track that plays, including those made during playback.
    pub fn warnings(&self) -> Vec<Problem> {
        let current = self.tracks.current();
        let mut warnings = current.warnings;
        warnings.extend(current.plan.noticed());
        warnings
    }

    /// The failure of the last edit or of the device. If there is none, the message about an audio file that can no
    /// longer be read and plays as silence.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, State, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {}}]}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// assert_eq!(player.last_error(), None);
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn last_error(&self) -> Option<String> {
        lock(&self.last_error).clone().or_else(|| self.tracks.plan().fault())
    }

    /// Whether the levels of all steps are measured and final (see [`crate::PlayerOptions::measure_first`]).
    pub fn has_final_levels(&self) -> bool {
        self.tracks.plan().has_final_levels()
    }

    /// Gain in dB that brings the track to the level of a file ([`crate::PlayerOptions::target_level`]). Estimated, and
    /// gliding to the exact gain, until the whole track is measured; 0 if it plays at the level of the mix.
    pub fn gain_db(&self) -> f64 {
        let plan = self.tracks.plan();
        let gain = self.options.target_level.stream_peak(&plan).map_or(1.0, |peak| level::gain(&plan, peak));
        20.0 * f64::from(gain).log10()
    }

    /// Wait until the track has ended or the player has stopped or failed. Returns false after `timeout`; `None` waits
    /// without a limit.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, State, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {}}]}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// use std::time::Duration;
    ///
    /// player.seek(59.9);
    /// player.play();
    /// assert!(player.wait(Some(Duration::from_secs(10)))); // the end was heard
    /// assert_eq!(player.state(), State::Finished);
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn wait(&self, timeout: Option<Duration>) -> bool {
        let until = timeout.map(|timeout| Instant::now() + timeout);
        loop {
            if matches!(self.state(), State::Finished | State::Stopped | State::Failed) {
                return true;
            }
            if until.is_some_and(|until| Instant::now() >= until) {
                return false;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
