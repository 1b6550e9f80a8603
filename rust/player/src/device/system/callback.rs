//! What the audio thread of the system calls.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cpal::{Data, FromSample, OutputCallbackInfo, SampleFormat, SizedSample};

use crate::device::OutputHandle;
use crate::priority;
use crate::queue::Frame;

/// State of the callback on the audio thread.
pub(super) struct Callback {
    pub(super) handle: OutputHandle,
    /// Whether there was an underrun of unknown length since the last callback.
    pub(super) ran_dry: Arc<AtomicBool>,
    pub(super) channels: usize,
    pub(super) rate: f64,
    pub(super) frames: Vec<Frame>,
    /// Whether the priority of the thread was raised.
    pub(super) raised: bool,
}

impl Callback {
    pub(super) fn run(&mut self, data: &mut Data, info: &OutputCallbackInfo) {
        if !std::mem::replace(&mut self.raised, true) {
            priority::raise();
        }
        if self.ran_dry.swap(false, Ordering::AcqRel) {
            self.handle.underrun(0);
        }
        let timestamp = info.timestamp();
        let ahead = timestamp.playback.saturating_duration_since(timestamp.callback);
        let latency = (ahead.as_secs_f64() * self.rate) as u32;
        // this does not panic; if it does all the same, report the device as lost instead of aborting
        let filled = catch_unwind(AssertUnwindSafe(|| match data.sample_format() {
            SampleFormat::F32 => self.write::<f32>(data, latency),
            SampleFormat::F64 => self.write::<f64>(data, latency),
            SampleFormat::I8 => self.write::<i8>(data, latency),
            SampleFormat::I16 => self.write::<i16>(data, latency),
            SampleFormat::I24 => self.write::<cpal::I24>(data, latency),
            SampleFormat::I32 => self.write::<i32>(data, latency),
            SampleFormat::U8 => self.write::<u8>(data, latency),
            SampleFormat::U16 => self.write::<u16>(data, latency),
            SampleFormat::U32 => self.write::<u32>(data, latency),
            _ => {}
        }));
        if filled.is_err() {
            self.handle.lost().store(true, Ordering::Release);
        }
    }

    /// Fill the device's buffer: the first two channels are left and right, other channels are silent, and a single
    /// channel gets the mean.
    fn write<T: SizedSample + FromSample<f32>>(&mut self, data: &mut Data, latency: u32) {
        let Some(samples) = data.as_slice_mut::<T>() else { return };
        let channels = self.channels;
        for (number, piece) in samples.chunks_mut(channels * self.frames.len()).enumerate() {
            let latency = latency + (number * self.frames.len()) as u32;
            let frames = &mut self.frames[..piece.len() / channels];
            self.handle.fill(frames, latency);
            for (out, frame) in piece.chunks_exact_mut(channels).zip(frames) {
                if let [single] = out {
                    *single = T::from_sample(0.5 * (frame[0] + frame[1]));
                } else {
                    out[0] = T::from_sample(frame[0]);
                    out[1] = T::from_sample(frame[1]);
                    out[2..].fill(T::EQUILIBRIUM);
                }
            }
        }
    }
}
