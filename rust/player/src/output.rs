//! The audio callback: takes frames from the ring, applies gain ramps and updates counters. It never allocates, locks,
//! waits, logs or panics.
//!
//! A device with a long buffer can have the part that it has not played yet rewritten ([`Output::rewind`]). For that,
//! frames stay in the ring until the device has committed to them, and marks record the state of the output when it
//! handed them out. So a command is heard at once even if the device's buffer is long.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::Instant;

use realtime_backend_core::stream::ramps::{GainGlide, smooth};
use ringbuf::traits::{Consumer, Observer};

use crate::queue::{Frame, QueueConsumer, Shared, Splice, State, TransportCommand};

/// Frames that are taken at a time while the output fades out.
const PIECE: usize = 32;
/// Most frames between two marks.
const MARK: usize = 128;
/// Marks in addition to those that the device's buffer needs.
const SPARE_MARKS: usize = 64;

/// The state of an output at a frame that it handed out.
#[derive(Debug, Clone, Copy)]
struct Mark {
    total: u64,
    index: u64,
    frame: u64,
    fade: GainGlide,
    volume: GainGlide,
}

/// The consumer of a player's sound. A device calls [`Output::fill`] from its audio thread; a test calls it by hand.
pub struct Output {
    consumer: QueueConsumer,
    shared: Arc<Shared>,
    rate: u32,
    /// Index of the oldest frame in the ring.
    base: u64,
    /// Index of the frame that is handed out next.
    index: u64,
    /// Track frame at `index`.
    frame: u64,
    /// Splice that is not carried out yet.
    splice: Option<Splice>,
    /// Gain of play, pause, stop and splices without a crossfade: 0, 1 or a ramp between them.
    fade: GainGlide,
    volume: GainGlide,
    /// Whether the last callback found too few frames.
    starved: bool,
    /// Frames handed out since the device was opened.
    total: u64,
    marks: VecDeque<Mark>,
    /// Whether the device takes frames back.
    rewinds: bool,
    /// Transport command and volume that the frames handed out follow.
    followed: (TransportCommand, f32),
    /// Frames from this output to the listener's ear.
    latency: u32,
    /// `total` when the last frame of the track was handed out.
    ended_at: Option<u64>,
    /// `total` when the last frame that is not silence was handed out; 0: none.
    sounded_until: u64,
}

impl Output {
    pub(crate) fn new(consumer: QueueConsumer, shared: Arc<Shared>, rate: u32, ramp_s: f32) -> Self {
        let volume = GainGlide::new(shared.volume(), ramp_s, rate);
        let fade = GainGlide::new(0.0, ramp_s, rate);
        let followed = (shared.command(), shared.volume());
        let frame = shared.frame.load(Acquire);
        Self {
            consumer,
            shared,
            rate,
            base: 0,
            index: 0,
            frame,
            splice: None,
            fade,
            volume,
            starved: false,
            total: 0,
            marks: VecDeque::new(),
            rewinds: false,
            followed,
            latency: 0,
            ended_at: None,
            sounded_until: 0,
        }
    }

    /// Frames per second that this output expects to be played at.
    pub const fn sample_rate(&self) -> u32 {
        self.rate
    }

    /// Set the latency from this output to the listener's ear, in frames.
    pub(crate) fn set_latency(&mut self, frames: u32) {
        self.latency = frames;
    }

    /// Declare that the device buffers up to `frames` frames and lets them be rewritten.
    pub(crate) fn set_reach(&mut self, frames: u32) {
        self.marks = VecDeque::with_capacity(frames as usize / MARK + SPARE_MARKS);
        self.rewinds = true;
    }

    /// Prepare for a device that has just been opened: the first frames fade in. Frames that the previous device
    /// received and did not play are handed out again.
    pub(crate) fn open(&mut self) {
        if let Some(mark) = self.marks.front().copied() {
            self.restore(mark);
        }
        self.forget();
        self.rewinds = false;
        self.total = 0;
        self.ended_at = None;
        self.sounded_until = 0;
        self.fade.rest_at(0.0);
        self.latency = 0;
        self.publish();
    }

    /// Fill `out` with the next frames and return how many are valid. The number is less than `out.len()` only for a
    /// device that lets frames be rewritten, because it can wait. For other devices, missing frames are silent.
    pub fn fill(&mut self, out: &mut [Frame]) -> usize {
        let begun = Instant::now();
        if !self.rewinds || self.marks.is_empty() {
            self.follow();
        }
        let (command, _) = self.followed;
        self.jump_while_resting();
        let buffered = self.available();
        if command == TransportCommand::Play && self.shared.end.load(Acquire) == u64::MAX {
            self.shared.meters.ring_minimum.fetch_min(buffered as u32, Relaxed);
        }
        let piece = if self.rewinds { MARK } else { out.len().max(1) };
        let (mut done, mut filled) = (0, 0);
        for piece in out.chunks_mut(piece) {
            self.mark();
            let taken = self.fill_piece(piece, command);
            done += taken;
            let count = if self.rewinds && taken < piece.len() && self.starves(command) { taken } else { piece.len() };
            self.total += count as u64;
            filled += count;
            if count < piece.len() {
                break;
            }
        }
        self.finish(&out[..filled], done, command);
        self.shared.meters.callback(filled, begun.elapsed().as_secs_f64(), self.rate);
        filled
    }

    /// Fill `out` with the available frames, then with silence. Returns the number of available frames.
    fn fill_piece(&mut self, out: &mut [Frame], command: TransportCommand) -> usize {
        let mut done = 0;
        while done < out.len() {
            let taken = self.stretch(&mut out[done..], command);
            if taken == 0 {
                break;
            }
            done += taken;
        }
        out[done..].fill([0.0; 2]);
        done
    }

    /// Whether missing frames are an underrun: the output plays or is still fading out, and the track has not ended.
    fn starves(&self, command: TransportCommand) -> bool {
        !self.ended() && (command == TransportCommand::Play || !self.is_silent())
    }

    fn ended(&self) -> bool {
        self.index == self.shared.end.load(Acquire)
    }

    /// Number of frames in the ring that have not been handed out.
    fn available(&self) -> u64 {
        (self.base + self.consumer.frames.occupied_len() as u64).saturating_sub(self.index)
    }

    /// Read the transport command, the volume and the next splice. For a device that lets frames be rewritten,
    /// [`Self::rewind`] does this and `fill` does not, unless there is nothing to rewrite: a command that `fill` read
    /// would take effect only after the whole device buffer.
    fn follow(&mut self) {
        self.followed = (self.shared.command(), self.shared.volume());
        self.take_splice();
    }

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
            self.publish_reach();
            return None;
        };
        self.marks.truncate(place.unwrap_or(0));
        self.restore(mark);
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

    fn mark(&mut self) {
        if !self.rewinds {
            return;
        }
        if self.marks.len() == self.marks.capacity() {
            self.marks.pop_front();
        }
        let Self { total, index, frame, fade, volume, .. } = *self;
        self.marks.push_back(Mark { total, index, frame, fade, volume });
    }

    fn restore(&mut self, mark: Mark) {
        self.total = mark.total;
        self.index = mark.index;
        self.frame = mark.frame;
        self.fade = mark.fade;
        self.volume = mark.volume;
        self.ended_at = self.ended_at.filter(|end| *end <= mark.total);
        self.sounded_until = self.sounded_until.min(mark.total);
    }

    /// Forget all marks: no frame that was handed out can be rewritten.
    fn forget(&mut self) {
        self.marks.clear();
        self.release();
    }

    /// Remove frames from the ring that cannot be rewritten any more.
    fn release(&mut self) {
        let first = self.marks.front().map_or(self.index, |mark| mark.index);
        let count = first.saturating_sub(self.base) as usize;
        self.base += self.consumer.frames.skip(count) as u64;
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

    /// Take frames up to the next splice or the end of the ring. Returns their number; 0 if there is nothing to play.
    fn stretch(&mut self, out: &mut [Frame], command: TransportCommand) -> usize {
        let mut wanted = out.len();
        let mut dips = false;
        if let Some(splice) = self.splice {
            // a splice that is late, or has no crossfade, needs a fade-out first
            let late = self.index > splice.at;
            dips = late || splice.hard && self.index == splice.at;
            if dips && (self.is_silent() || self.index >= splice.to) || self.index == splice.at && !splice.hard {
                if late {
                    self.shared.meters.late_splices.fetch_add(1, Relaxed);
                    self.fade.rest_at(0.0);
                }
                self.jump(splice);
                dips = false;
            } else {
                let border = if dips { splice.to } else { splice.at };
                wanted = wanted.min((border - self.index) as usize);
            }
        }
        let up = command == TransportCommand::Play && !dips;
        if !up {
            if self.is_silent() {
                return 0;
            }
            // small pieces, so that few frames are consumed after the fade has reached silence
            wanted = wanted.min(PIECE);
        }
        self.take(&mut out[..wanted], up)
    }

    fn take(&mut self, out: &mut [Frame], up: bool) -> usize {
        let taken = self.copy(out);
        let ends = self.shared.end.load(Acquire) == self.index + taken as u64;
        // a device that lets frames be rewritten can wait for the rest, so this is no underrun
        let starves = taken < out.len() && !ends && !self.rewinds;
        if starves && self.fade.rests_at(1.0) {
            // fade out the frames that are left: a cut would click
            self.fade_tail(&mut out[..taken]);
        }
        let target = if up { 1.0 } else { 0.0 };
        let (_, volume) = self.followed;
        for frame in &mut out[..taken] {
            let gain = self.fade.step(target) * self.volume.step(volume);
            *frame = [frame[0] * gain, frame[1] * gain];
        }
        if starves {
            self.fade.rest_at(0.0);
        }
        self.index += taken as u64;
        self.frame += taken as u64;
        taken
    }

    /// Copy frames from the ring, starting at `index`. Returns their number.
    fn copy(&self, out: &mut [Frame]) -> usize {
        let (first, second) = self.consumer.frames.as_slices();
        let offset = (self.index - self.base) as usize;
        let parts = match first.get(offset..) {
            Some(rest) => [rest, second],
            None => [second.get(offset - first.len()..).unwrap_or(&[]), &[]],
        };
        let mut done = 0;
        for part in parts {
            let count = part.len().min(out.len() - done);
            out[done..done + count].copy_from_slice(&part[..count]);
            done += count;
        }
        done
    }

    fn is_silent(&self) -> bool {
        self.fade.rests_at(0.0)
    }

    fn fade_tail(&self, out: &mut [Frame]) {
        let len = out.len() as f32;
        for (i, frame) in out.iter_mut().enumerate() {
            let gain = smooth(1.0 - (i as f32 + 1.0) / len);
            *frame = [frame[0] * gain, frame[1] * gain];
        }
    }

    fn take_splice(&mut self) {
        if self.splice.is_none() {
            self.splice = self.consumer.splices.try_pop();
        }
    }

    /// Carry out a splice at once while the output is silent: it needs no crossfade.
    fn jump_while_resting(&mut self) {
        if self.is_silent()
            && let Some(splice) = self.splice
        {
            self.jump(splice);
        }
    }

    fn jump(&mut self, splice: Splice) {
        let distance = splice.to.saturating_sub(self.index).min(self.available());
        self.index += distance;
        self.frame = splice.frame + self.index.saturating_sub(splice.to);
        self.splice = None;
        // frames before the splice must not be handed out again
        self.forget();
        self.shared.spliced.fetch_add(1, Release);
    }

    fn finish(&mut self, out: &[Frame], done: usize, command: TransportCommand) {
        let ended = self.ended();
        let silent = self.is_silent();
        if command == TransportCommand::Play && done < out.len() && !ended {
            if !self.starved && self.index > 0 {
                self.shared.meters.underrun_events.fetch_add(1, Relaxed);
            }
            if self.index > 0 {
                self.shared.meters.underrun_frames.fetch_add((out.len() - done) as u64, Relaxed);
            }
            self.starved = true;
        } else if done > 0 {
            self.starved = false;
        }
        let peak = |side: usize| out.iter().fold(0.0_f32, |peak, frame| peak.max(frame[side].abs()));
        self.shared.meters.peaks(peak(0), peak(1));
        let last = self.total - (out.len() - done.min(out.len())) as u64;
        self.ended_at = if ended { self.ended_at.or(Some(last)) } else { None };
        if done > 0 {
            self.sounded_until = last;
        }
        let heard = self.unheard() == 0;
        let quiet = silent && command != TransportCommand::Play && self.is_heard(self.sounded_until);
        let state = match command {
            // a device that is closed earlier cuts the fade off
            TransportCommand::Stop if quiet => State::Stopped,
            TransportCommand::Stop | TransportCommand::Play if ended && heard => State::Finished,
            TransportCommand::Pause => State::Paused,
            _ => State::Playing,
        };
        if state == State::Playing {
            self.shared.started.store(true, Release);
        }
        self.shared.quiet.store(quiet, Release);
        self.shared.resting.store(silent && command != TransportCommand::Play, Release);
        self.release();
        self.publish();
        if self.shared.state() != State::Failed {
            self.shared.state.store(state as u8, Release);
        }
    }

    /// Number of frames of the track that were handed out and not heard yet. Falls to 0 while the silence after the end
    /// of the track plays.
    fn unheard(&self) -> u32 {
        let silence = self.ended_at.map_or(0, |end| self.total.saturating_sub(end));
        u64::from(self.latency).saturating_sub(silence) as u32
    }

    /// Whether the listener has heard the frames up to `total`, counted since the device was opened.
    fn is_heard(&self, total: u64) -> bool {
        total == 0 || total + u64::from(self.latency) <= self.total
    }

    fn publish(&self) {
        self.shared.latency.store(self.unheard(), Relaxed);
        self.shared.frame.store(self.frame, Release);
        self.shared.read.store(self.index, Release);
        self.publish_reach();
    }

    /// Publish the first frame that a splice can still replace.
    fn publish_reach(&self) {
        let (index, frame) = self.marks.front().map_or((self.index, self.frame), |mark| (mark.index, mark.frame));
        self.shared.reach_index.store(index, Release);
        self.shared.reach_frame.store(frame, Release);
    }
}
