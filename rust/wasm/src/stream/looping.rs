//! Loops of a stream. A joint is a function of the index, so frames can be taken back over it and pulled again.

use std::sync::Arc;

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::stream::ramps::crossfade_gain;
use realtime_backend_core::stream::{Joint, Loop};

use super::{CHUNK, Piece, Stream};

impl Stream {
    /// Play the track from `start` to `end`, in seconds, again and again, from the next frame on; `None` ends the loop.
    /// An infinite end is that of the track.
    ///
    /// # Errors
    /// If the part is shorter than 0.1 s or not a part of a track.
    pub fn set_loop(&mut self, part: Option<(f64, f64)>, crossfade: f64) -> Result<()> {
        if let Some((start, end)) = part
            && !(start >= 0.0 && start.is_finite() && end - start >= 0.1)
        {
            let message = format!("expected a start and an end at least 0.1 s apart, got {start} and {end}");
            return Err(Error::invalid("loop", message));
        }
        let rate = f64::from(self.sample_rate());
        let frames = |seconds: f64| (seconds * rate).round() as u64;
        self.looping = part.map(|(start, end)| Loop {
            start: frames(start),
            end: if end.is_finite() { frames(end) } else { u64::MAX },
            fade: frames(crossfade).max(self.ramp),
        });
        Ok(())
    }

    /// Where the loop goes back; `None` without a loop, or if the last seek went behind its end.
    pub(super) fn joint(&self) -> Option<Joint> {
        let joint = self.looping?.joint(self.plan().frames())?;
        self.pieces.back().filter(|last| last.frame <= joint.at).map(|_| joint)
    }

    /// Begin the next round of the loop. Returns 0: no frame was written.
    pub(super) fn go_back(&mut self, joint: Joint) -> usize {
        let late = self.position() - joint.at;
        let plan = Arc::clone(self.plan());
        let next = self.playing.again(plan, joint.frame + late);
        self.tail = Some(std::mem::replace(&mut self.playing, next));
        let tail = Some((joint.at + late, joint.fade));
        self.pieces.push_back(Piece { index: self.index, frame: joint.frame + late, rise: 0, tail });
        0
    }

    /// Render what the stream has at `index`, at most [`CHUNK`] frames: the track, and the end of the round before.
    pub(super) fn sound(&mut self, index: u64, left: &mut [f32], right: &mut [f32]) {
        let Some(last) = self.pieces.back().copied() else { return };
        let into = index.saturating_sub(last.index);
        self.render(last.frame + into, left, right);
        let (Some((from, fade)), Some(tail)) = (last.tail.filter(|(_, fade)| into < *fade), &mut self.tail) else {
            return;
        };
        let mut old = [[0.0; CHUNK]; 2];
        let [old_left, old_right] = &mut old;
        let count = left.len().min(CHUNK);
        tail.rise = 0;
        tail.render(from + into, &mut old_left[..count], &mut old_right[..count]);
        for (new, old) in [(left, old_left), (right, old_right)] {
            for (i, (new, old)) in new.iter_mut().zip(old.iter()).enumerate() {
                let at = into as usize + i;
                if at < fade as usize {
                    let share = crossfade_gain(at, fade as usize);
                    *new = old * (1.0 - share) + *new * share;
                }
            }
        }
    }
}
