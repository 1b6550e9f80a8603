//! The graphics processor for `gpu=True`. It is opened at its first use and kept until the process ends.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use pyo3::prelude::*;
use realtime_backend_core::error::Problem;
use realtime_backend_core::lock::lock;
use realtime_backend_gpu::Gpu;

use crate::errors::{engine, guard, warn};

/// The graphics processor of this process. A forked child has a copy of its parent's, but without its threads, and its
/// driver may hold locks for ever. So the child gets an error, and uses neither the copy nor the lock around it.
fn shared() -> Result<Arc<Gpu>, String> {
    static OWNER: AtomicU32 = AtomicU32::new(0);
    static KEPT: Mutex<Option<Arc<Gpu>>> = Mutex::new(None);
    let process = std::process::id();
    match OWNER.compare_exchange(0, process, Ordering::AcqRel, Ordering::Acquire) {
        Err(owner) if owner != process => {
            return Err("the graphics processor was opened before this process was forked; \
                        start processes that use it with \"spawn\""
                .to_owned());
        }
        _ => {}
    }
    let mut kept = lock(&KEPT);
    if let Some(gpu) = kept.as_ref().filter(|gpu| gpu.fault().is_none()) {
        return Ok(Arc::clone(gpu));
    }
    let gpu = Arc::new(Gpu::open().map_err(|error| error.to_string())?);
    Ok(Arc::clone(kept.insert(gpu)))
}
/// Return the graphics processor if it is `wanted`. If there is none, warn and return `None`.
pub(crate) fn open(py: Python<'_>, wanted: bool) -> PyResult<Option<Arc<Gpu>>> {
    if !wanted {
        return Ok(None);
    }
    match engine(py, shared)? {
        Ok(gpu) => Ok(Some(gpu)),
        Err(error) => {
            warn(py, &[Problem::warning("gpu", format!("{error}; rendering without"))], 1)?;
            Ok(None)
        }
    }
}

/// Warn if the graphics processor failed during the work.
pub(crate) fn report(py: Python<'_>, gpu: Option<&Arc<Gpu>>) -> PyResult<()> {
    let Some(fault) = gpu.and_then(|gpu| gpu.fault()) else { return Ok(()) };
    warn(py, &[Problem::warning("gpu", format!("{fault}; the processor computed what was left"))], 1)
}

/// Return the name of the graphics processor that ``gpu=True`` uses.
///
/// Opens the processor if it is not open, which takes some tenths of a second. The environment variable
/// ``WGPU_ADAPTER_NAME`` selects another one by a part of its name.
///
/// Returns:
///     The name that the driver reports; ``None`` if there is no graphics processor.
#[pyfunction]
pub(crate) fn gpu_name(py: Python<'_>) -> PyResult<Option<String>> {
    guard(|| Ok(engine(py, shared)?.ok().map(|gpu| gpu.name().to_owned())))
}
