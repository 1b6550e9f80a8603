//! Opens the device, checks that it still plays, and reopens it when it is lost.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use realtime_backend_core::lock::lock;

use crate::device::{
    Backend, DeviceChange, DeviceError, DeviceEvent, Info, Listed, OutputHandle, Request, Running, Slot, changes,
};
use crate::options::OnDeviceLoss;
use crate::output::Output;
use crate::queue::{Shared, State, TransportCommand};

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

/// Number of checks between two looks at the list of devices.
const LIST_EVERY: u32 = 20;
/// Most events that are kept.
const MOST_EVENTS: usize = 64;

/// What happened to devices, until somebody asks.
#[derive(Debug, Default)]
pub(crate) struct DeviceEvents {
    events: Mutex<VecDeque<DeviceEvent>>,
    /// Whether somebody has asked.
    wanted: AtomicBool,
}

impl DeviceEvents {
    /// The events since the last call.
    pub(crate) fn take(&self) -> Vec<DeviceEvent> {
        self.wanted.store(true, Ordering::Release);
        lock(&self.events).drain(..).collect()
    }

    fn add(&self, change: DeviceChange, name: &str) {
        let mut events = lock(&self.events);
        if events.len() == MOST_EVENTS {
            events.pop_front();
        }
        events.push_back(DeviceEvent { change, name: name.to_owned() });
    }
}

/// Owns the open device of a player. Runs on a thread of its own.
pub(crate) struct DeviceMonitor {
    pub(crate) backend: Arc<dyn Backend>,
    /// The request of the player. Reopening repeats it, so it finds a new default output.
    pub(crate) request: Request,
    pub(crate) info: Arc<Mutex<Info>>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) closing: Arc<AtomicBool>,
    pub(crate) last_error: Arc<Mutex<Option<String>>>,
    pub(crate) on_loss: OnDeviceLoss,
    pub(crate) events: Arc<DeviceEvents>,
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
        let (mut listed, mut turn) = (None, 0);
        while !self.closing.load(Ordering::Acquire) {
            std::thread::park_timeout(LOOK);
            turn += 1;
            if open.stream.has_moved() {
                self.moved();
            }
            if turn % LIST_EVERY == 0 && self.events.wanted.load(Ordering::Acquire) {
                listed = self.compare(listed);
            }
            if !open.is_lost(&self.shared) || self.closing.load(Ordering::Acquire) {
                continue;
            }
            self.tell(LOST.to_owned());
            self.events.add(DeviceChange::Lost, &lock(&self.info).name);
            let output = open.close().map(|mut output| {
                if self.pauses() {
                    output.halt();
                }
                output
            });
            match output.and_then(|output| self.reopen(&info, output)) {
                Some(reopened) => open = reopened,
                None => return,
            }
        }
    }

    /// Whether the loss of the device pauses.
    fn pauses(&self) -> bool {
        self.on_loss == OnDeviceLoss::Pause
    }

    /// The audio system has moved the sound to another device. If the old one is gone, that is a loss.
    fn moved(&self) {
        let before = lock(&self.info).name.clone();
        let is_gone = self.backend.outputs().is_some_and(|now| now.iter().all(|device| device.name != before));
        if is_gone {
            self.events.add(DeviceChange::Lost, &before);
            if self.pauses() {
                let (play, pause) = (TransportCommand::Play as u8, TransportCommand::Pause as u8);
                let _ = self.shared.command.compare_exchange(play, pause, Ordering::Release, Ordering::Relaxed);
            }
        }
        if let Ok(now) = self.backend.negotiate(&Request { device: None, ..self.request.clone() }) {
            self.events.add(DeviceChange::Opened, &now.name);
            let mut info = lock(&self.info);
            *info = Info { sample_rate: info.sample_rate, asked: info.asked.clone(), ..now };
        }
    }

    /// Note the changes of the list of devices since it was `before`. Returns the list.
    fn compare(&self, before: Option<Vec<Listed>>) -> Option<Vec<Listed>> {
        let now = self.backend.outputs()?;
        for event in before.iter().flat_map(|before| changes(before, &now)) {
            self.events.add(event.change, &event.name);
        }
        Some(now)
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

    /// Try [`RETRIES`] times to reopen the device, or without a limit if the player is paused meanwhile. Returns `None` if
    /// all attempts fail or the player closes.
    fn reopen(&self, before: &Info, output: Output) -> Option<Open> {
        let mut output = Some(output);
        let mut tries = 0;
        while tries < RETRIES {
            tries += u32::from(!self.pauses());
            if self.closing.load(Ordering::Acquire) {
                return None;
            }
            let result = self.negotiate(before).and_then(|found| Ok((self.open(&found, &mut output)?, found)));
            match result {
                Ok((open, found)) => {
                    self.events.add(DeviceChange::Opened, &found.name);
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

    /// Find the device to open next: the one that was asked for, or else the current default. It must run at the sample
    /// rate of the plan.
    fn negotiate(&self, before: &Info) -> Result<Info, DeviceError> {
        let request = Request { sample_rate: before.sample_rate, ..self.request.clone() };
        let found = match self.backend.negotiate(&request) {
            Err(_) if request.device.is_some() => self.backend.negotiate(&Request { device: None, ..request })?,
            found => found?,
        };
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
