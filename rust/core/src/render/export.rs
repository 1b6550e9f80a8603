//! Exports a track to a file: measures it, brings it to a level, and writes it (spec assembly 10).

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::describe::chapters;
use super::elsewhere::Blocks;
use super::encode::{AudioFile, Channels, FileFormat, Tags, Written};
use super::events;
use super::events::Trigger;
use super::extent::begins_within;
use super::offline::steps_within;
use super::pass::{FileLevels, Pass};
use super::peak::peak;
use super::shaping::Shaping;
use super::sheets::SheetOptions;
use super::stems::{Stems, beside};
use super::target::{Measurement, Reached, TargetLevel};
use crate::error::{Error, Result};
use crate::files::same::Identity;
use crate::parallel::{Progress, stage};
use crate::plan::{Part, Plan};

/// Options of exporting a track to a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportOptions {
    /// Track frames to write, limited to the length of the plan.
    pub frames: Range<u64>,
    /// The level to which the whole track, not only `frames`, is brought.
    pub target_level: TargetLevel,
    /// Highest true peak of the whole track in the file, dBTP. The gain is lowered as far as this takes.
    pub true_peak: Option<f64>,
    /// Container, sample type and rounding.
    pub format: FileFormat,
    /// Fades at the ends of `frames`, which do not change the level of the rest, and the number of channels. The level of
    /// a mono file is that of its one channel.
    pub shaping: Shaping,
    /// Stems to write beside the file, at its gain ([`Stems::paths`]).
    pub stems: Option<Stems>,
    /// Whether the end of `frames` runs into its beginning. The track must be fitted to that ([`super::seamless::fit`]).
    pub seamless: bool,
    /// Whether to measure the loudness of what is written, for [`Exported::levels`].
    pub loudness: bool,
    /// Seed of the dither, which depends on nothing else but frame and channel.
    pub seed: u64,
    /// Number of threads (0: all cores).
    pub threads: usize,
    /// Events to write beside the sound.
    pub markers: MarkerOptions,
    /// What the file says about itself.
    pub tags: Tags,
    /// Lists of chapters to write beside the sound.
    pub sheets: SheetOptions,
}

/// Which events of a track are written, and where (spec stimuli 5).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MarkerOptions {
    /// Path of a table of events (`events.tsv`), which appears when the audio file is complete, or not at all.
    pub table: Option<PathBuf>,
    /// Width in frames of the pulses in a third channel of the (WAV) file; 0: no third channel.
    pub trigger: u64,
    /// Of the pulses of a voice, every this many are listed (0 and 1: all).
    pub every: u64,
}

impl ExportOptions {
    /// Options for the whole track in `format`, at its default level, on all cores.
    pub const fn new(format: FileFormat) -> Self {
        Self {
            frames: 0..u64::MAX,
            target_level: TargetLevel::Track,
            true_peak: None,
            format,
            shaping: Shaping { fade_in: 0, fade_out: 0, mono: false },
            stems: None,
            seamless: false,
            loudness: false,
            seed: 0,
            threads: 0,
            markers: MarkerOptions { table: None, trigger: 0, every: 1 },
            tags: Tags { fields: Vec::new(), chapters: Vec::new(), track: None },
            sheets: SheetOptions { labels: None, cue: None },
        }
    }

    /// Whether the track has to be rendered once before its gain is known.
    pub(super) const fn needs_measurement(&self) -> bool {
        self.true_peak.is_some() || matches!(self.target_level, TargetLevel::Loudness(_) | TargetLevel::TruePeak)
    }

    /// The steps that have to be measured before `frames` are written: all, if the level of the whole track counts.
    pub(super) fn measured_steps(&self, plan: &Plan, frames: &Range<u64>) -> Range<usize> {
        let whole = self.needs_measurement() || self.seamless || self.target_level.peak(plan).is_some();
        if whole { 0..plan.steps().len() } else { steps_within(plan, frames) }
    }
}

/// An exported file.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported {
    /// The file.
    pub file: Written,
    /// Its level.
    pub level: Reached,
    /// The levels of what was written.
    pub levels: FileLevels,
    /// The files of the stems.
    pub stems: Vec<PathBuf>,
    /// Warnings about level and samples, as text for people.
    pub warnings: Vec<String>,
}

/// Render `plan` to a file at `path`. The file appears when it is complete, or not at all. The first pass measures, the
/// second writes, after the stems. If `path` is a FIFO, a character device or the standard output ([`crate::files::stream`]), the file
/// is sent as a stream instead. `progress` gets the finished share, 0 to 1, and stops the export by returning false.
///
/// # Errors
/// [`Error::Cancelled`] if `progress` stops it; [`Error::Invalid`] if `frames` begins at or behind the end of the track, and
/// for stems of a stream; [`Error::Media`] if the format cannot hold the sample rate or a trigger channel; [`Error::Io`] if
/// a file cannot be written; those of [`Plan::measure`].
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::render::encode::{FileFormat, Subtype};
/// use realtime_backend_core::render::{ExportOptions, TargetLevel, render_to_file};
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("session.flac");
/// let format = FileFormat::for_path(&path)?.with_subtype(Subtype::Pcm24);
/// let options = ExportOptions { target_level: TargetLevel::Loudness(-23.0), ..ExportOptions::new(format) };
/// let exported = render_to_file(&plan, &path, &options, &mut |_done| true)?;
/// assert_eq!(exported.file.tally.frames, 44_100);
/// assert!((exported.level.loudness.expect("long enough") + 23.0).abs() < 0.01);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn render_to_file(
    plan: &Arc<Plan>,
    path: &Path,
    options: &ExportOptions,
    progress: Progress<'_>,
) -> Result<Exported> {
    export(plan, path, options, None, progress)
}

/// As [`render_to_file`], of a mix that was rendered elsewhere: `blocks` gives the frames of the options in order, at the
/// level of the mix. The file has the same bytes as that of [`render_to_file`].
///
/// # Errors
/// Those of [`render_to_file`] and of `blocks`; [`Error::Invalid`] if the blocks have another number of frames in all, and
/// for stems and seamless files, which need more than the mix.
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::render::encode::FileFormat;
/// use realtime_backend_core::render::{ExportOptions, render_array, write_rendered};
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("session.wav");
/// let options = ExportOptions::new(FileFormat::for_path(&path)?);
/// let mut starts = [0, 22_050].into_iter();
/// let mut blocks = || {
///     let next = starts.next(); // on two machines, say
///     next.map(|start| render_array(&plan, start, Some(22_050), 1, &mut |_done| true)).transpose()
/// };
/// write_rendered(&plan, &path, &options, &mut blocks, &mut |_done| true)?;
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn write_rendered(
    plan: &Arc<Plan>,
    path: &Path,
    options: &ExportOptions,
    blocks: Blocks<'_>,
    progress: Progress<'_>,
) -> Result<Exported> {
    if options.stems.is_some() || options.seamless {
        let what = if options.seamless { "seamless" } else { "stems" };
        return Err(Error::invalid(what, "needs more than the mix; it cannot be combined with blocks"));
    }
    export(plan, path, options, Some(blocks), progress)
}

fn export(
    plan: &Arc<Plan>,
    path: &Path,
    options: &ExportOptions,
    blocks: Option<Blocks<'_>>,
    progress: Progress<'_>,
) -> Result<Exported> {
    let ExportOptions { target_level, format, threads, shaping, ref markers, .. } = *options;
    let frames = options.frames.start..options.frames.end.min(plan.frames());
    begins_within(plan, frames.start)?;
    let table = markers.table.as_deref().filter(|table| Identity::of(table) == Identity::of(path));
    if let Some(table) = table {
        let source = std::io::Error::new(std::io::ErrorKind::AlreadyExists, "is the audio file");
        return Err(Error::Io { path: table.display().to_string(), source });
    }
    let channels = Channels { mono: shaping.mono, trigger: markers.trigger > 0 };
    let stem_paths = options.stems.map_or(Ok(Vec::new()), |stems| stems.paths(plan, path))?;
    let sheets = options.sheets.begin(
        path,
        markers.table.as_deref(),
        format.container,
        &chapters(plan, &frames),
        plan.sample_rate(),
    )?;
    let (rate, tags) = (plan.sample_rate(), &options.tags);
    let mut file = AudioFile::create_while(path, format, rate, channels, tags, &mut || progress(0.0))?;
    file.dither_from(options.seed, frames.start);
    let [steps, whole] = if options.needs_measurement() { [0.3, 0.6] } else { [0.45, 0.5] };
    let needed = match &blocks {
        // their levels are in them already
        Some(_) if !options.needs_measurement() && target_level.peak(plan).is_none() => 0..0,
        _ => options.measured_steps(plan, &frames),
    };
    plan.measure(needed.start, needed.end, threads, &mut stage(progress, 0.0, steps))?;
    let table = match &markers.table {
        Some(path) => {
            let range = frames.clone();
            Some((path, events::write_table(plan, range, markers.every, path, &mut || progress(steps))?))
        }
        None => None,
    };
    let level = level(plan, options, &mut stage(progress, steps, whole))?;
    let mut pass = Pass {
        plan,
        part: &Arc::new(Part::ALL),
        frames,
        gain: level.gain,
        shaping,
        trigger: None,
        seamless: options.seamless,
        loudness: false,
        threads,
    };
    // the stems first: when the mix is there, they are too
    let stems = options.stems.map_or(Vec::new(), |stems| stems.of(plan));
    let share = (1.0 - whole) / (stems.len() + 1) as f64;
    for (index, stem) in stems.iter().enumerate() {
        let channels = Channels { trigger: false, ..channels };
        let mut keep_on = || progress(whole);
        let path = beside(path, &stem.name);
        let mut file = AudioFile::create_while(&path, format, rate, channels, tags, &mut keep_on)?;
        file.dither_from(options.seed.wrapping_add(1 + index as u64), pass.frames.start);
        let from = whole + index as f64 * share;
        Pass { part: &stem.part, frames: pass.frames.clone(), ..pass }.write(
            file,
            None,
            &mut stage(progress, from, from + share),
        )?;
    }
    pass.trigger = channels.trigger.then_some(Trigger { every: markers.every, width: markers.trigger });
    pass.loudness = options.loudness;
    let (file, levels) = pass.write(file, blocks, &mut stage(progress, 1.0 - share, 1.0))?;
    if let Some((path, table)) = table {
        table.commit().map_err(|source| Error::Io { path: path.display().to_string(), source })?;
    }
    sheets.commit()?;
    let shortfall = if options.needs_measurement() { level.shortfall(target_level, options.true_peak) } else { None };
    let warnings = shortfall.into_iter().chain(file.warnings()).collect();
    Ok(Exported { file, level, levels, stems: stem_paths, warnings })
}

/// The level of a file, and the gain that this takes. All steps that it depends on must be measured.
pub(super) fn level(plan: &Arc<Plan>, options: &ExportOptions, progress: Progress<'_>) -> Result<Reached> {
    let ExportOptions { target_level, true_peak, format, threads, .. } = *options;
    let mono = options.shaping.mono;
    let target = target_level.peak(plan);
    // the peak of one channel is not known from those of the steps
    let by_peak = target.is_some() && !mono;
    let peak = if by_peak { peak(plan, threads, &mut stage(progress, 0.0, 0.1))? } else { 0.0 };
    if !options.needs_measurement() && (!mono || target.is_none()) {
        return Ok(Reached::by(TargetLevel::gain(target, peak)));
    }
    let found = Measurement::of(plan, mono, threads, &mut stage(progress, 0.1, 1.0))?;
    let plain = TargetLevel::gain(target, if mono { found.peak() } else { peak });
    if !options.needs_measurement() {
        return Ok(Reached::by(plain));
    }
    Ok(found.gain(target_level, plain, true_peak, format.subtype))
}
