//! Converts errors and findings of the engine to Python exceptions and warnings.

use std::ffi::CString;
use std::io::ErrorKind;

use pyo3::exceptions::{
    PyKeyboardInterrupt, PyMemoryError, PyNotImplementedError, PyOSError, PyRuntimeError, PyUserWarning, PyValueError,
};
use pyo3::marker::Ungil;
use pyo3::prelude::*;
use realtime_backend_core::error::{Error, Problem, Severity, reason};
use realtime_backend_core::fault::caught;
use realtime_backend_core::printable::printable;

pyo3::create_exception!(
    realtime_backend,
    TrackError,
    PyValueError,
    "A track, a voice or an argument cannot be used.\n\n\
     ``problems`` is the list of findings (`Problem`). Each has a path, such as\n\
     ``steps[2].voices[0].params.beatFreq``, and a message."
);
pyo3::create_exception!(
    realtime_backend,
    MediaError,
    PyOSError,
    "An audio file cannot be decoded or encoded. The message names the file."
);
pyo3::create_exception!(
    realtime_backend,
    TrackWarning,
    PyUserWarning,
    "Part of a track or a voice was ignored or replaced, or may have an unexpected effect. It still renders."
);

pyo3::create_exception!(
    realtime_backend,
    EngineError,
    PyRuntimeError,
    "A fault of the engine itself, not of its input. Please report it, with the message and the input."
);

/// One finding about a track, a voice or a call.
#[pyclass(frozen, eq, hash, module = "realtime_backend", name = "Problem", from_py_object)]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct PyProblem {
    /// ``"error"``, ``"warning"`` or ``"note"``.
    #[pyo3(get)]
    severity: &'static str,
    /// Path of the finding, such as ``steps[2].voices[0].params.beatFreq``; empty for the whole document.
    #[pyo3(get)]
    path: String,
    /// What was expected and what was found, without the path.
    #[pyo3(get)]
    message: String,
}

#[pymethods]
impl PyProblem {
    #[new]
    fn new(severity: &str, path: String, message: String) -> PyResult<Self> {
        guard(|| {
            let severity = match severity {
                "error" => "error",
                "warning" => "warning",
                "note" => "note",
                other => {
                    let message = format!("severity: expected \"error\", \"warning\" or \"note\", got {other:?}");
                    return Err(PyValueError::new_err(message));
                }
            };
            Ok(Self { severity, path, message })
        })
    }

    /// Arguments from which pickle and copy create an equal problem.
    fn __getnewargs__(&self) -> PyResult<(&'static str, &str, &str)> {
        guard(|| Ok((self.severity, &*self.path, &*self.message)))
    }

    fn __str__(&self) -> PyResult<String> {
        guard(|| {
            let message = printable(&self.message);
            Ok(if self.path.is_empty() {
                message.into_owned()
            } else {
                format!("{}: {message}", printable(&self.path))
            })
        })
    }

    fn __repr__(&self) -> PyResult<String> {
        let Self { severity, path, message } = self;
        guard(|| Ok(format!("Problem(severity={severity:?}, path={path:?}, message={message:?})")))
    }
}

impl From<&Problem> for PyProblem {
    fn from(problem: &Problem) -> Self {
        Self {
            severity: match problem.severity {
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Error => "error",
            },
            path: problem.path.clone(),
            message: problem.message.clone(),
        }
    }
}

/// Convert an error of the engine to a Python exception.
pub(crate) fn raise(py: Python<'_>, error: &Error) -> PyErr {
    match error {
        Error::Invalid(problems) => {
            let exception = TrackError::new_err(error.to_string());
            let list: Vec<PyProblem> = problems.iter().map(PyProblem::from).collect();
            match exception.value(py).setattr("problems", list) {
                Ok(()) => exception,
                Err(failed) => failed,
            }
        }
        Error::Io { path, source } => match source.raw_os_error().or_else(|| number(py, source.kind())) {
            // Python chooses the subclass (FileNotFoundError, PermissionError, ...) by the number
            Some(number) => PyOSError::new_err((number, plain(source), path.clone())),
            None => PyOSError::new_err(error.to_string()),
        },
        Error::Media { .. } => MediaError::new_err(error.to_string()),
        Error::Missing(_) => PyNotImplementedError::new_err(error.to_string()),
        Error::Cancelled => PyKeyboardInterrupt::new_err(()),
    }
}

/// The errno of an error that the engine found before it called the operating system.
fn number(py: Python<'_>, kind: ErrorKind) -> Option<i32> {
    let name = match kind {
        ErrorKind::AlreadyExists => "EEXIST",
        ErrorKind::BrokenPipe => "EPIPE",
        ErrorKind::InvalidInput => "EINVAL",
        ErrorKind::IsADirectory => "EISDIR",
        ErrorKind::NotADirectory => "ENOTDIR",
        ErrorKind::NotFound => "ENOENT",
        ErrorKind::PermissionDenied => "EACCES",
        ErrorKind::ReadOnlyFilesystem => "EROFS",
        ErrorKind::ResourceBusy => "EBUSY",
        ErrorKind::StorageFull => "ENOSPC",
        _ => return None,
    };
    py.import("errno").ok()?.getattr(name).ok()?.extract().ok()
}

/// Run the body of a function that Python calls. A panic becomes an [`EngineError`], because users catch `Exception`
/// and pyo3's `PanicException` is not one.
pub(crate) fn guard<R>(work: impl FnOnce() -> PyResult<R>) -> PyResult<R> {
    guarded(work)?
}

/// Run `work` of the engine with the interpreter released. A panic becomes an [`EngineError`].
pub(crate) fn engine<R: Ungil + Send>(py: Python<'_>, work: impl FnOnce() -> R + Ungil + Send) -> PyResult<R> {
    py.detach(|| caught(work)).map_err(|panic| fault(&panic))
}

/// Run short `work` without releasing the interpreter. A panic becomes an [`EngineError`].
pub(crate) fn guarded<R>(work: impl FnOnce() -> R) -> PyResult<R> {
    caught(work).map_err(|panic| fault(&panic))
}

/// Convert the message of a panic to an [`EngineError`].
pub(crate) fn fault(panic: &str) -> PyErr {
    let version = env!("CARGO_PKG_VERSION");
    EngineError::new_err(format!(
        "a fault in the engine, not in what it was given: {}. Please report it, with this message, the version \
         ({version}) and the call or track that led to it.",
        printable(panic)
    ))
}

/// Check that there is memory for `count` values. Otherwise a `MemoryError` says how much would be needed.
pub(crate) fn room<T>(count: u64) -> PyResult<()> {
    let size = usize::try_from(count).unwrap_or(usize::MAX);
    Vec::<T>::new().try_reserve_exact(size).map_err(|_| {
        let gigabytes = count as f64 * size_of::<T>() as f64 / 1e9;
        PyMemoryError::new_err(format!("not enough memory: {gigabytes:.1} GB would be needed"))
    })
}

/// The message of the operating system, as a text that can be shown.
fn plain(source: &std::io::Error) -> String {
    printable(&reason(source)).into_owned()
}

/// Issue each finding as a `TrackWarning`. `level` is Python's `stacklevel`.
pub(crate) fn warn(py: Python<'_>, problems: &[Problem], level: i32) -> PyResult<()> {
    let category = py.get_type::<TrackWarning>();
    for problem in problems {
        let message = CString::new(problem.to_string().replace('\0', "\u{fffd}"))?;
        PyErr::warn(py, &category, &message, level)?;
    }
    Ok(())
}
