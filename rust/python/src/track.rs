//! Tracks: from a path, a text or an object, to an object or a file.

use std::path::PathBuf;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMapping};
use pythonize::pythonize;
use realtime_backend_core::error::{Error, Problem, add_new};
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::json::parse;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::printable::printable;
use realtime_backend_core::track;
use realtime_backend_core::track::{LoadOptions, Track};
use serde_json::Value;

use crate::convert;
use crate::errors::{PyProblem, TrackError, engine, guard, raise, warn};
use crate::interrupt::{interruptible, observed};

/// A track (or a session) as the caller gave it.
pub(crate) enum Given {
    Path(PathBuf),
    Text(String),
    Value(Value),
}

impl Given {
    /// A mapping is the track itself; text and bytes that begin with `{` or `[` are JSON, other text and
    /// `os.PathLike` objects are paths.
    pub(crate) fn read(track: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = track.py();
        if let Ok(mapping) = track.cast::<PyMapping>() {
            return Ok(Self::Value(Value::Object(convert::json_map(mapping, "")?)));
        }
        if let Ok(bytes) = track.cast::<PyBytes>() {
            let text = parse::text(bytes.as_bytes().to_vec());
            return text.map(Self::Text).map_err(|error| raise(py, &error));
        }
        if let Ok(text) = track.extract::<String>() {
            if parse::begins(&text) {
                return Ok(Self::Text(text));
            }
            return Ok(Self::Path(PathBuf::from(text)));
        }
        let kind = track.get_type().name()?;
        track.extract::<PathBuf>().map(Self::Path).map_err(|_| {
            PyTypeError::new_err(format!(
                "expected a track: a path, JSON text or a dictionary, got {}",
                printable(&kind.to_string())
            ))
        })
    }

    fn load(self, mut options: LoadOptions) -> Result<(Track, Vec<Problem>), Error> {
        match self {
            Self::Path(path) => {
                options.fill_starts = true;
                track::open(&path, &options, &[])
            }
            Self::Text(text) => {
                options.fill_starts = true;
                track::open_text(&text, &options, &[])
            }
            Self::Value(value) => Track::from_value_with(value, &options),
        }
    }
}

/// Load with options, the interpreter released while parsing.
pub(crate) fn load(track: &Bound<'_, PyAny>, options: LoadOptions) -> PyResult<(Track, Vec<Problem>)> {
    let given = Given::read(track)?;
    let py = track.py();
    let load = |interrupt: &Interrupt| given.load(LoadOptions { interrupt: interrupt.clone(), ..options });
    interruptible(py, load)?.map_err(|error| raise(py, &error))
}

fn options(compat: Option<&Bound<'_, PyAny>>) -> PyResult<LoadOptions> {
    Ok(LoadOptions { compat: convert::compat(compat)?, ..LoadOptions::default() })
}

/// Read a track of any dialect and give it back as a dictionary in the canonical spelling (``progression``,
/// ``global``, ``overlay_clips``; a numeric ``start`` in every step, where `render` puts it). Unknown keys are kept, and
/// so is the order of keys; whole numbers of more than 64 bits are refused.
///
/// Args:
///     track: A path (of a track, or of a session with its presets beside it), JSON text (or bytes), or a dictionary.
///     compat: Rules to read it under, over those that the track names: a preset or a mapping of switches. Under
///         ``"legacy"`` a voice that cannot sound is a warning.
///
/// Raises:
///     TrackError: The track cannot be rendered as written; ``problems`` has the path of each mistake.
///     OSError: The file cannot be read.
///
/// Warns:
///     TrackWarning: Something was ignored or replaced.
#[pyfunction]
#[pyo3(signature = (track, /, *, compat=None))]
pub(crate) fn load_track<'py>(
    track: &Bound<'py, PyAny>,
    compat: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    guard(|| {
        let py = track.py();
        let (loaded, warnings) = load(track, options(compat)?)?;
        warn(py, &warnings, 1)?;
        Ok(pythonize(py, &loaded.to_value())?)
    })
}

/// Write a track to a JSON file in the canonical spelling. The file appears whole or not at all.
///
/// Args:
///     track: A path (of a track, or of a session with its presets beside it), JSON text (or bytes), or a dictionary.
///     path: The file to write; may be the track file that `track` names.
///     compat: As for `load_track`.
///     base_dir: Folder that relative paths in the track start from; by default that of the track file, else the
///         working directory.
///
/// Raises:
///     TrackError: The track cannot be rendered as written.
///     OSError: A file cannot be read or written; a `FileExistsError` if `path` is a file that the track reads, or the
///         session that `track` names, which would be lost.
///
/// Warns:
///     TrackWarning: Something was ignored or replaced.
#[pyfunction]
#[pyo3(signature = (track, path, /, *, compat=None, base_dir=None))]
pub(crate) fn save_track(
    track: &Bound<'_, PyAny>,
    path: PathBuf,
    compat: Option<&Bound<'_, PyAny>>,
    base_dir: Option<PathBuf>,
) -> PyResult<()> {
    guard(|| {
        let py = track.py();
        let (loaded, warnings) = load(track, LoadOptions { folder: base_dir, ..options(compat)? })?;
        warn(py, &warnings, 1)?;
        engine(py, || loaded.save(&path))?.map_err(|error| raise(py, &error))
    })
}

/// Check a track without rendering it: every error and warning, also about the files it names; an empty list means that
/// nothing is wrong. Only a track file that cannot be read raises.
///
/// Args:
///     track: A path (of a track, or of a session with its presets beside it), JSON text (or bytes), or a dictionary.
///     compat: Rules to read it under, over those that the track names: a preset or a mapping of switches. Under
///         ``"legacy"`` a voice that cannot sound is a warning.
///     base_dir: Folder that relative paths in the track start from; by default that of the track file, else the
///         working directory.
///     progress: Called with the fraction done, 0 to 1; an exception in it stops the check.
///
/// Raises:
///     OSError: The file cannot be read.
#[pyfunction]
#[pyo3(signature = (track, /, *, compat=None, base_dir=None, progress=None))]
pub(crate) fn validate(
    track: &Bound<'_, PyAny>,
    compat: Option<&Bound<'_, PyAny>>,
    base_dir: Option<PathBuf>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<PyProblem>> {
    guard(|| {
        let py = track.py();
        let given = match Given::read(track) {
            Ok(given) => given,
            Err(error) if error.is_instance_of::<TrackError>(py) => {
                return error.value(py).getattr("problems")?.extract();
            }
            Err(error) => return Err(error),
        };
        let options = LoadOptions { folder: base_dir, only_to_play: true, ..options(compat)? };
        let compiling = PlanOptions { compat: options.compat, ..PlanOptions::default() };
        let findings = |interrupt: &Interrupt| {
            let (track, mut problems) = given.load(LoadOptions { interrupt: interrupt.clone(), ..options })?;
            let compiling = PlanOptions { interrupt: interrupt.clone(), ..compiling };
            add_new(&mut problems, Plan::findings(&track, &compiling)?);
            Ok(problems)
        };
        let problems = match observed(py, progress.as_ref(), findings)? {
            Ok(problems) | Err(Error::Invalid(problems)) => problems,
            Err(error) => return Err(raise(py, &error)),
        };
        Ok(problems.iter().map(PyProblem::from).collect())
    })
}

/// The text of a file, as the reader of tracks reads it: a regular file of bearable size, in UTF-8.
#[pyfunction]
pub(crate) fn read_document(py: Python<'_>, path: PathBuf) -> PyResult<String> {
    guard(|| engine(py, || track::document_text(&path))?.map_err(|error| raise(py, &error)))
}

/// Whether text is taken for a document (JSON), not for a path.
#[pyfunction]
pub(crate) fn is_document(text: &str) -> PyResult<bool> {
    guard(|| Ok(parse::begins(text)))
}
