//! Sets of head-related impulse responses, as `realtime_backend.hrtf` presents them.

use std::path::PathBuf;

use numpy::{PyArray1, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use realtime_backend_core::error::Error;
use realtime_backend_core::files::atomic;
use realtime_backend_core::files::same::Identity;
use realtime_backend_core::media::sofa::{Cues, Hrirs};

use crate::errors::{engine, guard, raise};

/// What both results state about a file.
fn about<'py>(py: Python<'py>, set: &Hrirs) -> PyResult<Bound<'py, PyDict>> {
    let found = PyDict::new(py);
    found.set_item("sample_rate", set.sample_rate)?;
    found.set_item("title", &set.title)?;
    found.set_item("licence", &set.licence)?;
    found.set_item("sha256", &set.sha256)?;
    found.set_item("warnings", &set.warnings)?;
    Ok(found)
}

/// Read a set of responses. Returns its arrays and texts.
#[pyfunction]
pub(crate) fn hrtf_load(py: Python<'_>, path: PathBuf) -> PyResult<Bound<'_, PyDict>> {
    guard(|| {
        let set = engine(py, || Hrirs::open(&path))?.map_err(|error| raise(py, &error))?;
        let count = set.positions.len();
        let invalid = |message| raise(py, &Error::invalid("", message));
        let delays = set.delays_in_samples(false).map_err(invalid)?;
        let found = about(py, &set)?;
        let array = |values: Vec<f64>| PyArray1::from_vec(py, values);
        found.set_item("responses", array(set.responses.clone()).reshape([count, 2, set.taps])?)?;
        let positions = set.polar().flatten().collect();
        found.set_item("positions", array(positions).reshape([count, 3])?)?;
        found.set_item("delays", array(delays.into_iter().flatten().collect()).reshape([count, 2])?)?;
        Ok(found)
    })
}

/// The facts about a set of responses, as a dictionary.
#[pyfunction]
pub(crate) fn hrtf_info(py: Python<'_>, path: PathBuf) -> PyResult<Bound<'_, PyDict>> {
    guard(|| {
        let read = || Hrirs::open(&path).map(|set| (Cues::of(&set), set));
        let (cues, set) = engine(py, read)?.map_err(|error| raise(py, &error))?;
        let range = |axis: usize| {
            let values = set.polar().map(|place| place[axis]);
            values.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)))
        };
        let found = about(py, &set)?;
        found.set_item("directions", set.positions.len())?;
        found.set_item("taps", set.taps)?;
        found.set_item("distance_m", range(2))?;
        found.set_item("elevation_deg", range(1))?;
        found.set_item("side", (cues.azimuth, cues.elevation))?;
        found.set_item("itd_us", cues.itd * 1e6)?;
        found.set_item("ild_db", cues.ild)?;
        Ok(found)
    })
}

/// Write the set of responses in `source` to `target` in the compact form.
#[pyfunction]
pub(crate) fn hrtf_convert(py: Python<'_>, source: PathBuf, target: PathBuf) -> PyResult<()> {
    guard(|| {
        let convert = || {
            if Identity::of(&source) == Identity::of(&target) {
                return Err(Error::invalid("target", "expected another file than the source"));
            }
            atomic::write(&target, &Hrirs::open(&source)?.to_compact()?)
        };
        engine(py, convert)?.map_err(|error| raise(py, &error))
    })
}
