//! Arguments of the functions that render: checks and conversions.

use pyo3::prelude::*;
use realtime_backend_core::error::Error;
use realtime_backend_core::parallel::MOST_THREADS;
use realtime_backend_core::plan::Plan;
use realtime_backend_core::render::frames_between;

use crate::errors::raise;

pub(crate) fn whole_rate(py: Python<'_>, rate: f64) -> PyResult<u32> {
    if rate.fract() == 0.0 && (1.0..=f64::from(u32::MAX)).contains(&rate) {
        return Ok(rate as u32);
    }
    Err(raise(py, &Error::invalid("sample_rate", format!("expected a whole number of frames per second, got {rate}"))))
}

/// Check the number of threads. `None` becomes 0, which means all cores.
pub(crate) fn thread_count(py: Python<'_>, threads: Option<usize>) -> PyResult<usize> {
    let wanted = threads.unwrap_or(0);
    if wanted <= MOST_THREADS {
        return Ok(wanted);
    }
    Err(raise(py, &Error::invalid("threads", format!("expected 1 to {MOST_THREADS} (0: all cores), got {wanted}"))))
}

pub(crate) fn checked_every(py: Python<'_>, every: u64) -> PyResult<u64> {
    if every > 0 {
        return Ok(every);
    }
    Err(raise(py, &Error::invalid("marker_every", "expected a whole number from 1, got 0")))
}

/// Check the length of a fade in seconds.
pub(crate) fn fade(py: Python<'_>, name: &str, seconds: f64) -> PyResult<f64> {
    if (0.0..=3600.0).contains(&seconds) {
        return Ok(seconds);
    }
    Err(raise(py, &Error::invalid(name, format!("expected seconds, 0 to 3600, got {seconds}"))))
}

/// Convert `start` and `duration` in seconds to track frames.
pub(crate) fn frames(py: Python<'_>, plan: &Plan, start: f64, duration: Option<f64>) -> PyResult<std::ops::Range<u64>> {
    frames_between(plan, start, duration).map_err(|error| raise(py, &error))
}
