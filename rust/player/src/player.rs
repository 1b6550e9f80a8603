//! The player: the object that an application controls. It owns the threads and the compiled track.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use realtime_backend_core::error::{Problem, add_new};
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::lock::lock;
use realtime_backend_core::plan::{MediaCache, Plan, PlanOptions};
use realtime_backend_core::render;
use realtime_backend_core::stream::{Playing, Source, StreamClips};
use realtime_backend_core::track::Track;

use crate::ahead::{Ask, Current, Tracks};
use crate::background::Tasks;
use crate::device::{Backend, DeviceError, Info, Request};
use crate::device_monitor::DeviceEvents;
use crate::mailbox::Mailbox;
use crate::options::PlayerOptions;
use crate::order::Order;
use crate::playlist::List;
use crate::queue::{Shared, State, TransportCommand};

/// Why a call on a player failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The track or an argument is invalid, or the work was cancelled.
    #[error(transparent)]
    Engine(#[from] realtime_backend_core::error::Error),
    /// The device cannot be used.
    #[error(transparent)]
    Device(#[from] DeviceError),
}

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Longest time that the constructor waits for the exact levels of the first step.
const PREPARATION: Duration = Duration::from_millis(100);
/// How long the threads may take to end. A thread that is stuck in the audio system or a file system is detached.
const ENDING: Duration = Duration::from_secs(2);
/// Longest latency of a device after which a fade-out is waited for, in seconds.
const LONGEST_LATENCY_S: f64 = 5.0;
/// Longest step, in seconds, that can be measured within [`PREPARATION`].
pub(crate) const SHORT_S: u64 = 60;

/// Plays one track, which can be edited while it plays. Several players can exist at once.
pub struct Player {
    pub(crate) shared: Arc<Shared>,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) tracks: Arc<Tracks>,
    /// The part of the track that is played again and again, in seconds.
    pub(crate) looped: Mutex<Option<Range<f64>>>,
    /// The tracks in turn, if there are several.
    pub(crate) list: Option<Arc<List>>,
    /// The way to the thread that looks ahead.
    pub(crate) asks: Mutex<Option<Sender<Ask>>>,
    pub(crate) options: PlayerOptions,
    pub(crate) plan_options: PlanOptions,
    pub(crate) rate: u32,
    pub(crate) info: Arc<Mutex<Info>>,
    pub(crate) last_error: Arc<Mutex<Option<String>>>,
    pub(crate) device_events: Arc<DeviceEvents>,
    pub(crate) tasks: Mutex<Option<Tasks>>,
    pub(crate) closing: Arc<AtomicBool>,
    pub(crate) threads: Mutex<Vec<JoinHandle<()>>>,
    /// Held while an edit is compiled, so that edits take over in the order of the calls.
    pub(crate) editing: Mutex<()>,
    /// Cancels the edit that is being compiled.
    pub(crate) edit: Mutex<Interrupt>,
    /// Number and length, in frames, of the last order to the sleep timer.
    pub(crate) order: Mutex<(u32, u64)>,
}

/// A player without an open device. Its track has been compiled, so only the device can still fail.
pub struct Prepared {
    player: Player,
    source: Box<Source>,
    start: u64,
    info: Info,
    request: Request,
    backend: Arc<dyn Backend>,
}

impl Player {
    /// Open a device and prepare to play `track` from `options.start`. The player is paused; call [`Self::play`] to
    /// begin.
    ///
    /// # Errors
    /// [`Error::Engine`] if the track cannot be compiled or `options.interrupt` was requested; [`Error::Device`] if the
    /// device cannot be opened.
    pub fn new(track: &Track, options: PlayerOptions, backend: Arc<dyn Backend>) -> Result<Self> {
        Self::prepare(track, options, backend)?.open()
    }

    /// Do everything that [`Self::new`] does except opening the device. Use this to replace another player on a device
    /// that allows one stream: the other player can continue until the new track is known to be playable.
    ///
    /// # Errors
    /// [`Error::Engine`] if the track cannot be compiled or `options.interrupt` was requested; [`Error::Device`] if
    /// there is no suitable device.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, device::null::Null};
    /// # let (old_track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0}]}"#)?;
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 30.0}]}"#)?;
    /// # let old = Player::new(&old_track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// let prepared = Player::prepare(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// old.stop(); // the new track can be played: free the device
    /// let player = prepared.open()?;
    /// assert_eq!(player.duration(), 30.0);
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn prepare(track: &Track, options: PlayerOptions, backend: Arc<dyn Backend>) -> Result<Prepared> {
        Self::prepare_listed(track, options, backend, None)
    }

    /// Do what [`Self::prepare`] does for a track of a list: the list, the entry of the track, and findings about it.
    pub(crate) fn prepare_listed(
        track: &Track,
        options: PlayerOptions,
        backend: Arc<dyn Backend>,
        listed: Option<(Arc<List>, u64, Vec<Problem>)>,
    ) -> Result<Prepared> {
        let begun = Instant::now();
        let request = Request {
            device: options.device.clone(),
            sample_rate: options.sample_rate.unwrap_or(track.globals.sample_rate),
            block: options.block.or_else(|| Some(options.latency.block())),
            latency: Duration::from_secs_f64(options.latency.seconds()),
        };
        let info = backend.negotiate(&request)?;
        let mut plan_options = PlanOptions {
            sample_rate: Some(info.sample_rate),
            compat: options.compat,
            seed: options.seed,
            on_error: options.on_error,
            gains: options.gains,
            media_cache: Some(Arc::new(MediaCache::default())),
            // playback needs little computation, but always in time: a graphics processor may be late
            accelerator: None,
            interrupt: options.interrupt.clone(),
        };
        let (plan, found) = Plan::compile(track, &plan_options)?;
        let (list, entry, mut warnings) = match listed {
            Some((list, entry, findings)) => (Some(list), entry, findings),
            None => (None, 0, Vec::new()),
        };
        add_new(&mut warnings, found);
        // the interrupt is for this call only; each edit has its own
        let interrupt = std::mem::take(&mut plan_options.interrupt);
        let plan = Arc::new(plan);
        if options.measure_first {
            plan.measure(0, plan.steps().len(), 0, &mut |_| !interrupt.is_requested())?;
            if options.target_level.stream_peak(&plan).is_some() {
                render::peak(&plan, 0, &mut |_| !interrupt.is_requested())?;
            }
        }
        let rate = f64::from(info.sample_rate);
        let start = ((options.start.max(0.0) * rate) as u64).min(plan.frames());
        let clips = StreamClips::of(track, &plan, plan_options.gains.clips);
        let number = 1;
        let track = Arc::new(track.clone());
        let first = Current { number, entry, track, plan: Arc::clone(&plan), clips: clips.clone(), warnings };
        let player = Self {
            shared: Arc::new(Shared::new(options.volume.clamp(0.0, 1.0), start)),
            mailbox: Arc::default(),
            tracks: Arc::new(Tracks::new(first)),
            looped: Mutex::default(),
            list,
            asks: Mutex::default(),
            options,
            plan_options,
            rate: info.sample_rate,
            info: Arc::new(Mutex::new(info.clone())),
            last_error: Arc::default(),
            device_events: Arc::default(),
            tasks: Mutex::default(),
            closing: Arc::default(),
            threads: Mutex::default(),
            editing: Mutex::default(),
            edit: Mutex::default(),
            order: Mutex::new((0, Order::NEVER)),
        };
        // the first track may be over before it is known whether there is a next one
        let continues = player.list.as_ref().is_some_and(|list| list.from(entry + 1).is_some());
        player.mailbox.post(|mail| mail.continues = Some(continues));
        player.start_background()?;
        let target = player.options.target_level.stream_peak(&plan);
        let playing = Playing::new(Arc::clone(&plan), clips, start).at_level(target, None);
        let source = Box::new(Source { playing, number, entry });
        let first = plan.timeline().current(start).map(|step| &plan.steps()[step]);
        // a first step that is measured in time starts with its exact level instead of an estimate
        let short = first.filter(|step| step.placement.frames < u64::from(info.sample_rate) * SHORT_S);
        while short.is_some_and(|step| step.final_levels().is_none()) && begun.elapsed() < PREPARATION {
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(Prepared { player, source, start, info, request, backend })
    }

    pub(crate) fn command(&self, command: TransportCommand) {
        // nothing follows a stop
        let stop = TransportCommand::Stop as u8;
        let next = |now: u8| (now != stop).then_some(command as u8);
        self.shared.command.fetch_update(Ordering::Release, Ordering::Acquire, next).ok();
    }

    /// Whether [`Self::stop`] was called. Then no command has an effect.
    pub fn is_stopped(&self) -> bool {
        self.shared.command() == TransportCommand::Stop
    }

    /// Begin to play, or resume after [`Self::pause`] or after the end of the sleep timer. After the end of the track,
    /// play from its start. After [`Self::stop`], do nothing.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, State, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {}}]}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// assert_eq!(player.state(), State::Paused);
    /// player.play();
    /// assert!(matches!(player.state(), State::Starting | State::Playing));
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn play(&self) {
        self.return_from_end();
        self.begin_at(0);
    }

    /// After the end of the track, go to its start.
    pub(crate) fn return_from_end(&self) {
        if self.has_ended() {
            self.seek(0.0);
        }
    }

    /// Fade out and keep the position.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, State, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {}}]}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// player.play();
    /// player.pause();
    /// assert_eq!(player.state(), State::Paused);
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn pause(&self) {
        self.command(TransportCommand::Pause);
    }

    /// Go to `seconds` of the track, clamped to its length, without a click. A paused player stays paused. A value that
    /// is not finite counts as 0.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, State, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {}}]}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// player.play();
    /// player.seek(30.0);
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn seek(&self, seconds: f64) {
        let frame = if seconds.is_finite() { (seconds.max(0.0) * f64::from(self.rate)) as u64 } else { 0 };
        self.mailbox.post(|mail| mail.seek = Some(frame));
        if self.shared.state() == State::Finished {
            // show the new position at once; the callback updates it from now on
            self.shared.heard.store(frame.min(self.tracks.plan().frames()), Ordering::Release);
        }
    }

    /// Set the linear volume, clamped to 0 to 1. The change is ramped.
    ///
    /// # Errors
    /// [`Error::Engine`] if `volume` is not finite.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, State, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {}}]}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// player.set_volume(0.5)?;
    /// assert_eq!(player.volume(), 0.5);
    /// assert!(player.set_volume(f32::NAN).is_err());
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn set_volume(&self, volume: f32) -> Result<()> {
        if !volume.is_finite() {
            return Err(realtime_backend_core::error::Error::invalid("volume", "expected a number from 0 to 1").into());
        }
        self.shared.set_volume(volume.clamp(0.0, 1.0));
        Ok(())
    }

    /// The linear volume that was set last, 0 to 1. The output may still be ramping to it.
    pub fn volume(&self) -> f32 {
        self.shared.volume()
    }

    /// Fade out, wait until the fade is heard, close the device and end the threads. Idempotent. Takes about 30 ms more than
    /// the latency of the device, and at most 3 s more if the audio system does not answer.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, State, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {}}]}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// player.play();
    /// player.stop();
    /// assert_eq!(player.state(), State::Stopped);
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn stop(&self) {
        // a second caller waits here until the first is done
        let mut threads = lock(&self.threads);
        self.command(TransportCommand::Stop);
        let latency = f64::from(self.shared.latency.load(Ordering::Relaxed)) / f64::from(self.rate);
        let patience = 0.25 + 2.0 * self.options.ramp.clamp(0.0, 10.0) + latency.min(LONGEST_LATENCY_S);
        let patience = Instant::now() + Duration::from_secs_f64(patience);
        while !threads.is_empty()
            && !self.shared.quiet.load(Ordering::Acquire)
            && !matches!(self.state(), State::Finished | State::Failed | State::Stopped)
            && Instant::now() < patience
        {
            std::thread::sleep(Duration::from_millis(2));
        }
        self.closing.store(true, Ordering::Release);
        lock(&self.edit).request();
        self.mailbox.post(|mail| mail.close = true);
        *lock(&self.tasks) = None;
        let patience = Instant::now() + ENDING;
        for thread in threads.drain(..) {
            thread.thread().unpark();
            while !thread.is_finished() && Instant::now() < patience {
                std::thread::sleep(Duration::from_millis(1));
            }
            if thread.is_finished() {
                let _ = thread.join();
            }
        }
        self.shared.state.store(State::Stopped as u8, Ordering::Release);
    }
}

impl Prepared {
    /// Open the device. The player is paused.
    ///
    /// # Errors
    /// [`Error::Device`] if the device cannot be opened or a thread cannot be started.
    pub fn open(self) -> Result<Player> {
        let Self { player, source, start, info, request, backend } = self;
        let output = player.start_rendering(source, start, &info)?;
        player.start_device(output, request, backend)?;
        Ok(player)
    }

    /// Findings about the track, made when it was compiled.
    pub fn warnings(&self) -> Vec<Problem> {
        self.player.warnings()
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.stop();
    }
}
