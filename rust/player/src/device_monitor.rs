//! Opens the device, keeps it open, reopens it when it is lost.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use realtime_backend_core::lock::lock;

use crate::device::{Backend, DeviceError, Info, OutputHandle, Request, Running, Slot};
use crate::output::Output;
use crate::queue::{Shared, State};

/// How often the monitor looks whether the device is still there.
const LOOK: Duration = Duration::from_millis(50);
/// Looks without a callback after which a device that calls by itself is gone.
const STALLED: u32 = 100;
/// How often, and how many times, a lost device is looked for.
const RETRY: Duration = Duration::from_millis(500);
const RETRIES: u32 = 60;
/// How what is told of a lost device begins.
const LOST: &str = "the audio device was lost";

pub(crate) struct DeviceMonitor {
    pub(crate) backend: Arc<dyn Backend>,
    /// What was asked for; after a change of the default output, the new one is.
    pub(crate) request: Request,
    pub(crate) info: Arc<Mutex<Info>>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) closing: Arc<AtomicBool>,
    pub(crate) last_error: Arc<Mutex<Option<String>>>,
}

impl DeviceMonitor {
    /// Tell by `opened` whether the device could be opened, then look after it.
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

    /// Lend `output` to the device; it comes back when that fails.
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

    /// Try again and again; `None` when it is no use any more.
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

    fn tell(&self, error: String) {
        *lock(&self.last_error) = Some(error);
    }

    /// The device is back: what was told of it is over, and nothing else.
    fn untell(&self) {
        lock(&self.last_error).take_if(|error| error.starts_with(LOST));
    }

    /// The device that is to play from now on, at the rate that the sound has.
    fn negotiate(&self, before: &Info) -> Result<Info, DeviceError> {
        let request = Request { sample_rate: before.sample_rate, ..self.request.clone() };
        let found = self.backend.negotiate(&request)?;
        if found.sample_rate == before.sample_rate {
            return Ok(found);
        }
        Err(DeviceError(format!("{} runs at {} Hz, not at {} Hz", found.name, found.sample_rate, before.sample_rate)))
    }
}

/// A device while it plays.
struct Open {
    stream: Box<dyn Running>,
    slot: Slot,
    lost: Arc<AtomicBool>,
    callbacks: u64,
    /// Looks since the last callback.
    stalled: u32,
}

impl Open {
    fn is_lost(&mut self, shared: &Shared) -> bool {
        let callbacks = shared.meters.callbacks.load(Ordering::Relaxed);
        self.stalled = if callbacks == self.callbacks { self.stalled + 1 } else { 0 };
        self.callbacks = callbacks;
        self.lost.load(Ordering::Acquire) || self.stream.is_clocked() && self.stalled >= STALLED
    }

    fn close(self) -> Option<Output> {
        let output = lock(&self.slot).take();
        drop(self.stream);
        output
    }
}
