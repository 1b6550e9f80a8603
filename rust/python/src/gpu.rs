//! The graphics processor of `gpu=True`: opened when it is first asked for, kept for the process.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use pyo3::prelude::*;
use realtime_backend_core::error::Problem;
use realtime_backend_core::lock::lock;
use realtime_backend_gpu::Gpu;

use crate::errors::{engine, guard, warn};

/// The graphics processor of this process. A forked child has a copy of its parent's, whose threads it does not have and
/// whose driver may hold locks for ever: it is told so, and touches neither that nor the lock around it.
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
/// The graphics processor if it is `wanted`; a warning if there is none.
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

/// Warn of what went wrong, at the end.
pub(crate) fn report(py: Python<'_>, gpu: Option<&Arc<Gpu>>) -> PyResult<()> {
    let Some(fault) = gpu.and_then(|gpu| gpu.fault()) else { return Ok(()) };
    warn(py, &[Problem::warning("gpu", format!("{fault}; the processor computed what was left"))], 1)
}

/// Name of the graphics processor that ``gpu=True`` uses, as its driver gives it; ``None`` if there is none. Opens it if
/// it is not open yet (some tenths of a second). The environment variable ``WGPU_ADAPTER_NAME`` chooses another one, by a
/// part of its name.
#[pyfunction]
pub(crate) fn gpu_name(py: Python<'_>) -> PyResult<Option<String>> {
    guard(|| Ok(engine(py, shared)?.ok().map(|gpu| gpu.name().to_owned())))
}
