//! Measures tracks, and compares them with what they declare. The results are dictionaries, of which
//! `realtime_backend.analysis` makes objects.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use pythonize::pythonize;
use realtime_backend_core::analyse::{self, Analysis};
use realtime_backend_core::plan::Plan;
use realtime_backend_core::track::Track;

use crate::arguments::thread_count;
use crate::errors::{engine, guard, warn};
use crate::request::{Reporter, Request};

/// A result as a dictionary, and as text for people.
type Told<'py> = (Bound<'py, PyAny>, String);

/// The arguments of both functions.
struct Given<'a, 'py> {
    request: Request<'a, 'py>,
    seed: Option<u64>,
    threads: Option<usize>,
}

impl Given<'_, '_> {
    fn analyse(self) -> PyResult<(Track, Arc<Plan>, Analysis)> {
        let py = self.request.track.py();
        let threads = thread_count(py, self.threads)?;
        let progress = self.request.progress;
        let (track, plan) = self.request.compile(false)?;
        let mut reporter = Reporter::new(progress);
        let measure = || analyse::analyse(&track, &plan, self.seed, threads, &mut |done| reporter.report(done));
        let result = engine(py, measure)?;
        let analysis = reporter.finish(py, result)?;
        warn(py, &plan.noticed(), 1)?;
        Ok((track, plan, analysis))
    }
}

/// Render a track at the level of the mix, and measure it. Returns the analysis as a dictionary and as text.
#[pyfunction]
#[pyo3(signature = (
    track, /, *, sample_rate=None, compat=None, seed=None, threads=None, on_error="raise", base_dir=None, progress=None
))]
#[allow(clippy::too_many_arguments)]
pub(crate) fn analyse_track<'py>(
    track: &Bound<'py, PyAny>,
    sample_rate: Option<f64>,
    compat: Option<&Bound<'py, PyAny>>,
    seed: Option<u64>,
    threads: Option<usize>,
    on_error: &str,
    base_dir: Option<PathBuf>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Told<'py>> {
    guard(|| {
        let request = Request {
            track,
            sample_rate,
            compat,
            seed,
            on_error,
            base_dir,
            gpu: None,
            outputs: &[],
            progress: progress.as_ref(),
        };
        let (_, _, analysis) = Given { request, seed, threads }.analyse()?;
        Ok((pythonize(track.py(), &analysis)?, analysis.to_string()))
    })
}

/// Measure a track and compare it with what it declares. Returns the comparison and the analysis, each as a dictionary
/// and as text.
#[pyfunction]
#[pyo3(signature = (
    track, /, *, sample_rate=None, compat=None, seed=None, threads=None, base_dir=None, progress=None
))]
#[allow(clippy::too_many_arguments)]
pub(crate) fn verify_track<'py>(
    track: &Bound<'py, PyAny>,
    sample_rate: Option<f64>,
    compat: Option<&Bound<'py, PyAny>>,
    seed: Option<u64>,
    threads: Option<usize>,
    base_dir: Option<PathBuf>,
    progress: Option<Py<PyAny>>,
) -> PyResult<(Told<'py>, Told<'py>)> {
    guard(|| {
        let on_error = "raise";
        let request = Request {
            track,
            sample_rate,
            compat,
            seed,
            on_error,
            base_dir,
            gpu: None,
            outputs: &[],
            progress: progress.as_ref(),
        };
        let (track_read, plan, analysis) = Given { request, seed, threads }.analyse()?;
        let found = analyse::verify(&track_read, &plan, &analysis);
        let py = track.py();
        Ok(((pythonize(py, &found)?, found.to_string()), (pythonize(py, &analysis)?, analysis.to_string())))
    })
}
