//! How a stream computes its next frames.

use super::{Ready, Stream};

impl Stream {
    /// Write the next frames, without fade and volume, and return their number. There are fewer at the end of a
    /// crossfade and of the track.
    pub(super) fn next(&mut self, left: &mut [f32], right: &mut [f32]) -> usize {
        let mixed = self.take_mixed(left, right);
        if mixed > 0 {
            return mixed;
        }
        let at = self.position();
        let end = match self.joint() {
            Some(joint) if joint.at <= at => return self.go_back(joint),
            Some(joint) => joint.at,
            None => self.plan().frames(),
        };
        let count = left.len().min((end - at) as usize);
        self.sound(self.index, &mut left[..count], &mut right[..count]);
        count
    }

    /// Copy frames of the rendered crossfade and return their number.
    pub(super) fn take_mixed(&mut self, left: &mut [f32], right: &mut [f32]) -> usize {
        let Ready { left: from_left, right: from_right, taken } = &mut self.mixed;
        let count = left.len().min(from_left.len() - *taken);
        left[..count].copy_from_slice(&from_left[*taken..*taken + count]);
        right[..count].copy_from_slice(&from_right[*taken..*taken + count]);
        *taken += count;
        count
    }

    /// Render the track from frame `at` on, with the fade-in of the piece that was begun last.
    pub(super) fn render(&mut self, at: u64, left: &mut [f32], right: &mut [f32]) {
        self.playing.rise = self.pieces.back().map_or(0, |last| last.rise);
        self.playing.render(at, left, right);
    }

    /// Apply the volume, or a ramp to it.
    pub(super) fn turn_volume(&mut self, left: &mut [f32], right: &mut [f32]) {
        if self.volume == 1.0 && self.glide.rests_at(1.0) {
            return;
        }
        for (l, r) in left.iter_mut().zip(right) {
            let gain = self.glide.step(self.volume);
            *l *= gain;
            *r *= gain;
        }
    }
}
