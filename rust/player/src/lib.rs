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
//!
//! ```no_run
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use realtime_backend_core::track::Track;
//! use realtime_backend_player::device::system::System;
//! use realtime_backend_player::{Player, PlayerOptions};
//!
//! let (track, _) = Track::from_path("examples/evening.json".as_ref())?;
//! let player = Player::new(&track, PlayerOptions::default(), Arc::new(System))?;
//! player.play();
//! while !player.wait(Some(Duration::from_secs(1))) {
//!     println!("{:.1} of {:.1} s", player.position(), player.duration());
//! }
//! # Ok::<(), realtime_backend_player::Error>(())
//! ```
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod ahead;
mod background;
mod clock;
pub mod device;
mod device_monitor;
mod edits;
mod looping;
mod mailbox;
mod meter;
mod on_time;
mod options;
mod order;
mod output;
mod player;
mod playlist;
mod priority;
mod queue;
mod render_thread;
mod skip;
mod sleep_timer;
mod stats;
mod status;
mod threads;

pub use meter::Levels;
pub use options::{Latency, OnDeviceLoss, PlayerOptions};
pub use output::Output;
pub use player::{Error, Player, Prepared};
pub use playlist::{Load, Playlist, PlaylistOptions, Shuffle, track_extensions, tracks_in};
pub use queue::{Frame, State};
pub use realtime_backend_core::stream::{KEPT_S, Pushed};
pub use stats::Stats;
