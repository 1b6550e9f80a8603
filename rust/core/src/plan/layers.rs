//! What lies on top of the steps: the background bed and audio clips (spec assembly 8 and 9). Untouched by step levels.

use std::sync::Arc;

use super::bus::Plane;
use super::peaks::PeakMap;
use super::shape::Shape;
use crate::dsp::mix;
use crate::media::Audio;
use crate::voice::{Block, Voice};

/// The bed under all steps.
pub struct Background {
    /// Its sound, as a prototype; frame 0 sounds at `start`.
    pub source: Box<dyn Voice>,
    /// First frame on the track.
    pub start: u64,
    /// First frame after it.
    pub end: u64,
    /// Gain over track frames.
    pub shape: Shape,
    /// Balance, left and right.
    pub balance: [f32; 2],
}

impl Background {
    /// Add the bed to `out`, which starts at track frame `start`. `source` is this renderer's copy.
    pub(crate) fn add(&self, source: &mut dyn Voice, start: u64, mut out: Block<'_>, spare: &mut Plane) {
        let Some((from, to)) = overlap(start, out.len(), self.start, self.end) else { return };
        let mut out = out.part((from - start) as usize, (to - start) as usize);
        let mut sound = spare.block(out.len());
        source.render(from - self.start, sound.reborrow());
        add_shaped(&self.shape, self.balance, from, &mut out, sound.left, sound.right);
    }
}

/// An audio clip on the track.
#[derive(Debug, Clone)]
pub struct PlacedClip {
    /// The decoded file at the track's rate.
    pub audio: Arc<Audio>,
    /// First frame on the track.
    pub start: u64,
    /// Frames of the file that are skipped (a clip that starts before the track).
    pub head: u64,
    /// Frames that play.
    pub frames: u64,
    /// Gain over the frames of the file.
    pub shape: Shape,
    /// Balance, left and right.
    pub balance: [f32; 2],
}

impl PlacedClip {
    /// First frame after the clip.
    pub const fn end(&self) -> u64 {
        self.start + self.frames
    }

    /// Add the clip to `out`, which starts at track frame `start`.
    pub(crate) fn add(&self, start: u64, mut out: Block<'_>) {
        let Some((from, to)) = overlap(start, out.len(), self.start, self.end()) else { return };
        let mut out = out.part((from - start) as usize, (to - start) as usize);
        let own = from - self.start + self.head;
        let span = own as usize..own as usize + out.len();
        let (left, right) = self.audio.stereo();
        let (Some(left), Some(right)) = (left.get(span.clone()), right.get(span)) else { return };
        add_shaped(&self.shape, self.balance, own, &mut out, left, right);
    }

    /// Its peaks from its first frame on, as an upper bound.
    pub(crate) fn peaks(&self) -> PeakMap {
        let (left, right) = self.audio.stereo();
        let most = self.shape.most() as f32 * self.balance[0].max(self.balance[1]);
        let cells = (0..self.frames.div_ceil(super::peaks::CELL)).map(|cell| {
            let from = (self.head + cell * super::peaks::CELL) as usize;
            let to = (from + super::peaks::CELL as usize).min(left.len());
            let peak = |x: &[f32]| x.get(from..to).map_or(0.0, mix::peak);
            peak(left).max(peak(right)) * most
        });
        PeakMap::new(cells.collect())
    }
}

/// Balance of a pan between -1 and 1 (spec track-format 6).
pub(crate) fn balance(pan: f64) -> [f32; 2] {
    [(1.0 - pan).min(1.0) as f32, (1.0 + pan).min(1.0) as f32]
}

/// The frames of `start..start+len` that lie in `from..to`.
fn overlap(start: u64, len: usize, from: u64, to: u64) -> Option<(u64, u64)> {
    let (first, last) = (start.max(from), (start + len as u64).min(to));
    (first < last).then_some((first, last))
}

/// `out += (left, right)·shape·balance`, where `at` is the shape's frame of the first sample.
fn add_shaped(shape: &Shape, balance: [f32; 2], at: u64, out: &mut Block<'_>, left: &[f32], right: &[f32]) {
    if let Some(gain) = shape.constant(at, at + out.len() as u64) {
        mix::add_scaled(out.left, left, (gain * f64::from(balance[0])) as f32);
        mix::add_scaled(out.right, right, (gain * f64::from(balance[1])) as f32);
        return;
    }
    let samples = out.left.iter_mut().zip(out.right.iter_mut()).zip(left.iter().zip(right));
    for (frame, ((out_l, out_r), (l, r))) in (at..).zip(samples) {
        let gain = shape.at(frame);
        *out_l += *l * (gain * f64::from(balance[0])) as f32;
        *out_r += *r * (gain * f64::from(balance[1])) as f32;
    }
}

/// Decoded audio as a bed that repeats for ever.
pub(crate) struct Looped(pub(crate) Arc<Audio>);

impl Voice for Looped {
    fn render(&mut self, start: u64, mut out: Block<'_>) {
        let (left, right) = self.0.stereo();
        let frames = left.len() as u64;
        if frames == 0 {
            out.clear();
            return;
        }
        let mut done = 0;
        while done < out.len() {
            let at = ((start + done as u64) % frames) as usize;
            let count = (left.len() - at).min(out.len() - done);
            let part = out.part(done, done + count);
            part.left.copy_from_slice(&left[at..at + count]);
            part.right.copy_from_slice(&right[at..at + count]);
            done += count;
        }
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self(Arc::clone(&self.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip(frames: u64, head: u64, start: u64, pan: f64) -> PlacedClip {
        let samples: Vec<f32> = (0..frames + head).map(|i| i as f32 + 1.0).collect();
        let audio = Arc::new(Audio::new(vec![samples], 8000));
        PlacedClip { audio, start, head, frames, shape: Shape::flat(0.5), balance: balance(pan) }
    }

    #[test]
    fn a_clip_is_heard_where_it_lies_whatever_the_block() {
        let clip = clip(5, 2, 7, 0.5);
        let (mut whole_l, mut whole_r) = (vec![1.0; 16], vec![1.0; 16]);
        clip.add(0, Block::new(&mut whole_l, &mut whole_r));
        assert_eq!(whole_r[6..13], [1.0, 2.5, 3.0, 3.5, 4.0, 4.5, 1.0]);
        assert_eq!(whole_l[7], 1.0 + 0.5 * 1.5);
        let (mut l, mut r) = (vec![1.0; 16], vec![1.0; 16]);
        for at in 0..16 {
            clip.add(at as u64, Block::new(&mut l[at..=at], &mut r[at..=at]));
        }
        assert_eq!((l, r), (whole_l, whole_r));
    }

    #[test]
    fn a_loop_starts_again_at_its_end() {
        let mut looped = Looped(Arc::new(Audio::new(vec![vec![1.0, 2.0, 3.0]], 8000)));
        let (mut l, mut r) = ([0.0; 7], [0.0; 7]);
        looped.render(4, Block::new(&mut l, &mut r));
        assert_eq!(l, [2.0, 3.0, 1.0, 2.0, 3.0, 1.0, 2.0]);
        assert_eq!(l, r);
    }
}
