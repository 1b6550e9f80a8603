//! The block renderer: renders any frame of a plan in blocks of any size, with the same samples every time.

use std::ops::Range;
use std::sync::Arc;

use crate::dsp::mix;
use crate::plan::mix::clip_voices::ClipVoices;
use crate::plan::mix::mixer::Mixer;
use crate::plan::{Bed, Part, Plan, Plane, blocks};
use crate::voice::Block;

/// If more clips than this play within a prepared range, none are opened in advance.
const OPENED: usize = 32;

/// Renders a plan. Each thread uses its own renderer.
///
/// The samples are final for steps that are measured ([`Plan::measure`]). A step that is rendered before it is measured
/// begins on estimated gains and glides to the measured ones when they are known.
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::render::Renderer;
/// use realtime_backend_core::voice::Block;
///
/// plan.measure(0, plan.steps().len(), 0, &mut |_done| true)?;
/// let mut renderer = Renderer::new(Arc::clone(&plan));
/// renderer.prepare(10_000, 10_512); // allocates; the call below does not
/// let (mut left, mut right) = (vec![0.0; 512], vec![0.0; 512]);
/// renderer.render(10_000, Block::new(&mut left, &mut right));
/// assert!(left.iter().any(|sample| *sample != 0.0));
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub struct Renderer {
    plan: Arc<Plan>,
    part: Arc<Part>,
    mixer: Mixer,
    bed: Option<Bed>,
    clips: ClipVoices,
    plane: Plane,
    /// The frames of the last [`Renderer::prepare`].
    ready: Range<u64>,
    /// Indices of the clips that play there.
    near: Vec<usize>,
}

impl Renderer {
    /// A renderer that is not prepared for any frames yet.
    pub fn new(plan: Arc<Plan>) -> Self {
        Self::of(plan, Arc::new(Part::ALL))
    }

    /// A renderer of a part of the sound.
    pub(crate) fn of(plan: Arc<Plan>, part: Arc<Part>) -> Self {
        let mixer = Mixer::of(&plan, Arc::clone(&part));
        let bed = plan.background().filter(|_| part.bed).map(|bed| {
            let mut source = bed.source.fork();
            source.prepare();
            source
        });
        let clips = ClipVoices::default();
        Self { plan, part, mixer, bed, clips, plane: Plane::new(), ready: 0..0, near: Vec::new() }
    }

    /// The plan that it renders.
    pub const fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Prepare for the track frames `from..to`: copy the voices of the steps there and drop all others, estimate the
    /// gains of steps that are not measured, and open the clips there. This allocates; [`Renderer::render`] within
    /// `from..to` then does not, unless it has to decode audio files.
    pub fn prepare(&mut self, from: u64, to: u64) {
        self.mixer.prepare(&self.plan, from, to);
        let plan = &self.plan;
        let near = |index: &usize| self.part.clips && plan.clips()[*index].is_within(from, to);
        let near: Vec<usize> = (0..plan.clips().len()).filter(near).collect();
        if near.len() <= OPENED {
            for index in near.iter().filter(|index| !self.near.contains(index)) {
                plan.clips()[*index].open(from);
            }
        }
        self.clips.prepare(plan, &near);
        (self.near, self.ready) = (near, from..to);
    }

    /// Fill `out` with the track frames from `start` on; silence after the end of the plan.
    pub fn render(&mut self, start: u64, mut out: Block<'_>) {
        let Self { plan, part, mixer, bed, clips: voices, plane, ready, near } = self;
        let end = start + out.len() as u64;
        mixer.render(plan, usize::MAX, start, out.reborrow());
        if let (Some(layer), Some(source)) = (plan.background(), bed) {
            for (frame, frames) in blocks(start, end) {
                let at = (frame - start) as usize;
                layer.add(source, frame, out.part(at, at + frames), plane);
            }
        }
        let is_ready = ready.start <= start && end <= ready.end;
        let clips = if part.clips { plan.clips() } else { &[] };
        for place in 0..if is_ready { near.len() } else { clips.len() } {
            let index = if is_ready { near[place] } else { place };
            if clips[index].is_within(start, end) {
                for (frame, frames) in blocks(start, end) {
                    let at = (frame - start) as usize;
                    voices.add(plan, index, frame, out.part(at, at + frames), plane);
                }
            }
        }
        mix::silence_non_finite(out.left);
        mix::silence_non_finite(out.right);
    }
}
