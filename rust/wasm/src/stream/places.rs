//! From one place of a stream to another: seeks, and sources that take over.

use realtime_backend_core::stream::{Fade, Piece, Source};

use super::Stream;
use crate::fade;
use crate::state::TransportCommand;

/// Most pieces of the stream that are kept. Only a caller that never says what was heard has so many.
const KEPT: usize = 64;

impl Stream {
    /// Go to `seconds` of the track, clamped to its length. A value that is not finite counts as 0.
    pub fn seek(&mut self, seconds: f64) {
        let seconds = if seconds.is_finite() { seconds.max(0.0) } else { 0.0 };
        let frame = ((seconds * f64::from(self.sample_rate())) as u64).min(self.plan().frames());
        if self.is_resting() || self.ended() {
            self.wake();
            self.jump(frame);
        } else if self.command == TransportCommand::Play {
            self.cross_to(frame);
        } else {
            self.wait_to(frame);
        }
    }

    /// Continue what another stream of the track played: its frame with this index is the next one, at `seconds` of the
    /// track. Nothing may have been pulled yet.
    pub fn continue_at(&mut self, index: u64, seconds: f64) {
        (self.index, self.first, self.fence) = (index, index, index);
        self.seek(seconds);
        self.course.forget_before(index);
        drop(self.course.take_retired());
    }

    /// After the end, fade in again if the stream plays.
    pub(super) fn wake(&mut self) {
        if self.ended() {
            self.fade = fade::Fade::resting(0.0);
            self.head_for(if self.command == TransportCommand::Play { 1.0 } else { 0.0 });
        }
    }

    /// Index of the frame at which the last seek takes effect.
    pub const fn landing(&self) -> u64 {
        self.landing
    }

    /// Track frame that is pulled next.
    pub(super) fn position(&self) -> u64 {
        self.course.frame_at(self.index)
    }

    /// A number that no source has.
    pub(super) const fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// Continue at track frame `frame` without a crossfade.
    pub(super) fn jump(&mut self, frame: u64) {
        self.land(self.index, frame, 0);
    }

    /// Continue at track frame `frame` at once, with a crossfade.
    fn cross_to(&mut self, frame: u64) {
        self.land(self.index, frame, self.ramp);
    }

    /// Continue at track frame `frame` after the fade-out. Until then the old place plays.
    fn wait_to(&mut self, frame: u64) {
        self.course.cut(self.index);
        self.land(self.fade.end(), frame, 0);
    }

    /// Carry out a seek now that waits for the end of a fade-out.
    pub(super) fn hurry(&mut self) {
        let last = self.course.last();
        if last.index > self.index {
            self.course.cut(self.index);
            self.cross_to(last.frame);
        }
    }

    /// Begin a piece of the source that plays: track frame `frame` is at `index`.
    fn land(&mut self, index: u64, frame: u64, fade: u64) {
        let rise = if frame == 0 { self.startup } else { 0 };
        self.begin(index, frame, rise, Fade { from: index, frames: fade, equal_power: false }, None);
        self.landing = index;
    }

    /// Go on with `source` from its frame `frame` on, at the next frame. If the stream sounds, a crossfade of `fade` frames
    /// leads to it.
    pub(super) fn take_over(&mut self, source: Box<Source>, frame: u64, rise: u64, fade: u64, equal_power: bool) {
        let frames = if self.is_resting() || self.ended() { 0 } else { fade };
        self.begin(self.index, frame, rise, Fade { from: self.index, frames, equal_power }, Some(source));
    }

    fn begin(&mut self, index: u64, frame: u64, rise: u64, fade: Fade, source: Option<Box<Source>>) {
        let number = source.as_ref().map_or(self.course.source().number, |source| source.number);
        self.course.add(Piece { index, frame, source: number, rise, fade }, source);
        self.fence = self.fence.max(index);
        self.bound();
    }

    /// Forget what was pulled long ago, if nobody said that it was heard.
    pub(super) fn bound(&mut self) {
        if self.course.kept() > KEPT {
            self.course.forget_before(self.index);
            self.fence = self.fence.max(self.index);
        }
        drop(self.course.take_retired());
    }
}
