//! The graphics processor, where one is asked for: a note where there is none, and the work goes on without.

use std::sync::Arc;

use realtime_backend_gpu::Gpu;

use crate::console::note;

/// The graphics processor, if it is `wanted` and there is one.
pub(crate) fn open(wanted: bool) -> Option<Arc<Gpu>> {
    let found = wanted.then(Gpu::open)?;
    found.map(Arc::new).map_err(|error| note(format_args!("warning: {error}; rendering without"))).ok()
}

/// Say what went wrong, at the end.
pub(crate) fn report(gpu: &Gpu) {
    if let Some(fault) = gpu.fault() {
        note(format_args!("warning: {fault}; the processor computed what was left"));
    }
}
