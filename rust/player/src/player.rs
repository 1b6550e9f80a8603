//! The player: what control holds. Owns the threads and knows the track; everything else is behind it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use realtime_backend_core::error::Problem;
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::lock::lock;
use realtime_backend_core::plan::{MediaCache, Plan, PlanOptions};
use realtime_backend_core::render::{Pushed, StreamClips};
use realtime_backend_core::track::Track;

use crate::background::{Task, Tasks};
use crate::device::{Backend, DeviceError, Info, Request};
use crate::mailbox::Mailbox;
use crate::options::PlayerOptions;
use crate::queue::{Shared, State, TransportCommand};
use crate::render_thread::Source;
use crate::stats::Stats;

/// Why a player could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The track or an argument.
    #[error(transparent)]
    Engine(#[from] realtime_backend_core::error::Error),
    /// The device.
    #[error(transparent)]
    Device(#[from] DeviceError),
}

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Seconds from an edit to the frame at which it takes over.
const TAKE_OVER_S: f64 = 0.025;
/// How long making a player may take for the sake of exact levels from the first sample on.
const PREPARATION: Duration = Duration::from_millis(100);
/// How long the threads may take to end; one that is stuck in the audio system or a file system is left behind.
const ENDING: Duration = Duration::from_secs(2);
/// Seconds of a step that can be measured in that time.
const SHORT_S: u64 = 60;

/// Plays one track, which may be edited while it plays. Several players may exist.
pub struct Player {
    pub(crate) shared: Arc<Shared>,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) plan: Arc<Mutex<Arc<Plan>>>,
    /// Of the track that plays or is about to.
    pub(crate) clips: Mutex<StreamClips>,
    pub(crate) options: PlayerOptions,
    pub(crate) plan_options: PlanOptions,
    pub(crate) rate: u32,
    pub(crate) info: Arc<Mutex<Info>>,
    pub(crate) warnings: Mutex<Vec<Problem>>,
    pub(crate) last_error: Arc<Mutex<Option<String>>>,
    pub(crate) tasks: Mutex<Option<Tasks>>,
    pub(crate) closing: Arc<AtomicBool>,
    pub(crate) threads: Mutex<Vec<JoinHandle<()>>>,
    /// Held while an edit is compiled, so that edits take over in the order in which they came.
    pub(crate) editing: Mutex<()>,
    /// Ends the edit that is being compiled.
    pub(crate) edit: Mutex<Interrupt>,
}

/// A player that has everything but a device: what there is to say against its track has been said.
pub struct Prepared {
    player: Player,
    source: Box<Source>,
    start: u64,
    info: Info,
    request: Request,
    backend: Arc<dyn Backend>,
}

impl Player {
    /// Open a device and get ready to play `track` from `options.start`, paused. Call [`Self::play`] to begin.
    pub fn new(track: &Track, options: PlayerOptions, backend: Arc<dyn Backend>) -> Result<Self> {
        Self::prepare(track, options, backend)?.open()
    }

    /// Do all of [`Self::new`] but opening the device: for a track that is to follow another one on a device that is
    /// not shared, and must not end the other one if it cannot be played.
    pub fn prepare(track: &Track, options: PlayerOptions, backend: Arc<dyn Backend>) -> Result<Prepared> {
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
            // a stream needs little, but always in time
            accelerator: None,
            interrupt: options.interrupt.clone(),
        };
        let (plan, warnings) = Plan::compile(track, &plan_options)?;
        // for this call only: an edit is another piece of work
        let interrupt = std::mem::take(&mut plan_options.interrupt);
        let plan = Arc::new(plan);
        if options.measure_first {
            plan.measure(0, plan.steps().len(), 0, &mut |_| !interrupt.is_requested())?;
        }
        let rate = f64::from(info.sample_rate);
        let start = ((options.start.max(0.0) * rate) as u64).min(plan.frames());
        let clips = StreamClips::of(track, &plan, plan_options.gains.clips);
        let player = Self {
            shared: Arc::new(Shared::new(options.volume.clamp(0.0, 1.0), start)),
            mailbox: Arc::default(),
            plan: Arc::new(Mutex::new(Arc::clone(&plan))),
            clips: Mutex::new(clips.clone()),
            options,
            plan_options,
            rate: info.sample_rate,
            info: Arc::new(Mutex::new(info.clone())),
            warnings: Mutex::new(warnings),
            last_error: Arc::default(),
            tasks: Mutex::default(),
            closing: Arc::default(),
            threads: Mutex::default(),
            editing: Mutex::default(),
            edit: Mutex::default(),
        };
        player.start_background()?;
        let source = Box::new(Source::new(Arc::clone(&plan), clips, start));
        let first = plan.timeline().current(start).map(|step| &plan.steps()[step]);
        // a step that is measured before its first frame is rendered needs no estimate
        let short = first.filter(|step| step.placement.frames < u64::from(info.sample_rate) * SHORT_S);
        while short.is_some_and(|step| step.final_levels().is_none()) && begun.elapsed() < PREPARATION {
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(Prepared { player, source, start, info, request, backend })
    }

    fn command(&self, command: TransportCommand) {
        self.shared.command.store(command as u8, Ordering::Release);
    }

    /// Begin, or go on after [`Self::pause`]. After the end: from the start of the track; after [`Self::stop`]: nothing.
    pub fn play(&self) {
        if self.closing.load(Ordering::Acquire) {
            return;
        }
        if self.state() == State::Finished {
            self.seek(0.0);
        }
        self.command(TransportCommand::Play);
    }

    /// Fade out and hold the position.
    pub fn pause(&self) {
        self.command(TransportCommand::Pause);
    }

    /// Go to `seconds` on the track (clamped to its length), without a click. Stays paused when paused.
    pub fn seek(&self, seconds: f64) {
        let frame = if seconds.is_finite() { (seconds.max(0.0) * f64::from(self.rate)) as u64 } else { 0 };
        self.mailbox.post(|mail| mail.seek = Some(frame));
        if self.shared.state() == State::Finished {
            // shown at once; the callback takes over from here
            self.shared.frame.store(frame.min(lock(&self.plan).frames()), Ordering::Release);
        }
    }

    /// Set the volume, 0 to 1; ramps.
    ///
    /// # Errors
    /// If it is not a finite number.
    pub fn set_volume(&self, volume: f32) -> Result<()> {
        if !volume.is_finite() {
            return Err(realtime_backend_core::error::Error::invalid("volume", "expected a number from 0 to 1").into());
        }
        self.shared.set_volume(volume.clamp(0.0, 1.0));
        Ok(())
    }

    /// The volume asked for.
    pub fn volume(&self) -> f32 {
        self.shared.volume()
    }

    /// Replace the track by an edited one without interrupting it: phases are carried over by voice identity, old and
    /// new are crossfaded. On an error the old track plays on. `interrupt` and [`Self::stop`] end the work.
    pub fn update(&self, track: &Track, interrupt: &Interrupt) -> Result<()> {
        let _one = lock(&self.editing);
        *lock(&self.edit) = interrupt.clone();
        if self.closing.load(Ordering::Acquire) {
            interrupt.request();
        }
        let result = self.try_update(track, interrupt);
        match &result {
            Ok(()) => *lock(&self.last_error) = None,
            Err(Error::Engine(realtime_backend_core::error::Error::Cancelled)) => {}
            Err(error) => self.refuse(error.to_string()),
        }
        result
    }

    /// Keep why an edit was refused before there was a track to [`update`](Self::update) to.
    pub fn refuse(&self, reason: String) {
        *lock(&self.last_error) = Some(reason);
    }

    fn try_update(&self, track: &Track, interrupt: &Interrupt) -> Result<()> {
        let old = Arc::clone(&lock(&self.plan));
        let ahead = if self.state() == State::Playing { TAKE_OVER_S } else { 0.0 };
        let frame = self.shared.reach_frame.load(Ordering::Acquire) + (ahead * f64::from(self.rate)) as u64;
        let options = PlanOptions { interrupt: interrupt.clone(), ..self.plan_options.clone() };
        let (plan, warnings) = Plan::compile_continuing(track, &options, &old, frame)?;
        let plan = Arc::new(plan);
        let clips = lock(&self.clips).edited(track, &plan, self.plan_options.gains.clips);
        let mut source = Source::new(Arc::clone(&plan), clips.clone(), frame);
        source.take_over = Some(frame);
        *lock(&self.clips) = clips;
        *lock(&self.warnings) = warnings;
        *lock(&self.plan) = Arc::clone(&plan);
        let source = Box::new(source);
        let unused = self.mailbox.post(|mail| mail.source.replace(source));
        drop(unused); // an edit that was overtaken by this one before it was heard
        if let Some(tasks) = lock(&self.tasks).as_ref() {
            tasks.send(Task::Measure(plan)).ok();
        }
        Ok(())
    }

    /// Append interleaved stereo samples (at [`Self::info`]'s rate) to the streamed clip `index` of the track.
    ///
    /// # Errors
    /// If that clip is not a streamed one.
    pub fn push_clip_samples(&self, index: usize, interleaved: &[f32], finished: bool) -> Result<Pushed> {
        let clip = lock(&self.clips).get(index)?.clone();
        Ok(clip.push(interleaved, finished))
    }

    /// Fade out, close the device, end the threads. Idempotent. Takes some 30 ms, and at most 3 s where the audio system
    /// does not answer.
    pub fn stop(&self) {
        // a second caller waits until the first is done
        let mut threads = lock(&self.threads);
        self.command(TransportCommand::Stop);
        let patience = Instant::now() + Duration::from_secs_f64(0.25 + 2.0 * self.options.ramp.clamp(0.0, 10.0));
        while !threads.is_empty()
            && !self.shared.resting.load(Ordering::Acquire)
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

    /// What is happening, or about to happen when the device asks for the next frames.
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

    /// Seconds on the track of what is heard now.
    pub fn position(&self) -> f64 {
        let frame = self.shared.frame.load(Ordering::Acquire);
        let latency = if self.state() == State::Playing { self.shared.latency.load(Ordering::Relaxed) } else { 0 };
        frame.saturating_sub(u64::from(latency)) as f64 / f64::from(self.rate)
    }

    /// Length of the track in seconds.
    pub fn duration(&self) -> f64 {
        lock(&self.plan).seconds()
    }

    /// Index of the step that is heard now; `None` between and after steps.
    pub fn step(&self) -> Option<usize> {
        lock(&self.plan).timeline().current(self.shared.frame.load(Ordering::Acquire))
    }

    /// Start and end of every step in seconds.
    pub fn step_times(&self) -> Vec<(f64, f64)> {
        lock(&self.plan).step_times()
    }

    /// Counters since the start (levels: since the last call).
    pub fn stats(&self) -> Stats {
        self.shared.meters.snapshot(self.rate, self.shared.latency.load(Ordering::Relaxed))
    }

    /// Device, rate, channels.
    pub fn info(&self) -> Info {
        lock(&self.info).clone()
    }

    /// Findings about the track that plays.
    pub fn warnings(&self) -> Vec<Problem> {
        let mut warnings = lock(&self.warnings).clone();
        warnings.extend(lock(&self.plan).noticed());
        warnings
    }

    /// The last edit's or the device's failure, if any; else an audio file that cannot be read any more and is silent.
    pub fn last_error(&self) -> Option<String> {
        lock(&self.last_error).clone().or_else(|| lock(&self.plan).fault())
    }

    /// Whether all levels of the track are final (see [`PlayerOptions::measure_first`]).
    pub fn has_final_levels(&self) -> bool {
        lock(&self.plan).has_final_levels()
    }

    /// Wait until the track has ended or the player has stopped or failed; false after `timeout`.
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

impl Prepared {
    /// Open the device.
    ///
    /// # Errors
    /// [`Error::Device`].
    pub fn open(self) -> Result<Player> {
        let Self { player, source, start, info, request, backend } = self;
        let output = player.start_rendering(source, start, &info)?;
        player.start_device(output, request, backend)?;
        Ok(player)
    }

    /// Findings about the track.
    pub fn warnings(&self) -> Vec<Problem> {
        self.player.warnings()
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.stop();
    }
}
