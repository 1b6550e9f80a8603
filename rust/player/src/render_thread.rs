//! The render thread: keeps the ring filled, and carries out seeks and edits with splices.
//!
//! The sound after a seek or an edit is written to the ring after the frames that are already there. A splice then
//! makes the callback jump to it, a few milliseconds ahead of its current place. The new sound begins with a crossfade
//! from what would have played there otherwise. A plan is a pure function of the frame, so both sides of the crossfade
//! can be rendered at any time.

use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::time::Instant;

use realtime_backend_core::stream::Playing;
use realtime_backend_core::stream::ramps::crossfade_gain;
use ringbuf::traits::{Observer, Producer};

use crate::mailbox::Mail;
use crate::queue::{Frame, QueueProducer, Shared, Splice};

/// Most frames that are rendered at a time.
const CHUNK: usize = 512;

/// Something to play.
pub(crate) struct Source {
    pub(crate) playing: Playing,
    /// Track frame at which this source takes over from another one.
    pub(crate) take_over: Option<u64>,
}

/// Sizes that are fixed for the life of a player, in frames.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    /// Number of frames to keep in the ring.
    pub(crate) target: u64,
    /// Least distance from the callback to a splice.
    pub(crate) margin: u64,
    /// Length of a crossfade.
    pub(crate) crossfade: u64,
    /// Length of the fade-in at the start of the track.
    pub(crate) rise: u64,
}

/// State of the render thread.
pub(crate) struct RenderThread {
    producer: QueueProducer,
    shared: Arc<Shared>,
    sizes: Sizes,
    source: Box<Source>,
    /// Track frame that is rendered next.
    position: u64,
    /// Index that is written next.
    written: u64,
    /// The last splice. From it on, the track frame at an index is `frame + (index - to)`.
    map: Splice,
    /// Number of splices sent to the callback.
    sent: u64,
    left: Vec<f32>,
    right: Vec<f32>,
    old: Vec<Frame>,
    frames: Vec<Frame>,
}

impl RenderThread {
    /// Create the state of a render thread that begins at track frame `start`.
    pub(crate) fn new(
        producer: QueueProducer,
        shared: Arc<Shared>,
        source: Box<Source>,
        start: u64,
        sizes: Sizes,
    ) -> Self {
        let longest = CHUNK.max(sizes.crossfade as usize);
        let mut rendering = Self {
            producer,
            shared,
            sizes,
            source,
            position: start,
            written: 0,
            map: Splice { at: 0, to: 0, frame: start, source: 0, hard: true },
            sent: 0,
            left: vec![0.0; longest],
            right: vec![0.0; longest],
            old: vec![[0.0; 2]; longest],
            frames: vec![[0.0; 2]; longest],
        };
        rendering.source.playing.rise = if start == 0 { sizes.rise } else { 0 };
        // a splice at index 0 tells the callback where it starts
        rendering.send(Splice { at: 0, to: 0, frame: start, source: 0, hard: true });
        rendering
    }

    /// Carry out the commands in `mail` if the previous splice is done, then fill the ring. Returns the source that was
    /// replaced.
    pub(crate) fn tick(&mut self, mail: &mut Mail) -> Option<Box<Source>> {
        let is_spliced = self.shared.spliced.load(Acquire) == self.sent;
        let retired = if is_spliced && mail.is_pending() { self.splice(mail) } else { None };
        self.fill();
        retired
    }

    /// Render until the ring holds [`Sizes::target`] frames or the track ends.
    fn fill(&mut self) {
        let read = self.shared.read.load(Acquire);
        // frames that an outstanding splice will skip do not count
        let skipped = if self.shared.spliced.load(Acquire) < self.sent {
            self.map.to.saturating_sub(self.map.at.max(read))
        } else {
            0
        };
        let goal = read + skipped + self.sizes.target;
        while self.written < goal && self.position < self.source.playing.frames() {
            let count = (self.source.playing.frames() - self.position).min(CHUNK as u64) as usize;
            if self.producer.frames.vacant_len() < count {
                break;
            }
            let begun = Instant::now();
            self.render(self.position, count);
            self.push(count);
            self.position += count as u64;
            let rate = self.source.playing.plan().sample_rate();
            self.shared.meters.rendered(count, begun.elapsed().as_secs_f64(), rate);
        }
        if self.position >= self.source.playing.frames() {
            self.shared.end.store(self.written, Release);
        }
    }

    /// Render `count` frames from track frame `at` into `self.frames`.
    fn render(&mut self, at: u64, count: usize) {
        let (left, right) = (&mut self.left[..count], &mut self.right[..count]);
        self.source.playing.render(at, left, right);
        for (frame, (left, right)) in self.frames.iter_mut().zip(left.iter().zip(right)) {
            *frame = [*left, *right];
        }
    }

    /// Write the first `count` rendered frames to the ring.
    fn push(&mut self, count: usize) {
        self.written += self.producer.frames.push_slice(&self.frames[..count]) as u64;
    }

    /// Carry out a seek, an edit or both: write the crossfade to the ring and send the splice. Returns the source that
    /// was replaced. Without room in the ring, nothing happens and the mail stays.
    fn splice(&mut self, mail: &mut Mail) -> Option<Box<Source>> {
        let (read, resting) = (self.shared.read.load(Acquire), self.shared.resting.load(Acquire));
        let count = self.sizes.crossfade as usize;
        if self.producer.frames.vacant_len() < count + CHUNK {
            return None; // try again at the next tick
        }
        // not within the previous crossfade: the source alone cannot render that mix again
        let mixed = if self.map.hard { self.map.to } else { self.map.to + self.sizes.crossfade };
        let reach = self.shared.reach_index.load(Acquire).min(read);
        let mut at = if resting { read } else { (reach + self.sizes.margin).max(mixed).min(self.written) };
        let take_over = mail.source.as_ref().and_then(|source| source.take_over).filter(|_| mail.seek.is_none());
        if let (Some(frame), false) = (take_over, resting) {
            // the frame for which the phases were computed, if the callback has not reached it
            let index = self.map.to + frame.saturating_sub(self.map.frame);
            at = at.max(index.min(self.written));
        }
        let old_frame = self.map.frame + (at - self.map.to.min(at));
        // render both sides of the crossfade, the old side before its source is replaced
        self.render(old_frame, count);
        std::mem::swap(&mut self.old, &mut self.frames);
        let retired = mail.source.take().map(|new| std::mem::replace(&mut self.source, new));
        if let Some(old) = &retired {
            self.source.playing.rise = old.playing.rise;
        }
        let target = match mail.seek.take() {
            Some(frame) => {
                self.source.playing.rise = if frame == 0 { self.sizes.rise } else { 0 };
                frame.min(self.source.playing.frames())
            }
            None => old_frame.min(self.source.playing.frames()),
        };
        self.render(target, count);
        if !resting {
            for (i, (new, old)) in self.frames[..count].iter_mut().zip(&self.old).enumerate() {
                let share = crossfade_gain(i, count);
                *new = [0, 1].map(|side| old[side] * (1.0 - share) + new[side] * share);
            }
        }
        self.shared.end.store(u64::MAX, Release);
        let splice = Splice { at, to: self.written, frame: target, source: 0, hard: resting };
        self.push(count);
        self.position = target + count as u64;
        if target + count as u64 >= self.source.playing.frames() {
            self.shared.end.store(self.written, Release);
        }
        self.send(splice);
        retired
    }

    /// Send a splice to the callback.
    fn send(&mut self, splice: Splice) {
        if self.producer.splices.try_push(splice).is_ok() {
            self.map = splice;
            self.sent += 1;
        }
    }
}
