//! Devices: one trait, and the backends behind it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use crate::line::Frame;
use crate::output::Output;

pub mod manual;
pub mod null;
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
}

/// What will be, or was, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// Host (`ALSA`, `PulseAudio`, `null`, ...).
    pub host: String,
    /// Device.
    pub name: String,
    /// Frames per second.
    pub sample_rate: u32,
    /// Channels of the device; stereo is mapped onto them.
    pub channels: u16,
    /// Frames per callback, as far as known.
    pub block: Option<u32>,
}

/// Why there is no sound.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DeviceError(pub String);

/// A way to play.
pub trait Backend: Send + Sync {
    /// Find the device and settle rate and channels.
    fn negotiate(&self, request: &Request) -> Result<Info, DeviceError>;

    /// Start pulling frames from `line.output` until the result is dropped. Called on the thread that will drop it.
    fn start(&self, info: &Info, line: Lent) -> Result<Box<dyn Running>, DeviceError>;
}

/// A stream that plays until it is dropped.
pub trait Running {}

/// An [`Output`] lent to a stream. When the stream goes, however it goes, the output comes back.
pub struct Lent {
    output: Option<Output>,
    back: Sender<Output>,
    lost: Arc<AtomicBool>,
}

impl Lent {
    pub(crate) fn new(output: Output, back: Sender<Output>, lost: Arc<AtomicBool>) -> Self {
        Self { output: Some(output), back, lost }
    }

    /// The next frames.
    pub fn fill(&mut self, out: &mut [Frame]) {
        match &mut self.output {
            Some(output) => output.fill(out),
            None => out.fill([0.0; 2]),
        }
    }

    /// Tell how long a frame takes from here to the ear, in frames.
    pub fn set_latency(&self, frames: u32) {
        if let Some(output) = &self.output {
            output.set_latency(frames);
        }
    }

    /// A flag to raise when the device is gone.
    pub fn lost(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.lost)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(output) = self.output.take() {
            let _ = self.back.send(output);
            self.lost.store(true, Ordering::Release);
        }
    }
}
