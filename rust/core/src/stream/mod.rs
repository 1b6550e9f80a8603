//! What the native player and the browser share: a plan as it is played, pushed clips, loops, level changes
//! without clicks.

pub mod level;
mod looping;
mod playing;
mod pushed_clips;
pub mod ramps;

pub use looping::{Joint, Loop};
pub use playing::Playing;
pub use pushed_clips::{KEPT_S, Pushed, StreamClip, StreamClips};
