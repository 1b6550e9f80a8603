//! Voices: the trait, the registry, typed parameters, the families and the per-voice pipeline.
//!
//! A voice is a pure function of (parameters, frame). It knows nothing of tracks, steps or files.

pub(crate) mod between;
pub mod block;
pub mod context;
pub mod describe;
pub mod families;
pub mod family;
pub(crate) mod glided;
pub mod grid;
mod lazy;
pub(crate) mod measured_level;
mod onset;
pub mod oscillators;
pub mod param;
pub mod params;
pub mod parts;
pub mod pipeline;
pub mod points;
pub mod registry;
pub(crate) mod resting;
pub(crate) mod run_on;
mod silence;
#[cfg(feature = "spatial")]
pub mod spatial;
#[cfg(not(feature = "spatial"))]
#[path = "no_spatial.rs"]
pub mod spatial;
pub mod stages;
pub mod tone_batch;
pub(crate) mod wholes;
#[cfg(test)]
pub(crate) mod wrappers;

pub use block::Block;
pub use context::{Context, Phases, Stream};
pub use family::{Family, Heard};
pub use onset::Onset;
pub use oscillators::Oscillators;
pub use param::Param;
pub use params::{Params, Ramp};
pub use points::Points;
pub use registry::{find, names};
pub use tone_batch::{ToneAccelerator, ToneBatch};

/// A stereo sound that can render any stretch of itself.
///
/// `render` gives the same bits for a frame in whatever stretch the caller asks for it. It does not panic. After
/// [`prepare`](Self::prepare) it does not allocate, lock or do I/O, except that running sums without a closed form
/// (`dsp/marks.rs`) grow under a lock and `subliminal_encode` reads its files.
///
/// It is defined for the frames `0..context.frames`; callers must not ask for frames past the end.
/// Recursive algorithms restart on an absolute grid of frames (see [`grid`]), with a warm-up long enough for the
/// accuracy that the family's file states.
///
/// ```
/// use realtime_backend_core::dsp::phase::Turns;
/// use realtime_backend_core::dsp::sine::sine;
/// use realtime_backend_core::voice::{Block, Voice};
///
/// /// A sine in both ears.
/// struct Tone {
///     /// Turns per frame.
///     increment: Turns,
/// }
///
/// impl Voice for Tone {
///     fn render(&mut self, start: u64, out: Block<'_>) {
///         for (frame, (left, right)) in (start..).zip(out.left.iter_mut().zip(out.right)) {
///             *left = sine(self.increment.times(frame)) as f32;
///             *right = *left;
///         }
///     }
///
///     fn fork(&self) -> Box<dyn Voice> {
///         Box::new(Self { increment: self.increment })
///     }
/// }
///
/// let mut tone = Tone { increment: Turns::from_cycles(440.0 / 48_000.0) };
/// let (mut left, mut right) = ([0.0; 4], [0.0; 4]);
/// tone.render(48_000 * 3600 * 24, Block::new(&mut left, &mut right)); // a day later
/// assert!(left[0].abs() < 1e-6);
/// ```
pub trait Voice: Send + Sync {
    /// Fill `out` with the frames from `start` on. If [`prepare`](Self::prepare) was not called, its work is done
    /// first. Running sums without a closed form are first continued from the last known check-point (`dsp/marks.rs`).
    fn render(&mut self, start: u64, out: Block<'_>);

    /// Append the frames from `start` on to `batch` as one part of `batch.frames` frames. It describes the rendered
    /// sound up to rounding, with gaps where the sound cannot be written as tone segments. Returns false and appends
    /// nothing if most of it would be gaps.
    fn write(&mut self, _start: u64, _batch: &mut ToneBatch) -> bool {
        false
    }

    /// Fill `points` with the frames from `start` on and bound what lies between. Returns false if the voice cannot; with
    /// points of no frames it only says whether it can.
    fn points(&mut self, _start: u64, _points: &mut Points) -> bool {
        false
    }

    /// Do the one-time work of the first `render` now, such as measuring a level over the whole sound. It may take long
    /// and allocate, so real-time callers call it beforehand; others need not.
    fn prepare(&mut self) {}

    /// Free everything that can be rebuilt on demand.
    fn rest(&mut self) {}

    /// An independent copy for another thread. It shares large tables, but no caches.
    fn fork(&self) -> Box<dyn Voice>;

    /// An upper bound of the magnitude of all samples, if one is known without rendering.
    fn bound(&self) -> Option<f32> {
        None
    }

    /// The voice that this one is a stage of, if it is one that changes the samples alone: by default it has the onsets,
    /// phases and oscillators of that voice.
    fn inner(&self) -> Option<&dyn Voice> {
        None
    }

    /// Call `each` with the events that begin in the frames `from..to`, such as pulses, in order; by default there are
    /// none. Times of events have closed forms, so any range costs the same.
    fn onsets(&self, from: u64, to: u64, each: &mut dyn FnMut(Onset)) {
        if let Some(inner) = self.inner() {
            inner.onsets(from, to, each);
        }
    }

    /// Carrier phases after `frame` frames, from which the next voice of the same identity continues; `None` for voices
    /// that restart with every step.
    fn phases_at(&self, frame: u64) -> Option<Phases> {
        self.inner()?.phases_at(frame)
    }

    /// The phases of all oscillators at `frame`, from which a voice of the same family can go on
    /// ([`Context::shifts`]); `None` if the voice has no oscillators.
    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        self.inner()?.oscillators_at(frame)
    }
}
