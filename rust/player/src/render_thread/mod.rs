//! The render thread: keeps the ring filled, joins sources, and carries out seeks and edits with splices.
//!
//! The sound after a seek or an edit is written to the ring after the frames that are already there. A splice then
//! makes the callback jump to it, a few milliseconds ahead of its current place. The new sound begins with a crossfade
//! from what would have played there otherwise. A plan is a pure function of the frame, so both sides of the crossfade
//! can be rendered at any time.
//!
//! At a joint, where a loop goes back or the next track begins, the ring simply goes on with another source.

mod pieces;
mod splice;

use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::mpsc::Sender;
use std::time::Instant;

use realtime_backend_core::stream::{Joint, Loop, Playing};
use ringbuf::traits::{Observer, Producer};

use crate::ahead::{Ask, Event};
use crate::mailbox::{Mail, Replace};
use crate::queue::{Frame, Place, QueueProducer, Shared, Splice};
use pieces::{Fade, Piece, Pieces};

/// Most frames that are rendered at a time.
const CHUNK: usize = 512;
/// Number of a source that the render thread made itself; these repeat a source with another number.
const OWN: u64 = 1 << 63;

/// Something to play.
pub(crate) struct Source {
    pub(crate) playing: Playing,
    /// Distinguishes the sources of a player. Later ones have larger numbers.
    pub(crate) number: u64,
    /// The entry of the list of tracks that it plays; edits keep the entry.
    pub(crate) entry: u64,
    pub(crate) begins: Begins,
}

/// How a source begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begins {
    /// It replaces the source of the same entry; its phases were computed for this track frame.
    Edit(u64),
    /// It replaces whatever plays, at this track frame, with a crossfade of this many frames.
    Skip(u64, u64),
    /// It waits for the end of another one.
    Later,
}

/// A source that continues the phases of another one, for the joint of a loop.
pub(crate) struct Led {
    /// Number of the source that it follows.
    pub(crate) after: u64,
    pub(crate) joint: Joint,
    pub(crate) source: Box<Source>,
}

/// The track after another one.
pub(crate) struct Next {
    /// The entry that it follows.
    pub(crate) after: u64,
    /// Length of the crossfade in frames.
    pub(crate) fade: u64,
    pub(crate) source: Box<Source>,
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
    pieces: Pieces,
    /// Index that is written next.
    written: u64,
    /// The last splice.
    map: Splice,
    /// Number of splices sent to the callback.
    sent: u64,
    frames: Vec<Frame>,
    looping: Option<Loop>,
    led: Option<Led>,
    next: Option<Next>,
    /// Whether another track follows the last one that is known.
    continues: bool,
    /// Number of the next source that is made here.
    own: u64,
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
            pieces: Pieces::new(source, start, if start == 0 { sizes.rise } else { 0 }),
            written: 0,
            map: first,
            sent: 0,
            frames: vec![[0.0; 2]; CHUNK],
            looping: None,
            led: None,
            next: None,
            continues: false,
            own: OWN,
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
        if is_spliced && (mail.is_pending() || mail.skips > 0 && self.next.is_some()) {
            self.splice(mail);
        }
        self.fill();
        self.pieces.forget_before(self.shared.reach_index.load(Acquire));
        std::mem::take(&mut self.pieces.retired)
    }

    /// Take what was made for later.
    fn prepare(&mut self, mail: &mut Mail) {
        if let Some(led) = mail.led.take()
            && let Some(old) = self.led.replace(led)
        {
            self.pieces.retired.push(old.source);
        }
        if let Some(continues) = mail.continues.take() {
            self.continues = continues;
            mail.skips = if continues { mail.skips } else { 0 };
        }
        let Some(Replace(next)) = mail.next.take() else { return };
        if next.as_ref().is_some_and(|next| next.after != self.pieces.source().entry) {
            // made for a track that does not play any more
            self.pieces.retired.extend(next.map(|next| next.source));
            return;
        }
        self.pieces.retired.extend(std::mem::replace(&mut self.next, next).map(|old| old.source));
    }

    /// Where the last source joins another one, and whether that is a loop.
    fn joint(&self) -> Option<(Joint, bool)> {
        let frames = self.pieces.source().playing.frames();
        let position = self.position();
        if let Some(joint) = self.looping.and_then(|looped| looped.joint(frames))
            && position <= joint.at
        {
            return Some((joint, true));
        }
        let next = self.next.as_ref()?;
        let fade = next.fade.min(frames / 2).min(next.source.playing.frames() / 2);
        Some((Joint { at: (frames - fade).max(position), frame: 0, fade }, false))
    }

    /// Track frame that is rendered next.
    fn position(&self) -> u64 {
        self.pieces.last().frame_at(self.written)
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
        if self.has_ended() {
            self.shared.end.store(self.written, Release);
        } else if self.written > self.shared.end.load(Acquire) {
            // what follows came after the end was written
            self.shared.end.store(u64::MAX, Release);
        }
    }

    /// Write up to `most` frames, or go on with another source. Returns whether that was possible.
    fn advance(&mut self, most: usize) -> bool {
        if self.has_ended() {
            return false;
        }
        let position = self.position();
        let end = match self.joint() {
            Some((joint, looping)) if joint.at == position => return self.join(joint, looping),
            Some((joint, _)) => joint.at,
            // silence, until the next track is ready
            None if self.continues => u64::MAX,
            None => self.end(),
        };
        self.write((end - position).min(most as u64) as usize)
    }

    /// Whether the last frame of all is written.
    fn has_ended(&self) -> bool {
        self.position() >= self.end() && !self.continues && self.joint().is_none()
    }

    /// Where the last source ends, or the crossfade to it, if that ends later.
    fn end(&self) -> u64 {
        let last = self.pieces.last();
        self.pieces.source().playing.frames().max(last.frame + last.fade.frames)
    }

    /// Render `count` frames, at most [`CHUNK`], and write them to the ring. Returns whether there was room.
    fn write(&mut self, count: usize) -> bool {
        if self.producer.frames.vacant_len() < count {
            return false;
        }
        let begun = Instant::now();
        self.pieces.render(self.written, &mut self.frames[..count]);
        self.written += self.producer.frames.push_slice(&self.frames[..count]) as u64;
        let rate = self.pieces.source().playing.plan().sample_rate();
        self.shared.meters.rendered(count, begun.elapsed().as_secs_f64(), rate);
        true
    }

    /// Go on with another source. Returns whether the callback could be told.
    fn join(&mut self, joint: Joint, looping: bool) -> bool {
        if self.producer.joints.is_full() {
            return false;
        }
        let source = if looping { Some(self.repeated(joint)) } else { self.next.take().map(|next| next.source) };
        let Some(source) = source else { return false };
        let Joint { frame, fade, .. } = joint;
        let number = source.number;
        let place = Place { index: self.written, frame, source: number, joined: true };
        if self.producer.joints.try_push(place).is_err() {
            return false;
        }
        let fade = Fade { from: self.written, frames: fade, equal_power: !looping };
        self.pieces.add(Piece { index: self.written, frame, source: number, rise: 0, fade }, Some(source));
        self.tell();
        true
    }

    /// The source for the next round of a loop: one that continues the phases if it is ready, else the same again.
    fn repeated(&mut self, joint: Joint) -> Box<Source> {
        let source = self.pieces.source();
        if let Some(led) = self.led.take() {
            if led.after == source.number && led.joint == joint {
                return led.source;
            }
            self.pieces.retired.push(led.source);
        }
        let source = self.pieces.source();
        let playing = source.playing.again(Arc::clone(source.playing.plan()), joint.frame);
        let entry = source.entry;
        self.own += 1;
        Box::new(Source { playing, number: self.own, entry, begins: Begins::Later })
    }

    /// Tell what is written now.
    fn tell(&self) {
        let source = self.pieces.source();
        let joint = self.looping.and_then(|looped| looped.joint(source.playing.frames()));
        let event = Event {
            number: source.number,
            entry: source.entry,
            plan: Arc::clone(source.playing.plan()),
            joint: joint.filter(|joint| self.position() <= joint.at),
            next: self.next.is_some(),
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
