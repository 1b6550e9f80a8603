//! Playback statistics: atomic counters and a snapshot of them. Names follow the W3C playback statistics vocabulary.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

/// Counters that the audio callback, the render thread and the device monitor write. Any thread may read them.
#[derive(Debug, Default)]
pub(crate) struct Meters {
    pub(crate) callbacks: AtomicU64,
    pub(crate) underrun_events: AtomicU64,
    pub(crate) underrun_frames: AtomicU64,
    pub(crate) late_splices: AtomicU64,
    pub(crate) restarts: AtomicU64,
    pub(crate) largest_callback: AtomicU32,
    pub(crate) ring_minimum: AtomicU32,
    load_sum: AtomicU64,
    load_peak: AtomicU32,
    render_sum: AtomicU64,
    render_peak: AtomicU32,
    renders: AtomicU64,
    left_peak: AtomicU32,
    right_peak: AtomicU32,
}

/// The load counters count millionths of the time budget.
const PARTS: f64 = 1e6;

impl Meters {
    pub(crate) fn new() -> Self {
        let meters = Self::default();
        meters.ring_minimum.store(u32::MAX, Relaxed);
        meters
    }

    /// Record a callback that took `busy` seconds for `frames / rate` seconds of sound.
    pub(crate) fn callback(&self, frames: usize, busy: f64, rate: u32) {
        let parts = share(frames, busy, rate);
        self.callbacks.fetch_add(1, Relaxed);
        self.load_sum.fetch_add(u64::from(parts), Relaxed);
        self.load_peak.fetch_max(parts, Relaxed);
        self.largest_callback.fetch_max(frames as u32, Relaxed);
    }

    /// Record that the render thread took `busy` seconds for `frames` frames.
    pub(crate) fn rendered(&self, frames: usize, busy: f64, rate: u32) {
        let parts = share(frames, busy, rate);
        self.renders.fetch_add(1, Relaxed);
        self.render_sum.fetch_add(u64::from(parts), Relaxed);
        self.render_peak.fetch_max(parts, Relaxed);
    }

    /// Record the peak levels of a callback's output. `fetch_max` works on the bits because those of non-negative
    /// floats have the order of the floats.
    pub(crate) fn peaks(&self, left: f32, right: f32) {
        self.left_peak.fetch_max(left.to_bits(), Relaxed);
        self.right_peak.fetch_max(right.to_bits(), Relaxed);
    }

    pub(crate) fn snapshot(&self, rate: u32, latency: u32) -> Stats {
        let mean =
            |sum: &AtomicU64, count: &AtomicU64| sum.load(Relaxed) as f64 / PARTS / count.load(Relaxed).max(1) as f64;
        let minimum = self.ring_minimum.load(Relaxed);
        Stats {
            underrun_events: self.underrun_events.load(Relaxed),
            underrun_frames: self.underrun_frames.load(Relaxed),
            load_average: mean(&self.load_sum, &self.callbacks),
            load_peak: f64::from(self.load_peak.load(Relaxed)) / PARTS,
            render_load_average: mean(&self.render_sum, &self.renders),
            render_load_peak: f64::from(self.render_peak.load(Relaxed)) / PARTS,
            callbacks: self.callbacks.load(Relaxed),
            largest_callback: self.largest_callback.load(Relaxed),
            ring_fill_minimum: if minimum == u32::MAX { 0.0 } else { f64::from(minimum) / f64::from(rate.max(1)) },
            latency: f64::from(latency) / f64::from(rate.max(1)),
            late_splices: self.late_splices.load(Relaxed),
            restarts: self.restarts.load(Relaxed),
            peak: [f32::from_bits(self.left_peak.swap(0, Relaxed)), f32::from_bits(self.right_peak.swap(0, Relaxed))],
        }
    }
}

fn share(frames: usize, busy: f64, rate: u32) -> u32 {
    let budget = frames.max(1) as f64 / f64::from(rate.max(1));
    (busy / budget * PARTS).min(4e9) as u32
}

/// A snapshot of playback statistics (see [`crate::Player::stats`]).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stats {
    /// Number of underruns: reports of the sound server, or callbacks that asked for more frames than there were.
    pub underrun_events: u64,
    /// Approximate number of silent frames that the underruns caused.
    pub underrun_frames: u64,
    /// Mean share of the callback's time budget that was used (1: all of it).
    pub load_average: f64,
    /// Largest share of the callback's time budget that was used.
    pub load_peak: f64,
    /// Mean ratio of rendering time to the duration of the rendered sound (1: as slow as real time).
    pub render_load_average: f64,
    /// Largest ratio of rendering time to the duration of the rendered sound.
    pub render_load_peak: f64,
    /// Number of callbacks so far.
    pub callbacks: u64,
    /// Largest number of frames that a callback asked for.
    pub largest_callback: u32,
    /// Shortest sound that was buffered at the start of a callback, in seconds.
    pub ring_fill_minimum: f64,
    /// Latency from the callback to the listener that the device reports, in seconds.
    pub latency: f64,
    /// Number of seeks and edits that came too late for a cross-fade and were faded in instead.
    pub late_splices: u64,
    /// Number of times that the device was reopened.
    pub restarts: u64,
    /// Peak output level of the left and the right channel since the last snapshot (1: full scale).
    pub peak: [f32; 2],
}
