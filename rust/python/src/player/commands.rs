//! The longer commands of a player.

use std::time::{Duration, Instant};

use numpy::{PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::exceptions::{PyException, PyValueError};
use pyo3::prelude::*;
use realtime_backend_core::error;
use realtime_backend_core::error::Problem;
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::lock::lock;
use realtime_backend_core::track::LoadOptions;
use realtime_backend_player::Error;

use super::deck::{self, closed, raised};
use super::{PyPlayer, report};
use crate::errors::PyProblem;
use crate::interrupt::interruptible;
use crate::track::load;

impl PyPlayer {
    /// Replace the track.
    pub(super) fn edited(&self, py: Python<'_>, track: &Bound<'_, PyAny>) -> PyResult<Vec<PyProblem>> {
        let folder = self.base_dir.clone();
        let reading =
            LoadOptions { keep_bad_voices: self.keep_bad_voices, folder, only_to_play: true, ..LoadOptions::default() };
        let player = self.live()?.player();
        let (track, noticed) = load(track, reading).inspect_err(|error| {
            if error.is_instance_of::<PyException>(py) {
                player.refuse(error.value(py).to_string());
            }
        })?;
        let update = |interrupt: &Interrupt| {
            player.update(&track, interrupt)?;
            let findings = report::with_new(&noticed, player.warnings());
            *lock(&self.noticed) = noticed;
            Ok(findings)
        };
        let findings: Vec<Problem> = interruptible(py, update)?.map_err(|error| match error {
            Error::Engine(error::Error::Cancelled) => closed(),
            error => raised(py, &error),
        })?;
        Ok(findings.iter().map(PyProblem::from).collect())
    }

    /// Have other tracks in a list. Returns their number, with folders replaced by their files.
    pub(super) fn relisted(
        &self,
        py: Python<'_>,
        tracks: &Bound<'_, PyAny>,
        current: Option<usize>,
    ) -> PyResult<usize> {
        let list = deck::list(self.live()?)?;
        let given = deck::given(tracks)?;
        let (count, folder) = (given.len(), self.base_dir.clone());
        let reading =
            LoadOptions { keep_bad_voices: self.keep_bad_voices, folder, only_to_play: true, ..LoadOptions::default() };
        list.set_tracks(count, deck::loader(given, reading), current).map_err(|error| raised(py, &error))?;
        Ok(count)
    }

    /// Append samples to a streamed clip.
    pub(super) fn pushed(
        &self,
        py: Python<'_>,
        index: usize,
        samples: &PyReadonlyArrayDyn<'_, f32>,
        finished: bool,
    ) -> PyResult<(u64, u64)> {
        let shape = samples.shape().to_vec();
        if !(shape.len() == 1 && shape[0].is_multiple_of(2) || shape.len() == 2 && shape[1] == 2) {
            return Err(PyValueError::new_err(format!(
                "samples: expected interleaved stereo or an array of shape (frames, 2), got shape {shape:?}"
            )));
        }
        let flat = samples.as_slice().map_err(|_| PyValueError::new_err("samples: expected an array in C order"))?;
        self.live()?;
        let pushed = self
            .with(py, |player| player.push_clip_samples(index, flat, finished))?
            .map_err(|error| raised(py, &error))?;
        Ok((pushed.frames, pushed.missing))
    }

    /// Set the sleep timer, or end it.
    pub(super) fn sleep_after(&self, py: Python<'_>, seconds: Option<f64>, fade: f64) -> PyResult<()> {
        let player = self.live()?.player();
        let Some(seconds) = seconds else {
            player.cancel_timer();
            return Ok(());
        };
        for (name, value) in [("seconds", seconds), ("fade", fade)] {
            if !(0.0..=1e8).contains(&value) {
                return Err(PyValueError::new_err(format!("{name}: expected a number from 0 to 1e8, got {value}")));
            }
        }
        player.stop_after(seconds, fade).map_err(|error| raised(py, &error))
    }

    /// Wait until the playback is over, for at most `seconds`.
    pub(super) fn waited(&self, py: Python<'_>, seconds: f64) -> PyResult<bool> {
        let seconds = if seconds.is_nan() { 0.0 } else { seconds };
        let until = Instant::now() + Duration::from_secs_f64(seconds.clamp(0.0, 3600.0));
        self.with(py, |player| {
            loop {
                if player.wait(Some(Duration::ZERO)) {
                    return true;
                }
                if Instant::now() >= until {
                    return false;
                }
                std::thread::sleep(Duration::from_millis(5));
            }
        })
    }
}
