//! Renders tracks to arrays and to files.

use std::path::{Path, PathBuf};

use pyo3::prelude::*;
use pyo3::types::PyDict;
use realtime_backend_core::error::{Error, Problem};
use realtime_backend_core::render::encode::{Container, FileFormat, Rounding, Subtype};
use realtime_backend_core::render::{ExportOptions, MarkerOptions, Shaping, SheetOptions, Stems, render_into};

use crate::arguments::{checked_every, fade, frames, thread_count};
use crate::blocks::written;
use crate::convert::Target;
use crate::errors::{engine, guard, raise, warn};
use crate::file_options::{self, TagsArgument, tag_options, target, trigger_frames};
use crate::request::{Reporter, Request};
use crate::{convert, events, gpu as device};

/// Render a track, or a part of it. The level is that of the mix, without the peak level of a file.
///
/// A part is bit-identical to that slice of the whole track.
///
/// Args:
///     track: The path of a track, or of a session with its presets in the same folder; JSON text or bytes; or a
///         dictionary.
///     sample_rate: Frames per second, a whole number. ``None`` means the rate of the track.
///     start: First second to render, 0 to 1e9, rounded to the nearest frame.
///     duration: Seconds to render, 0 to 1e9, clamped to the end of the track. ``None`` means to the end.
///     out: Array for the result: C-ordered float32 of shape ``(frames, 2)``. ``None`` means a new array.
///     compat: Rules that replace those of the track: a preset name or a mapping of single switches. ``None`` means the
///         rules of the track.
///     seed: Seed of random parts that have no seed in the track. ``None`` derives one from the content of the track.
///     threads: Number of threads. ``None`` means all cores. The samples do not depend on it.
///     on_error: ``"raise"`` refuses a track with a voice that cannot be rendered. ``"warn"`` leaves the voice out.
///     base_dir: Folder for relative paths in the track. ``None`` means the folder of the track file, or the working
///         directory if the track is no file.
///     gpu: Let a graphics processor compute the tones, see `gpu_name`. The samples differ by at most 1e-6 of full
///         scale. Without a graphics processor, the CPU computes them.
///     progress: Called with the fraction done, 0 to 1. An exception in it stops the render.
///     markers: Also return the events of the rendered part: where steps, crossfades and pulses begin.
///     marker_every: Of the pulses of a voice, list every this many, from 1.
///
/// Returns:
///     float32 array of shape ``(frames, 2)``; `out`, if it is given. With `markers`, a tuple of this array and a
///     structured array with the fields ``onset`` and ``duration`` (seconds, float64), ``trial_type`` (text) and
///     ``sample`` (frame of the returned sound, int64), in the order of frames.
///
/// Raises:
///     TrackError: The track or an argument cannot be used. ``problems`` has the path and the reason of each error.
///     OSError: The track file cannot be read.
///     MemoryError: The array does not fit into memory.
///
/// Warns:
///     TrackWarning: Part of the track was ignored, replaced or left out, such as a clip that cannot be read, or there
///         is no graphics processor.
#[pyfunction]
#[pyo3(signature = (
    track, /, *, sample_rate=None, start=0.0, duration=None, out=None, compat=None, seed=None, threads=None,
    on_error="raise", base_dir=None, gpu=false, progress=None, markers=false, marker_every=1
))]
#[allow(clippy::too_many_arguments, clippy::fn_params_excessive_bools)]
pub(crate) fn render<'py>(
    py: Python<'py>,
    track: &Bound<'py, PyAny>,
    sample_rate: Option<f64>,
    start: f64,
    duration: Option<f64>,
    out: Option<&Bound<'py, PyAny>>,
    compat: Option<&Bound<'py, PyAny>>,
    seed: Option<u64>,
    threads: Option<usize>,
    on_error: &str,
    base_dir: Option<PathBuf>,
    gpu: bool,
    progress: Option<Py<PyAny>>,
    markers: bool,
    marker_every: u64,
) -> PyResult<Bound<'py, PyAny>> {
    guard(|| {
        let threads = thread_count(py, threads)?;
        let gpu = device::open(py, gpu)?;
        let plan = Request {
            track,
            sample_rate,
            compat,
            seed,
            on_error,
            base_dir,
            gpu: gpu.as_ref(),
            outputs: &[],
            progress: progress.as_ref(),
        }
        .plan()?;
        let frames = frames(py, &plan, start, duration)?;
        let array = convert::output(py, frames.end - frames.start, out)?;
        let mut access = convert::writeable(&array)?;
        let samples = access.as_slice_mut()?;
        let mut reporter = Reporter::new(progress.as_ref());
        let first = frames.start;
        let result = engine(py, || render_into(&plan, first, samples, threads, &mut |done| reporter.report(done)))?;
        reporter.finish(py, result)?;
        device::report(py, gpu.as_ref())?;
        warn(py, &plan.noticed(), 1)?;
        drop(access);
        if !markers {
            return Ok(array.into_any());
        }
        let table = events::table(py, &plan, frames, checked_every(py, marker_every)?)?;
        Ok((array, table).into_pyobject(py)?.into_any())
    })
}

/// Render a track to an audio file. The use of memory does not depend on the length. After an error there is no partial
/// file.
///
/// Args:
///     track: The path of a track, or of a session with its presets in the same folder; JSON text or bytes; or a
///         dictionary.
///     path: The file to write: ``.wav`` (RF64 if it is larger than 4 GiB), ``.flac``, ``.opus``, ``.ogg`` (Vorbis), or
///         ``.mp3`` if the build has it. Missing folders are created, a link is followed, and a file that is replaced
///         keeps its mode. A FIFO, a character device or ``/dev/stdout`` gets a stream without a length in its header,
///         WAV unless the name or `format` selects another format.
///     target_level: Peak of the whole track in the file, 0 to 8, 1 is full scale. ``None`` means the level of
///         `render`. ``"auto"`` means 0.25, or the level of `render` if the track has the normalization ``"none"``.
///     subtype: ``"PCM_16"``, ``"PCM_24"``, or ``"FLOAT"`` for WAV only. Formats that compress with loss have none.
///     dither: Add triangular dither of two steps, peak to peak, before rounding to integers. It is a function of seed,
///         frame and channel. The preset ``"legacy"`` truncates, without dither.
///     format: ``"wav"``, ``"flac"``, ``"opus"``, ``"ogg"`` or ``"mp3"``. ``None`` means the extension of `path` selects the format.
///     sample_rate: Frames per second, a whole number. ``None`` means the rate of the track.
///     start: First second to render, 0 to 1e9, rounded to the nearest frame.
///     duration: Seconds to render, 0 to 1e9, clamped to the end of the track. ``None`` means to the end.
///     compat: Rules that replace those of the track: a preset name or a mapping of single switches. ``None`` means the
///         rules of the track.
///     seed: Seed of random parts that have no seed in the track. ``None`` derives one from the content of the track.
///     threads: Number of threads. ``None`` means all cores. The samples do not depend on it.
///     on_error: ``"raise"`` refuses a track with a voice that cannot be rendered. ``"warn"`` leaves the voice out.
///     base_dir: Folder for relative paths in the track. ``None`` means the folder of the track file, or the working
///         directory if the track is no file.
///     gpu: Let a graphics processor compute the tones, see `gpu_name`. The samples differ by at most 1e-6 of full
///         scale. Without a graphics processor, the CPU computes them.
///     progress: Called with the fraction done, 0 to 1. An exception in it stops the render, and no file is left.
///     loudness: Integrated loudness of the whole track in the file, in LUFS, -70 to 0 (EBU R 128). The track is rendered
///         once more to measure it.
///     peak: Peak of the whole track in the file, in dBFS, -100 to 0.
///     true_peak: Highest true peak of the whole track in the file, in dBTP, -100 to 0: the level is lowered as far as
///         this takes. Without another level, the file is brought to this true peak. The track is rendered once more to
///         measure it.
///     markers: Table of events to write as well (BIDS ``events.tsv``): where steps, crossfades and pulses begin. It
///         appears when the audio file is complete.
///     marker_every: Of the pulses of a voice, list every this many, from 1.
///     trigger_channel: Add a third channel to a WAV file, with a pulse of full scale at each of these events.
///     trigger_width_ms: Width of these pulses in milliseconds, up to 1000. ``None`` means one frame.
///     quality: Bit rate in kbit/s of a format that compresses with loss, 32 to 510 for Opus, 64 to 400 for Vorbis, 32 to
///         320 for MP3. ``None`` means 160.
///     tags: Texts by name, such as ``{"title": "Evening", "date": "2026-01-31"}``, which are written together with the
///         tags of the track and its steps as chapters. ``True`` writes the latter alone, ``False`` none. ``None`` means
///         ``True``, except for WAV.
///     embed_track: Write the whole track into the file. Wherever a track is taken, the path of such a file can be given.
///     labels: Label file of the steps to write as well, for Audacity. It appears when the audio file is complete.
///     cue: CUE sheet of the steps to write as well, at most 99 of them.
///     fade_in: Length of a fade-in of the rendered part in seconds, 0 to 3600: a raised cosine.
///     fade_out: Length of a fade-out of the rendered part in seconds, 0 to 3600, likewise.
///     channels: ``"mono"`` for half the sum of left and right in one channel, or ``"stereo"``. In mono, beats between
///         the ears become beats of the level. The level of a mono file is that of its channel.
///     stems: Also write parts of the mix as ``name.stem.ext`` beside it: ``"voices"`` (one for each voice id, or position
///         in the step), ``"buses"`` (binaural, noise) or ``"layers"`` (all voices). The background layer and the clips
///         are stems of their own. All have the gain of the mix, so that their sum is the mix.
///     seamless: Let the end of the file run into its beginning, so that it can be repeated. Frequencies of the voices become
///         whole numbers of cycles in the file, as warnings say; noise and recordings are crossfaded. The rendered part
///         must be inside of one step, without transitions.
///     measure: Return the levels of what was written.
///     blocks: Renders the sound elsewhere: a function that gets the first frame, the frame after the last, and the sample
///         rate, and returns an iterable of successive float32 arrays of shape ``(frames, 2)``, as `render` returns them.
///         The file has the same bytes as one that is rendered here. Not with `stems` and `seamless`.
///         `realtime_backend.cluster` uses it.
///     trigger_width: Deprecated name of `trigger_width_ms`.
///
/// Returns:
///     ``None``, or with `measure` a dictionary (`FileReport`): ``file``, ``duration`` in seconds, ``lufs`` (integrated loudness, EBU R
///     128; ``None`` if it has none), ``peak`` (linear), ``stems`` (file of each stem by its name), ``inputs`` (the files
///     that the track was read from and that it reads).
///
/// Raises:
///     TrackError: The track or an argument cannot be used. ``problems`` has the path and the reason of each error.
///     MediaError: The format cannot be written.
///     FileExistsError: `path` is the track or a file that the track reads.
///     OSError: A file cannot be read or written.
///
/// Warns:
///     TrackWarning: Part of the track was ignored, replaced or left out, samples exceed full scale, `true_peak` does not
///         allow the level that was asked for, or there is no graphics processor.
///     DeprecationWarning: The argument `trigger_width` is used.
#[pyfunction]
#[pyo3(signature = (
    track, path, /, *, target_level=Some(Target::Word("auto".to_owned())), subtype="PCM_16", dither=true, format=None, sample_rate=None,
    start=0.0, duration=None, compat=None, seed=None, threads=None, on_error="raise", base_dir=None, gpu=false,
    progress=None, loudness=None, peak=None, true_peak=None, markers=None, marker_every=1, trigger_channel=false,
    trigger_width_ms=None, quality=None, tags=None, embed_track=false, labels=None, cue=None, fade_in=0.0, fade_out=0.0,
    channels="stereo", stems=None, seamless=false, measure=false, blocks=None, trigger_width=None
), text_signature = "(track, path, /, *, target_level='auto', subtype='PCM_16', dither=True, format=None, \
sample_rate=None, start=0.0, duration=None, compat=None, seed=None, threads=None, on_error='raise', base_dir=None, \
gpu=False, progress=None, loudness=None, peak=None, true_peak=None, markers=None, marker_every=1, \
trigger_channel=False, trigger_width_ms=None, quality=None, tags=None, embed_track=False, labels=None, cue=None, \
fade_in=0.0, fade_out=0.0, channels='stereo', stems=None, seamless=False, measure=False, blocks=None, trigger_width=None)")]
#[allow(clippy::too_many_arguments, clippy::fn_params_excessive_bools)]
pub(crate) fn render_to_file(
    py: Python<'_>,
    track: &Bound<'_, PyAny>,
    path: PathBuf,
    target_level: Option<Target>,
    subtype: &str,
    dither: bool,
    format: Option<&str>,
    sample_rate: Option<f64>,
    start: f64,
    duration: Option<f64>,
    compat: Option<&Bound<'_, PyAny>>,
    seed: Option<u64>,
    threads: Option<usize>,
    on_error: &str,
    base_dir: Option<PathBuf>,
    gpu: bool,
    progress: Option<Py<PyAny>>,
    loudness: Option<f64>,
    peak: Option<f64>,
    true_peak: Option<f64>,
    markers: Option<PathBuf>,
    marker_every: u64,
    trigger_channel: bool,
    trigger_width_ms: Option<f64>,
    quality: Option<u32>,
    tags: Option<TagsArgument>,
    embed_track: bool,
    labels: Option<PathBuf>,
    cue: Option<PathBuf>,
    fade_in: f64,
    fade_out: f64,
    channels: &str,
    stems: Option<&str>,
    seamless: bool,
    measure: bool,
    blocks: Option<&Bound<'_, PyAny>>,
    trigger_width: Option<f64>,
) -> PyResult<Option<Py<PyDict>>> {
    guard(|| {
        let trigger_width = file_options::trigger_width(py, trigger_width_ms, trigger_width)?;
        let tags = tag_options(tags, embed_track).map_err(|error| raise(py, &error))?;
        let sheets = SheetOptions { labels, cue };
        let marker_every = checked_every(py, marker_every)?;
        let invalid = |name, message| raise(py, &Error::invalid(name, message));
        let container = match format {
            Some(name) => Container::named(name).map_err(|message| invalid("format", message))?,
            None => Container::of_output(&path).map_err(|error| raise(py, &error))?,
        };
        let subtype = Subtype::from_name(subtype).ok_or_else(|| {
            invalid("subtype", format!("expected \"PCM_16\", \"PCM_24\" or \"FLOAT\", got {subtype:?}"))
        })?;
        let stems = stems.map(Stems::from_word).transpose().map_err(|error| raise(py, &error))?;
        let mono = match channels {
            "mono" => true,
            "stereo" => false,
            other => {
                return Err(invalid("channels", format!("expected \"mono\" or \"stereo\", got {other:?}")));
            }
        };
        let fades = [fade(py, "fade_in", fade_in)?, fade(py, "fade_out", fade_out)?];
        let given = convert::target_level(py, target_level)?;
        let target = target(given, loudness, peak, true_peak).map_err(|error| raise(py, &error))?;
        let threads = thread_count(py, threads)?;
        let gpu = device::open(py, gpu)?;
        let outputs: Vec<&Path> =
            [Some(&path), markers.as_ref()].into_iter().flatten().map(PathBuf::as_path).chain(sheets.paths()).collect();
        let request = Request {
            track,
            sample_rate,
            compat,
            seed,
            on_error,
            base_dir,
            gpu: gpu.as_ref(),
            outputs: &outputs,
            progress: progress.as_ref(),
        };
        if seamless && (fade_in > 0.0 || fade_out > 0.0 || markers.is_some() || trigger_channel) {
            return Err(invalid("seamless", "a seamless file has no fades, markers and triggers".to_owned()));
        }
        let (loaded, plan, fitted) =
            request.compile_part(!tags.needs_document(container), seamless.then_some((start, duration)))?;
        for stem in
            stems.map_or(Ok(Vec::new()), |stems| stems.paths(&plan, &path)).map_err(|error| raise(py, &error))?
        {
            loaded.inputs().refuse(&stem).map_err(|error| raise(py, &error))?;
        }
        let rounding = Rounding::of_file(&plan.compat(), dither);
        let frames = fitted.map_or_else(|| frames(py, &plan, start, duration), Ok)?;
        let tags = tags.tags(&loaded, &plan, container, &frames, seed).map_err(|error| raise(py, &error))?;
        let options = ExportOptions {
            format: FileFormat { container, subtype, rounding, quality },
            frames,
            tags,
            sheets,
            seamless,
            target_level: target,
            true_peak,
            seed: seed.unwrap_or(0),
            shaping: Shaping {
                fade_in: (fades[0] * f64::from(plan.sample_rate())).round() as u64,
                fade_out: (fades[1] * f64::from(plan.sample_rate())).round() as u64,
                mono,
            },
            stems,
            loudness: measure,
            threads,
            markers: MarkerOptions {
                table: markers,
                trigger: trigger_frames(py, trigger_channel, trigger_width, plan.sample_rate())?,
                every: marker_every,
            },
        };
        let exported = written(py, &plan, &path, &options, blocks, Reporter::new(progress.as_ref()))?;
        device::report(py, gpu.as_ref())?;
        let name = path.display().to_string();
        let mut notes = plan.noticed();
        notes.extend(exported.warnings.iter().map(|note| Problem::warning(&name, note)));
        warn(py, &notes, 1)?;
        if !measure {
            return Ok(None);
        }
        let levels = PyDict::new(py);
        let named = PyDict::new(py);
        for (name, file) in stems.map_or(Vec::new(), |stems| stems.names(&plan)).iter().zip(&exported.stems) {
            named.set_item(name, file)?;
        }
        levels.set_item("file", &exported.file.path)?;
        levels.set_item("duration", exported.file.tally.frames as f64 / f64::from(plan.sample_rate()))?;
        levels.set_item("lufs", exported.levels.loudness)?;
        levels.set_item("peak", exported.levels.peak)?;
        levels.set_item("stems", named)?;
        levels.set_item("inputs", loaded.files().into_iter().map(|input| input.path).collect::<Vec<_>>())?;
        Ok(Some(levels.unbind()))
    })
}
