//! Where the voices of a track are on the time axis of its scene (spec spatial-workbench 2.4).

use std::sync::Arc;

use super::runs::Place;
use super::timeline::Placement;
use super::voices::Builder;
use crate::voice::spatial::scene::SceneAt;

impl Builder<'_> {
    /// What the scene does to the voice at `place`, whose sound begins `offset` frames before its step.
    pub(super) fn scene(&self, place: Place, placement: &Placement, offset: u64) -> Option<SceneAt> {
        let step = self.steps[place.0];
        let scene = Arc::clone(self.scenes.get(step)?.get(place.1)?.as_ref()?);
        let rate = f64::from(self.sample_rate);
        let start = if self.compat.true_workbench {
            placement.start as f64 / rate
        } else {
            // the overlap of crossfades is not counted
            let steps = &self.track.steps[..=step];
            let end = steps[..step].iter().fold(0.0, |end, step| step.start.unwrap_or(end) + step.duration);
            steps[step].start.unwrap_or(end)
        };
        Some(SceneAt::new(scene, start - offset as f64 / rate, rate))
    }
}
