//! Reads tracks from paths, texts and objects, writes them to objects and files, and checks them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMapping};
use realtime_backend_core::analyse::{analyse, loud_exposure};
use realtime_backend_core::error::{Error, Problem, Severity, add_new};
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::json::parse;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::printable::printable;
use realtime_backend_core::track;
use realtime_backend_core::track::{LoadOptions, Track};
use serde_json::Value;

use crate::convert;
use crate::errors::{PyProblem, TrackError, engine, guard, raise, warn};
use crate::interrupt::{observed, observed_part};

/// The part of the progress of `validate` for loading; checking takes the rest.
const LOADING: f64 = 0.3;
/// Where checking and compiling end if the sound is measured as well.
const CHECKED: f64 = 0.4;
const COMPILED: f64 = 0.5;

/// The track or session that the caller passed.
#[derive(Clone)]
pub(crate) enum Given {
    Path(PathBuf),
    Text(String),
    Bytes(Vec<u8>),
    Value(Value),
    /// An object with the methods of `realtime_backend.session.Session`: its track, and the folder of its files.
    Session(Value, Option<PathBuf>),
}

impl Given {
    /// Tell what an argument is. A mapping is the track itself. Bytes, text that begins with `{` or `[`, and text of
    /// several lines are the content of a file. Other text and `os.PathLike` objects are paths. An object with a method
    /// `to_track` is a session.
    pub(crate) fn read(track: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(mapping) = track.cast::<PyMapping>() {
            return Ok(Self::Value(Value::Object(convert::json_map(mapping, "")?)));
        }
        if let Ok(bytes) = track.cast::<PyBytes>() {
            return Ok(Self::Bytes(bytes.as_bytes().to_vec()));
        }
        if let Ok(text) = track.extract::<String>() {
            if is_content(&text) {
                return Ok(Self::Text(text));
            }
            return Ok(Self::Path(PathBuf::from(text)));
        }
        if let Some(method) = track.getattr_opt("to_track")? {
            let document = method.call0()?;
            let folder = track.getattr_opt("base_dir")?.map(|folder| folder.extract()).transpose()?.flatten();
            return Ok(Self::Session(Value::Object(convert::json_map(document.cast::<PyMapping>()?, "")?), folder));
        }
        let kind = track.get_type().name()?;
        track.extract::<PathBuf>().map(Self::Path).map_err(|_| {
            PyTypeError::new_err(format!(
                "expected a track: a path, JSON text, a dictionary or a Session, got {}",
                printable(&kind.to_string())
            ))
        })
    }

    /// Load the track.
    pub(crate) fn load(self, mut options: LoadOptions) -> Result<(Track, Vec<Problem>), Error> {
        match self {
            Self::Path(path) => {
                options.fill_starts = true;
                track::open(&path, &options, &[])
            }
            Self::Text(text) => {
                options.fill_starts = true;
                track::open_text(&text, &options, &[])
            }
            Self::Bytes(bytes) => {
                options.fill_starts = true;
                track::open_bytes(bytes, None, &options, &[])
            }
            Self::Value(value) => Track::from_value_with(value, &options),
            Self::Session(value, folder) => {
                options.folder = options.folder.or(folder);
                Track::from_value_with(value, &options)
            }
        }
    }
}

/// Whether `text` is the content of a file and not a path: JSON, XML or several lines of text.
fn is_content(text: &str) -> bool {
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let lines = text.contains(['\n', '\r']) && !text.contains(control);
    parse::begins(text) || lines || text.trim_start().starts_with('<')
}

/// Load a track. The interpreter is released while the engine parses it.
pub(crate) fn load(track: &Bound<'_, PyAny>, options: LoadOptions) -> PyResult<(Track, Vec<Problem>)> {
    load_reporting(track, options, None, (0.0, 1.0))
}

/// Load a track as [`load`] does, and report the progress as that part of a greater work.
pub(crate) fn load_reporting(
    track: &Bound<'_, PyAny>,
    options: LoadOptions,
    progress: Option<&Py<PyAny>>,
    part: (f64, f64),
) -> PyResult<(Track, Vec<Problem>)> {
    let given = Given::read(track)?;
    let py = track.py();
    let load = |interrupt: &Interrupt| given.load(LoadOptions { interrupt: interrupt.clone(), ..options });
    observed_part(py, progress, part, load)?.map_err(|error| raise(py, &error))
}

fn options(compat: Option<&Bound<'_, PyAny>>) -> PyResult<LoadOptions> {
    Ok(LoadOptions { compat: convert::compat(compat)?, ..LoadOptions::default() })
}

/// Read a track in any dialect, or a session file of another program (see `importers`), and return it in the canonical
/// spelling.
///
/// The canonical keys are ``progression``, ``global`` and ``overlay_clips``. Every step gets a numeric ``start``, the
/// time at which `render` places it. Unknown keys and the order of keys are kept. Whole numbers of more than 64 bits
/// are refused.
///
/// Args:
///     track: The path of a track, of a session with its presets in the same folder, or of a session file of another
///         program; the content of such a file as text or bytes; a dictionary; or a `realtime_backend.session.Session`.
///     compat: Rules that replace those of the track: a preset name or a mapping of single switches. ``None`` means the
///         rules of the track. Under ``"legacy"`` a voice that cannot be rendered gives a warning instead of an error.
///     strict: Session files of other programs: refuse what has no counterpart instead of warning about it.
///     hold: Session files of other programs: seconds for which a state without an end is held. ``None`` means 600.
///     progress: Called with the fraction done, 0 to 1. An exception in it stops the loading.
///
/// Returns:
///     The track as a dictionary.
///
/// Raises:
///     TrackError: The track cannot be rendered. ``problems`` has the path and the reason of each error; in a session
///         file of another program the path is file, line and column.
///     OSError: The file cannot be read.
///
/// Warns:
///     TrackWarning: Part of the track was ignored or replaced.
#[pyfunction]
#[pyo3(signature = (track, /, *, compat=None, strict=false, hold=None, progress=None))]
pub(crate) fn load_track<'py>(
    track: &Bound<'py, PyAny>,
    compat: Option<&Bound<'py, PyAny>>,
    strict: bool,
    hold: Option<f64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    guard(|| {
        let py = track.py();
        let options = LoadOptions { strict, hold, ..options(compat)? };
        let (loaded, warnings) = load_reporting(track, options, progress.as_ref(), (0.0, 1.0))?;
        warn(py, &warnings, 1)?;
        convert::to_python(py, &loaded.to_value())
    })
}

/// Write a track to a JSON file in the canonical spelling. After an error there is no partial file.
///
/// Args:
///     track: The path of a track, of a session with its presets in the same folder, or of a session file of another
///         program; the content of such a file as text or bytes; a dictionary; or a `realtime_backend.session.Session`.
///     path: The file to write. It may be the track file that `track` names.
///     compat: Rules that replace those of the track, see `load_track`.
///     base_dir: Folder for relative paths in the track. ``None`` means the folder of the track file, or the working
///         directory if the track is no file.
///
/// Raises:
///     TrackError: The track cannot be rendered. ``problems`` has the path and the reason of each error.
///     FileExistsError: `path` is a file that the track reads, or the session file that `track` names.
///     OSError: A file cannot be read or written.
///
/// Warns:
///     TrackWarning: Part of the track was ignored or replaced.
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

/// Check a track, and the files that it names, without rendering it.
///
/// Args:
///     track: The path of a track, of a session with its presets in the same folder, or of a session file of another
///         program; the content of such a file as text or bytes; a dictionary; or a `realtime_backend.session.Session`.
///     compat: Rules that replace those of the track: a preset name or a mapping of single switches. ``None`` means the
///         rules of the track. Under ``"legacy"`` a voice that cannot be rendered gives a warning instead of an error.
///     base_dir: Folder for relative paths in the track. ``None`` means the folder of the track file, or the working
///         directory if the track is no file.
///     notes: Add notes (severity ``"note"``) on the compatibility switches that the sound of the track depends on:
///         those that differ from ``"intended"``, and by how many dB and Hz they change the sound. Takes about a
///         second.
///     progress: Called with the fraction done, 0 to 1. An exception in it stops the check.
///     spl_at_full_scale: Sound pressure level in dB that a sine of full scale and 1 kHz gives at the ear, 40 to 160. If
///         it is given, the whole track is rendered, and a warning says if it is too loud for 40 hours a week.
///
/// Returns:
///     All errors and warnings, each with its path in the track. An empty list means no findings.
///
/// Raises:
///     TrackError: `compat` names an unknown preset or switch. Errors of the track are returned, not raised.
///     OSError: The track file cannot be read.
#[pyfunction]
#[pyo3(signature = (
    track, /, *, compat=None, base_dir=None, notes=false, progress=None, spl_at_full_scale=None
))]
pub(crate) fn validate(
    track: &Bound<'_, PyAny>,
    compat: Option<&Bound<'_, PyAny>>,
    base_dir: Option<PathBuf>,
    notes: bool,
    progress: Option<Py<PyAny>>,
    spl_at_full_scale: Option<f64>,
) -> PyResult<Vec<PyProblem>> {
    guard(|| {
        let py = track.py();
        if let Some(level) = spl_at_full_scale.filter(|level| !(40.0..=160.0).contains(level)) {
            let message = format!("expected 40 to 160 dB, got {level}");
            return Err(raise(py, &Error::invalid("spl_at_full_scale", message)));
        }
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
            let loading = LoadOptions { interrupt: interrupt.part(0.0, LOADING), ..options };
            let (track, mut problems) = given.load(loading)?;
            let checked = if spl_at_full_scale.is_some() { CHECKED } else { 1.0 };
            let compiling = PlanOptions { interrupt: interrupt.part(LOADING, checked), ..compiling };
            add_new(&mut problems, Plan::findings(&track, &compiling)?);
            if notes && problems.iter().all(is_no_error) {
                problems.extend(Plan::quirks(&track, &compiling)?);
            }
            if let Some(level) = spl_at_full_scale.filter(|_| problems.iter().all(is_no_error)) {
                let [compiled, measured] =
                    [(checked, COMPILED), (COMPILED, 1.0)].map(|(from, to)| interrupt.part(from, to));
                let plan = Arc::new(Plan::compile(&track, &PlanOptions { interrupt: compiled, ..compiling })?.0);
                let mut report = |done| measured.at(done).is_ok();
                problems.extend(loud_exposure(&analyse(&track, &plan, None, 0, &mut report)?, level));
            }
            Ok(problems)
        };
        let problems = match observed(py, progress.as_ref(), findings)? {
            Ok(problems) | Err(Error::Invalid(problems)) => problems,
            Err(error) => return Err(raise(py, &error)),
        };
        Ok(problems.iter().map(PyProblem::from).collect())
    })
}

fn is_no_error(problem: &Problem) -> bool {
    problem.severity != Severity::Error
}

/// Read the text of a track or session file: a regular file in UTF-8, of limited size.
#[pyfunction]
pub(crate) fn read_document(py: Python<'_>, path: PathBuf) -> PyResult<String> {
    guard(|| engine(py, || track::document_text(&path))?.map_err(|error| raise(py, &error)))
}

/// Return whether `text` counts as the content of a file and not as a path.
#[pyfunction]
pub(crate) fn is_document(text: &str) -> PyResult<bool> {
    guard(|| Ok(is_content(text)))
}

/// List the formats of other programs whose session files are read wherever a track is taken.
///
/// Returns:
///     The short name of each format, which is also the extension of its files, and what writes such files.
///
/// Examples:
///     >>> rb.importers().get("sbg")
///     'SBaGen and its descendants'
#[pyfunction]
pub(crate) fn importers() -> PyResult<BTreeMap<&'static str, &'static str>> {
    guard(|| Ok(track::import::IMPORTERS.iter().map(|importer| (importer.name(), importer.about())).collect()))
}
