//! Seeks, edits and changes of the loop during playback.

use std::sync::atomic::Ordering::{Acquire, Release};

use realtime_backend_core::stream::{CHUNK, Fade, Next, Piece};
use ringbuf::traits::Observer;

use super::{Begins, RenderThread, TakeOver};
use crate::mailbox::{Mail, Replace};
use crate::queue::Splice;

impl RenderThread {
    /// Carry out a seek, an edit, a change of the loop, or all of them: write the new sound to the ring, beginning with
    /// a crossfade, and send the splice. Without room in the ring, nothing happens and the mail stays.
    pub(super) fn splice(&mut self, mail: &mut Mail) {
        let (read, resting) = (self.shared.read.load(Acquire), self.shared.resting.load(Acquire));
        if self.producer.frames.vacant_len() < self.sizes.crossfade as usize + CHUNK {
            return; // try again at the next tick
        }
        let reach = self.shared.reach_index.load(Acquire).min(read);
        let earliest = if resting { read } else { (reach + self.sizes.margin).min(self.written) };
        let cut = self.course.cut(earliest);
        let edit = self.skipped(mail).or_else(|| mail.source.take().and_then(|source| self.fitting(source)));
        let (old, entry) = (self.course.last(), self.course.source().entry);
        let mut at = earliest;
        if let (Some(Begins::Edit(frame)), None, false) = (edit.as_ref().map(|edit| edit.begins), mail.seek, resting) {
            // the frame for which the phases were computed, if the callback has not reached it
            let index = old.index + frame.saturating_sub(old.frame);
            at = at.max(index.min(cut.unwrap_or(self.written)));
        }
        if let Some(Replace(looping)) = mail.looping.take() {
            self.course.set_loop(looping);
        }
        let (mut target, mut fade) = (old.frame_at(at), self.sizes.crossfade);
        let mut rise = old.rise;
        if let Some(Begins::Skip(frame, frames)) = edit.as_ref().map(|edit| edit.begins) {
            (target, fade) = (frame, frames.max(fade));
            rise = 0;
        }
        if let Some(frame) = mail.seek.take() {
            target = frame;
            rise = if frame == 0 { self.sizes.rise } else { 0 };
        }
        let (number, frames) = match &edit {
            Some(edit) => (edit.source.number, edit.source.playing.frames()),
            None => (old.source, self.course.source().playing.frames()),
        };
        let frame = target.min(frames);
        let equal_power = edit.as_ref().is_some_and(|edit| edit.source.entry != entry);
        let fade = Fade { from: at, frames: if resting { 0 } else { fade }, equal_power };
        let piece = Piece { index: self.written, frame, source: number, rise, fade };
        self.course.add(piece, edit.map(|edit| edit.source));
        let splice = Splice { at, to: self.written, frame, source: number, hard: resting };
        // as much as there is room for until the callback has followed: the end may come right after the crossfade
        let through = splice.to + self.sizes.crossfade.max(1);
        while self.written < through && self.advance(CHUNK) {}
        // only now: a callback at the old end would miss frames
        self.shared.end.store(if self.course.has_ended(self.written) { self.written } else { u64::MAX }, Release);
        self.send(splice);
        self.tell();
    }

    /// The next track, if the mail asks to skip to it and it is there.
    fn skipped(&mut self, mail: &mut Mail) -> Option<TakeOver> {
        if mail.skips == 0 {
            return None;
        }
        let Next { fade, source, .. } = self.course.take_next()?;
        mail.skips -= 1;
        mail.seek = None;
        Some(TakeOver { source, begins: Begins::Skip(0, fade.min(self.sizes.skip)) })
    }

    /// The source, unless it is an edit of a track that does not play any more.
    fn fitting(&mut self, coming: TakeOver) -> Option<TakeOver> {
        let entry = self.course.source().entry;
        if matches!(coming.begins, Begins::Skip(..)) {
            // what was made to follow the old track does not follow this one
            self.course.follow(None);
            return Some(coming);
        }
        if coming.source.entry != entry {
            self.course.retire(coming.source);
            return None;
        }
        Some(coming)
    }
}
