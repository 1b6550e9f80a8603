//! A part of a track that is played again and again.

use std::ops::Range;

use crate::plan::Plan;

/// A loop, in frames of the track.
///
/// ```
/// use realtime_backend_core::stream::{Joint, Loop};
///
/// // a second of a track of one minute, with a crossfade of 10 ms
/// let looped = Loop { start: 44_100, end: 88_200, fade: 441 };
/// let joint = looped.joint(60 * 44_100);
/// assert_eq!(joint, Some(Joint { at: 88_200, frame: 44_100, fade: 441 }));
/// // the whole track: the crossfade overlaps its end with its start
/// let whole = Loop { start: 0, end: u64::MAX, fade: 441 };
/// assert_eq!(whole.joint(44_100), Some(Joint { at: 44_100 - 441, frame: 0, fade: 441 }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loop {
    /// First frame.
    pub start: u64,
    /// Frame after the last one; it may lie behind the end of the track.
    pub end: u64,
    /// Preferred length of the crossfade at which it joins.
    pub fade: u64,
}

/// Where one sound follows another: at frame `at` of the first, frame `frame` of the second begins. The first goes on
/// for `fade` frames meanwhile, and fades out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joint {
    /// Frame of the sound that ends.
    pub at: u64,
    /// Frame of the sound that begins.
    pub frame: u64,
    /// Length of the crossfade in frames.
    pub fade: u64,
}

impl Joint {
    /// The steps of `plan` that sound between the two frames of a loop, with its crossfade. Their levels must be final
    /// before the plan takes over, if they are in the plan before: a loop does not change its level.
    ///
    /// ```
    /// # use realtime_backend_core::plan::{Plan, PlanOptions};
    /// # use realtime_backend_core::track::Track;
    /// use realtime_backend_core::stream::Joint;
    ///
    /// let (track, _) = Track::from_json(
    ///     r#"{"global": {"crossfade_duration": 0.0},
    ///         "progression": [{"duration": 1.0}, {"duration": 1.0}, {"duration": 1.0}]}"#,
    /// )?;
    /// let plan = Plan::compile(&track, &PlanOptions::default())?.0;
    /// let rate = u64::from(plan.sample_rate());
    /// assert_eq!(Joint { at: 2 * rate - 1, frame: rate, fade: 1 }.steps(&plan), 1..2);
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn steps(&self, plan: &Plan) -> Range<usize> {
        let (from, to) = (self.frame, self.at + self.fade);
        let sounds = |index: &usize| {
            let place = &plan.steps()[*index].placement;
            place.start < to && place.end() > from
        };
        let count = plan.steps().len();
        let first = (0..count).find(sounds).unwrap_or(0);
        first..(first..count).rev().find(sounds).map_or(first, |last| last + 1)
    }

    /// Whether the levels of these steps are final.
    pub fn is_measured(&self, plan: &Plan) -> bool {
        plan.steps()[self.steps(plan)].iter().all(|step| step.final_levels().is_some())
    }
}

impl Loop {
    /// Shortest loop in frames.
    pub const SHORTEST: u64 = 512;

    /// Where a track of `frames` frames goes back. The period is `at - frame`, to the frame: the length of the loop. If
    /// the track ends before the crossfade would, the joint comes earlier, so that the crossfade ends with the track.
    /// The crossfade is at most half as long as the loop. `None` if the track is too short for the loop.
    pub fn joint(&self, frames: u64) -> Option<Joint> {
        let length = self.end.min(frames).checked_sub(self.start)?;
        let fade = self.fade.min(length / 2);
        let at = self.end.min(frames - fade);
        (at >= self.start + Self::SHORTEST).then_some(Joint { at, frame: self.start, fade })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_is_clamped_to_the_track() {
        let looped = Loop { start: 10_000, end: 50_000, fade: 1000 };
        assert_eq!(looped.joint(100_000), Some(Joint { at: 50_000, frame: 10_000, fade: 1000 }));
        assert_eq!(looped.joint(50_500), Some(Joint { at: 49_500, frame: 10_000, fade: 1000 }));
        assert_eq!(looped.joint(20_000), Some(Joint { at: 19_000, frame: 10_000, fade: 1000 }));
        assert_eq!((looped.joint(10_400), looped.joint(9000)), (None, None));
        let long = Loop { fade: 30_000, ..looped };
        assert_eq!(long.joint(100_000), Some(Joint { at: 50_000, frame: 10_000, fade: 20_000 }));
    }
}
