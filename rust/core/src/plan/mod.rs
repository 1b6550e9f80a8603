//! Plans: tracks compiled into a form that can be rendered from any frame.
//!
//! A plan is immutable and shared between threads. The one exception is the levels of its steps: bus peaks have to be
//! measured before the final gains of a step are known. [`Plan::measure`] fills them in step by step; until then a step
//! plays on estimated gains. A plan knows nothing of devices and output files.

mod align;
mod audio_files;
mod bed;
mod clip;
mod compile;
mod edits;
mod gliding;
mod joints;
mod kept;
pub mod levels;
mod markers;
mod media_cache;
pub mod mix;
mod moving;
mod options;
mod relations;
mod review;
mod runs;
mod scenes;
mod segments;
mod shape;
mod stable_hash;
mod step;
pub mod timeline;
mod voice_cache;
mod voices;

pub use levels::gain::Levels;
pub use levels::incremental::IncrementalAnalysis;
pub(crate) use levels::measure::{CHUNK, SLACK};
pub use levels::measured::{Measured, VoicePeak};
pub use levels::peaks::{CELL, PeakMap};
pub use markers::Marker;
pub use media_cache::MediaCache;
pub use mix::block::BLOCK;
pub(crate) use mix::block::{Plane, blocks, peak};
pub use mix::bus::StepVoice;
pub use mix::clip_voices::{ClipSound, Moved};
pub use mix::gains::StepGains;
pub use mix::layers::{Background, Bed, PlacedClip};
pub use mix::part::Part;
pub use moving::Moving;
pub use options::{LayerGains, OnError, PlanOptions};
pub(crate) use segments::within;
pub use segments::{Layer, Segment};
pub use shape::Shape;
pub use step::{FinalLevels, StepPlan};
pub use timeline::{Crossfade, Placement, Timeline};

use std::sync::{Arc, OnceLock};

use crate::compat::Compat;
use crate::error::Problem;
use crate::media::Recording;
use crate::track::Identity;
use crate::voice::{Oscillators, Phases, ToneAccelerator};

/// A compiled track.
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// assert_eq!(plan.sample_rate(), 44_100);
/// assert_eq!(plan.frames(), 44_100);
/// assert_eq!(plan.step_times(), [(0.0, 1.0)]);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub struct Plan {
    sample_rate: u32,
    compat: Compat,
    preserve_loudness: bool,
    /// Whether voices sound at the amplitudes that they state.
    absolute: bool,
    timeline: Timeline,
    steps: Vec<StepPlan>,
    segments: Vec<Segment>,
    background: Option<Background>,
    clips: Vec<PlacedClip>,
    frames: u64,
    accelerator: Option<Arc<dyn ToneAccelerator>>,
    /// The largest magnitude of the whole track, once it is measured.
    pub(crate) peak: OnceLock<f32>,
    /// The warnings about audio files that the compilation already reported.
    told: Vec<Problem>,
}

impl Plan {
    /// Frames per second.
    pub const fn sample_rate(&self) -> u32 {
        self.sample_rate
    }

    /// The compatibility rules it was compiled under.
    pub const fn compat(&self) -> Compat {
        self.compat
    }

    /// Whether voices sound at the amplitudes that they state, so that nothing has to be measured before they do.
    pub const fn has_absolute_levels(&self) -> bool {
        self.absolute
    }

    /// The exact largest magnitude of the whole track, linear, once [`crate::render::peak`] has measured it.
    pub fn known_peak(&self) -> Option<f32> {
        self.peak.get().copied()
    }

    /// An estimate of that magnitude from the level settings and what is measured so far, without rendering.
    pub fn estimated_peak(&self) -> f32 {
        self.steps.iter().map(StepPlan::loudest).fold(0.0, f32::max)
    }

    /// Length in frames: up to the end of whatever ends last, a step, a clip or the bed. One second if the track is
    /// empty.
    pub const fn frames(&self) -> u64 {
        self.frames
    }

    /// Length in seconds.
    pub fn seconds(&self) -> f64 {
        self.frames as f64 / f64::from(self.sample_rate)
    }

    /// The positions of the steps.
    pub const fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Start and end of each step that sounds, in seconds.
    pub fn step_times(&self) -> Vec<(f64, f64)> {
        self.timeline.times(self.sample_rate)
    }

    /// The steps that sound, in the order of the track.
    pub fn steps(&self) -> &[StepPlan] {
        &self.steps
    }

    /// The steps as consecutive segments; within a segment the same steps play in the same roles.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The bed under all steps, if the track has one.
    pub const fn background(&self) -> Option<&Background> {
        self.background.as_ref()
    }

    /// The clips, in the order of the track.
    pub fn clips(&self) -> &[PlacedClip] {
        &self.clips
    }

    /// New warnings about audio files since the plan was compiled: files that can no longer be read (they are silent
    /// from there on) and peaks far above full scale.
    pub fn noticed(&self) -> Vec<Problem> {
        self.recordings()
            .flat_map(|(at, audio)| audio.noticed().into_iter().map(move |text| Problem::warning(at, text)))
            .filter(|problem| !self.told.contains(problem))
            .collect()
    }

    /// Why an audio file is silent where it should sound; `None` while all files can be read.
    pub fn fault(&self) -> Option<String> {
        self.recordings().find_map(|(_, audio)| audio.fault())
    }

    /// The audio files, each with the JSON path at which the track names it.
    fn recordings(&self) -> impl Iterator<Item = (&str, &Recording)> {
        let bed = self.background.iter().filter_map(|bed| match &bed.source {
            Bed::Audio(audio, _) => Some((bed.at.as_str(), &**audio)),
            Bed::Noise(_) => None,
        });
        bed.chain(self.clips.iter().map(|clip| (clip.at.as_str(), &*clip.sound.audio)))
    }

    /// Carrier phases of the voice with this identity at track frame `frame`, in the step that is current there. `None`
    /// if no step plays, the step has no such voice, or the voice does not continue phases.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::plan::{Plan, PlanOptions};
    /// # use realtime_backend_core::track::Track;
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
    /// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
    /// let voice = &track.steps[0].voices[0].identity;
    /// let phases = plan.phases_at(voice, 44_099).expect("the voice carries its phases");
    /// // the ears are 6 Hz apart, so that after 44099 frames they are 6 turns less 1/44100 of that apart
    /// let turns = (phases.right - phases.left) / std::f64::consts::TAU - 6.0 * 44_099.0 / 44_100.0;
    /// assert!((turns - turns.round()).abs() < 1e-6);
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn phases_at(&self, identity: &Identity, frame: u64) -> Option<Phases> {
        let step = &self.steps[self.timeline.current(frame)?];
        voices::phases_of(&step.voices, identity, frame - step.placement.start)
    }

    /// As [`Plan::phases_at`], for all oscillators of the voice.
    pub(crate) fn oscillators_at(&self, identity: &Identity, frame: u64) -> Option<Oscillators> {
        let step = &self.steps[self.timeline.current(frame)?];
        voices::oscillators_of(&step.voices, identity, frame - step.placement.start)
    }
}
