//! The track and the arguments that all functions which render have in common, and their progress.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyo3::prelude::*;
use realtime_backend_core::error::{Error, add_new};
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::plan::{OnError, Plan, PlanOptions};
use realtime_backend_core::render::seamless;
use realtime_backend_core::track::{LoadOptions, Track};
use realtime_backend_core::voice::ToneAccelerator;
use realtime_backend_gpu::Gpu;

use crate::arguments::whole_rate;
use crate::errors::{engine, raise, warn};
use crate::interrupt::observed_part;
use crate::{convert, track};

/// The parts of the reported progress for loading the track and for compiling it; rendering takes the rest.
const LOADING: (f64, f64) = (0.0, 0.02);
const COMPILING: (f64, f64) = (0.02, 0.1);

/// The arguments that all functions which render a track have in common.
pub(crate) struct Request<'a, 'py> {
    pub(crate) track: &'a Bound<'py, PyAny>,
    pub(crate) sample_rate: Option<f64>,
    pub(crate) compat: Option<&'a Bound<'py, PyAny>>,
    pub(crate) seed: Option<u64>,
    pub(crate) on_error: &'a str,
    pub(crate) base_dir: Option<PathBuf>,
    pub(crate) gpu: Option<&'a Arc<Gpu>>,
    /// The files to write.
    pub(crate) outputs: &'a [&'a Path],
    pub(crate) progress: Option<&'a Py<PyAny>>,
}

impl Request<'_, '_> {
    /// Load and compile the track. Findings become Python warnings.
    pub(crate) fn plan(self) -> PyResult<Arc<Plan>> {
        self.compile(true).map(|(_, plan)| plan)
    }

    /// Load and compile the track, and return both. With `only_to_play`, the document of the track is dropped.
    pub(crate) fn compile(self, only_to_play: bool) -> PyResult<(Track, Arc<Plan>)> {
        self.compile_part(only_to_play, None).map(|(track, plan, _)| (track, plan))
    }

    /// As [`Self::compile`]. With the start and the duration of a seamless file, the track is fitted to it, and its frames are
    /// returned.
    pub(crate) fn compile_part(
        self,
        only_to_play: bool,
        part: Option<(f64, Option<f64>)>,
    ) -> PyResult<(Track, Arc<Plan>, Option<std::ops::Range<u64>>)> {
        let py = self.track.py();
        let on_error = OnError::from_word("on_error", self.on_error).map_err(|error| raise(py, &error))?;
        let compat = convert::compat(self.compat)?;
        let sample_rate = self.sample_rate.map(|rate| whole_rate(py, rate)).transpose()?;
        let options = LoadOptions {
            compat,
            keep_bad_voices: on_error == OnError::Warn,
            folder: self.base_dir,
            only_to_play,
            ..LoadOptions::default()
        };
        let (mut track, mut warnings) = track::load_reporting(self.track, options, self.progress, LOADING)?;
        if !self.outputs.is_empty() {
            // refuse before any audio file is decoded
            let refuse = || self.outputs.iter().try_for_each(|output| track.inputs().refuse(output));
            engine(py, refuse)?.map_err(|error| raise(py, &error))?;
        }
        let mut fitted = None;
        if let Some((start, duration)) = part {
            let rate = sample_rate.unwrap_or(track.globals.sample_rate);
            let found = seamless::fit(&mut track, rate, start, duration).map_err(|error| raise(py, &error))?;
            warnings.extend(found.changes);
            fitted = Some(found.frames);
        }
        let options = PlanOptions {
            sample_rate,
            compat,
            seed: self.seed,
            on_error,
            accelerator: self.gpu.map(|gpu| Arc::clone(gpu) as Arc<dyn ToneAccelerator>),
            ..PlanOptions::default()
        };
        let compile =
            |interrupt: &Interrupt| Plan::compile(&track, &PlanOptions { interrupt: interrupt.clone(), ..options });
        let compiled = observed_part(py, self.progress, COMPILING, compile)?;
        let (plan, more) = compiled.map_err(|error| raise(py, &error))?;
        add_new(&mut warnings, more);
        warn(py, &warnings, 1)?;
        Ok((track, Arc::new(plan), fitted))
    }
}

/// Calls a progress function and checks for Ctrl-C. The first exception ends the work and is kept.
pub(crate) struct Reporter<'a> {
    function: Option<&'a Py<PyAny>>,
    exception: Option<PyErr>,
}

impl<'a> Reporter<'a> {
    pub(crate) fn new(function: Option<&'a Py<PyAny>>) -> Self {
        Self { function, exception: None }
    }

    pub(crate) fn report(&mut self, done: f64) -> bool {
        let told = Python::attach(|py| {
            py.check_signals()?;
            self.function.map_or(Ok(()), |function| {
                let whole = COMPILING.1 + (1.0 - COMPILING.1) * done.clamp(0.0, 1.0);
                function.call1(py, (whole,)).map(drop)
            })
        });
        match told {
            Ok(()) => true,
            Err(exception) => {
                self.exception = Some(exception);
                false
            }
        }
    }

    /// Convert the result of the engine. If an exception ended the work, return it.
    pub(crate) fn finish<T>(self, py: Python<'_>, result: Result<T, Error>) -> PyResult<T> {
        match self.exception {
            Some(exception) => Err(exception),
            None => result.map_err(|error| raise(py, &error)),
        }
    }
}
