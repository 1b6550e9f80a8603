//! The audio callback: takes frames from the ring, ramps, counts. Never allocates, locks, waits, logs or panics.

use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::Instant;

use realtime_backend_core::render::ramps::{Glide, smooth};
use ringbuf::traits::{Consumer, Observer};

use crate::line::{Frame, Shared, Splice, State, Tap, Wish};

/// Frames that are taken at a time while fading out.
const PIECE: usize = 32;

/// The consumer of a player's sound. A device calls [`Output::fill`] from its audio thread; a test calls it by hand.
pub struct Output {
    tap: Tap,
    shared: Arc<Shared>,
    rate: u32,
    index: u64,
    frame: u64,
    splice: Option<Splice>,
    fade: Glide,
    volume: Glide,
    starved: bool,
}

impl Output {
    pub(crate) fn new(tap: Tap, shared: Arc<Shared>, rate: u32, ramp_s: f32) -> Self {
        let volume = Glide::new(shared.volume(), ramp_s, rate);
        let fade = Glide::new(0.0, ramp_s, rate);
        Self { tap, shared, rate, index: 0, frame: 0, splice: None, fade, volume, starved: false }
    }

    /// Frames per second that this output expects to be played at.
    pub const fn sample_rate(&self) -> u32 {
        self.rate
    }

    /// Tell how long a frame takes from here to the ear.
    pub(crate) fn set_latency(&self, frames: u32) {
        self.shared.latency.store(frames, Relaxed);
    }

    /// Get ready for a device that has just been opened: what comes first fades in.
    pub(crate) fn open(&mut self) {
        self.fade.rest_at(0.0);
        self.set_latency(0);
    }

    /// The next `out.len()` frames.
    pub fn fill(&mut self, out: &mut [Frame]) {
        let begun = Instant::now();
        let wish = self.shared.wish();
        self.take_splice();
        self.jump_while_resting();
        let buffered = self.tap.frames.occupied_len();
        if wish == Wish::Play && self.shared.end.load(Acquire) == u64::MAX {
            self.shared.meters.ring_minimum.fetch_min(buffered as u32, Relaxed);
        }
        let mut done = 0;
        while done < out.len() {
            let taken = self.stretch(&mut out[done..], wish);
            if taken == 0 {
                break;
            }
            done += taken;
        }
        out[done..].fill([0.0; 2]);
        self.finish(out, done, wish);
        self.shared.meters.callback(out.len(), begun.elapsed().as_secs_f64(), self.rate);
    }

    /// Take frames up to the next splice or the end of the ring; 0 when there is nothing to play.
    fn stretch(&mut self, out: &mut [Frame], wish: Wish) -> usize {
        let mut wanted = out.len();
        let mut dips = false;
        if let Some(splice) = self.splice {
            // a splice that cannot be heard as a crossfade waits for silence
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
        let up = wish == Wish::Play && !dips;
        if !up {
            if self.is_silent() {
                return 0;
            }
            // in small pieces, so that little is lost after silence is reached
            wanted = wanted.min(PIECE);
        }
        self.take(&mut out[..wanted], up)
    }

    fn take(&mut self, out: &mut [Frame], up: bool) -> usize {
        let taken = self.tap.frames.pop_slice(out);
        let ends = self.shared.end.load(Acquire) == self.index + taken as u64;
        let starves = taken < out.len() && !ends;
        if starves && self.fade.rests_at(1.0) {
            // what is left goes out with a fade: quieter than a cut
            self.fade_tail(&mut out[..taken]);
        }
        let target = if up { 1.0 } else { 0.0 };
        for frame in &mut out[..taken] {
            let gain = self.fade.step(target) * self.volume.step(self.shared.volume());
            *frame = [frame[0] * gain, frame[1] * gain];
        }
        if starves {
            self.fade.rest_at(0.0);
        }
        self.index += taken as u64;
        self.frame += taken as u64;
        taken
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
            self.splice = self.tap.splices.try_pop();
        }
    }

    /// A splice while silent needs no crossfade: go there at once.
    fn jump_while_resting(&mut self) {
        if self.is_silent()
            && let Some(splice) = self.splice
        {
            self.jump(splice);
        }
    }

    fn jump(&mut self, splice: Splice) {
        let distance = splice.to.saturating_sub(self.index) as usize;
        let skipped = self.tap.frames.skip(distance) as u64;
        self.index += skipped;
        self.frame = splice.frame + self.index.saturating_sub(splice.to);
        self.splice = None;
        self.shared.spliced.fetch_add(1, Release);
    }

    fn finish(&mut self, out: &[Frame], done: usize, wish: Wish) {
        let ended = self.index == self.shared.end.load(Acquire);
        let silent = self.is_silent();
        if wish == Wish::Play && done < out.len() && !ended {
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
        let state = match wish {
            Wish::Stop if silent => State::Stopped,
            Wish::Stop | Wish::Play if ended => State::Finished,
            Wish::Pause => State::Paused,
            _ => State::Playing,
        };
        self.shared.resting.store(silent && wish != Wish::Play, Release);
        self.shared.frame.store(self.frame, Release);
        self.shared.read.store(self.index, Release);
        if self.shared.state() != State::Failed {
            self.shared.state.store(state as u8, Release);
        }
    }
}
