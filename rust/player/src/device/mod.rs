//! Audio devices: the trait [`Backend`] and its implementations.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::output::Output;
use crate::queue::Frame;
pub(crate) use events::changes;
pub use events::{DeviceChange, DeviceEvent};

mod events;
pub mod manual;
pub mod null;
#[cfg(all(feature = "cpal", target_os = "linux"))]
mod pulse;
#[cfg(feature = "cpal")]
pub mod system;

/// What the player asks a backend for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Part of the device's name, in any case; `None`: the default output.
    pub device: Option<String>,
    /// Preferred frames per second.
    pub sample_rate: u32,
    /// Preferred frames per callback; `None`: a safe size for the host.
    pub block: Option<u32>,
    /// Preferred length of the device's buffer, if the backend can choose it.
    pub latency: Duration,
}

/// The device that will be opened or is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// Name of the audio system (`ALSA`, `PulseAudio`, `null`, ...).
    pub host: String,
    /// Name of the device.
    pub name: String,
    /// [`Request::device`]: the requested part of the name; `None`: the default output.
    pub asked: Option<String>,
    /// Frames per second.
    pub sample_rate: u32,
    /// Number of channels of the device. Stereo is mapped to them.
    pub channels: u16,
    /// Frames per callback, if known.
    pub block: Option<u32>,
    /// Requested length of the device's buffer in frames ([`Request::latency`]), if the device lets frames be
    /// rewritten.
    pub buffer: Option<u32>,
}

/// One output device.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listed {
    /// Name of the audio system that offers the device.
    pub host: String,
    /// Name of the device, for [`Request::device`].
    pub name: String,
    /// Whether this device plays if no device is named.
    pub is_default: bool,
    /// Number of its channels; `None` if the audio system does not tell.
    pub channels: Option<u16>,
    /// The usual sample rates at which it runs by itself, rising: 8000 to 192000 Hz, and its own. A sound server converts
    /// others.
    pub rates: Vec<u32>,
}

/// Sample rates that are in use.
#[cfg(feature = "cpal")]
pub(crate) const USUAL_RATES: [u32; 11] =
    [8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

/// A message that says why the device cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DeviceError(pub String);

/// An audio system that can play.
pub trait Backend: Send + Sync {
    /// The devices that can be opened now; `None` if the audio system cannot be asked for them every second.
    fn outputs(&self) -> Option<Vec<Listed>> {
        None
    }

    /// Find the device and choose its sample rate and channels.
    ///
    /// # Errors
    /// If there is no such device or it cannot be used.
    fn negotiate(&self, request: &Request) -> Result<Info, DeviceError>;

    /// Open the device and pull frames from `handle` until the result is dropped. The thread that calls this also drops
    /// the result.
    ///
    /// # Errors
    /// If the device cannot be opened.
    fn start(&self, info: &Info, handle: OutputHandle) -> Result<Box<dyn Running>, DeviceError>;
}

/// A stream that plays until it is dropped.
pub trait Running {
    /// Whether the audio system has moved the stream to another device since the last call.
    fn has_moved(&self) -> bool {
        false
    }

    /// Whether the device asks for frames continuously. Such a device counts as lost when it stops asking.
    fn is_clocked(&self) -> bool {
        true
    }
}

/// Holds an [`Output`] while it is lent to a stream.
pub(crate) type Slot = Arc<Mutex<Option<Output>>>;

/// An [`Output`] that is lent to a stream. The player can take the output back at any time; the stream is silent then.
/// Dropping the handle reports the device as lost.
pub struct OutputHandle {
    slot: Slot,
    lost: Arc<AtomicBool>,
}

impl OutputHandle {
    pub(crate) fn new(slot: Slot, lost: Arc<AtomicBool>) -> Self {
        Self { slot, lost }
    }

    /// Fill `out` with the next frames, which are heard `latency` frames later. Returns how many are valid: all, unless
    /// the device lets frames be rewritten. Never waits: the slot is locked only while the output is taken back.
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

    /// Declare that this device buffers up to `frames` frames and lets them be rewritten. Allocates.
    pub fn takes_back(&mut self, frames: u32) {
        self.with(|output| output.set_reach(frames));
    }

    /// Carry out new commands. Returns the earlier frame at which to continue to write if a command changes frames that
    /// were already filled, otherwise `None`. The frames before `committed` are played or cannot be rewritten. Both
    /// numbers count from the first frame filled. A device that lets frames be rewritten must call this regularly: only
    /// this call carries out commands.
    pub fn rewind(&mut self, committed: u64) -> Option<u64> {
        self.with(|output| output.rewind(committed)).flatten()
    }

    /// Report an underrun in which the device played about `frames` frames of silence.
    pub fn underrun(&mut self, frames: u64) {
        self.with(|output| output.underrun(frames));
    }

    fn with<R>(&mut self, act: impl FnOnce(&mut Output) -> R) -> Option<R> {
        self.slot.try_lock().ok().and_then(|mut slot| slot.as_mut().map(act))
    }

    /// A flag that the stream sets when the device is lost.
    pub fn lost(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.lost)
    }
}

impl Drop for OutputHandle {
    fn drop(&mut self) {
        self.lost.store(true, Ordering::Release);
    }
}
