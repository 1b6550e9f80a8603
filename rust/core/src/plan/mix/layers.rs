//! The layers on top of the steps: the bed and audio clips (spec assembly 8 and 9). The levels of steps do not apply to
//! them.

use std::sync::Arc;

use super::block::{BLOCK, Plane};
use super::clip_voices::{ClipSound, Moved};
use crate::dsp::mix;
use crate::media::{Recording, Repeat};
use crate::plan::shape::Shape;
use crate::voice::{Block, Voice};

/// The source of a bed's sound.
pub enum Bed {
    /// Generated noise, as a prototype that renderers fork.
    Noise(Box<dyn Voice>),
    /// A recording, and what follows after its end.
    Audio(Arc<Recording>, Repeat),
}

impl Bed {
    /// A copy for another renderer.
    pub(crate) fn fork(&self) -> Self {
        match self {
            Self::Noise(voice) => Self::Noise(voice.fork()),
            Self::Audio(audio, repeat) => Self::Audio(Arc::clone(audio), *repeat),
        }
    }

    /// Do in advance the one-time work that the first `render` would do.
    pub(crate) fn prepare(&mut self) {
        match self {
            Self::Noise(voice) => voice.prepare(),
            Self::Audio(..) => {}
        }
    }

    /// Fill `out` with the frames from `start` on.
    fn render(&mut self, start: u64, out: Block<'_>) {
        match self {
            Self::Noise(voice) => voice.render(start, out),
            Self::Audio(audio, repeat) => audio.read_repeated(*repeat, start, out.left, out.right),
        }
    }
}

/// The bed under all steps.
pub struct Background {
    /// JSON path at which the track names it.
    pub at: String,
    /// Its sound; frame 0 of it plays at track frame `start`.
    pub source: Bed,
    /// First frame on the track.
    pub start: u64,
    /// First frame on the track after it.
    pub end: u64,
    /// Gain as a function of the track frame.
    pub shape: Shape,
    /// Balance gains, left and right, `0.0..=1.0`.
    pub balance: [f32; 2],
}

impl Background {
    /// Add the bed to `out` (one block), which starts at track frame `start`. `source` is this renderer's copy.
    pub(crate) fn add(&self, source: &mut Bed, start: u64, mut out: Block<'_>, spare: &mut Plane) {
        let Some((from, to)) = overlap(start, out.len(), self.start, self.end) else { return };
        let mut out = out.part((from - start) as usize, (to - start) as usize);
        let read = |start, sound: Block<'_>| source.render(start, sound);
        add_read(&self.shape, self.balance, [from, from - self.start], &mut out, spare, read);
    }
}

/// An audio clip on the track.
#[derive(Debug, Clone)]
pub struct PlacedClip {
    /// JSON path at which the track names it.
    pub at: String,
    /// Its recording, and how that goes on.
    pub sound: ClipSound,
    /// The same as it is heard from its place, if it has one.
    pub moved: Option<Moved>,
    /// First frame on the track.
    pub start: u64,
    /// Frames of the recording that are skipped, for a clip that starts before the track.
    pub head: u64,
    /// Frames that play.
    pub frames: u64,
    /// Gain as a function of the frame of the recording.
    pub shape: Shape,
    /// Balance gains, left and right, `0.0..=1.0`.
    pub balance: [f32; 2],
}

impl PlacedClip {
    /// First frame after the clip.
    pub const fn end(&self) -> u64 {
        self.start + self.frames
    }

    /// Whether it overlaps the track frames `from..to`.
    pub(crate) const fn is_within(&self, from: u64, to: u64) -> bool {
        self.start < to && from < self.end()
    }

    /// Add the clip to `out` (one block), which starts at track frame `start`. `moved` is this renderer's copy of a clip
    /// that has a place.
    pub(crate) fn add(&self, mut moved: Option<&mut dyn Voice>, start: u64, mut out: Block<'_>, spare: &mut Plane) {
        let Some((from, to)) = overlap(start, out.len(), self.start, self.end()) else { return };
        let mut out = out.part((from - start) as usize, (to - start) as usize);
        let own = from - self.start + self.head;
        let read = |start, sound: Block<'_>| match &mut moved {
            Some(moved) => moved.render(start, sound),
            None => self.sound.read(start, sound),
        };
        add_read(&self.shape, self.balance, [own; 2], &mut out, spare, read);
    }

    /// Read the first frame that plays at or after track frame `from`, so that its audio is decoded in advance.
    pub(crate) fn open(&self, from: u64) {
        let own = from.max(self.start) - self.start + self.head;
        self.sound.read(own, Block::new(&mut [0.0], &mut [0.0]));
    }
}

/// The frames of `start..start+len` that are also in `from..to`.
fn overlap(start: u64, len: usize, from: u64, to: u64) -> Option<(u64, u64)> {
    let (first, last) = (start.max(from), (start + len as u64).min(to));
    (first < last).then_some((first, last))
}

/// Add to `out` what `read` gives from frame `own` of the source on, which is frame `at` of the shape. The source is silent
/// before its frame 0.
fn add_read(
    shape: &Shape,
    balance: [f32; 2],
    [at, own]: [u64; 2],
    out: &mut Block<'_>,
    spare: &mut Plane,
    mut read: impl FnMut(u64, Block<'_>),
) {
    let Some(margin) = shape.moving.margin() else {
        let mut sound = spare.block(out.len());
        read(own, sound.reborrow());
        add_shaped(shape, balance, at, out, sound.left, sound.right);
        return;
    };
    let mut done = 0;
    while done < out.len() {
        let frames = (BLOCK - 2 * margin).min(out.len() - done);
        let (at, own) = (at + done as u64, own + done as u64);
        let mut sound = spare.block(frames + 2 * margin);
        let missing = (margin as u64).saturating_sub(own);
        sound.part(0, missing as usize).clear();
        let length = sound.len();
        read(own + missing - margin as u64, sound.part(missing as usize, length));
        shape.moving.delay(at, &mut sound);
        let mut part = out.part(done, done + frames);
        add_shaped(shape, balance, at, &mut part, &sound.left[..frames], &sound.right[..frames]);
        done += frames;
    }
}

/// `out += (left, right)·shape·balance`; the first sample is at frame `at` of the shape.
fn add_shaped(shape: &Shape, balance: [f32; 2], at: u64, out: &mut Block<'_>, left: &[f32], right: &[f32]) {
    if let Some(gain) = shape.constant(at, at + out.len() as u64) {
        mix::add_scaled(out.left, left, (gain[0] * f64::from(balance[0])) as f32);
        mix::add_scaled(out.right, right, (gain[1] * f64::from(balance[1])) as f32);
        return;
    }
    let samples = out.left.iter_mut().zip(out.right.iter_mut()).zip(left.iter().zip(right));
    for (frame, ((out_l, out_r), (l, r))) in (at..).zip(samples) {
        let gain = shape.at(frame);
        *out_l += *l * (gain[0] * f64::from(balance[0])) as f32;
        *out_r += *r * (gain[1] * f64::from(balance[1])) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::content::Fold;
    use crate::media::testing;
    use crate::plan::moving::balance;

    /// A mono recording at 8 kHz of the samples 1, 2, 3, ...
    fn recording(frames: u64) -> Arc<Recording> {
        let samples = (1..=frames).map(|x| x as f32).collect();
        Arc::new(testing::recording(&[samples], [8000, 8000], Fold::Stereo, &Arc::default()))
    }

    fn clip(frames: u64, head: u64, start: u64, pan: f64) -> PlacedClip {
        let (at, audio) = (String::new(), recording(frames + head));
        let (repeat, shape) = (Repeat::Once, Shape::flat(0.5));
        let sound = ClipSound { audio, repeat, region: None };
        PlacedClip { at, sound, moved: None, start, head, frames, shape, balance: balance(pan) }
    }

    #[test]
    fn a_clip_sounds_the_same_for_any_block_size() {
        let clip = clip(5, 2, 7, 0.5);
        let mut spare = Plane::new();
        let (mut whole_l, mut whole_r) = (vec![1.0; 16], vec![1.0; 16]);
        clip.add(None, 0, Block::new(&mut whole_l, &mut whole_r), &mut spare);
        assert_eq!(whole_r[6..13], [1.0, 2.5, 3.0, 3.5, 4.0, 4.5, 1.0]);
        assert_eq!(whole_l[7], 1.0 + 0.5 * 1.5);
        let (mut l, mut r) = (vec![1.0; 16], vec![1.0; 16]);
        for at in 0..16 {
            clip.add(None, at as u64, Block::new(&mut l[at..=at], &mut r[at..=at]), &mut spare);
        }
        assert_eq!((l, r), (whole_l, whole_r));
    }

    #[test]
    fn a_looped_bed_restarts_at_its_end() {
        let (mut l, mut r) = ([0.0; 7], [0.0; 7]);
        Bed::Audio(recording(3), Repeat::Looped).render(4, Block::new(&mut l, &mut r));
        assert_eq!(l, [2.0, 3.0, 1.0, 2.0, 3.0, 1.0, 2.0]);
        assert_eq!(l, r);
    }
}
