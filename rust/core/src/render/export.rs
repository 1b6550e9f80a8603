//! Exports a track to a file: measures it, normalises it to a peak, and writes it (spec assembly 10).

use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::encode::{AudioFile, FileFormat, Written};
use super::offline::render_stream;
use super::peak::peak;
use crate::error::Result;
use crate::lock::lock;
use crate::parallel::{Progress, stage};
use crate::plan::Plan;

/// A track whose peak does not exceed this linear level is silent, and is not normalised.
const SILENT: f32 = 1e-9;

/// Options of exporting a track to a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportOptions {
    /// Track frames to write, limited to the length of the plan.
    pub frames: Range<u64>,
    /// Level of the file. The peak is that of the whole track, not only of `frames`.
    pub target_level: TargetLevel,
    /// Container, sample type and rounding.
    pub format: FileFormat,
    /// Number of threads (0: all cores).
    pub threads: usize,
}

impl ExportOptions {
    /// Options for the whole track in `format`, at its default level, on all cores.
    pub const fn new(format: FileFormat) -> Self {
        Self { frames: 0..u64::MAX, target_level: TargetLevel::Track, format, threads: 0 }
    }
}

/// The level of a file (spec assembly 10.2).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum TargetLevel {
    /// What suits the track: a peak of [`TargetLevel::NORMALISED`] if its steps are normalised, the level of the mix if
    /// its voices sound at the amplitudes that they state.
    #[default]
    Track,
    /// The level of the mix.
    Mix,
    /// A linear peak of the whole track.
    Peak(f32),
}

impl TargetLevel {
    /// The default peak of a track whose steps are normalised, linear.
    pub const NORMALISED: f32 = 0.25;

    /// The linear peak for a file of `plan`; `None` keeps the level of the mix.
    pub fn peak(self, plan: &Plan) -> Option<f32> {
        match self {
            Self::Track => (!plan.has_absolute_levels()).then_some(Self::NORMALISED),
            Self::Mix => None,
            Self::Peak(peak) => Some(peak),
        }
    }

    /// The linear peak for a stream of `plan`; `None` plays the level of the mix. As for a file, except that
    /// [`TargetLevel::Track`] keeps the level of the mix for tracks without the switch `absolute_levels` (spec
    /// streaming-and-bindings 2.1).
    pub fn stream_peak(self, plan: &Plan) -> Option<f32> {
        self.peak(plan).filter(|_| self != Self::Track || plan.compat().absolute_levels)
    }
}

/// Render `plan` to a file at `path`. The file appears when it is complete, or not at all. The first pass measures, the
/// second writes. If `path` is a FIFO, a character device or the standard output ([`crate::files::stream`]), the file
/// is sent as a stream instead. `progress` gets the finished share, 0 to 1, and stops the export by returning false.
///
/// # Errors
/// [`crate::error::Error::Cancelled`] if `progress` stops it; [`crate::error::Error::Media`] if the format cannot hold
/// the sample rate; [`crate::error::Error::Io`] if the file cannot be written; those of [`Plan::measure`].
pub fn render_to_file(
    plan: &Arc<Plan>,
    path: &Path,
    options: &ExportOptions,
    progress: Progress<'_>,
) -> Result<Written> {
    let ExportOptions { target_level, format, threads, .. } = *options;
    let frames = options.frames.start.min(plan.frames())..options.frames.end.min(plan.frames());
    let file = AudioFile::create_while(path, format, plan.sample_rate(), &mut || progress(0.0))?;
    plan.measure(0, plan.steps().len(), threads, &mut stage(progress, 0.0, 0.45))?;
    let gain = match target_level.peak(plan) {
        Some(target) => normalising(target, peak(plan, threads, &mut stage(progress, 0.45, 0.5))?),
        None => 1.0,
    };
    let file = Mutex::new(file);
    let mut sink = |left: &[f32], right: &[f32]| lock(&file).write(left, right);
    let mut failed = None;
    let rendered = {
        let mut writing = stage(progress, 0.5, 1.0);
        // The wait for the reader of a stream happens here, where `progress` can stop it.
        let mut report = |done: f64| {
            failed = lock(&file).drain(&mut || writing(done)).err();
            failed.is_none() && writing(done)
        };
        render_stream(plan, frames, gain, threads, &mut sink, &mut report)
    };
    failed.map_or(rendered, Err)?;
    let file = file.into_inner().unwrap_or_else(PoisonError::into_inner);
    file.finish_while(&mut || progress(1.0))
}

/// The gain that brings `peak` to `target`; 1 for silence.
fn normalising(target: f32, peak: f32) -> f32 {
    if peak > SILENT { target / peak } else { 1.0 }
}
