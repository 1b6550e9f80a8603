//! The block renderer: any frame of a plan, in blocks of any size, always the same samples.

use std::sync::Arc;

use crate::dsp::mix;
use crate::plan::mixer::Mixer;
use crate::plan::{Plan, Plane, blocks};
use crate::voice::{Block, Voice};

/// Evaluates a plan. Each thread has its own.
///
/// The samples are final once the steps in question are measured ([`Plan::measure`]); a step that is rendered before
/// starts on estimated gains and glides to the measured ones when they arrive.
pub struct Renderer {
    plan: Arc<Plan>,
    mixer: Mixer,
    bed: Option<Box<dyn Voice>>,
    plane: Plane,
}

impl Renderer {
    /// A renderer at no particular place.
    pub fn new(plan: Arc<Plan>) -> Self {
        let mixer = Mixer::new(&plan);
        let bed = plan.background().map(|bed| {
            let mut source = bed.source.fork();
            source.prepare();
            source
        });
        Self { plan, mixer, bed, plane: Plane::new() }
    }

    /// The plan.
    pub const fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Get ready for the frames `from..to`: takes copies of the voices of the steps there and lets go of all others.
    /// This allocates (and estimates the gains of steps that are not measured); `render` within `from..to` then does not.
    pub fn prepare(&mut self, from: u64, to: u64) {
        self.mixer.prepare(&self.plan, from, to);
    }

    /// Fill `out` with the frames from `start` on; after the end of the plan with silence.
    pub fn render(&mut self, start: u64, mut out: Block<'_>) {
        let Self { plan, mixer, bed, plane } = self;
        let end = start + out.len() as u64;
        mixer.render(plan, usize::MAX, start, out.reborrow());
        if let (Some(layer), Some(source)) = (plan.background(), bed) {
            for (frame, frames) in blocks(start, end) {
                let at = (frame - start) as usize;
                layer.add(source.as_mut(), frame, out.part(at, at + frames), plane);
            }
        }
        for clip in plan.clips() {
            clip.add(start, out.reborrow());
        }
        mix::silence_non_finite(out.left);
        mix::silence_non_finite(out.right);
    }
}
