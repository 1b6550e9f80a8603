//! Voices: one file per family, one registry, one way to read parameters.
//!
//! A voice is a pure function of (parameters, frame). It knows nothing of tracks, steps or files.

pub mod block;
pub mod context;
pub mod describe;
pub mod families;
pub mod family;
pub mod grid;
mod lazy;
pub(crate) mod measured_level;
pub mod param;
pub mod params;
pub mod parts;
pub mod pipeline;
pub mod registry;
pub(crate) mod resting;
mod silence;
pub mod stages;
pub mod tone_batch;

pub use block::Block;
pub use context::{Context, Phases};
pub use family::Family;
pub use param::Param;
pub use params::{Params, Ramp};
pub use registry::{find, names};
pub use tone_batch::{ToneAccelerator, ToneBatch};

/// A stereo sound, ready to render any stretch of itself.
///
/// `render` must give the same bits for a frame whatever stretch it is asked for in, must not allocate, lock, do I/O or
/// panic, and is defined for the frames `0..context.frames` (what lies beyond is the caller's not to ask).
/// Recursive algorithms restart, with a warm-up long enough for the stated accuracy, on an absolute grid of frames
/// (see [`grid`]); the warm-up is stated in the family's file.
pub trait Voice: Send + Sync {
    /// Fill `out` with the frames from `start` on. What [`prepare`](Self::prepare) was not called for is done first; running
    /// sums without a closed form grow by what lies between here and where they are known (`dsp/marks.rs`).
    fn render(&mut self, start: u64, out: Block<'_>);

    /// Write the frames from `start` on, as many as `batch` has, into `batch` as one part: what is rendered, but for
    /// rounding, with holes where the sound has no such form. False, and nothing written, where it hardly ever has.
    fn write(&mut self, _start: u64, _score: &mut ToneBatch) -> bool {
        false
    }

    /// Do now what the first `render` would do once, such as measuring a level over the whole sound; it may take a while and
    /// allocate. Callers on a clock call it beforehand, others need not.
    fn prepare(&mut self) {}

    /// Let go of what can be made again.
    fn rest(&mut self) {}

    /// An independent copy for another thread. Large tables are shared, caches are not.
    fn fork(&self) -> Box<dyn Voice>;

    /// An upper bound of the magnitude of all samples, where one is known without rendering them.
    fn bound(&self) -> Option<f32> {
        None
    }

    /// Carrier phases after `frame` frames, as the next voice of the same identity continues them; `None` for voices
    /// that restart with every step.
    fn phases_at(&self, _frame: u64) -> Option<Phases> {
        None
    }
}
