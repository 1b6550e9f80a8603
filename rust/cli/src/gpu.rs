//! Opens the graphics processor. If there is none, prints a warning, and the CPU does the work.

use std::sync::Arc;

use realtime_backend_gpu::Gpu;

use crate::console::note;

/// Open the graphics processor if it is `wanted`. If it cannot be used, warn and return `None`.
pub(crate) fn open(wanted: bool) -> Option<Arc<Gpu>> {
    let found = wanted.then(Gpu::open)?;
    found.map(Arc::new).map_err(|error| note(format_args!("warning: {error}; rendering without"))).ok()
}

/// Warn if the graphics processor failed during the work.
pub(crate) fn report(gpu: &Gpu) {
    if let Some(fault) = gpu.fault() {
        note(format_args!("warning: {fault}; the processor computed what was left"));
    }
}
