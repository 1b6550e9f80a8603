//! The queue between the render thread and the audio callback: a wait-free ring of frames, a ring of splices, and
//! atomics.
//!
//! Every frame that is written to the ring has an index: the number of frames written before it. A splice tells the
//! callback to jump to a later index when it reaches an earlier one. So a seek or an edit takes effect before the
//! frames that were buffered earlier have played, without a lock and without a gap.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};

use ringbuf::traits::Split;
use ringbuf::{HeapCons, HeapProd, HeapRb};

use crate::clock::Clock;
use crate::meter::Meter;
use crate::order::{Order, Orders};
use crate::stats::Meters;

/// Most joints that wait for the callback.
const JOINTS: usize = 64;

/// One sample per channel: left, right. Full scale is 1.
pub type Frame = [f32; 2];

/// Continue at index `to` once index `at` is reached; `frame` is the track frame at `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Splice {
    pub(crate) at: u64,
    pub(crate) to: u64,
    pub(crate) frame: u64,
    /// Number of the source at `to`.
    pub(crate) source: u64,
    /// There is no crossfade at `to`: fade out before the jump and fade in after it.
    pub(crate) hard: bool,
}

/// From index `index` on, the ring has the frames of a source from `frame` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) index: u64,
    pub(crate) frame: u64,
    /// Number of the source.
    pub(crate) source: u64,
    /// Whether the frame before `index` is heard before this one: a joint, and not a jump.
    pub(crate) joined: bool,
}

/// The transport command that was given last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum TransportCommand {
    Play = 0,
    Pause = 1,
    Stop = 2,
}

/// State of a player.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// Stopped; the player cannot play again.
    Stopped = 0,
    /// Playing.
    Playing = 1,
    /// Paused: fading out, or silent at a fixed position. A new player is paused.
    Paused = 2,
    /// The last frame has been heard.
    Finished = 3,
    /// The device was lost and could not be reopened, or the render thread panicked.
    Failed = 4,
    /// `play` was called, and the sound has not begun: the device has not asked for frames yet, or the time of
    /// [`play_at`](crate::Player::play_at) has not come.
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

    /// Name of the state: `stopped`, `starting`, `playing`, `paused`, `finished` or `failed`.
    ///
    /// ```
    /// use realtime_backend_player::State;
    ///
    /// assert_eq!(State::Playing.name(), "playing");
    /// ```
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

/// State that the player, the render thread and the callback share.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Index of the frame that the callback takes next.
    pub(crate) read: AtomicU64,
    /// Track frame at `read`.
    pub(crate) frame: AtomicU64,
    /// Track frame that is heard now.
    pub(crate) heard: AtomicU64,
    /// Number of the source that is heard now.
    pub(crate) source: AtomicU64,
    /// First index that a splice can still replace: `read`, or less if the device lets frames be rewritten.
    pub(crate) reach_index: AtomicU64,
    /// Track frame at `reach_index`.
    pub(crate) reach_frame: AtomicU64,
    /// Number of splices that the callback has carried out.
    pub(crate) spliced: AtomicU64,
    /// Index after the last frame of the track; `u64::MAX` until that frame is written.
    pub(crate) end: AtomicU64,
    /// A [`TransportCommand`] as a number.
    pub(crate) command: AtomicU8,
    /// A [`State`] as a number.
    pub(crate) state: AtomicU8,
    /// Frame, counted since the device was opened, at which the playback begins; 0: at once.
    pub(crate) begin: AtomicU64,
    /// Frame, counted since the device was opened, at which the playback began last; `u64::MAX`: it has not.
    pub(crate) begun: AtomicU64,
    /// The time of the device.
    pub(crate) clock: Clock,
    /// Levels of what was handed out.
    pub(crate) meter: Meter,
    /// Whether the callback has been in the state `Playing`.
    pub(crate) started: AtomicBool,
    /// Whether the callback is silent and stays at its index.
    pub(crate) resting: AtomicBool,
    /// Whether the callback is silent and the listener has heard all that was not.
    pub(crate) quiet: AtomicBool,
    /// Whether the sleep timer has ended the playback, and the listener has heard the end.
    pub(crate) slept: AtomicBool,
    /// The order to the sleep timer.
    pub(crate) orders: Orders,
    /// Number of the order that the callback follows.
    pub(crate) order: AtomicU32,
    /// Frames that the sleep timer has left; [`Order::NEVER`] without one.
    pub(crate) timer: AtomicU64,
    volume: AtomicU32,
    /// Number of frames that were handed out and not heard yet, from the latency that the device reports.
    pub(crate) latency: AtomicU32,
    pub(crate) meters: Meters,
}

impl Shared {
    /// The state of a paused player at track frame `start`.
    pub(crate) fn new(volume: f32, start: u64) -> Self {
        Self {
            read: AtomicU64::new(0),
            frame: AtomicU64::new(start),
            heard: AtomicU64::new(start),
            source: AtomicU64::new(0),
            reach_index: AtomicU64::new(0),
            reach_frame: AtomicU64::new(start),
            spliced: AtomicU64::new(0),
            end: AtomicU64::new(u64::MAX),
            command: AtomicU8::new(TransportCommand::Pause as u8),
            state: AtomicU8::new(State::Paused as u8),
            begin: AtomicU64::new(0),
            begun: AtomicU64::new(u64::MAX),
            clock: Clock::default(),
            meter: Meter::default(),
            started: AtomicBool::new(false),
            resting: AtomicBool::new(true),
            quiet: AtomicBool::new(true),
            slept: AtomicBool::new(false),
            orders: Orders::default(),
            order: AtomicU32::new(0),
            timer: AtomicU64::new(Order::NEVER),
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

/// The end of the queue that the render thread writes.
pub(crate) struct QueueProducer {
    pub(crate) frames: HeapProd<Frame>,
    pub(crate) joints: HeapProd<Place>,
    pub(crate) splices: HeapProd<Splice>,
}

/// The end of the queue that the callback reads.
pub(crate) struct QueueConsumer {
    pub(crate) frames: HeapCons<Frame>,
    pub(crate) joints: HeapCons<Place>,
    pub(crate) splices: HeapCons<Splice>,
}

/// A queue with room for `capacity` frames.
pub(crate) fn queue(capacity: usize) -> (QueueProducer, QueueConsumer) {
    let (frames_in, frames_out) = HeapRb::new(capacity).split();
    let (joints_in, joints_out) = HeapRb::new(JOINTS).split();
    let (splices_in, splices_out) = HeapRb::new(4).split();
    (
        QueueProducer { frames: frames_in, joints: joints_in, splices: splices_in },
        QueueConsumer { frames: frames_out, joints: joints_out, splices: splices_out },
    )
}
