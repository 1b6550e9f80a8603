//! Renders excerpts of a whole plan at the level of its mix, measured or estimated, as far as it is known.

use std::ops::Range;

use crate::plan::mix::clip_voices::ClipVoices;
use crate::plan::mix::mixer::Mixer;
use crate::plan::{Background, Bed, Plan, Plane, blocks};
use crate::voice::Block;

/// Renders excerpts of the whole mix, and of single layers.
pub(super) struct Listener<'a> {
    plan: &'a Plan,
    mixer: Mixer,
    bed: Option<Bed>,
    clips: ClipVoices,
    out: Plane,
    spare: Plane,
}

impl<'a> Listener<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        let bed = plan.background().map(|bed| {
            let mut source = bed.source.fork();
            source.prepare();
            source
        });
        let clips = ClipVoices::default();
        Self { plan, mixer: Mixer::new(plan), bed, clips, out: Plane::new(), spare: Plane::new() }
    }

    /// Render `excerpt` of the whole mix; `each` gets it block by block.
    pub(super) fn mix(&mut self, excerpt: &Range<u64>, mut each: impl FnMut(&Block<'_>)) {
        let plan = self.plan;
        self.mixer.prepare(plan, excerpt.start, excerpt.end);
        let within = |index: &usize| plan.clips()[*index].is_within(excerpt.start, excerpt.end);
        let near: Vec<usize> = (0..plan.clips().len()).filter(within).collect();
        let Self { mixer, bed, clips, out, spare, .. } = self;
        clips.prepare(plan, &near);
        for (frame, frames) in blocks(excerpt.start, excerpt.end) {
            let mut block = out.block(frames);
            mixer.render(plan, usize::MAX, frame, block.reborrow());
            if let (Some(layer), Some(source)) = (plan.background(), bed.as_mut()) {
                layer.add(source, frame, block.reborrow(), spare);
            }
            for index in &near {
                clips.add(plan, *index, frame, block.reborrow(), spare);
            }
            each(&block);
        }
    }

    /// Render `excerpt` of the bed alone.
    pub(super) fn bed(&mut self, layer: &Background, excerpt: &Range<u64>, mut each: impl FnMut(&Block<'_>)) {
        let Self { bed: source, out, spare, .. } = self;
        let Some(source) = source else { return };
        for (frame, frames) in blocks(excerpt.start, excerpt.end) {
            let mut block = out.block(frames);
            block.clear();
            layer.add(source, frame, block.reborrow(), spare);
            each(&block);
        }
    }

    /// Render `excerpt` of clip `index` alone.
    pub(super) fn clip(&mut self, index: usize, excerpt: &Range<u64>, mut each: impl FnMut(&Block<'_>)) {
        for (frame, frames) in blocks(excerpt.start, excerpt.end) {
            let mut block = self.out.block(frames);
            block.clear();
            self.clips.add(self.plan, index, frame, block.reborrow(), &mut self.spare);
            each(&block);
        }
    }
}
