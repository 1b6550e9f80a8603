//! The audio callback: takes frames from the ring, applies gain ramps and updates counters. It never allocates, locks,
//! waits, logs or panics.
//!
//! A device with a long buffer can have the part that it has not played yet rewritten ([`Output::rewind`]). For that,
//! frames stay in the ring until the device has committed to them, and marks record the state of the output when it
//! handed them out. So a command is heard at once even if the device's buffer is long.

mod places;
mod rewind;
mod take;
mod timer;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::Instant;

use realtime_backend_core::stream::ramps::GainGlide;
use ringbuf::traits::Observer;

use crate::order::Order;
use crate::queue::{Frame, QueueConsumer, Shared, Splice, State, TransportCommand};
use places::Places;
use rewind::Mark;
use timer::Timer;

/// Most frames between two marks.
const MARK: usize = 128;
/// Marks in addition to those that the device's buffer needs.
const SPARE_MARKS: usize = 64;

/// The consumer of a player's sound. A device calls [`Output::fill`] from its audio thread; a test calls it by hand.
#[allow(clippy::struct_excessive_bools)] // independent properties
pub struct Output {
    consumer: QueueConsumer,
    shared: Arc<Shared>,
    rate: u32,
    /// Index of the oldest frame in the ring.
    base: u64,
    /// Index of the frame that is handed out next.
    index: u64,
    /// Where on the track the indices of the ring are.
    places: Places,
    /// Splice that is not carried out yet.
    splice: Option<Splice>,
    /// Index at which the old sound began to fade out for a splice that is late or has no crossfade.
    dip: Option<u64>,
    /// Gain of play, pause, stop and splices without a crossfade: 0, 1 or a ramp between them.
    fade: GainGlide,
    volume: GainGlide,
    /// The sleep timer, whose gain comes after the volume.
    timer: Timer,
    /// An order to the timer that is not carried out yet.
    order: Option<Order>,
    /// Number of the last order that was read.
    orders: u32,
    /// Whether the timer has ended the playback and the end was heard.
    slept: bool,
    /// Length of the ramps in frames.
    ramp: usize,
    /// Whether the output has been silent since the playback stood still. The next frame is a beginning.
    rested: bool,
    /// Whether the last callback found too few frames.
    starved: bool,
    /// The last frame of the last callback.
    last: Frame,
    /// Frames handed out since the device was opened.
    total: u64,
    marks: VecDeque<Mark>,
    /// Whether the device takes frames back.
    rewinds: bool,
    /// Transport command, volume, number of the order to the timer and frame of the beginning that the frames handed out
    /// follow.
    followed: (TransportCommand, f32, u32, u64),
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
        let followed = (shared.command(), shared.volume(), 0, 0);
        let places = Places::new(shared.frame.load(Acquire), 0);
        Self {
            consumer,
            shared,
            rate,
            base: 0,
            index: 0,
            places,
            splice: None,
            dip: None,
            fade,
            volume,
            timer: Timer::OFF,
            order: None,
            orders: 0,
            slept: false,
            ramp: ((ramp_s * rate as f32) as usize).max(1),
            rested: true,
            starved: false,
            last: [0.0; 2],
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
        self.last = [0.0; 2];
        self.total = 0;
        self.ended_at = None;
        self.sounded_until = 0;
        self.fade.rest_at(0.0);
        self.rested = true;
        self.shared.begin.store(0, Release);
        self.latency = 0;
        self.publish();
    }

    /// Fill `out` with the next frames and return how many are valid. The number is less than `out.len()` only for a
    /// device that lets frames be rewritten, because it can wait. For other devices, missing frames are silent.
    pub fn fill(&mut self, out: &mut [Frame]) -> usize {
        let begun = Instant::now();
        let start = self.total;
        self.shared.clock.set(start, self.latency, self.rate, begun);
        if !self.rewinds || self.marks.is_empty() {
            self.follow();
        }
        self.obey();
        self.rest_while_waiting();
        self.jump_while_resting();
        let buffered = self.available();
        if self.command() == TransportCommand::Play && self.shared.end.load(Acquire) == u64::MAX {
            self.shared.meters.ring_minimum.fetch_min(buffered as u32, Relaxed);
        }
        let piece = if self.rewinds { MARK } else { out.len().max(1) };
        let (mut done, mut filled, mut missing) = (0, 0, 0);
        while filled < out.len() {
            let waits = self.waits();
            let until_begin = if waits { (self.followed.3 - self.total) as usize } else { usize::MAX };
            let length = piece.min(out.len() - filled).min(until_begin);
            let piece = &mut out[filled..filled + length];
            self.mark();
            let taken = self.fill_piece(piece);
            done += taken;
            let count = if self.rewinds && taken < length && self.starves() { taken } else { length };
            self.total += count as u64;
            filled += count;
            missing += if waits { 0 } else { count - taken };
            if count < length {
                break;
            }
        }
        self.last = out[..filled].last().copied().unwrap_or(self.last);
        self.shared.clock.hand_out(self.total);
        self.shared.meter.add(start, &out[..filled], self.rate);
        self.finish(&out[..filled], done, missing);
        self.shared.meters.callback(filled, begun.elapsed().as_secs_f64(), self.rate);
        filled
    }

    /// Read the transport command, the volume, the order to the sleep timer and the next splice. For a device that lets
    /// frames be rewritten, [`Self::rewind`] does this and `fill` does not, unless there is nothing to rewrite: a command
    /// that `fill` read would take effect only after the whole device buffer.
    fn follow(&mut self) {
        if let Some((count, order)) = self.shared.orders.newer(self.orders) {
            (self.orders, self.order) = (count, Some(order));
        }
        let command = self.shared.command();
        if self.slept && command == TransportCommand::Play {
            self.slept = false;
            self.shared.slept.store(false, Release);
        }
        self.followed = (command, self.shared.volume(), self.orders, self.shared.begin.load(Acquire));
        self.take_splice();
    }

    /// Let a new order to the sleep timer begin at the next frame.
    fn obey(&mut self) {
        if self.timer.is_ramping() {
            return; // the ramp is over soon
        }
        if let Some(order) = self.order.take() {
            self.timer.set(order, self.ramp);
        }
    }

    /// Whether the playback waits for its time.
    fn waits(&self) -> bool {
        self.wakes() && self.total < self.followed.3
    }

    /// After the end nothing sounds, so a wait needs no fade-out.
    fn rest_while_waiting(&mut self) {
        if self.rested && self.waits() {
            self.fade.rest_at(0.0);
        }
    }

    /// The command that the next frame follows. The end of the sleep timer and a later beginning pause.
    fn command(&self) -> TransportCommand {
        match self.followed.0 {
            TransportCommand::Play if self.timer.has_ended() || self.waits() => TransportCommand::Pause,
            command => command,
        }
    }

    /// Whether the listener wants to hear the sound, whatever the sleep timer says.
    fn wakes(&self) -> bool {
        self.followed.0 == TransportCommand::Play
    }

    /// The end of the sleep timer was heard: pause, and forget the timer. The next `play` continues without it.
    fn sleep(&mut self) {
        let (play, pause) = (TransportCommand::Play as u8, TransportCommand::Pause as u8);
        let _ = self.shared.command.compare_exchange(play, pause, Release, Relaxed);
        self.followed.0 = self.shared.command();
        self.timer = Timer::OFF;
        self.slept = true;
        self.shared.slept.store(true, Release);
        self.forget();
    }

    /// Whether missing frames are an underrun: the output plays or is still fading out, and the track has not ended.
    fn starves(&self) -> bool {
        !self.ended() && (self.command() == TransportCommand::Play || !self.is_silent())
    }

    fn ended(&self) -> bool {
        self.index == self.shared.end.load(Acquire)
    }

    /// Number of frames in the ring that have not been handed out.
    fn available(&self) -> u64 {
        (self.base + self.consumer.frames.occupied_len() as u64).saturating_sub(self.index)
    }

    /// Publish what `out` holds: `done` frames of sound and, at the end, `missing` frames for which there was none.
    fn finish(&mut self, out: &[Frame], done: usize, missing: usize) {
        let command = self.command();
        let ended = self.ended();
        let silent = self.is_silent();
        if command == TransportCommand::Play && missing > 0 && !ended {
            if !self.starved && self.index > 0 {
                self.shared.meters.underrun_events.fetch_add(1, Relaxed);
            }
            if self.index > 0 {
                self.shared.meters.underrun_frames.fetch_add(missing as u64, Relaxed);
            }
            self.starved = true;
        } else if done > 0 {
            self.starved = false;
        }
        let peak = |side: usize| out.iter().fold(0.0_f32, |peak, frame| peak.max(frame[side].abs()));
        self.shared.meters.peaks(peak(0), peak(1));
        let last = self.total - missing as u64;
        self.ended_at = if ended { self.ended_at.or(Some(last)) } else { None };
        if done > 0 {
            self.sounded_until = last;
        }
        let heard = self.unheard() == 0;
        let quiet = silent && command != TransportCommand::Play && self.is_heard(self.sounded_until);
        // a command can still take back the end that the device has not committed to
        let committed = self.marks.front().is_none_or(|mark| mark.total >= self.sounded_until);
        if quiet && committed && self.timer.has_ended() {
            self.sleep();
        }
        let state = match command {
            // a device that is closed earlier cuts the fade off
            TransportCommand::Stop if quiet => State::Stopped,
            TransportCommand::Stop | TransportCommand::Play if ended && heard => State::Finished,
            TransportCommand::Pause if self.waits() => State::Starting,
            TransportCommand::Pause if self.slept => State::Finished,
            TransportCommand::Pause if self.timer.has_ended() && self.wakes() => State::Playing,
            TransportCommand::Pause => State::Paused,
            _ => State::Playing,
        };
        if state == State::Finished && !self.rested {
            self.rested = true;
            for mark in &mut self.marks {
                mark.rested = true; // the end was heard, so only silence can be handed out again
            }
        }
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
        let unheard = self.unheard();
        let back = if self.shared.resting.load(Relaxed) { 0 } else { unheard };
        let (heard, source) = self.places.before(self.index, u64::from(back));
        self.shared.latency.store(unheard, Relaxed);
        self.shared.frame.store(self.places.at(self.index).0, Release);
        self.shared.heard.store(heard, Release);
        self.shared.source.store(source, Release);
        self.shared.read.store(self.index, Release);
        let left = self.timer.left();
        self.shared.timer.store(if left == Order::NEVER { left } else { left + u64::from(back) }, Release);
        if self.order.is_none() {
            self.shared.order.store(self.orders, Release);
        }
        self.publish_reach();
    }

    /// Publish the first frame that a splice can still replace.
    fn publish_reach(&self) {
        let index = self.marks.front().map_or(self.index, |mark| mark.index);
        self.shared.reach_index.store(index, Release);
        self.shared.reach_frame.store(self.places.at(index).0, Release);
    }
}
