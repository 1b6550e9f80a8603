//! One pass of an export: renders a part of a plan into one file, and measures what is written.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::elsewhere::{Blocks, pass_on};
use super::encode::{AudioFile, Written};
use super::events::Trigger;
use super::offline::render_part;
use super::seamless::Join;
use super::shaping::{Shaper, Shaping};
use crate::dsp::meter::LoudnessMeter;
use crate::dsp::mix;
use crate::error::Result;
use crate::lock::lock;
use crate::parallel::Progress;
use crate::plan::{Part, Plan};

/// Levels of the sound of a file, before dither and rounding.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FileLevels {
    /// Integrated loudness, LUFS (EBU R 128); `None` if it has none or was not measured.
    pub loudness: Option<f64>,
    /// Largest magnitude of a sample, linear.
    pub peak: f32,
}

/// Measures the blocks of a file.
pub(super) struct Meter {
    loudness: Option<LoudnessMeter>,
    mono: bool,
    silence: Vec<f32>,
    peak: f32,
}

impl Meter {
    /// With `loudness`, the loudness is measured too. A file of one channel counts as one loudspeaker.
    pub(super) fn new(rate: u32, loudness: bool, mono: bool) -> Result<Self> {
        let meter = if loudness { Some(LoudnessMeter::new(rate)?) } else { None };
        Ok(Self { loudness: meter, mono, silence: Vec::new(), peak: 0.0 })
    }

    pub(super) fn add(&mut self, left: &[f32], right: &[f32]) -> Result<()> {
        self.peak = self.peak.max(mix::peak(left)).max(mix::peak(right));
        let Some(meter) = &mut self.loudness else { return Ok(()) };
        if self.mono {
            self.silence.resize(left.len(), 0.0);
            return meter.add(left, &self.silence);
        }
        meter.add(left, right)
    }

    pub(super) fn levels(&self) -> FileLevels {
        FileLevels { loudness: self.loudness.as_ref().and_then(LoudnessMeter::integrated), peak: self.peak }
    }
}

/// What is rendered into a file.
pub(super) struct Pass<'a> {
    pub(super) plan: &'a Arc<Plan>,
    pub(super) part: &'a Arc<Part>,
    pub(super) frames: Range<u64>,
    pub(super) gain: f32,
    pub(super) shaping: Shaping,
    pub(super) trigger: Option<Trigger>,
    /// Whether the end of the file runs into its beginning.
    pub(super) seamless: bool,
    /// Whether the loudness of the file is measured.
    pub(super) loudness: bool,
    pub(super) threads: usize,
}

impl Pass<'_> {
    /// Render into `file` and complete it; the sound is that of `blocks`, if there are any.
    pub(super) fn write(
        &self,
        file: AudioFile,
        blocks: Option<Blocks<'_>>,
        progress: Progress<'_>,
    ) -> Result<(Written, FileLevels)> {
        let Self { plan, part, gain, trigger, threads, .. } = *self;
        let file = Mutex::new(file);
        let mut shaper = Shaper::new(self.shaping, self.frames.end - self.frames.start);
        let mut meter = Meter::new(plan.sample_rate(), self.loudness, self.shaping.mono)?;
        let frames = self.frames.clone();
        let mut join = if self.seamless { Some(Join::of(plan, part, frames, gain, threads)?) } else { None };
        let mut joined = [Vec::new(), Vec::new()];
        let mut channel = Vec::new();
        let mut next = self.frames.start;
        let mut sink = |left: &[f32], right: &[f32]| {
            if let Some(trigger) = trigger {
                channel.resize(left.len(), false);
                trigger.fill(plan, next, &mut channel)?;
            }
            next += left.len() as u64;
            let (mut left, mut right) = (left, right);
            if let Some(join) = join.as_mut().filter(|join| !join.is_done()) {
                let [own_left, own_right] = &mut joined;
                own_left.clear();
                own_left.extend_from_slice(left);
                own_right.clear();
                own_right.extend_from_slice(right);
                join.replace(own_left, own_right);
                (left, right) = (own_left, own_right);
            }
            let [left, right] = shaper.apply(left, right);
            meter.add(left, right)?;
            lock(&file).write_with(left, right, &channel)
        };
        let mut failed = None;
        let rendered = {
            // The wait for the reader of a stream happens here, where `progress` can stop it.
            let mut report = |done: f64| {
                failed = lock(&file).drain(&mut || progress(done)).err();
                failed.is_none() && progress(done)
            };
            match blocks {
                Some(blocks) => pass_on(blocks, &self.frames, gain, &mut sink, &mut report),
                None => render_part(plan, part, self.frames.clone(), gain, threads, &mut sink, &mut report),
            }
        };
        failed.map_or(rendered, Err)?;
        let file = file.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok((file.finish_while(&mut || progress(1.0))?, meter.levels()))
    }
}
