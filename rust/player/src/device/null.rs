//! A device without output that consumes frames in real time, or at a multiple of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Backend, DeviceError, Info, OutputHandle, Request, Running};

/// Default number of frames per callback.
const BLOCK: u32 = 512;

/// The backend.
#[derive(Debug, Clone, Copy)]
pub struct Null {
    /// Speed of playback; 1 is real time. Positive.
    pub speed: f64,
}

impl Default for Null {
    fn default() -> Self {
        Self { speed: 1.0 }
    }
}

struct Thread {
    stop: Arc<AtomicBool>,
    handle: Option<JoinHandle<()>>,
}

impl Running for Thread {}

impl Drop for Thread {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(handle) = self.handle.take() {
            let _ = handle.join();
        }
    }
}

impl Backend for Null {
    fn negotiate(&self, request: &Request) -> Result<Info, DeviceError> {
        Ok(Info {
            host: "null".to_owned(),
            name: "null".to_owned(),
            asked: request.device.clone(),
            sample_rate: request.sample_rate,
            channels: 2,
            block: Some(request.block.unwrap_or(BLOCK).max(1)),
            buffer: None,
        })
    }

    fn start(&self, info: &Info, mut handle: OutputHandle) -> Result<Box<dyn Running>, DeviceError> {
        let stop = Arc::new(AtomicBool::new(false));
        let (asked, rate, speed) = (Arc::clone(&stop), f64::from(info.sample_rate), self.speed);
        let mut block = vec![[0.0; 2]; info.block.unwrap_or(BLOCK) as usize];
        let run = move || {
            let begun = Instant::now();
            let mut played = 0_u64;
            while !asked.load(Ordering::Acquire) {
                handle.fill(&mut block, 0);
                played += block.len() as u64;
                let due = Duration::from_secs_f64(played as f64 / rate / speed);
                std::thread::sleep(due.saturating_sub(begun.elapsed()));
            }
        };
        let handle = std::thread::Builder::new()
            .name("audio null".to_owned())
            .spawn(run)
            .map_err(|error| DeviceError(format!("could not start a thread: {error}")))?;
        Ok(Box::new(Thread { stop, handle: Some(handle) }))
    }
}
