//! Real-time playback: devices, the render thread, the ring, commands, meters.
//!
//! ```text
//!  control --mailbox (latest wins)--> render thread --ring + splices--> audio callback --> device
//!     ^                                    |                                |
//!     +-------- atomics: position, state, meters <-------------------------+
//! ```
//!
//! The callback only copies, ramps and counts. Plans are compiled on the caller's thread, measured on a thread of their
//! own, and whatever is replaced is dropped there too.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod background;
pub mod device;
mod device_monitor;
mod mailbox;
mod options;
mod output;
mod player;
mod priority;
mod queue;
mod render_thread;
mod stats;
mod threads;

pub use options::{Latency, PlayerOptions};
pub use output::Output;
pub use player::{Error, Player, Prepared};
pub use queue::{Frame, State};
pub use realtime_backend_core::render::{KEPT_S, Pushed};
pub use stats::Stats;
