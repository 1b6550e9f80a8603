//! What the scene of a track does to its voices, and where they are on its time axis (spec spatial-workbench 2.4).

use std::sync::Arc;

use super::runs::Place;
use super::timeline::Placement;
use super::voices::Builder;
use crate::compat::Compat;
use crate::track::{Track, cast};
use crate::voice::spatial::scene::{SceneAt, VoiceScene};

/// The scenes of all voices.
pub(crate) struct Scenes {
    /// By step of the track and position; empty without a scene.
    voices: Vec<Vec<Option<Arc<VoiceScene>>>>,
    /// Where each step begins in seconds if the overlap of crossfades is not counted; empty where it is.
    starts: Vec<f64>,
}

impl Scenes {
    /// What the scene of `track` does.
    pub(super) fn of(track: &Track, compat: Compat) -> Self {
        let voices = cast(track, compat);
        let mut end = 0.0;
        let starts = track.steps.iter().map(|step| {
            let start = step.start.unwrap_or(end);
            end = start + step.duration;
            start
        });
        let starts = if voices.is_empty() || compat.true_workbench { Vec::new() } else { starts.collect() };
        Self { voices, starts }
    }

    /// What the scene does to a voice.
    pub(super) fn of_voice(&self, step: usize, voice: usize) -> Option<&Arc<VoiceScene>> {
        self.voices.get(step)?.get(voice)?.as_ref()
    }
}

impl Builder<'_> {
    /// What the scene does to the voice at `place`, whose sound begins `offset` frames before its step.
    pub(super) fn scene(&self, place: Place, placement: &Placement, offset: u64) -> Option<SceneAt> {
        let step = self.steps[place.0];
        let scene = Arc::clone(self.scenes.of_voice(step, place.1)?);
        let rate = f64::from(self.sample_rate);
        let start = self.scenes.starts.get(step).copied().unwrap_or(placement.start as f64 / rate);
        Some(SceneAt::new(scene, start - offset as f64 / rate, rate))
    }
}
