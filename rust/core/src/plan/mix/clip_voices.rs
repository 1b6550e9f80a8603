//! Clips that are heard from a place or along a path (`spatial`): the sound of a clip as a voice, and one renderer's copies.

use std::fmt;
use std::sync::Arc;

use super::block::Plane;
use super::layers::PlacedClip;
use crate::media::{Recording, Region, Repeat};
use crate::plan::Plan;
use crate::voice::{Block, Voice};

/// The frames of a clip.
#[derive(Debug, Clone)]
pub struct ClipSound {
    /// The recording, converted to the sample rate of the track.
    pub audio: Arc<Recording>,
    /// What follows after the end of the recording.
    pub repeat: Repeat,
    /// The part of it that repeats, instead of all of it.
    pub region: Option<Region>,
}

impl ClipSound {
    /// Fill `out` with the frames of the recording from `at` on.
    pub(crate) fn read(&self, at: u64, out: Block<'_>) {
        match &self.region {
            Some(region) => region.read(&self.audio, at, out.left, out.right),
            None => self.audio.read_repeated(self.repeat, at, out.left, out.right),
        }
    }
}

impl Voice for ClipSound {
    fn render(&mut self, start: u64, out: Block<'_>) {
        self.read(start, out);
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(self.clone())
    }
}

/// A clip as it is heard from its place, which renderers copy.
#[derive(Clone)]
pub struct Moved(pub(crate) Arc<dyn Voice>);

impl fmt::Debug for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Moved")
    }
}

/// One renderer's copies of the clips that are moved.
#[derive(Default)]
pub(crate) struct ClipVoices(Vec<Option<Box<dyn Voice>>>);

impl ClipVoices {
    /// Copy those of the clips `near`, and drop all others.
    pub(crate) fn prepare(&mut self, plan: &Plan, near: &[usize]) {
        for (index, slot) in self.0.iter_mut().enumerate() {
            if !near.contains(&index) {
                *slot = None;
            }
        }
        for index in near {
            self.of(&plan.clips()[*index], *index);
        }
    }

    /// The copy of clip `index`; `None` if it is not moved.
    fn of(&mut self, clip: &PlacedClip, index: usize) -> Option<&mut dyn Voice> {
        let moved = clip.moved.as_ref()?;
        if self.0.len() <= index {
            self.0.resize_with(index + 1, || None);
        }
        let voice = self.0[index].get_or_insert_with(|| {
            let mut voice = moved.0.fork();
            voice.prepare();
            voice
        });
        Some(voice.as_mut())
    }

    /// Add clip `index` of `plan` to `out` (one block), which starts at track frame `start`.
    pub(crate) fn add(&mut self, plan: &Plan, index: usize, start: u64, out: Block<'_>, spare: &mut Plane) {
        let clip = &plan.clips()[index];
        clip.add(self.of(clip, index), start, out, spare);
    }
}
