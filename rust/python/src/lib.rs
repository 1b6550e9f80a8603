//! PyO3 module `realtime_backend._core`: conversions between Python and the engine, and nothing else.
use pyo3::prelude::*;

/// The native half of `realtime_backend`.
#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))
}
