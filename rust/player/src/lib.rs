//! Real-time playback: devices, the render thread, the ring buffer, commands and meters.
//!
//! ```text
//!  control --mailbox (latest wins)--> render thread --ring + splices--> audio callback --> device
//!     ^                                    |                                |
//!     +-------- atomics: position, state, meters <-------------------------+
//! ```
//!
//! The audio callback only copies samples, applies gain ramps and updates counters. Plans are compiled on the caller's
//! thread. A background thread measures their levels and drops the plans that were replaced.
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
