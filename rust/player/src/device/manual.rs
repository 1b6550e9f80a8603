//! A device without a thread: tests and pull-style hosts call [`Handle::fill`] themselves.

use std::sync::{Arc, Mutex};

use realtime_backend_core::lock::lock;

use super::{Backend, DeviceError, Info, Listed, OutputHandle, Request, Running};
use crate::queue::Frame;

/// The backend. Clones share one device.
///
/// ```
/// use std::sync::Arc;
///
/// use realtime_backend_core::track::Track;
/// use realtime_backend_player::device::manual::Manual;
/// use realtime_backend_player::{Player, PlayerOptions};
///
/// let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
///     {"synth_function_name": "binaural_beat", "params": {}}]}]}"#)?;
/// let device = Manual::new(Some(44_100));
/// let player = Player::new(&track, PlayerOptions::default(), Arc::new(device.clone()))?;
/// player.play();
/// let mut output = device.handle().expect("the player has opened the device");
/// let mut frames = [[0.0; 2]; 512];
/// assert_eq!(output.fill(&mut frames), 512); // as an audio callback does
/// # Ok::<(), realtime_backend_player::Error>(())
/// ```
#[derive(Clone)]
pub struct Manual {
    rate: Option<u32>,
    slot: Arc<Mutex<Option<OutputHandle>>>,
    /// Names of the devices; the first one is the default.
    names: Arc<Mutex<Vec<String>>>,
}

impl Default for Manual {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Manual {
    /// A device that runs at `rate` frames per second; `None`: at the requested rate.
    pub fn new(rate: Option<u32>) -> Self {
        Self { rate, slot: Arc::default(), names: Arc::new(Mutex::new(vec!["manual".to_owned()])) }
    }

    /// Act as a machine that has these devices from now on. The first one is the default; at first there is one, `manual`.
    /// A device that is open stays open until its [`Handle`] is dropped.
    ///
    /// ```
    /// use realtime_backend_player::device::manual::Manual;
    /// use realtime_backend_player::device::Backend as _;
    ///
    /// let device = Manual::default();
    /// device.plug(&["headphones", "speakers"]);
    /// assert_eq!(device.outputs().expect("devices").len(), 2);
    /// ```
    pub fn plug(&self, names: &[&str]) {
        *lock(&self.names) = names.iter().map(|name| (*name).to_owned()).collect();
    }

    /// Take the callback. From now on the caller is the audio thread. `None` if no player has opened the device, or the
    /// callback was already taken.
    pub fn handle(&self) -> Option<Handle> {
        lock(&self.slot).take().map(Handle)
    }
}

/// The callback of a [`Manual`] device.
pub struct Handle(OutputHandle);

impl Handle {
    /// Pull the next frames, as an audio device does. Returns how many are valid, see [`OutputHandle::fill`].
    pub fn fill(&mut self, out: &mut [Frame]) -> usize {
        self.0.fill(out, 0)
    }

    /// Act as a device that buffers up to `frames` frames and lets them be rewritten.
    pub fn takes_back(&mut self, frames: u32) {
        self.0.takes_back(frames);
    }

    /// Frame at which to continue, see [`OutputHandle::rewind`].
    pub fn rewind(&mut self, committed: u64) -> Option<u64> {
        self.0.rewind(committed)
    }

    /// Report an underrun of `frames` frames.
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
    fn outputs(&self) -> Option<Vec<Listed>> {
        let names = lock(&self.names);
        let listed = |(place, name): (usize, &String)| Listed {
            host: "manual".to_owned(),
            name: name.clone(),
            is_default: place == 0,
            channels: Some(2),
            rates: self.rate.into_iter().collect(),
        };
        Some(names.iter().enumerate().map(listed).collect())
    }

    fn negotiate(&self, request: &Request) -> Result<Info, DeviceError> {
        let names = lock(&self.names);
        let fits = |name: &&String| request.device.as_ref().is_none_or(|wanted| name.contains(wanted.as_str()));
        let name = names.iter().find(fits).ok_or_else(|| DeviceError("there is no such device".to_owned()))?;
        Ok(Info {
            host: "manual".to_owned(),
            name: name.clone(),
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
