//! What a player reports, as dictionaries.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use realtime_backend_core::error::{Problem, add_new};
use realtime_backend_player::Stats;
use realtime_backend_player::device::Info;

/// The open device.
pub(super) fn device(py: Python<'_>, info: Info) -> PyResult<Bound<'_, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("host", info.host)?;
    dict.set_item("name", info.name)?;
    dict.set_item("sample_rate", info.sample_rate)?;
    dict.set_item("channels", info.channels)?;
    dict.set_item("block", info.block)?;
    Ok(dict)
}

/// Counters and levels.
pub(super) fn stats<'py>(py: Python<'py>, stats: &Stats, last_error: Option<String>) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("underrun_events", stats.underrun_events)?;
    dict.set_item("underrun_frames", stats.underrun_frames)?;
    dict.set_item("load_average", stats.load_average)?;
    dict.set_item("load_peak", stats.load_peak)?;
    dict.set_item("render_load_average", stats.render_load_average)?;
    dict.set_item("render_load_peak", stats.render_load_peak)?;
    dict.set_item("callbacks", stats.callbacks)?;
    dict.set_item("largest_callback", stats.largest_callback)?;
    dict.set_item("ring_fill_minimum", stats.ring_fill_minimum)?;
    dict.set_item("latency", stats.latency)?;
    dict.set_item("late_splices", stats.late_splices)?;
    dict.set_item("restarts", stats.restarts)?;
    dict.set_item("last_error", last_error)?;
    dict.set_item("peak", (stats.peak[0], stats.peak[1]))?;
    Ok(dict)
}

/// Findings from reading a track, followed by the later ones that are new.
pub(super) fn with_new(noticed: &[Problem], since: Vec<Problem>) -> Vec<Problem> {
    let mut all = noticed.to_vec();
    add_new(&mut all, since);
    all
}
