//! Frames on their way from the ring to the device: splices, fades and gains.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use realtime_backend_core::stream::ramps::smooth;
use ringbuf::traits::Consumer;

use super::Output;
use crate::queue::{Frame, Place, Splice, TransportCommand};

/// Frames that are taken at a time while the output fades out.
const PIECE: usize = 32;
/// Frames in which the last level goes to zero where the sound broke off at the end of a callback.
const LET_GO: usize = 256;

impl Output {
    /// Fill `out` with the available frames, then with silence. Returns the number of available frames.
    pub(super) fn fill_piece(&mut self, out: &mut [Frame]) -> usize {
        let mut done = 0;
        while done < out.len() {
            let rested = self.rested;
            let taken = self.stretch(&mut out[done..]);
            if taken == 0 {
                break;
            }
            if rested && !self.rested {
                self.shared.begun.store(self.total + done as u64, Release);
            }
            done += taken;
        }
        out[done..].fill([0.0; 2]);
        if done == 0 && self.starves() && !self.rewinds {
            self.let_go(out);
        }
        done
    }

    /// Take frames up to the next splice or the end of the ring. Returns their number; 0 if there is nothing to play.
    fn stretch(&mut self, out: &mut [Frame]) -> usize {
        self.rest_while_waiting();
        let mut wanted = out.len();
        let mut dips = false;
        let mut ending = None;
        if let Some(splice) = self.splice {
            // after the end, the new sound follows the old one in the ring
            let follows = splice.at == splice.to && !splice.hard && self.index >= splice.at;
            // a splice that is late, or has no crossfade, needs a fade-out first
            let late = self.index > splice.at && !follows;
            dips = late || splice.hard && self.index == splice.at;
            let is_due = follows || self.index == splice.at && !splice.hard;
            if dips && (self.is_silent() || self.index >= splice.to) || is_due {
                if late {
                    self.shared.meters.late_splices.fetch_add(1, Relaxed);
                    self.fade.rest_at(0.0);
                }
                self.jump(splice);
                dips = false;
            } else {
                let border = if dips { splice.to } else { splice.at };
                let left = border - self.index;
                wanted = wanted.min(left as usize);
                if dips {
                    let from = *self.dip.get_or_insert(self.index);
                    ending = Some((left, (border - from).min(self.ramp as u64)));
                }
            }
        }
        let up = self.command() == TransportCommand::Play && !dips;
        if !up {
            if self.is_silent() {
                self.rested |= self.command() != TransportCommand::Play;
                return 0;
            }
            // small pieces, so that few frames are consumed after the fade has reached silence
            wanted = wanted.min(PIECE);
        }
        // what is in the ring after the end is not complete yet
        if let Some(left) = self.shared.end.load(Acquire).checked_sub(self.index) {
            wanted = wanted.min(usize::try_from(left).unwrap_or(usize::MAX));
        }
        if wanted == 0 {
            return 0;
        }
        // the sleep timer ends exactly between two frames
        wanted = wanted.min(usize::try_from(self.timer.left()).unwrap_or(usize::MAX).max(1));
        let taken = self.take(&mut out[..wanted], up);
        if let Some((left, length)) = ending {
            // the fade of the output may take longer than the old sound lasts
            fade_out(&mut out[..taken], left, length);
        }
        self.rested &= !up || taken == 0;
        taken
    }

    fn take(&mut self, out: &mut [Frame], up: bool) -> usize {
        let taken = self.copy(out);
        let ends = self.shared.end.load(Acquire) == self.index + taken as u64;
        // a device that lets frames be rewritten can wait for the rest, so this is no underrun
        let starves = taken < out.len() && !ends && !self.rewinds;
        if starves {
            // fade out the frames that are left: a cut would click
            fade_out(&mut out[..taken], taken as u64, taken as u64);
        }
        let target = if up { 1.0 } else { 0.0 };
        let (_, volume, ..) = self.followed;
        for frame in &mut out[..taken] {
            let gain = self.fade.step(target) * self.volume.step(volume) * self.timer.step(self.ramp);
            *frame = [frame[0] * gain, frame[1] * gain];
        }
        if starves {
            self.fade.rest_at(0.0);
        }
        if self.timer.has_ended() {
            self.fade.rest_at(0.0);
        }
        self.index += taken as u64;
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

    pub(super) fn is_silent(&self) -> bool {
        self.fade.rests_at(0.0)
    }

    /// The sound broke off at its last frame: let that level go to zero, since a cut would click.
    fn let_go(&self, out: &mut [Frame]) {
        let length = LET_GO.min(out.len());
        out[..length].fill(self.last);
        fade_out(&mut out[..length], length as u64, length as u64);
    }

    pub(super) fn take_splice(&mut self) {
        self.take_joints();
        if self.splice.is_none() {
            self.splice = self.consumer.splices.try_pop();
        }
    }

    fn take_joints(&mut self) {
        while let Some(joint) = self.consumer.joints.try_pop() {
            self.places.add(joint);
        }
    }

    /// Carry out a splice at once while the output is silent: it needs no crossfade.
    pub(super) fn jump_while_resting(&mut self) {
        if self.is_silent()
            && let Some(splice) = self.splice
        {
            self.jump(splice);
        }
    }

    fn jump(&mut self, splice: Splice) {
        let distance = splice.to.saturating_sub(self.index).min(self.available());
        self.index += distance;
        self.take_joints();
        let Splice { to, frame, source, .. } = splice;
        self.places.jump(splice.at, Place { index: to, frame, source, joined: false });
        self.splice = None;
        self.dip = None;
        // frames before the splice must not be handed out again
        self.forget();
        self.shared.spliced.fetch_add(1, Release);
    }
}

/// Fade out `out`, which begins `left` frames before the end of the sound, over the last `length` of them.
fn fade_out(out: &mut [Frame], left: u64, length: u64) {
    for (frame, after) in out.iter_mut().zip((0..left).rev()) {
        let gain = smooth((after as f32 / length as f32).min(1.0));
        *frame = [frame[0] * gain, frame[1] * gain];
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use std::sync::Arc;
    use std::sync::atomic::Ordering;

    use ringbuf::traits::Producer as _;

    use crate::output::Output;
    use crate::queue::{Frame, QueueProducer, Shared, Splice, TransportCommand, queue};

    const RATE: u32 = 44_100;
    const RAMP_S: f32 = 0.02;

    /// An output that plays a constant of one half, at its full gain, and has `left` frames of it in the ring.
    fn playing(left: usize) -> (QueueProducer, Output) {
        let (mut producer, consumer) = queue(1 << 16);
        let shared = Arc::new(Shared::new(1.0, 0));
        let mut output = Output::new(consumer, Arc::clone(&shared), RATE, RAMP_S);
        shared.command.store(TransportCommand::Play as u8, Ordering::Release);
        producer.frames.push_iter(std::iter::repeat_n([0.5; 2], 8192 + left));
        let mut out = vec![[0.0; 2]; 8192];
        output.fill(&mut out);
        assert_eq!(out.last(), Some(&[0.5; 2]));
        (producer, output)
    }

    /// Largest step from one frame to the next of `frames` frames after the constant, taken 64 at a time.
    fn largest_step(output: &mut Output, frames: usize) -> f32 {
        let mut heard: Vec<Frame> = vec![[0.5; 2]];
        for _ in 0..frames / 64 {
            let mut out = [[0.0; 2]; 64];
            output.fill(&mut out);
            heard.extend(out);
        }
        heard.windows(2).map(|pair| (pair[1][0] - pair[0][0]).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn a_late_splice_fades_out_what_is_left() {
        for left in [200_usize, 400, 700, 1000, 3000] {
            let (mut producer, mut output) = playing(left);
            producer.frames.push_iter(std::iter::repeat_n([-0.5; 2], 8192));
            let to = (8192 + left) as u64;
            producer.splices.try_push(Splice { at: 8000, to, frame: 0, source: 0, hard: false }).expect("room");
            let step = largest_step(&mut output, 8192);
            // a smooth step is steepest in its middle: 15/8 of its mean slope
            let wanted = 0.5 * 1.875 / left.min(400) as f32 * 1.5;
            assert!(step < wanted, "{left} frames left: a step of {step}, of {wanted} at most");
        }
    }

    #[test]
    fn sound_that_breaks_off_between_callbacks_does_not_click() {
        let (_producer, mut output) = playing(0);
        let mut out = [[1.0; 2]; 512];
        assert_eq!(output.fill(&mut out), 512);
        assert!(out[0][0] > 0.499 && out[256..].iter().all(|frame| *frame == [0.0; 2]), "{out:?}");
        assert_eq!(output.shared.meters.underrun_frames.load(Ordering::Relaxed), 512);
        output.fill(&mut out);
        assert_eq!(out, [[0.0; 2]; 512]);
    }

    #[test]
    fn sound_that_runs_out_while_fading_in_ends_softly() {
        let (mut producer, mut output) = playing(3000);
        producer.frames.push_iter(std::iter::repeat_n([-0.5; 2], 500));
        producer.splices.try_push(Splice { at: 8000, to: 11_192, frame: 0, source: 0, hard: false }).expect("room");
        let step = largest_step(&mut output, 4096);
        assert!(step < 0.05, "a step of {step}");
    }
}
