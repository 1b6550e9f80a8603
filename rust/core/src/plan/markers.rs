//! The events of a track for a marker track: where steps, crossfades and the pulses of voices begin (spec stimuli 5).

use std::ops::Range;

use super::{Plan, StepPlan, within};
use crate::error::Result;

/// Frames whose events are collected at a time.
const WINDOW: u64 = 1 << 20;

/// An event of a track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Marker {
    /// Track frame at which it begins: the first frame at or after its time.
    pub frame: u64,
    /// Length in frames.
    pub length: f64,
    /// `step`, `crossfade`, `pulse`, `pulse_left`, `pulse_right`, `click` or `chirp`.
    pub label: &'static str,
}

impl Plan {
    /// Call `each` with every event that begins in the track frames `range`, in the order of frames. Of the pulses of a
    /// voice, every `every`-th is listed (0 and 1: all), counted from the start of its step or run of steps. The
    /// memory needed does not depend on the length of the range.
    ///
    /// # Errors
    /// The first error of `each`, which ends the list.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::plan::{Plan, PlanOptions};
    /// # use realtime_backend_core::track::Track;
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
    /// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
    /// let mut kinds = Vec::new();
    /// plan.markers(0..plan.frames(), 1, &mut |marker| {
    ///     kinds.push((marker.frame, marker.label));
    ///     Ok(())
    /// })?;
    /// assert_eq!(kinds[0], (0, "step"));
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn markers(&self, range: Range<u64>, every: u64, each: &mut dyn FnMut(&Marker) -> Result<()>) -> Result<()> {
        let end = range.end.min(self.frames);
        let mut found = Vec::new();
        let mut from = range.start;
        while from < end {
            let to = end.min(from + WINDOW);
            let mut steps: Vec<usize> = within(&self.segments, from, to)
                .iter()
                .flat_map(|segment| segment.layers.iter().map(|layer| layer.index))
                .collect();
            steps.sort_unstable();
            steps.dedup();
            for index in steps {
                self.steps[index].markers(from..to, every.max(1), &mut found);
            }
            found.sort_by_cached_key(|marker: &Marker| marker.frame);
            found.drain(..).try_for_each(|marker| each(&marker))?;
            from = to;
        }
        Ok(())
    }
}

impl StepPlan {
    /// Append the events of this step in the track frames `range`.
    fn markers(&self, range: Range<u64>, every: u64, found: &mut Vec<Marker>) {
        let placement = &self.placement;
        if range.contains(&placement.start) {
            let marker = |label, length: u64| Marker { frame: placement.start, length: length as f64, label };
            found.push(marker("step", placement.placed));
            found.extend(placement.crossfade.map(|fade| marker("crossfade", fade.frames)));
        }
        // where the alignment of a crossfade has moved the sound of the step
        let lag = self.final_levels().map_or(0, |levels| levels.lag);
        let start = placement.start as i64 + lag;
        let own = |frame: u64| (frame as i64 - start).clamp(0, placement.placed as i64) as u64;
        let sounds = placement.start..placement.end();
        for voice in self.voices.iter().filter_map(|voice| voice.voice.as_ref()) {
            voice.onsets(own(range.start), own(range.end), &mut |onset| {
                let frame = start.saturating_add_unsigned(onset.frame).max(0).unsigned_abs();
                if onset.index % every == 0 && sounds.contains(&frame) {
                    found.push(Marker { frame, length: onset.length, label: onset.label });
                }
            });
        }
    }
}
