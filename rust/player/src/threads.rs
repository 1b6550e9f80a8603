//! The threads of a player: background tasks, the render thread and the device monitor.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use realtime_backend_core::lock::lock;
use realtime_backend_core::stream::Source;

use crate::ahead::{Ahead, Ask};
use crate::background::{self, Task, Tasks};
use crate::device::{Backend, DeviceError, Info, Request};
use crate::device_monitor::DeviceMonitor;
use crate::mailbox::Mail;
use crate::output::Output;
use crate::player::{Player, Result};
use crate::priority;
use crate::queue::{Shared, State, queue};
use crate::render_thread::{RenderThread, Sizes};

/// Safety margin of a splice, in seconds, in addition to one block of the device.
const MARGIN_S: f64 = 0.012;
/// Longest time between two checks of the ring by the render thread.
const TICK: Duration = Duration::from_millis(5);
/// Longest time that opening the device may take.
const OPENING: Duration = Duration::from_secs(10);

impl Player {
    /// Start the background thread and give it the plan to measure.
    pub(crate) fn start_background(&self) -> Result<()> {
        let (tasks, todo) = channel();
        tasks.send(Task::Measure(self.tracks.plan())).ok();
        let (shared, closing) = (Arc::clone(&self.shared), Arc::clone(&self.closing));
        let target = self.options.target_level;
        let work = move || background::run(&todo, &shared, target, &closing);
        lock(&self.threads).push(spawn("audio background", work)?);
        *lock(&self.tasks) = Some(tasks);
        Ok(())
    }

    /// Fill the ring and start the render thread. Returns the output that reads the ring.
    pub(crate) fn start_rendering(&self, source: Box<Source>, start: u64, info: &Info) -> Result<Output> {
        let closed = || DeviceError("the player was stopped".to_owned());
        let tasks = lock(&self.tasks).clone().ok_or_else(closed)?;
        let Self { options, shared, .. } = self;
        let rate = f64::from(info.sample_rate);
        let sizes = Sizes {
            target: (options.latency.seconds() * rate) as u64,
            margin: (MARGIN_S * rate) as u64 + u64::from(info.block.unwrap_or(0)),
            crossfade: (options.ramp.clamp(0.001, 0.5) * rate) as u64,
            rise: (options.startup_fade.max(0.0) * rate) as u64,
            skip: self.list.as_ref().map_or(0, |list| (list.skip_fade() * rate) as u64),
        };
        // frames stay in the ring as long as the device lets them be rewritten
        let held = u64::from(info.buffer.unwrap_or(0));
        let capacity = 3 * sizes.target + 2 * (sizes.margin + sizes.crossfade + held) + 4096;
        let (producer, consumer) = queue(capacity as usize);
        let output = Output::new(consumer, Arc::clone(shared), info.sample_rate, options.ramp as f32);
        let (asks, ahead) = channel();
        *lock(&self.asks) = Some(asks.clone());
        let mut rendering = RenderThread::new(producer, Arc::clone(shared), source, start, sizes, asks);
        rendering.tick(&mut Mail::default());
        self.start_ahead(ahead, tasks.clone())?;
        let (mailbox, shared, last_error) =
            (Arc::clone(&self.mailbox), Arc::clone(&self.shared), Arc::clone(&self.last_error));
        lock(&self.threads).push(spawn("audio render", move || {
            priority::raise();
            guarded(&shared, &last_error, || {
                let mut mail = Mail::default();
                while !mail.close {
                    mailbox.collect(&mut mail, TICK);
                    for source in rendering.tick(&mut mail) {
                        tasks.send(Task::Drop(source)).ok();
                    }
                }
            });
        })?);
        Ok(output)
    }

    /// Start the thread that makes what follows.
    fn start_ahead(&self, asks: Receiver<Ask>, tasks: Tasks) -> Result<()> {
        let ahead = Ahead {
            shared: Arc::clone(&self.shared),
            mailbox: Arc::clone(&self.mailbox),
            tracks: Arc::clone(&self.tracks),
            tasks,
            closing: Arc::clone(&self.closing),
            plan_options: self.plan_options.clone(),
            target: self.options.target_level,
            measure_first: self.options.measure_first,
            rate: self.rate,
            list: self.list.clone(),
            heard: 0,
            written: self.tracks.entry(),
        };
        lock(&self.threads).push(spawn("audio ahead", move || ahead.run(&asks))?);
        Ok(())
    }

    /// Start the device monitor and wait until the device is open.
    pub(crate) fn start_device(&self, output: Output, request: Request, backend: Arc<dyn Backend>) -> Result<()> {
        let (opened, result) = channel();
        let monitor = DeviceMonitor {
            backend,
            request,
            info: Arc::clone(&self.info),
            shared: Arc::clone(&self.shared),
            closing: Arc::clone(&self.closing),
            last_error: Arc::clone(&self.last_error),
            on_loss: self.options.on_device_loss,
            events: Arc::clone(&self.device_events),
        };
        lock(&self.threads).push(spawn("audio device", move || monitor.run(output, &opened))?);
        match result.recv_timeout(OPENING) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.into()),
            Err(RecvTimeoutError::Timeout) => {
                let waited = OPENING.as_secs();
                Err(DeviceError(format!("the audio system did not open the device within {waited} s")).into())
            }
            Err(RecvTimeoutError::Disconnected) => {
                Err(DeviceError("the device thread ended before it opened the device".to_owned()).into())
            }
        }
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(run)
        .map_err(|error| DeviceError(format!("could not start a thread: {error}")).into())
}

/// Run the render loop. If it panics, record the reason and set the state to `Failed`.
fn guarded(shared: &Shared, last_error: &Mutex<Option<String>>, run: impl FnOnce()) {
    if let Err(fault) = catch_unwind(AssertUnwindSafe(run)) {
        let words = fault.downcast_ref::<&str>().copied();
        let reason = words.or_else(|| fault.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given");
        *lock(last_error) = Some(format!("a fault in the renderer ended the playback: {reason}"));
        shared.state.store(State::Failed as u8, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_the_render_thread_is_reported() {
        let (shared, last_error) = (Shared::new(1.0, 0), Mutex::new(None));
        guarded(&shared, &last_error, || {});
        assert_eq!((shared.state(), lock(&last_error).clone()), (State::Paused, None));
        guarded(&shared, &last_error, || panic!("a test"));
        assert_eq!(shared.state(), State::Failed);
        let told = lock(&last_error).clone().unwrap_or_default();
        assert!(told.contains("renderer") && told.ends_with("a test"), "{told}");
    }
}
