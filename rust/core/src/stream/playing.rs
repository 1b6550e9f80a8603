//! A plan as it is played: prepared ahead, with pushed clips, a fade-in at the start of the track and the limiter.

use std::sync::Arc;

use super::StreamClips;
use super::level::StreamLevel;
use super::ramps::ceiling;
use crate::plan::Plan;
use crate::render::Renderer;
use crate::voice::Block;

/// Length, in seconds, for which the renderer is prepared in advance.
const PREPARED_S: u64 = 2;

/// A plan that is played, before fades and volume. It renders any frame, so both sides of a crossfade can be rendered
/// at any time.
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::stream::{Playing, StreamClips};
///
/// let clips = StreamClips::of(&track, &plan, 1.0);
/// let mut playing = Playing::new(Arc::clone(&plan), clips, 0);
/// let (mut left, mut right) = (vec![0.0; 512], vec![0.0; 512]);
/// playing.render(0, &mut left, &mut right);
/// assert!(left.iter().any(|sample| *sample != 0.0));
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub struct Playing {
    renderer: Renderer,
    /// Track frame up to which the renderer is prepared.
    prepared: u64,
    /// Clips whose samples the application pushes.
    pub clips: StreamClips,
    /// Length, in frames, of the fade-in at the start of the track; 0: none.
    pub rise: u64,
    /// The gain to the level of a file; `None`: the level of the mix.
    level: Option<StreamLevel>,
}

impl Playing {
    /// Prepare `plan` to play from track frame `frame` on, without a fade-in. This allocates.
    pub fn new(plan: Arc<Plan>, clips: StreamClips, frame: u64) -> Self {
        let prepared = frame + PREPARED_S * u64::from(plan.sample_rate());
        let mut renderer = Renderer::new(plan);
        renderer.prepare(frame, prepared);
        Self { renderer, prepared, clips, rise: 0, level: None }
    }

    /// Play at the level of a file in which the whole track has the linear peak `target` (`None`: at the level of the
    /// mix). Until that peak is measured the gain is an estimate, or `begin`, and then glides to the exact one.
    #[must_use]
    pub fn at_level(mut self, target: Option<f32>, begin: Option<f32>) -> Self {
        self.level = target.map(|target| StreamLevel::new(self.plan(), target, begin));
        self
    }

    /// The same sound, prepared to play from track frame `frame` on beside this one, without a fade-in. It comes from
    /// `plan`: the same plan, or one that differs in its phases. This allocates.
    #[must_use]
    pub fn again(&self, plan: Arc<Plan>, frame: u64) -> Self {
        Self { level: self.level, ..Self::new(plan, self.clips.clone(), frame) }
    }

    /// The plan.
    pub const fn plan(&self) -> &Arc<Plan> {
        self.renderer.plan()
    }

    /// Length of the track in frames.
    pub fn frames(&self) -> u64 {
        self.plan().frames()
    }

    /// Render the frames from track frame `at` on into both channels, which have the same length. Every second or so
    /// this prepares the renderer for the next two seconds, which allocates.
    pub fn render(&mut self, at: u64, left: &mut [f32], right: &mut [f32]) {
        let rate = u64::from(self.plan().sample_rate());
        if at + left.len() as u64 + rate > self.prepared || at + PREPARED_S * rate < self.prepared {
            self.prepared = at + PREPARED_S * rate;
            self.renderer.prepare(at, self.prepared);
        }
        self.renderer.render(at, Block::new(left, right));
        self.clips.add(at, left, right);
        if let Some(level) = &mut self.level {
            let gain = level.at(self.renderer.plan(), at);
            for (now, (l, r)) in (at..).zip(left.iter_mut().zip(right.iter_mut())) {
                let gain = gain(now);
                *l *= gain;
                *r *= gain;
            }
        }
        let rise = self.rise;
        for (now, (l, r)) in (at..).zip(left.iter_mut().zip(right)) {
            let gain = if now < rise { now as f32 / rise as f32 } else { 1.0 };
            *l = ceiling(*l * gain);
            *r = ceiling(*r * gain);
        }
    }
}
