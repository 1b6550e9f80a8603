//! Frames that the device has not played yet are handed out again, changed by a command.

use std::sync::atomic::Ordering::{Relaxed, Release};

use realtime_backend_core::stream::ramps::GainGlide;
use ringbuf::traits::Consumer;

use super::Output;
use super::timer::Timer;
use crate::queue::{Splice, State, TransportCommand};

/// The state of an output at a frame that it handed out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) total: u64,
    pub(super) index: u64,
    fade: GainGlide,
    volume: GainGlide,
    timer: Timer,
    pub(super) rested: bool,
}

impl Output {
    /// Read new commands, and go back to the first frame that they change. The device has committed to the frames
    /// before `committed`, counted since it was opened. Returns the number of the frame that comes next if the output
    /// went back.
    pub(crate) fn rewind(&mut self, committed: u64) -> Option<u64> {
        while self.marks.front().is_some_and(|mark| mark.total < committed) {
            self.marks.pop_front();
        }
        self.release();
        let before = self.followed;
        self.follow();
        let place = match self.splice.and_then(|splice| self.mark_before(splice)) {
            Some(place) => Some(place),
            None if self.followed != before => Some(0),
            None => None,
        };
        let mark = place.and_then(|place| self.marks.get(place).copied());
        let Some(mark) = mark else {
            self.obey();
            self.publish_reach();
            return None;
        };
        self.marks.truncate(place.unwrap_or(0));
        self.restore(mark);
        self.obey();
        Some(mark.total)
    }

    /// Position of the last mark at or before `splice.at`, or of the first mark if none is early enough. `None` if the
    /// output has not passed `splice.at`.
    fn mark_before(&self, splice: Splice) -> Option<usize> {
        match self.marks.iter().position(|mark| mark.index >= splice.at) {
            Some(place) if self.marks[place].index == splice.at => Some(place),
            Some(place) => Some(place.saturating_sub(1)),
            None if self.index > splice.at => self.marks.len().checked_sub(1),
            None => None,
        }
    }

    pub(super) fn mark(&mut self) {
        if !self.rewinds {
            return;
        }
        if self.marks.len() == self.marks.capacity() {
            self.marks.pop_front();
        }
        let Self { total, index, fade, volume, timer, rested, .. } = *self;
        self.marks.push_back(Mark { total, index, fade, volume, timer, rested });
    }

    pub(super) fn restore(&mut self, mark: Mark) {
        self.total = mark.total;
        self.index = mark.index;
        self.fade = mark.fade;
        self.volume = mark.volume;
        self.timer = mark.timer;
        self.rested = mark.rested;
        self.ended_at = self.ended_at.filter(|end| *end <= mark.total);
        self.sounded_until = self.sounded_until.min(mark.total);
    }

    /// Forget all marks: no frame that was handed out can be rewritten.
    pub(super) fn forget(&mut self) {
        self.marks.clear();
        self.release();
    }

    /// Remove frames from the ring that cannot be rewritten any more.
    pub(super) fn release(&mut self) {
        let first = self.marks.front().map_or(self.index, |mark| mark.index);
        let count = first.saturating_sub(self.base) as usize;
        self.base += self.consumer.frames.skip(count) as u64;
        // what is heard now was handed out up to a latency ago
        self.places.forget_before(first.saturating_sub(u64::from(self.latency)));
    }

    /// Pause without a fade: the device is gone. Frames that it has not played will be handed out again.
    pub(crate) fn halt(&mut self) {
        if let Some(mark) = self.marks.front().copied() {
            self.restore(mark);
        }
        self.forget();
        self.fade.rest_at(0.0);
        self.shared.resting.store(true, Release);
        self.shared.quiet.store(true, Release);
        self.publish();
        let (play, pause) = (TransportCommand::Play as u8, TransportCommand::Pause as u8);
        if self.shared.command.compare_exchange(play, pause, Release, Relaxed).is_ok() {
            self.shared.state.store(State::Paused as u8, Release);
        }
    }

    /// Count an underrun in which the device played `frames` frames of silence. The next frames fade in.
    pub(crate) fn underrun(&mut self, frames: u64) {
        self.forget();
        if self.is_silent() || self.ended() {
            return;
        }
        self.shared.meters.underrun_events.fetch_add(1, Relaxed);
        self.shared.meters.underrun_frames.fetch_add(frames, Relaxed);
        self.fade.rest_at(0.0);
    }
}
