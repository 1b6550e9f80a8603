//! The player: what control holds. Owns the threads and knows the track; everything else is behind it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use realtime_backend_core::error::Problem;
use realtime_backend_core::plan::{Library, Plan, PlanOptions};
use realtime_backend_core::render::{Pushed, StreamClips};
use realtime_backend_core::track::Track;

use crate::conductor::{Conductor, Sizes, Source};
use crate::device::{Backend, DeviceError, Info, Lent, Request};
use crate::line::{Shared, State, Wish, line};
use crate::mailbox::{Mail, Mailbox};
use crate::options::PlayerOptions;
use crate::output::Output;
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

type Result<T, E = Error> = std::result::Result<T, E>;

/// Seconds from an edit to the frame at which it takes over.
const TAKE_OVER_S: f64 = 0.04;
/// Seconds between the callback and a splice.
const MARGIN_S: f64 = 0.012;
/// How often the render thread looks at the ring.
const TICK: Duration = Duration::from_millis(5);
/// How often, and how many times, a lost device is looked for.
const RETRY: Duration = Duration::from_millis(500);
const RETRIES: u32 = 60;

/// Plays one track, which may be edited while it plays. Several players may exist.
pub struct Player {
    shared: Arc<Shared>,
    mailbox: Arc<Mailbox>,
    plan: Arc<Mutex<Arc<Plan>>>,
    clips: Arc<StreamClips>,
    options: PlayerOptions,
    plan_options: PlanOptions,
    info: Info,
    warnings: Mutex<Vec<Problem>>,
    last_error: Arc<Mutex<Option<String>>>,
    to_measure: Option<Sender<Chore>>,
    closing: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

/// Work for the thread that may take its time.
enum Chore {
    Measure(Arc<Plan>),
    Drop(Box<Source>),
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(run)
        .map_err(|error| DeviceError(format!("could not start a thread: {error}")).into())
}

impl Player {
    /// Open a device and get ready to play `track` from `options.start`, paused. Call [`Self::play`] to begin.
    pub fn new(track: &Track, options: PlayerOptions, backend: Arc<dyn Backend>) -> Result<Self> {
        let wanted = options.sample_rate.unwrap_or(track.globals.sample_rate);
        let request = Request { device: options.device.clone(), sample_rate: wanted, block: options.block };
        let info = backend.negotiate(&request)?;
        let plan_options = PlanOptions {
            sample_rate: Some(info.sample_rate),
            compat: options.compat,
            seed: options.seed,
            on_error: options.on_error,
            gains: options.gains,
            library: Some(Arc::new(Library::default())),
        };
        let (plan, warnings) = Plan::compile(track, &plan_options)?;
        let plan = Arc::new(plan);
        if options.measure_first {
            plan.measure(0, plan.steps().len(), 0, &mut |_| true)?;
        }
        let rate = f64::from(info.sample_rate);
        let start = ((options.start.max(0.0) * rate) as u64).min(plan.frames());
        let sizes = Sizes {
            target: (options.latency.seconds() * rate) as u64,
            margin: (MARGIN_S * rate) as u64 + 2 * u64::from(info.block.unwrap_or(0)),
            crossfade: (options.ramp.clamp(0.001, 0.5) * rate) as u64,
            rise: (options.startup_fade.max(0.0) * rate) as u64,
        };
        let capacity = 3 * sizes.target + 2 * (sizes.margin + sizes.crossfade) + 4096;
        let (feed, tap) = line(capacity as usize);
        let shared = Arc::new(Shared::new(options.volume.clamp(0.0, 1.0)));
        let output = Output::new(tap, Arc::clone(&shared), info.sample_rate, options.ramp as f32);
        let source = Box::new(Source::new(Arc::clone(&plan), start));
        let clips = Arc::new(StreamClips::of(track, &plan, plan_options.gains.clips));
        let mut conductor = Conductor::new(feed, Arc::clone(&shared), source, start, sizes);
        conductor.clips = StreamClips::clone(&clips);
        let mut player = Self {
            shared,
            mailbox: Arc::default(),
            plan: Arc::new(Mutex::new(plan)),
            clips,
            options,
            plan_options,
            info,
            warnings: Mutex::new(warnings),
            last_error: Arc::default(),
            to_measure: None,
            closing: Arc::default(),
            threads: Vec::new(),
        };
        player.start_threads(conductor, output, backend)?;
        Ok(player)
    }

    fn start_threads(&mut self, mut conductor: Conductor, output: Output, backend: Arc<dyn Backend>) -> Result<()> {
        let (chores, todo) = channel();
        chores.send(Chore::Measure(Arc::clone(&lock(&self.plan)))).ok();
        let (shared, closing) = (Arc::clone(&self.shared), Arc::clone(&self.closing));
        self.threads.push(spawn("audio chores", move || do_chores(&todo, &shared, &closing))?);
        let (mailbox, retire) = (Arc::clone(&self.mailbox), chores.clone());
        conductor.tick(&mut Mail::default());
        self.threads.push(spawn("audio render", move || {
            let mut mail = Mail::default();
            while !mail.close {
                mailbox.collect(&mut mail, TICK);
                if let Some(source) = conductor.tick(&mut mail) {
                    retire.send(Chore::Drop(source)).ok();
                }
            }
        })?);
        self.to_measure = Some(chores);
        let (opened, result) = channel();
        let keeper = Keeper {
            backend,
            info: self.info.clone(),
            shared: Arc::clone(&self.shared),
            closing: Arc::clone(&self.closing),
            last_error: Arc::clone(&self.last_error),
        };
        self.threads.push(spawn("audio device", move || keeper.run(output, &opened))?);
        match result.recv() {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(DeviceError("the device thread ended before it opened the device".to_owned()).into()),
        }
    }

    fn wish(&self, wish: Wish) {
        self.shared.wish.store(wish as u8, Ordering::Release);
    }

    /// Begin, or go on after [`Self::pause`]. After the end: from the start of the track.
    pub fn play(&self) {
        if self.state() == State::Finished {
            self.seek(0.0);
        }
        self.wish(Wish::Play);
    }

    /// Fade out and hold the position.
    pub fn pause(&self) {
        self.wish(Wish::Pause);
    }

    /// Go to `seconds` on the track (clamped to its length), without a click. Stays paused when paused.
    pub fn seek(&self, seconds: f64) {
        let frame = if seconds.is_finite() { (seconds.max(0.0) * f64::from(self.info.sample_rate)) as u64 } else { 0 };
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
    /// new are crossfaded. On an error the old track plays on.
    pub fn update(&self, track: &Track) -> Result<()> {
        let result = self.try_update(track);
        *lock(&self.last_error) = result.as_ref().err().map(ToString::to_string);
        result
    }

    fn try_update(&self, track: &Track) -> Result<()> {
        let old = Arc::clone(&lock(&self.plan));
        let ahead = if self.state() == State::Playing { TAKE_OVER_S } else { 0.0 };
        let frame = self.shared.frame.load(Ordering::Acquire) + (ahead * f64::from(self.info.sample_rate)) as u64;
        let (plan, warnings) = Plan::compile_continuing(track, &self.plan_options, &old, frame)?;
        let plan = Arc::new(plan);
        let mut source = Source::new(Arc::clone(&plan), frame);
        source.take_over = Some(frame);
        *lock(&self.warnings) = warnings;
        *lock(&self.plan) = Arc::clone(&plan);
        let source = Box::new(source);
        let unused = self.mailbox.post(|mail| mail.source.replace(source));
        drop(unused); // an edit that was overtaken by this one before it was heard
        if let Some(chores) = &self.to_measure {
            chores.send(Chore::Measure(plan)).ok();
        }
        Ok(())
    }

    /// Append interleaved stereo samples (at [`Self::info`]'s rate) to the streamed clip `index` of the track.
    ///
    /// # Errors
    /// If that clip is not a streamed one.
    pub fn push_clip_samples(&self, index: usize, interleaved: &[f32], finished: bool) -> Result<Pushed> {
        let clip = self.clips.get(index)?;
        Ok(clip.push(interleaved, finished))
    }

    /// Fade out, close the device, end the threads. Idempotent.
    pub fn stop(&mut self) {
        self.wish(Wish::Stop);
        let patience = Instant::now() + Duration::from_secs_f64(0.25 + 2.0 * self.options.ramp);
        while !self.threads.is_empty()
            && !self.shared.resting.load(Ordering::Acquire)
            && !matches!(self.state(), State::Finished | State::Failed | State::Stopped)
            && Instant::now() < patience
        {
            std::thread::sleep(Duration::from_millis(2));
        }
        self.closing.store(true, Ordering::Release);
        self.mailbox.post(|mail| mail.close = true);
        self.to_measure = None;
        for thread in self.threads.drain(..) {
            thread.thread().unpark();
            let _ = thread.join();
        }
        self.shared.state.store(State::Stopped as u8, Ordering::Release);
    }

    /// What is happening.
    pub fn state(&self) -> State {
        self.shared.state()
    }

    /// Seconds on the track of what is heard now.
    pub fn position(&self) -> f64 {
        let frame = self.shared.frame.load(Ordering::Acquire);
        let latency = if self.state() == State::Playing { self.shared.latency.load(Ordering::Relaxed) } else { 0 };
        frame.saturating_sub(u64::from(latency)) as f64 / f64::from(self.info.sample_rate)
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
        self.shared.meters.snapshot(self.info.sample_rate)
    }

    /// Device, rate, channels.
    pub const fn info(&self) -> &Info {
        &self.info
    }

    /// Findings about the track that plays.
    pub fn warnings(&self) -> Vec<Problem> {
        lock(&self.warnings).clone()
    }

    /// The last edit's or the device's failure, if any.
    pub fn last_error(&self) -> Option<String> {
        lock(&self.last_error).clone()
    }

    /// Whether all levels of the track are final (see [`PlayerOptions::measure_first`]).
    pub fn is_settled(&self) -> bool {
        lock(&self.plan).is_settled()
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

impl Drop for Player {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Measure plans step by step, the newest first, and drop what others have no time to drop.
fn do_chores(todo: &Receiver<Chore>, shared: &Shared, closing: &AtomicBool) {
    let mut plan: Option<Arc<Plan>> = None;
    loop {
        let chore = if plan.is_some() { todo.try_recv().ok() } else { todo.recv_timeout(RETRY).ok() };
        match chore {
            Some(Chore::Measure(newest)) => plan = Some(newest),
            Some(Chore::Drop(source)) => drop(source),
            None => {}
        }
        if closing.load(Ordering::Acquire) {
            return;
        }
        let Some(current) = &plan else { continue };
        let now = current.timeline().current(shared.frame.load(Ordering::Acquire)).unwrap_or(0);
        let count = current.steps().len();
        let next = (now..count).chain(0..now).find(|step| current.steps()[*step].settled().is_none());
        match next {
            Some(step) => {
                let mut go_on = |_| !closing.load(Ordering::Acquire);
                if current.measure(step, step + 1, 1, &mut go_on).is_err() {
                    plan = None;
                }
            }
            None => plan = None,
        }
    }
}

/// Opens the device, keeps it open, reopens it when it is lost.
struct Keeper {
    backend: Arc<dyn Backend>,
    info: Info,
    shared: Arc<Shared>,
    closing: Arc<AtomicBool>,
    last_error: Arc<Mutex<Option<String>>>,
}

impl Keeper {
    fn run(self, output: Output, opened: &Sender<Result<(), DeviceError>>) {
        let (back, returned) = channel();
        let lost = Arc::new(AtomicBool::new(false));
        let start = |output: Output| {
            lost.store(false, Ordering::Release);
            self.backend.start(&self.info, Lent::new(output, back.clone(), Arc::clone(&lost)))
        };
        let mut stream = match start(output) {
            Ok(stream) => {
                opened.send(Ok(())).ok();
                Some(stream)
            }
            Err(error) => {
                opened.send(Err(error)).ok();
                return;
            }
        };
        let mut tries = 0;
        while !self.closing.load(Ordering::Acquire) {
            std::thread::park_timeout(Duration::from_millis(50));
            if !lost.load(Ordering::Acquire) || self.closing.load(Ordering::Acquire) {
                continue;
            }
            drop(stream.take());
            let Ok(output) = returned.recv_timeout(RETRY) else { continue };
            match start(output) {
                Ok(running) => {
                    stream = Some(running);
                    tries = 0;
                    self.shared.meters.restarts.fetch_add(1, Ordering::Relaxed);
                }
                Err(error) => {
                    *lock(&self.last_error) = Some(format!("the audio device was lost: {error}"));
                    tries += 1;
                    if tries >= RETRIES {
                        self.shared.state.store(State::Failed as u8, Ordering::Release);
                        return;
                    }
                    lost.store(true, Ordering::Release);
                    std::thread::park_timeout(RETRY);
                }
            }
        }
        drop(stream);
    }
}
