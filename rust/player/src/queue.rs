//! The line between the render thread and the audio callback: a wait-free ring of frames, splices, and atomics.
//!
//! Frames are numbered by their place in the ring's history ("index"), which never goes back. A splice tells the callback
//! to continue at a later index when it reaches an earlier one: that is how a seek or an edit overtakes what was
//! buffered before it, without a lock and without a gap.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};

use ringbuf::traits::Split;
use ringbuf::{HeapCons, HeapProd, HeapRb};

use crate::stats::Meters;

/// One sample per channel.
pub type Frame = [f32; 2];

/// Continue at index `to` once index `at` is reached; `frame` is the track frame at `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Splice {
    pub(crate) at: u64,
    pub(crate) to: u64,
    pub(crate) frame: u64,
    /// What lies at `to` does not continue what lies at `at`: go there in silence.
    pub(crate) hard: bool,
}

/// What the listener wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum TransportCommand {
    Play = 0,
    Pause = 1,
    Stop = 2,
}

/// What is happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// Stopped for good.
    Stopped = 0,
    /// Sounding.
    Playing = 1,
    /// Fading out, then silent at a fixed position; so is a player that was not asked to play yet.
    Paused = 2,
    /// The last frame has been heard.
    Finished = 3,
    /// The device is gone and could not be reopened.
    Failed = 4,
    /// Asked to play for the first time; the device has not asked for frames since.
    Starting = 5,
}

impl State {
    pub(crate) const fn from_u8(value: u8) -> Self {
        match value {
            1 => Self::Playing,
            2 => Self::Paused,
            3 => Self::Finished,
            4 => Self::Failed,
            5 => Self::Starting,
            _ => Self::Stopped,
        }
    }

    /// The word for it: `stopped`, `starting`, `playing`, `paused`, `finished`, `failed`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Playing => "playing",
            Self::Paused => "paused",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Starting => "starting",
        }
    }
}

/// Shared by control, render thread and callback. Every field has one writer, except the command and the volume.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Index that the callback takes next.
    pub(crate) read: AtomicU64,
    /// Track frame there.
    pub(crate) frame: AtomicU64,
    /// First index that a splice can still replace: `read`, or before it where the device takes frames back.
    pub(crate) reach_index: AtomicU64,
    /// Track frame there.
    pub(crate) reach_frame: AtomicU64,
    /// Splices that the callback has carried out.
    pub(crate) spliced: AtomicU64,
    /// Index after the last frame of the track; `u64::MAX` while it is not written yet.
    pub(crate) end: AtomicU64,
    pub(crate) command: AtomicU8,
    pub(crate) state: AtomicU8,
    /// Whether the callback has ever handed out what is to be heard.
    pub(crate) started: AtomicBool,
    /// The callback is silent at a fixed index.
    pub(crate) resting: AtomicBool,
    volume: AtomicU32,
    /// Latency that the device reports, in frames.
    pub(crate) latency: AtomicU32,
    pub(crate) meters: Meters,
}

impl Shared {
    /// At track frame `start`, silent.
    pub(crate) fn new(volume: f32, start: u64) -> Self {
        Self {
            read: AtomicU64::new(0),
            frame: AtomicU64::new(start),
            reach_index: AtomicU64::new(0),
            reach_frame: AtomicU64::new(start),
            spliced: AtomicU64::new(0),
            end: AtomicU64::new(u64::MAX),
            command: AtomicU8::new(TransportCommand::Pause as u8),
            state: AtomicU8::new(State::Paused as u8),
            started: AtomicBool::new(false),
            resting: AtomicBool::new(true),
            volume: AtomicU32::new(volume.to_bits()),
            latency: AtomicU32::new(0),
            meters: Meters::new(),
        }
    }

    pub(crate) fn command(&self) -> TransportCommand {
        match self.command.load(Ordering::Acquire) {
            0 => TransportCommand::Play,
            1 => TransportCommand::Pause,
            _ => TransportCommand::Stop,
        }
    }

    pub(crate) fn state(&self) -> State {
        State::from_u8(self.state.load(Ordering::Acquire))
    }

    pub(crate) fn volume(&self) -> f32 {
        f32::from_bits(self.volume.load(Ordering::Relaxed))
    }

    pub(crate) fn set_volume(&self, volume: f32) {
        self.volume.store(volume.to_bits(), Ordering::Relaxed);
    }
}

/// The render thread's end.
pub(crate) struct QueueProducer {
    pub(crate) frames: HeapProd<Frame>,
    pub(crate) splices: HeapProd<Splice>,
}

/// The callback's end.
pub(crate) struct QueueConsumer {
    pub(crate) frames: HeapCons<Frame>,
    pub(crate) splices: HeapCons<Splice>,
}

/// A queue with room for `capacity` frames.
pub(crate) fn queue(capacity: usize) -> (QueueProducer, QueueConsumer) {
    let (frames_in, frames_out) = HeapRb::new(capacity).split();
    let (splices_in, splices_out) = HeapRb::new(4).split();
    (
        QueueProducer { frames: frames_in, splices: splices_in },
        QueueConsumer { frames: frames_out, splices: splices_out },
    )
}
