//! The course of a stream: which source plays at which index, where a loop goes back and where the next track begins.
//!
//! An index counts the frames of the stream from its first one. What the course has at an index is a function of the
//! index, until a command changes it.

use std::sync::Arc;

use super::pieces::{Fade, Piece, Pieces, Source};
use super::{Joint, Loop};

/// Number of a source that the course made itself; these repeat a source with another number.
const OWN: u64 = 1 << 63;

/// A source that continues the phases of another one, for the joint of a loop.
pub struct Led {
    /// Number of the source that it follows.
    pub after: u64,
    /// Where it joins.
    pub joint: Joint,
    /// What plays from there on.
    pub source: Box<Source>,
}

/// The track after another one.
pub struct Next {
    /// The entry that it follows.
    pub after: u64,
    /// Length of the crossfade in frames.
    pub fade: u64,
    /// What plays from there on.
    pub source: Box<Source>,
}

/// Sources in turn, as they are played. The player and the browser put fades, volume and transport around it.
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::stream::{Course, Loop, Playing, Source, StreamClips};
///
/// let playing = Playing::new(Arc::clone(&plan), StreamClips::of(&track, &plan, 1.0), 0);
/// let mut course = Course::new(Box::new(Source { playing, number: 1, entry: 0 }), 0, 0);
/// course.set_loop(Some(Loop { start: 0, end: 22_050, fade: 441 }));
/// assert_eq!(course.room(0), Some(22_050));
/// assert_eq!(course.room(22_050), Some(0)); // the loop goes back
/// let piece = course.join(22_050).expect("a joint");
/// assert_eq!((piece.frame, course.frame_at(22_060)), (0, 10));
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub struct Course {
    pieces: Pieces,
    looping: Option<Loop>,
    led: Option<Led>,
    next: Option<Next>,
    /// Whether another track follows the last one that is known.
    continues: bool,
    /// Number of the next source that is made here.
    own: u64,
}

impl Course {
    /// A course that begins with `source` at its frame `frame`, at index 0, and fades in over `rise` frames.
    pub fn new(source: Box<Source>, frame: u64, rise: u64) -> Self {
        let pieces = Pieces::new(source, frame, rise);
        Self { pieces, looping: None, led: None, next: None, continues: false, own: OWN }
    }

    /// The source that begins last.
    pub fn source(&self) -> &Source {
        self.pieces.source_of(&self.pieces.last())
    }

    /// The piece that begins last.
    pub fn last(&self) -> Piece {
        self.pieces.last()
    }

    /// The piece that plays at `index`, and its source.
    pub fn at(&self, index: u64) -> (Piece, &Source) {
        let piece = self.pieces.at(index);
        (piece, self.pieces.source_of(&piece))
    }

    /// Frame at `index` of the source that begins last.
    pub fn frame_at(&self, index: u64) -> u64 {
        self.pieces.last().frame_at(index)
    }

    /// Number of pieces that are kept.
    pub fn kept(&self) -> usize {
        self.pieces.len()
    }

    /// Play a part again and again from now on; `None` ends the loop.
    pub fn set_loop(&mut self, looping: Option<Loop>) {
        self.looping = looping;
    }

    /// Use `led` for the next round of the loop.
    pub fn lead(&mut self, led: Led) {
        if let Some(old) = self.led.replace(led) {
            self.pieces.retired.push(old.source);
        }
    }

    /// Whether the next round of the loop is there, for this source and joint.
    pub fn is_led(&self, after: u64, joint: Joint) -> bool {
        self.led.as_ref().is_some_and(|led| led.after == after && led.joint == joint)
    }

    /// Play `next` after the track that plays; `None`: not the one that was made before. One that was made for a track
    /// that does not play any more is left out.
    pub fn follow(&mut self, next: Option<Next>) {
        let unused = if next.as_ref().is_some_and(|next| next.after != self.source().entry) {
            next
        } else {
            std::mem::replace(&mut self.next, next)
        };
        self.pieces.retired.extend(unused.map(|next| next.source));
    }

    /// Whether the next track is there.
    pub const fn has_next(&self) -> bool {
        self.next.is_some()
    }

    /// Take the next track, which shall not wait for the end of this one.
    pub fn take_next(&mut self) -> Option<Next> {
        self.next.take()
    }

    /// Say whether another track follows. Until it is there, the end of the last one is followed by silence.
    pub fn set_continues(&mut self, continues: bool) {
        self.continues = continues;
    }

    /// Where the loop goes back, if it does so at `index` or later.
    pub fn loop_joint(&self, index: u64) -> Option<Joint> {
        let joint = self.looping?.joint(self.source().playing.frames())?;
        (self.frame_at(index) <= joint.at).then_some(joint)
    }

    /// Where the last source joins another one, and whether that is a loop.
    fn joint(&self, index: u64) -> Option<(Joint, bool)> {
        if let Some(joint) = self.loop_joint(index) {
            return Some((joint, true));
        }
        let next = self.next.as_ref()?;
        let frames = self.source().playing.frames();
        let fade = next.fade.min(frames / 2).min(next.source.playing.frames() / 2);
        Some((Joint { at: (frames - fade).max(self.frame_at(index)), frame: 0, fade }, false))
    }

    /// Number of frames that can be rendered from `index` on; 0: another source begins there (see [`Self::join`]).
    /// `None` after the last frame of all.
    pub fn room(&self, index: u64) -> Option<u64> {
        let begins = self.pieces.last().index;
        if index < begins {
            return Some(begins - index);
        }
        let frame = self.frame_at(index);
        match self.joint(index) {
            Some((joint, _)) => Some(joint.at - frame),
            // silence, until the next track is ready
            None if self.continues => Some(u64::MAX - frame),
            None => self.end().checked_sub(frame).filter(|left| *left > 0),
        }
    }

    /// Whether nothing follows from `index` on.
    pub fn has_ended(&self, index: u64) -> bool {
        self.room(index).is_none()
    }

    /// Where the last source ends, or the crossfade to it, if that ends later.
    fn end(&self) -> u64 {
        let last = self.pieces.last();
        self.source().playing.frames().max(last.frame + last.fade.frames)
    }

    /// Go on with another source at `index`, where [`Self::room`] is 0. Returns the piece that begins there.
    pub fn join(&mut self, index: u64) -> Option<Piece> {
        let (joint, looping) = self.joint(index)?;
        let source = if looping { self.repeated(joint) } else { self.next.take()?.source };
        let fade = Fade { from: index, frames: joint.fade, equal_power: !looping };
        let piece = Piece { index, frame: joint.frame, source: source.number, rise: 0, fade };
        self.pieces.add(piece, Some(source));
        Some(piece)
    }

    /// The source for the next round of a loop: one that continues the phases if it is ready, else the same again.
    fn repeated(&mut self, joint: Joint) -> Box<Source> {
        let number = self.source().number;
        match self.led.take() {
            Some(led) if led.after == number && led.joint == joint => return led.source,
            other => self.pieces.retired.extend(other.map(|led| led.source)),
        }
        self.own += 1;
        let source = self.source();
        let playing = source.playing.again(Arc::clone(source.playing.plan()), joint.frame);
        Box::new(Source { playing, number: self.own, entry: source.entry })
    }

    /// Go on with `piece`, and its source if that is new.
    pub fn add(&mut self, piece: Piece, source: Option<Box<Source>>) {
        self.pieces.add(piece, source);
    }

    /// A source that nobody needs any more.
    pub fn retire(&mut self, source: Box<Source>) {
        self.pieces.retired.push(source);
    }

    /// The sources that nobody needs any more.
    #[allow(clippy::vec_box, reason = "sources are large, and pass through channels and mails")]
    pub fn take_retired(&mut self) -> Vec<Box<Source>> {
        std::mem::take(&mut self.pieces.retired)
    }

    /// Forget what begins after `index`; it is joined again later. Returns the index at which the first of it began.
    pub fn cut(&mut self, index: u64) -> Option<u64> {
        let first = self.pieces.first_after(index)?;
        let Some(source) = self.pieces.cut(index) else { return Some(first.index) };
        let before = self.source();
        let (after, entry) = (before.number, before.entry);
        let fade = first.fade.frames;
        if source.entry != entry {
            // the next track had begun, but not for the listener; what follows it is made again
            let later = self.next.replace(Next { after: entry, fade, source });
            self.pieces.retired.extend(later.map(|next| next.source));
            return Some(first.index);
        }
        if self.led.is_none() && first.fade.from == first.index {
            let joint = Joint { at: self.frame_at(first.index), frame: first.frame, fade };
            self.led = Some(Led { after, joint, source });
            return Some(first.index);
        }
        self.pieces.retired.push(source);
        Some(first.index)
    }

    /// Forget the pieces that are heard, for a listener at `index` who cannot go back.
    pub fn forget_before(&mut self, index: u64) {
        self.pieces.forget_before(index);
    }

    /// Render what the course has at `index` into `out`: at most [`CHUNK`](super::CHUNK) frames, and at most
    /// [`Self::room`].
    pub fn render(&mut self, index: u64, out: &mut [[f32; 2]]) {
        self.pieces.render(index, out);
    }
}
