//! A whole track to a file: measured, normalised to its peak, written (spec assembly 10).

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

/// Peaks up to here are left alone.
const SILENT: f32 = 1e-9;

/// How a track is written to a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportOptions {
    /// Track frames to write, cut to the plan.
    pub frames: Range<u64>,
    /// Peak that the whole track (not only `frames`) is brought to; `None` leaves the level as it is mixed.
    pub target_level: Option<f32>,
    /// Container and samples.
    pub format: FileFormat,
    /// Threads (0: all cores).
    pub threads: usize,
}

impl ExportOptions {
    /// Peak of a file unless something else is asked for.
    pub const TARGET_LEVEL: f32 = 0.25;

    /// All of the track at the default level in `format`, on all cores.
    pub const fn new(format: FileFormat) -> Self {
        Self { frames: 0..u64::MAX, target_level: Some(Self::TARGET_LEVEL), format, threads: 0 }
    }
}

/// Render `plan` to a file at `path`, which appears when it is complete, or not at all. Two passes: one measures,
/// one writes. Where `path` is a FIFO, a character device or the standard output ([`crate::files::stream`]), the file is sent
/// as a stream. `progress` may stop it by returning false ([`crate::error::Error::Cancelled`]).
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
    let gain = match target_level {
        Some(target) => normalising(target, peak(plan, threads, &mut stage(progress, 0.45, 0.5))?),
        None => 1.0,
    };
    let file = Mutex::new(file);
    let mut sink = |left: &[f32], right: &[f32]| lock(&file).write(left, right);
    let mut failed = None;
    let rendered = {
        let mut writing = stage(progress, 0.5, 1.0);
        // The reader of a stream is waited for here, where the caller can say that it is enough.
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

/// The gain that brings `peak` to `target`; silence stays.
fn normalising(target: f32, peak: f32) -> f32 {
    if peak > SILENT { target / peak } else { 1.0 }
}
