//! A device that is turned by hand: tests (and pull-style hosts) call [`Handle::fill`] themselves.

use std::sync::{Arc, Mutex};

use realtime_backend_core::lock::lock;

use super::{Backend, DeviceError, Info, OutputHandle, Request, Running};
use crate::queue::Frame;

/// The backend; clones turn the same device.
#[derive(Clone)]
pub struct Manual {
    rate: Option<u32>,
    slot: Arc<Mutex<Option<OutputHandle>>>,
}

impl Default for Manual {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Manual {
    /// A device that runs at `rate`, or at whatever is asked for.
    pub fn new(rate: Option<u32>) -> Self {
        Self { rate, slot: Arc::default() }
    }

    /// Take the callback: from now on the caller is the audio thread.
    pub fn handle(&self) -> Option<Handle> {
        lock(&self.slot).take().map(Handle)
    }
}

/// The callback of a [`Manual`] device.
pub struct Handle(OutputHandle);

impl Handle {
    /// Pull the next frames, as an audio device would. Returns how many there are, see [`OutputHandle::fill`].
    pub fn fill(&mut self, out: &mut [Frame]) -> usize {
        self.0.fill(out, 0)
    }

    /// Be a device that holds up to `frames` frames and takes them back.
    pub fn takes_back(&mut self, frames: u32) {
        self.0.takes_back(frames);
    }

    /// Where to go on, see [`OutputHandle::rewind`].
    pub fn rewind(&mut self, committed: u64) -> Option<u64> {
        self.0.rewind(committed)
    }

    /// Have been without sound for `frames` frames.
    pub fn underrun(&mut self, frames: u64) {
        self.0.underrun(frames);
    }
}

struct Idle;

impl Running for Idle {
    fn is_clocked(&self) -> bool {
        false
    }
}

impl Backend for Manual {
    fn negotiate(&self, request: &Request) -> Result<Info, DeviceError> {
        Ok(Info {
            host: "manual".to_owned(),
            name: "manual".to_owned(),
            asked: request.device.clone(),
            sample_rate: self.rate.unwrap_or(request.sample_rate),
            channels: 2,
            block: request.block,
            buffer: None,
        })
    }

    fn start(&self, _info: &Info, handle: OutputHandle) -> Result<Box<dyn Running>, DeviceError> {
        *lock(&self.slot) = Some(handle);
        Ok(Box::new(Idle))
    }
}
