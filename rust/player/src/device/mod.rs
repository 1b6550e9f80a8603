//! Devices: one trait, and the backends behind it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::output::Output;
use crate::queue::Frame;

pub mod manual;
pub mod null;
#[cfg(all(feature = "cpal", target_os = "linux"))]
mod pulse;
#[cfg(feature = "cpal")]
pub mod system;

/// What to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Part of the device's name, any case; `None`: the default output.
    pub device: Option<String>,
    /// Frames per second that would spare resampling.
    pub sample_rate: u32,
    /// Frames per callback to ask for; `None`: a safe size for the host.
    pub block: Option<u32>,
    /// Sound that the device is to hold, where it can be told.
    pub latency: Duration,
}

/// What will be, or was, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// Host (`ALSA`, `PulseAudio`, `null`, ...).
    pub host: String,
    /// Device.
    pub name: String,
    /// The part of its name that was asked for; `None`: it is the default output.
    pub asked: Option<String>,
    /// Frames per second.
    pub sample_rate: u32,
    /// Channels of the device; stereo is mapped onto them.
    pub channels: u16,
    /// Frames per callback, as far as known.
    pub block: Option<u32>,
    /// Frames that the device is asked to hold, where it takes them back ([`Request::latency`]).
    pub buffer: Option<u32>,
}

/// Why there is no sound.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DeviceError(pub String);

/// A way to play.
pub trait Backend: Send + Sync {
    /// Find the device and settle rate and channels.
    fn negotiate(&self, request: &Request) -> Result<Info, DeviceError>;

    /// Start pulling frames from `handle.output` until the result is dropped. Called on the thread that will drop it.
    fn start(&self, info: &Info, handle: OutputHandle) -> Result<Box<dyn Running>, DeviceError>;
}

/// A stream that plays until it is dropped.
pub trait Running {
    /// Whether it asks for frames by itself, all the time: when it stops asking, it is gone.
    fn is_clocked(&self) -> bool {
        true
    }
}

/// Where an [`Output`] is while it is lent.
pub(crate) type Slot = Arc<Mutex<Option<Output>>>;

/// An [`Output`] lent to a stream. It can be taken back at any time, whatever the stream is doing; then the stream is
/// silent.
pub struct OutputHandle {
    slot: Slot,
    lost: Arc<AtomicBool>,
}

impl OutputHandle {
    pub(crate) fn new(slot: Slot, lost: Arc<AtomicBool>) -> Self {
        Self { slot, lost }
    }

    /// The next frames, `latency` frames before they are heard; how many there are (all, but for a device that takes
    /// frames back). Never waits: nobody holds the slot but for taking the output back.
    pub fn fill(&mut self, out: &mut [Frame], latency: u32) -> usize {
        match self.slot.try_lock().as_deref_mut() {
            Ok(Some(output)) => {
                output.set_latency(latency);
                output.fill(out)
            }
            _ => {
                out.fill([0.0; 2]);
                out.len()
            }
        }
    }

    /// Tell that this device holds up to `frames` frames and takes them back. Allocates.
    pub fn takes_back(&mut self, frames: u32) {
        self.with(|output| output.set_reach(frames));
    }

    /// Where to write on: `None` behind what was filled, else at this earlier frame, because of a command. The frames
    /// before `committed` are played or cannot be taken back; both are counted from the first frame filled. A device that
    /// takes frames back hears of commands here only.
    pub fn rewind(&mut self, committed: u64) -> Option<u64> {
        self.with(|output| output.rewind(committed)).flatten()
    }

    /// Tell that the device ran dry and played about `frames` frames of silence.
    pub fn underrun(&mut self, frames: u64) {
        self.with(|output| output.underrun(frames));
    }

    fn with<R>(&mut self, act: impl FnOnce(&mut Output) -> R) -> Option<R> {
        self.slot.try_lock().ok().and_then(|mut slot| slot.as_mut().map(act))
    }

    /// A flag to raise when the device is gone.
    pub fn lost(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.lost)
    }
}

impl Drop for OutputHandle {
    fn drop(&mut self) {
        self.lost.store(true, Ordering::Release);
    }
}
