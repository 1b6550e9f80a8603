//! The meters of the stretches that are measured in one pass: the whole track, and each step while it plays.

use std::ops::Range;

use super::declared::Declared;
use super::report::{Levels, StepAnalysis};
use super::tones::Listener;
use super::windows::windows;
use crate::dsp::meter::{AWeighted, LoudnessMeter, Moments, TruePeak};
use crate::error::Result;
use crate::parallel;
use crate::plan::Plan;
use crate::track::Track;

/// Largest loss of level that is given, dB.
const MOST_LOSS: f64 = 120.0;

/// All level meters of one stretch.
struct Meters {
    loudness: LoudnessMeter,
    true_peak: TruePeak,
    moments: Moments,
    weighted: AWeighted,
}

impl Meters {
    fn new(sample_rate: u32) -> Result<Self> {
        Ok(Self {
            loudness: LoudnessMeter::new(sample_rate)?,
            true_peak: TruePeak::new(sample_rate),
            moments: Moments::default(),
            weighted: AWeighted::new(sample_rate),
        })
    }

    fn add(&mut self, left: &[f32], right: &[f32]) -> Result<()> {
        self.true_peak.add(left, right);
        self.moments.add(left, right);
        self.weighted.add(left, right);
        self.loudness.add(left, right)
    }

    fn levels(mut self) -> Levels {
        let share = self.moments.mono_share();
        Levels {
            integrated_lufs: self.loudness.integrated(),
            short_term_max_lufs: self.loudness.short_term_max(),
            loudness_range_lu: self.loudness.range(),
            true_peak_dbtp: decibels(self.true_peak.peak()),
            peak_dbfs: decibels(self.moments.peak()),
            crest_factor_db: self.moments.crest().and_then(decibels),
            dc_offset: self.moments.dc_offset(),
            interaural_correlation: self.moments.correlation(),
            mono_loss_db: share.map(|share| (-10.0 * share.log10()).clamp(0.0, MOST_LOSS)),
            a_weighted_dbfs: self.weighted.powers().map(|power| decibels((2.0 * power).sqrt())),
        }
    }
}

/// A level in dB; `None` for silence.
pub(super) fn decibels(level: f64) -> Option<f64> {
    (level > 1e-12).then(|| 20.0 * level.log10())
}

/// Samples of a stretch that is measured for tones.
pub(super) struct Stretch {
    pub(super) frames: Range<u64>,
    pub(super) left: Vec<f32>,
    pub(super) right: Vec<f32>,
}

impl Stretch {
    fn take(&mut self, first: u64, left: &[f32], right: &[f32]) {
        if let Some(part) = overlap(&self.frames, first, left.len()) {
            self.left.extend_from_slice(&left[part.clone()]);
            self.right.extend_from_slice(&right[part]);
        }
    }
}

/// A step that plays.
struct Open {
    index: usize,
    frames: Range<u64>,
    meters: Meters,
    voices: Vec<Declared>,
    stretches: Vec<Stretch>,
}

/// One pass over a track.
pub(super) struct Running<'a> {
    track: &'a Track,
    plan: &'a Plan,
    next: u64,
    whole: Meters,
    steps: Steps,
    /// Steps that have not begun, the last one first.
    waiting: Vec<usize>,
    aside: bool,
}

/// The steps that have begun.
struct Steps {
    open: Vec<Open>,
    listener: Listener,
    done: Vec<Option<StepAnalysis>>,
}

impl<'a> Running<'a> {
    pub(super) fn new(track: &'a Track, plan: &'a Plan, threads: usize) -> Result<Self> {
        let mut waiting: Vec<usize> = (0..plan.steps().len()).collect();
        waiting.sort_by_key(|index| std::cmp::Reverse(plan.steps()[*index].placement.start));
        Ok(Self {
            track,
            plan,
            next: 0,
            whole: Meters::new(plan.sample_rate())?,
            steps: Steps {
                open: Vec::new(),
                listener: Listener::default(),
                done: plan.steps().iter().map(|_| None).collect(),
            },
            waiting,
            aside: parallel::threads(threads) > 1,
        })
    }

    /// Takes the next frames of the track.
    pub(super) fn take(&mut self, left: &[f32], right: &[f32]) -> Result<()> {
        let (first, end) = (self.next, self.next + left.len() as u64);
        self.next = end;
        while let Some(index) = self.waiting.pop_if(|index| self.plan.steps()[*index].placement.start < end) {
            let open = self.begin(index)?;
            self.steps.open.push(open);
        }
        let Self { track: _, plan, whole, steps, aside, .. } = self;
        if !*aside {
            whole.add(left, right)?;
            return steps.take(plan, first, left, right);
        }
        let mut taken = Ok(());
        let whole = parallel::beside(|| whole.add(left, right), || taken = steps.take(plan, first, left, right));
        whole.and(taken)
    }

    fn begin(&self, index: usize) -> Result<Open> {
        let place = &self.plan.steps()[index].placement;
        let voices = Declared::of_step(self.track, self.plan, index);
        let stretch = |frames| Stretch { frames, left: Vec::new(), right: Vec::new() };
        Ok(Open {
            index,
            frames: place.start..place.end(),
            meters: Meters::new(self.plan.sample_rate())?,
            stretches: windows(self.plan, index, &voices).into_iter().map(stretch).collect(),
            voices,
        })
    }

    /// The levels of the whole track, and the steps.
    pub(super) fn finish(mut self) -> (Levels, Vec<StepAnalysis>) {
        for open in std::mem::take(&mut self.steps.open) {
            self.steps.close(self.plan, open);
        }
        (self.whole.levels(), self.steps.done.into_iter().flatten().collect())
    }
}

impl Steps {
    fn take(&mut self, plan: &Plan, first: u64, left: &[f32], right: &[f32]) -> Result<()> {
        for open in &mut self.open {
            if let Some(part) = overlap(&open.frames, first, left.len()) {
                open.meters.add(&left[part.clone()], &right[part])?;
            }
            open.stretches.iter_mut().for_each(|stretch| stretch.take(first, left, right));
        }
        let end = first + left.len() as u64;
        for open in self.open.extract_if(.., |open| open.frames.end <= end).collect::<Vec<_>>() {
            self.close(plan, open);
        }
        Ok(())
    }

    fn close(&mut self, plan: &Plan, open: Open) {
        let Open { index, frames, meters, voices, stretches } = open;
        let (step, rate) = (&plan.steps()[index], f64::from(plan.sample_rate()));
        let heard = self.listener.hear(plan.sample_rate(), frames.start, &stretches, &voices);
        self.done[index] = Some(StepAnalysis {
            path: step.at.clone(),
            description: step.description.clone(),
            start: frames.start as f64 / rate,
            end: frames.end as f64 / rate,
            levels: meters.levels(),
            left: heard.left,
            right: heard.right,
            beat: heard.beat,
            voices: heard.voices,
        });
    }
}

/// The part of a block of `len` frames from `first` on that lies within `frames`.
fn overlap(frames: &Range<u64>, first: u64, len: usize) -> Option<Range<usize>> {
    let (from, to) = (frames.start.max(first), frames.end.min(first + len as u64));
    (from < to).then(|| (from - first) as usize..(to - first) as usize)
}
