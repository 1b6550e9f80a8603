//! Positions of the steps on the track, in frames: starts, lengths, crossfades (spec assembly 3 and 7).
//!
//! Seconds become frames here, once, with the truncations and the order of additions of the specification. All later
//! code counts frames.

use std::f64::consts::FRAC_PI_2;

use crate::compat::Compat;
use crate::dsp::phase::Turns;
use crate::dsp::sine::{cosine, sine};
use crate::track::{After, CrossfadeCurve, Placing, Track};

/// Gains of the outgoing and the incoming step at position `u` of a fade, `0.0..=1.0`.
///
/// ```
/// use realtime_backend_core::plan::timeline::fade_gains;
/// use realtime_backend_core::track::CrossfadeCurve;
///
/// assert_eq!(fade_gains(CrossfadeCurve::Linear, 0.25), (0.75, 0.25));
/// let (old, new) = fade_gains(CrossfadeCurve::EqualPower, 0.5);
/// assert!((old * old + new * new - 1.0).abs() < 1e-12);
/// ```
#[inline]
pub fn fade_gains(curve: CrossfadeCurve, u: f64) -> (f64, f64) {
    match curve {
        CrossfadeCurve::Linear => (1.0 - u, u),
        CrossfadeCurve::EqualPower => {
            let quarter = Turns::from_radians(u * FRAC_PI_2);
            (cosine(quarter), sine(quarter))
        }
    }
}

/// The fade from a step into the next one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Handover {
    /// Length of the fade in seconds; negative counts as 0.
    pub crossfade: f64,
    /// Shape of the fade.
    pub curve: CrossfadeCurve,
    /// Share of the fade by which the two steps overlap, `0..=1`; it also scales the fade.
    pub overlap: f64,
}

impl Handover {
    /// Seconds by which the next step begins before the end of this one.
    fn seconds(&self) -> f64 {
        self.crossfade.max(0.0) * self.overlap
    }
}

/// When one step plays, as written in the track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepTiming {
    /// Length in seconds; steps of no length are skipped.
    pub duration: f64,
    /// Explicit position on the track in seconds; `None` to follow the step before.
    pub start: Option<f64>,
    /// The fade from this step into the next one.
    pub handover: Handover,
}

impl StepTiming {
    /// The timings of the steps of `track`, with the track's defaults filled in.
    pub fn of(track: &Track, compat: Compat) -> Vec<Self> {
        let globals = &track.globals;
        // What is still crossfaded where voices glide is unrelated: equal power keeps its level.
        let usual = if compat.glide_same_voice { CrossfadeCurve::EqualPower } else { CrossfadeCurve::Linear };
        let usual = globals.crossfade_curve.unwrap_or(usual);
        let timing = |step: &crate::track::Step| Self {
            duration: step.duration,
            start: step.start,
            handover: Handover {
                crossfade: step.crossfade_duration.unwrap_or(globals.crossfade_duration),
                curve: step.crossfade_curve.unwrap_or(usual),
                overlap: step.crossfade_overlap.unwrap_or(globals.crossfade_overlap),
            },
        };
        track.steps.iter().map(timing).collect()
    }
}

/// The fade at the beginning of a step, from everything placed before into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossfade {
    /// Length in frames, at least 1.
    pub frames: u64,
    /// Shape of the fade.
    pub curve: CrossfadeCurve,
}

impl Crossfade {
    /// Gains of the earlier sound and of the new step, `frame` frames after the step's start (spec assembly 7.2).
    #[inline]
    pub fn gains(&self, frame: u64) -> (f64, f64) {
        let u = if self.frames > 1 { frame as f64 / (self.frames - 1) as f64 } else { 0.0 };
        fade_gains(self.curve, u)
    }
}

/// One step on the track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Index of the step in the track.
    pub step: usize,
    /// First frame on the track.
    pub start: u64,
    /// Frames of the step itself, `trunc(duration · rate)`.
    pub frames: u64,
    /// Frames that are heard: `frames`, unless the legacy buffer limit cuts the step.
    pub placed: u64,
    /// Start in seconds, as given or as it follows from the steps before.
    pub seconds: f64,
    /// Length in seconds, as given.
    pub duration: f64,
    /// The crossfade at its beginning; with `None` the step is added to what already sounds.
    pub crossfade: Option<Crossfade>,
}

impl Placement {
    /// First frame after the step.
    pub const fn end(&self) -> u64 {
        self.start + self.placed
    }

    /// Make the step one frame longer.
    pub(crate) const fn lengthen(&mut self) {
        self.frames += 1;
        self.placed += 1;
    }

    /// First frame after the fade into this step.
    pub fn fade_end(&self) -> u64 {
        self.start + self.crossfade.map_or(0, |fade| fade.frames)
    }
}

/// All steps of a track in frames.
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// let timeline = plan.timeline();
/// assert_eq!(timeline.current(22_050), Some(0));
/// assert_eq!(timeline.placements[0].end(), timeline.end);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Timeline {
    /// The steps that sound, in the order of the track, which is not necessarily that of time.
    pub placements: Vec<Placement>,
    /// First frame after the step that ends last.
    pub end: u64,
}

impl Timeline {
    /// Place `steps` (spec assembly 3).
    pub fn new(steps: &[StepTiming], sample_rate: u32, compat: Compat) -> Self {
        let rate = f64::from(sample_rate);
        let limit = if compat.truncate_implicit_steps { buffer_limit(steps, rate) } else { u64::MAX };
        let mut timeline = Self::default();
        let mut placing = Placing::new(After::Last);
        // The fade that the step placed last asks for.
        let mut previous = Crossfade { frames: 0, curve: CrossfadeCurve::Linear };
        for (step, timing) in steps.iter().enumerate() {
            if timing.duration <= 0.0 {
                continue;
            }
            let begin = placing.next(timing.start, timing.duration, timing.handover.seconds());
            let start = (begin * rate) as u64;
            let frames = (timing.duration * rate) as u64;
            let end = (start + frames).min(limit);
            if end > start {
                let crossfade = if step > 0 { timeline.fade(start, end, previous, compat) } else { None };
                let placed = end - start;
                timeline.placements.push(Placement {
                    step,
                    start,
                    frames,
                    placed,
                    seconds: begin,
                    duration: timing.duration,
                    crossfade,
                });
                timeline.end = timeline.end.max(end);
            }
            if end > start {
                previous =
                    Crossfade { frames: (timing.handover.seconds() * rate) as u64, curve: timing.handover.curve };
            }
        }
        timeline
    }

    /// The fade into a step at `start..end`, given the fade that the previous step asks for.
    fn fade(&self, start: u64, end: u64, wanted: Crossfade, compat: Compat) -> Option<Crossfade> {
        let overlap = end.min(self.end).saturating_sub(start);
        if overlap == 0 || wanted.frames == 0 {
            return None;
        }
        if compat.fade_only_crossfade {
            return Some(Crossfade { frames: overlap.min(wanted.frames), curve: wanted.curve });
        }
        // A step that ends before the sound under it is a layer on top, not a successor: if the sound under it were
        // faded out, it would jump back at the end. (One frame of slack: ends that are equal in seconds may differ by
        // one frame after truncation.)
        if end + 1 < self.end {
            return None;
        }
        // Explicit starts can make the overlap longer than the fade; the fade then takes the whole overlap.
        Some(Crossfade { frames: overlap, curve: wanted.curve })
    }

    /// Start and end of each placed step, in seconds.
    pub fn times(&self, sample_rate: u32) -> Vec<(f64, f64)> {
        let seconds = |frame: u64| frame as f64 / f64::from(sample_rate);
        self.placements.iter().map(|p| (seconds(p.start), seconds(p.end()))).collect()
    }

    /// Index in [`Timeline::placements`] of the current step at `frame`: of the steps that play there, the one that
    /// began last.
    pub fn current(&self, frame: u64) -> Option<usize> {
        self.placements
            .iter()
            .enumerate()
            .filter(|(_, p)| p.start <= frame && frame < p.end())
            .max_by_key(|(index, p)| (p.start, *index))
            .map(|(index, _)| index)
    }
}

/// Length in frames of the buffer that the legacy implementation allocates: the latest end, where implicit steps count
/// as if each followed the one before, plus one second (spec assembly 3.4).
fn buffer_limit(steps: &[StepTiming], rate: f64) -> u64 {
    let mut row = 0.0;
    let mut longest = 0.0_f64;
    for timing in steps {
        let duration = timing.duration.max(0.0);
        let end = if let Some(start) = timing.start {
            start + duration
        } else {
            row += duration;
            row
        };
        longest = longest.max(end);
    }
    (longest * rate) as u64 + rate as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn step(duration: f64, start: Option<f64>, crossfade: f64) -> StepTiming {
        StepTiming { duration, start, handover: Handover { crossfade, curve: CrossfadeCurve::Linear, overlap: 1.0 } }
    }

    fn starts(timeline: &Timeline) -> Vec<u64> {
        timeline.placements.iter().map(|p| p.start).collect()
    }

    #[test]
    fn implicit_steps_overlap_by_the_fade() {
        let timeline = Timeline::new(&[step(4.0, None, 1.0), step(4.0, None, 1.0)], 1000, Compat::DEFAULT);
        assert_eq!(starts(&timeline), [0, 3000]);
        assert_eq!(timeline.end, 7000);
        assert_eq!(timeline.placements[1].crossfade, Some(Crossfade { frames: 1000, curve: CrossfadeCurve::Linear }));
        assert_eq!(timeline.times(1000), [(0.0, 4.0), (3.0, 7.0)]);
        assert_eq!(timeline.current(3500), Some(1));
    }

    #[test]
    fn the_buffer_limit_cuts_implicit_steps_only_in_legacy_mode() {
        let steps = [step(1.0, Some(5.0), 0.0), step(3.0, None, 0.0)];
        assert_eq!(Timeline::new(&steps, 100, Compat::DEFAULT).end, 900);
        let cut = Timeline::new(&steps, 100, Compat::LEGACY);
        assert_eq!(cut.end, 700);
        assert_eq!((cut.placements[1].frames, cut.placements[1].placed), (300, 100));
    }

    #[test]
    fn by_default_a_fade_takes_the_whole_overlap() {
        let steps = [step(4.0, Some(0.0), 0.5), step(4.0, Some(2.0), 0.5)];
        let fade = |compat| Timeline::new(&steps, 100, compat).placements[1].crossfade.map(|fade| fade.frames);
        assert_eq!(fade(Compat::DEFAULT), Some(200));
        assert_eq!(fade(Compat::LEGACY), Some(50));
    }

    #[test]
    fn a_step_inside_another_is_a_layer_by_default() {
        let steps = [step(9.0, Some(0.0), 0.5), step(2.0, Some(3.0), 0.5)];
        assert_eq!(Timeline::new(&steps, 100, Compat::DEFAULT).placements[1].crossfade, None);
        assert!(Timeline::new(&steps, 100, Compat::LEGACY).placements[1].crossfade.is_some());
    }

    #[test]
    fn crossfade_gains_reach_zero_and_one() {
        for curve in [CrossfadeCurve::Linear, CrossfadeCurve::EqualPower] {
            let fade = Crossfade { frames: 101, curve };
            let close = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).abs() < 1e-12 && (a.1 - b.1).abs() < 1e-12;
            assert!(close(fade.gains(0), (1.0, 0.0)));
            assert!(close(fade.gains(100), (0.0, 1.0)), "{:?}", fade.gains(100));
        }
        assert_eq!(Crossfade { frames: 1, curve: CrossfadeCurve::Linear }.gains(0), (1.0, 0.0));
    }
}
