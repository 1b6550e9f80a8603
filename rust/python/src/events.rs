//! The events of a track as a structured array.

use std::ops::Range;

use numpy::{PyArray1, ToPyArray as _};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use realtime_backend_core::plan::Plan;

use crate::errors::{engine, raise};

/// The fields of the array and their types.
const FIELDS: [(&str, &str); 4] = [("onset", "f8"), ("duration", "f8"), ("trial_type", "U16"), ("sample", "i8")];

/// The events of the track frames `frames`, counted from the first of them.
pub(crate) fn table<'py>(py: Python<'py>, plan: &Plan, frames: Range<u64>, every: u64) -> PyResult<Bound<'py, PyAny>> {
    let (mut samples, mut lengths, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    let first = frames.start;
    let listed = engine(py, || {
        plan.markers(frames, every, &mut |marker| {
            samples.push((marker.frame - first) as i64);
            lengths.push(marker.length / f64::from(plan.sample_rate()));
            labels.push(marker.label);
            Ok(())
        })
    })?;
    listed.map_err(|error| raise(py, &error))?;
    let onsets: Vec<f64> = samples.iter().map(|sample| *sample as f64 / f64::from(plan.sample_rate())).collect();
    let keywords = PyDict::new(py);
    keywords.set_item("dtype", FIELDS.to_vec())?;
    let table = py.import("numpy")?.call_method("empty", (samples.len(),), Some(&keywords))?;
    let [onset, duration]: [Bound<'py, PyArray1<f64>>; 2] = [onsets.to_pyarray(py), lengths.to_pyarray(py)];
    table.set_item("onset", onset)?;
    table.set_item("duration", duration)?;
    table.set_item("trial_type", labels)?;
    table.set_item("sample", samples.to_pyarray(py))?;
    Ok(table)
}
