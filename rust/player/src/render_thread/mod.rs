//! The render thread: keeps the ring filled, joins sources, and carries out seeks and edits with splices.
//!
//! The sound after a seek or an edit is written to the ring after the frames that are already there. A splice then
//! makes the callback jump to it, a few milliseconds ahead of its current place. The new sound begins with a crossfade
//! from what would have played there otherwise. A plan is a pure function of the frame, so both sides of the crossfade
//! can be rendered at any time.
//!
//! At a joint, where a loop goes back or the next track begins, the ring simply goes on with another source.

mod splice;

use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::mpsc::Sender;
use std::time::Instant;

use realtime_backend_core::stream::{CHUNK, Course, Source};
use ringbuf::traits::{Observer, Producer};

use crate::ahead::{Ask, Event};
use crate::mailbox::{Mail, Replace};
use crate::queue::{Frame, Place, QueueProducer, Shared, Splice};

/// A source that takes over at once.
pub(crate) struct TakeOver {
    pub(crate) source: Box<Source>,
    pub(crate) begins: Begins,
}

/// How a source takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begins {
    /// It replaces the source of the same entry; its phases were computed for this track frame.
    Edit(u64),
    /// It replaces whatever plays, at this track frame, with a crossfade of this many frames.
    Skip(u64, u64),
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
    /// Longest crossfade of a skip to the next track.
    pub(crate) skip: u64,
}

/// State of the render thread.
pub(crate) struct RenderThread {
    producer: QueueProducer,
    shared: Arc<Shared>,
    sizes: Sizes,
    course: Course,
    /// Index that is written next.
    written: u64,
    /// The last splice.
    map: Splice,
    /// Number of splices sent to the callback.
    sent: u64,
    frames: Vec<Frame>,
    asks: Sender<Ask>,
}

impl RenderThread {
    /// Create the state of a render thread that begins at track frame `start`.
    pub(crate) fn new(
        producer: QueueProducer,
        shared: Arc<Shared>,
        source: Box<Source>,
        start: u64,
        sizes: Sizes,
        asks: Sender<Ask>,
    ) -> Self {
        let first = Splice { at: 0, to: 0, frame: start, source: source.number, hard: true };
        let mut rendering = Self {
            producer,
            shared,
            sizes,
            course: Course::new(source, start, if start == 0 { sizes.rise } else { 0 }),
            written: 0,
            map: first,
            sent: 0,
            frames: vec![[0.0; 2]; CHUNK],
            asks,
        };
        // a splice at index 0 tells the callback where it starts
        rendering.send(first);
        rendering.tell();
        rendering
    }

    /// Carry out the commands in `mail` if the previous splice is done, then fill the ring. Returns the sources that
    /// nobody needs any more.
    #[allow(clippy::vec_box, reason = "sources are large, and pass through channels and mails")]
    pub(crate) fn tick(&mut self, mail: &mut Mail) -> Vec<Box<Source>> {
        self.prepare(mail);
        let is_spliced = self.shared.spliced.load(Acquire) == self.sent;
        if is_spliced && (mail.is_pending() || mail.skips > 0 && self.course.has_next()) {
            self.splice(mail);
        }
        self.fill();
        self.course.forget_before(self.shared.reach_index.load(Acquire));
        self.course.take_retired()
    }

    /// Take what was made for later.
    fn prepare(&mut self, mail: &mut Mail) {
        if let Some(led) = mail.led.take() {
            self.course.lead(led);
        }
        if let Some(continues) = mail.continues.take() {
            self.course.set_continues(continues);
            mail.skips = if continues { mail.skips } else { 0 };
        }
        if let Some(Replace(next)) = mail.next.take() {
            self.course.follow(next);
        }
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
        while self.written < goal && self.advance(CHUNK) {}
        if self.course.has_ended(self.written) {
            self.shared.end.store(self.written, Release);
        } else if self.written > self.shared.end.load(Acquire) {
            // what follows came after the end was written
            self.shared.end.store(u64::MAX, Release);
        }
    }

    /// Write up to `most` frames, or go on with another source. Returns whether that was possible.
    fn advance(&mut self, most: usize) -> bool {
        match self.course.room(self.written) {
            None => false,
            Some(0) => self.join(),
            Some(room) => self.write(room.min(most as u64) as usize),
        }
    }

    /// Render `count` frames, at most [`CHUNK`], and write them to the ring. Returns whether there was room.
    fn write(&mut self, count: usize) -> bool {
        if self.producer.frames.vacant_len() < count {
            return false;
        }
        let begun = Instant::now();
        self.course.render(self.written, &mut self.frames[..count]);
        self.written += self.producer.frames.push_slice(&self.frames[..count]) as u64;
        let rate = self.course.source().playing.plan().sample_rate();
        self.shared.meters.rendered(count, begun.elapsed().as_secs_f64(), rate);
        true
    }

    /// Go on with another source. Returns whether the callback could be told.
    fn join(&mut self) -> bool {
        if self.producer.joints.is_full() {
            return false;
        }
        let Some(piece) = self.course.join(self.written) else { return false };
        let place = Place { index: piece.index, frame: piece.frame, source: piece.source, joined: true };
        let told = self.producer.joints.try_push(place).is_ok();
        self.tell();
        told
    }

    /// Tell what is written now.
    fn tell(&self) {
        let source = self.course.source();
        let event = Event {
            number: source.number,
            entry: source.entry,
            plan: Arc::clone(source.playing.plan()),
            joint: self.course.loop_joint(self.written),
            next: self.course.has_next(),
        };
        self.asks.send(Ask::Follow(event)).ok();
    }

    /// Send a splice to the callback.
    fn send(&mut self, splice: Splice) {
        if self.producer.splices.try_push(splice).is_ok() {
            self.map = splice;
            self.sent += 1;
        }
    }
}
