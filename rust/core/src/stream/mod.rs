//! What the native player and the browser share: a plan as it is played, pushed clips, loops and lists of tracks, level
//! changes without clicks.

mod course;
pub mod level;
mod looping;
mod pieces;
mod playing;
mod pushed_clips;
pub mod ramps;
mod turns;

pub use course::{Course, Led, Next};
pub use looping::{Joint, Loop};
pub use pieces::{CHUNK, Fade, Piece, Source};
pub use playing::Playing;
pub use pushed_clips::{KEPT_S, Pushed, StreamClip, StreamClips};
pub use turns::{Shuffle, Turns};
