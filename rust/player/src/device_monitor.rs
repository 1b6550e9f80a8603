//! Opens the device, checks that it still plays, and reopens it when it is lost.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use realtime_backend_core::lock::lock;

use crate::device::{Backend, DeviceError, Info, OutputHandle, Request, Running, Slot};
use crate::output::Output;
use crate::queue::{Shared, State};

/// Interval between two checks of the device.
const LOOK: Duration = Duration::from_millis(50);
/// Number of checks without a callback after which a clocked device counts as lost.
const STALLED: u32 = 100;
/// Time between two attempts to reopen a lost device.
const RETRY: Duration = Duration::from_millis(500);
/// Number of attempts to reopen a lost device.
const RETRIES: u32 = 60;
/// Start of every message about a lost device.
const LOST: &str = "the audio device was lost";

/// Owns the open device of a player. Runs on a thread of its own.
pub(crate) struct DeviceMonitor {
    pub(crate) backend: Arc<dyn Backend>,
    /// The request of the player. Reopening repeats it, so it finds a new default output.
    pub(crate) request: Request,
    pub(crate) info: Arc<Mutex<Info>>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) closing: Arc<AtomicBool>,
    pub(crate) last_error: Arc<Mutex<Option<String>>>,
}

impl DeviceMonitor {
    /// Open the device, send the result to `opened`, then monitor the device until the player closes.
    pub(crate) fn run(self, output: Output, opened: &Sender<Result<(), DeviceError>>) {
        let info = lock(&self.info).clone();
        let mut open = match self.open(&info, &mut Some(output)) {
            Ok(open) => {
                opened.send(Ok(())).ok();
                open
            }
            Err(error) => {
                opened.send(Err(error)).ok();
                return;
            }
        };
        while !self.closing.load(Ordering::Acquire) {
            std::thread::park_timeout(LOOK);
            if !open.is_lost(&self.shared) || self.closing.load(Ordering::Acquire) {
                continue;
            }
            self.tell(LOST.to_owned());
            match open.close().and_then(|output| self.reopen(&info, output)) {
                Some(reopened) => open = reopened,
                None => return,
            }
        }
    }

    /// Open the device and lend it `output`. On an error, `output` is put back.
    fn open(&self, info: &Info, output: &mut Option<Output>) -> Result<Open, DeviceError> {
        if let Some(output) = output {
            output.open();
        }
        let (slot, lost) = (Slot::new(Mutex::new(output.take())), Arc::new(AtomicBool::new(false)));
        match self.backend.start(info, OutputHandle::new(Arc::clone(&slot), Arc::clone(&lost))) {
            Ok(stream) => Ok(Open { stream, slot, lost, callbacks: 0, stalled: 0 }),
            Err(error) => {
                *output = lock(&slot).take();
                Err(error)
            }
        }
    }

    /// Try [`RETRIES`] times to reopen the device. Returns `None` if all attempts fail or the player closes.
    fn reopen(&self, before: &Info, output: Output) -> Option<Open> {
        let mut output = Some(output);
        for _ in 0..RETRIES {
            if self.closing.load(Ordering::Acquire) {
                return None;
            }
            let result = self.negotiate(before).and_then(|found| Ok((self.open(&found, &mut output)?, found)));
            match result {
                Ok((open, found)) => {
                    *lock(&self.info) = found;
                    self.shared.meters.restarts.fetch_add(1, Ordering::Relaxed);
                    self.untell();
                    return Some(open);
                }
                Err(error) => self.tell(format!("{LOST}: {error}")),
            }
            std::thread::park_timeout(RETRY);
        }
        self.shared.state.store(State::Failed as u8, Ordering::Release);
        None
    }

    /// Record the error for [`crate::Player::last_error`].
    fn tell(&self, error: String) {
        *lock(&self.last_error) = Some(error);
    }

    /// Clear the error if it is about the lost device.
    fn untell(&self) {
        lock(&self.last_error).take_if(|error| error.starts_with(LOST));
    }

    /// Find the device to open next. It must run at the sample rate of the plan.
    fn negotiate(&self, before: &Info) -> Result<Info, DeviceError> {
        let request = Request { sample_rate: before.sample_rate, ..self.request.clone() };
        let found = self.backend.negotiate(&request)?;
        if found.sample_rate == before.sample_rate {
            return Ok(found);
        }
        Err(DeviceError(format!("{} runs at {} Hz, not at {} Hz", found.name, found.sample_rate, before.sample_rate)))
    }
}

/// An open device.
struct Open {
    stream: Box<dyn Running>,
    slot: Slot,
    lost: Arc<AtomicBool>,
    callbacks: u64,
    /// Number of checks since the last callback.
    stalled: u32,
}

impl Open {
    /// Whether the device reported its loss, or has stopped asking for frames.
    fn is_lost(&mut self, shared: &Shared) -> bool {
        let callbacks = shared.meters.callbacks.load(Ordering::Relaxed);
        self.stalled = if callbacks == self.callbacks { self.stalled + 1 } else { 0 };
        self.callbacks = callbacks;
        self.lost.load(Ordering::Acquire) || self.stream.is_clocked() && self.stalled >= STALLED
    }

    /// Take the output back, then close the device.
    fn close(self) -> Option<Output> {
        let output = lock(&self.slot).take();
        drop(self.stream);
        output
    }
}
