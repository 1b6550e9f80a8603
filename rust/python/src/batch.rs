//! Batches: their jobs, the names of their files, and the manifest.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::files::same::Identity;
use realtime_backend_core::render::FileLevels;
use realtime_backend_core::render::batch::{
    Axis, Job, Manifest, Names, Output, Row, Template, Variable, fingerprint, finished, jobs, results,
};
use realtime_backend_core::track::{LoadOptions, Track};

use crate::errors::{engine, guard, raise};
use crate::{convert, track};

/// The jobs of a batch and their files. Jobs are counted from 0.
#[pyclass(frozen, module = "realtime_backend._core")]
pub(crate) struct Batch {
    jobs: Vec<Job>,
    templates: Vec<Template>,
    extension: String,
    seed: u64,
    names: Names,
    manifest: Option<Mutex<Manifest>>,
}

/// What a worker found out about a file.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Found {
    hash: String,
    options: String,
    file: PathBuf,
    duration: f64,
    lufs: Option<f64>,
    peak: f32,
    stems: HashMap<String, PathBuf>,
    inputs: Vec<PathBuf>,
}

impl Batch {
    fn build(
        tracks: &[String],
        matrix: &[String],
        manifest: Option<&Path>,
        output: Option<&str>,
        extension: String,
        seed: u64,
    ) -> Result<Self> {
        let manifest = manifest.map(Manifest::open).transpose()?;
        let axes = matrix.iter().map(|text| Axis::parse(text)).collect::<Result<Vec<_>>>()?;
        let jobs = match &manifest {
            Some(manifest) if tracks.is_empty() && axes.is_empty() => manifest.jobs()?,
            _ => jobs(tracks, &axes)?,
        };
        if jobs.is_empty() {
            return Err(Error::invalid("tracks", "expected at least one track, here or in the manifest"));
        }
        let mut templates = Vec::with_capacity(jobs.len());
        let names = Names::default();
        for job in &jobs {
            let text = job.output.as_deref().or(output);
            let text = text.ok_or_else(|| Error::invalid("output", "expected the name of a file with placeholders"))?;
            let text = if text.ends_with(std::path::is_separator) || Path::new(text).is_dir() {
                Path::new(text).join(job.usual_name()).to_string_lossy().into_owned()
            } else {
                text.to_owned()
            };
            templates.push(Template::parse(&text, &job.names())?);
        }
        let batch = Self { jobs, templates, extension, seed, names, manifest: manifest.map(Mutex::new) };
        for index in 0..batch.jobs.len() {
            if batch.templates[index].is_static() {
                batch.names.claim(&batch.output(index, &batch.name(index), "", 0.0).first()?, &batch.jobs[index])?;
            }
        }
        Ok(batch)
    }

    fn name(&self, index: usize) -> String {
        Path::new(&self.jobs[index].track).file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    fn output<'a>(&'a self, index: usize, name: &'a str, hash: &'a str, duration: f64) -> Output<'a> {
        let (job, template, folder) = (&self.jobs[index], &self.templates[index], Path::new(""));
        Output { job, template, folder, name, extension: &self.extension, seed: self.seed, hash, duration }
    }

    fn checked(&self, index: usize) -> PyResult<()> {
        if index < self.jobs.len() { Ok(()) } else { Err(PyIndexError::new_err(index)) }
    }

    fn put(&self, index: usize, cells: &[(&str, String)]) -> Result<()> {
        let put = |manifest: &Mutex<Manifest>| {
            manifest.lock().unwrap_or_else(PoisonError::into_inner).put(&self.jobs[index], cells)
        };
        self.manifest.as_ref().map_or(Ok(()), put)
    }

    fn finish(&self, index: usize, found: &Found) -> Result<Vec<(&'static str, String)>> {
        let inputs: Vec<Identity> = found.inputs.iter().map(|path| Identity::of(path)).collect();
        let refuse = |path: &Path| {
            if !inputs.contains(&Identity::of(path)) {
                return Ok(());
            }
            let source = std::io::Error::new(std::io::ErrorKind::AlreadyExists, "is read by the track");
            Err(Error::Io { path: path.display().to_string(), source })
        };
        let stems: Vec<(String, PathBuf)> = found.stems.clone().into_iter().collect();
        let levels = FileLevels { loudness: found.lufs, peak: found.peak };
        let name = self.name(index);
        let output = self.output(index, &name, &found.hash, found.duration);
        let file = output.settle(&found.file, &stems, levels, &self.names, &refuse)?;
        let cells = results(&file, levels, found.duration, self.seed, [&found.hash, &found.options])?;
        self.put(index, &cells)?;
        Ok(cells)
    }
}

#[pymethods]
impl Batch {
    #[new]
    fn new(
        py: Python<'_>,
        tracks: Vec<String>,
        matrix: Vec<String>,
        manifest: Option<PathBuf>,
        output: Option<String>,
        extension: String,
        seed: u64,
    ) -> PyResult<Self> {
        guard(|| {
            Self::build(&tracks, &matrix, manifest.as_deref(), output.as_deref(), extension, seed)
                .map_err(|error| raise(py, &error))
        })
    }

    fn __len__(&self) -> PyResult<usize> {
        guard(|| Ok(self.jobs.len()))
    }

    /// The track of a job, and its variables as pairs of ``NAME@PATH`` and JSON.
    fn job(&self, index: usize) -> PyResult<(String, Vec<(String, String)>)> {
        guard(|| {
            self.checked(index)?;
            let Job { track, values, .. } = &self.jobs[index];
            let values = values.iter().map(|(variable, value)| (variable.written.clone(), value.to_string()));
            Ok((track.clone(), values.collect()))
        })
    }

    /// The values of the variables and the labels of a job by their names.
    fn values<'py>(&self, py: Python<'py>, index: usize) -> PyResult<Bound<'py, PyDict>> {
        guard(|| {
            self.checked(index)?;
            let values = PyDict::new(py);
            for (name, text) in &self.jobs[index].labels {
                values.set_item(name, text)?;
            }
            for (variable, value) in &self.jobs[index].values {
                values.set_item(&variable.name, convert::to_python(py, value)?)?;
            }
            Ok(values)
        })
    }

    /// The file that a worker writes.
    fn provisional(&self, py: Python<'_>, index: usize) -> PyResult<PathBuf> {
        guard(|| {
            self.checked(index)?;
            let name = self.name(index);
            self.output(index, &name, "", 0.0).provisional().map_err(|error| raise(py, &error))
        })
    }

    /// The row of a job in the manifest.
    fn row(&self, index: usize) -> PyResult<Option<Row>> {
        guard(|| {
            self.checked(index)?;
            let manifest =
                self.manifest.as_ref().map(|manifest| manifest.lock().unwrap_or_else(PoisonError::into_inner));
            Ok(manifest.and_then(|manifest| manifest.row(&self.jobs[index]).cloned()))
        })
    }

    /// Note that a job was finished before, with this file.
    fn keep(&self, py: Python<'_>, index: usize, file: PathBuf) -> PyResult<()> {
        guard(|| {
            self.checked(index)?;
            self.names.claim(&file, &self.jobs[index]).map_err(|error| raise(py, &error))
        })
    }

    /// Give the file that a worker has written its name, and put it into the manifest. Returns the cells of its row.
    fn settle<'py>(
        &self,
        py: Python<'py>,
        index: usize,
        found: &Bound<'py, PyAny>,
    ) -> PyResult<HashMap<String, String>> {
        guard(|| {
            self.checked(index)?;
            let found: Found = found.extract()?;
            let cells = engine(py, || self.finish(index, &found))?.map_err(|error| raise(py, &error))?;
            Ok(cells.into_iter().map(|(name, cell)| (name.to_owned(), cell)).collect())
        })
    }

    /// Put an error into the row of a job.
    fn fail(&self, py: Python<'_>, index: usize, message: String) -> PyResult<()> {
        guard(|| {
            self.checked(index)?;
            self.put(index, &[("error", message)]).map_err(|error| raise(py, &error))
        })
    }
}

/// Load a track and set variables in it. Returns it as JSON, its hash, and its folder.
#[pyfunction]
pub(crate) fn batch_track(
    source: &Bound<'_, PyAny>,
    values: Vec<(String, String)>,
) -> PyResult<(String, String, Option<PathBuf>)> {
    guard(|| {
        let py = source.py();
        let (loaded, _) = track::load(source, LoadOptions { keep_bad_voices: true, ..LoadOptions::default() })?;
        edited(&loaded, &values).map_err(|error| raise(py, &error))
    })
}

fn edited(loaded: &Track, values: &[(String, String)]) -> Result<(String, String, Option<PathBuf>)> {
    let mut document = loaded.document().clone();
    for (variable, value) in values {
        let value = serde_json::from_str(value).map_err(|error| Error::invalid(variable, error.to_string()))?;
        Variable::parse(variable)?.set(&mut document, &value)?;
    }
    let text = document.to_string();
    let options = LoadOptions { keep_bad_voices: true, ..LoadOptions::filling_starts() };
    let (track, _) = loaded.edited(document, &options)?;
    Ok((text, track.sha256().unwrap_or_default(), loaded.folder.clone()))
}

/// The hash of options, given as text.
#[pyfunction]
pub(crate) fn batch_fingerprint(options: &str) -> PyResult<String> {
    guard(|| Ok(fingerprint(options)))
}

/// The file that a row of a manifest says is finished.
#[pyfunction]
pub(crate) fn batch_finished(row: Row, hash: &str, options: &str) -> PyResult<Option<PathBuf>> {
    guard(|| Ok(finished(&row, hash, options)))
}
