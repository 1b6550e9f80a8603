//! The argument `blocks` of `render_to_file`: sound that was rendered elsewhere.

use std::path::Path;
use std::sync::Arc;

use numpy::{PyReadonlyArray2, PyUntypedArrayMethods as _};
use pyo3::prelude::*;
use pyo3::types::PyIterator;
use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::plan::Plan;
use realtime_backend_core::render::{ExportOptions, Exported, render_to_file, write_rendered};

use crate::errors::engine;
use crate::request::Reporter;

/// Write a file of the sound of `blocks`, or of a render here if there are none.
pub(crate) fn written(
    py: Python<'_>,
    plan: &Arc<Plan>,
    path: &Path,
    options: &ExportOptions,
    blocks: Option<&Bound<'_, PyAny>>,
    mut reporter: Reporter<'_>,
) -> PyResult<Exported> {
    let frames = options.frames.start..options.frames.end.min(plan.frames());
    let mut blocks =
        blocks.map(|blocks| Blocks::of(&blocks.call1((frames.start, frames.end, plan.sample_rate()))?)).transpose()?;
    let result = engine(py, || {
        let mut report = |done| reporter.report(done);
        match &mut blocks {
            Some(blocks) => write_rendered(plan, path, options, &mut || blocks.next(), &mut report),
            None => render_to_file(plan, path, options, &mut report),
        }
    })?;
    match blocks.and_then(|blocks| blocks.exception) {
        Some(exception) => Err(exception),
        None => reporter.finish(py, result),
    }
}

/// Takes arrays from a Python iterator. The first exception ends the work and is kept.
struct Blocks {
    iterator: Py<PyIterator>,
    exception: Option<PyErr>,
}

impl Blocks {
    /// The blocks of an iterable.
    fn of(iterable: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self { iterator: iterable.try_iter()?.unbind(), exception: None })
    }

    /// The next block, interleaved; `None` after the last.
    fn next(&mut self) -> Result<Option<Vec<f32>>> {
        let taken = Python::attach(|py| {
            let Some(item) = self.iterator.bind(py).clone().next() else { return Ok(None) };
            // what comes over a network need not be aligned
            let item = PyModule::import(py, "numpy")?.call_method1("require", (item?, "f4", ("C", "A")))?;
            let block: PyReadonlyArray2<'_, f32> = item.extract()?;
            if block.shape()[1] != 2 {
                let message = format!("expected arrays of two columns, got {}", block.shape()[1]);
                return Ok(Some(Err(Error::invalid("blocks", message))));
            }
            let samples = block.as_slice()?.to_vec();
            Ok(Some(Ok(samples)))
        });
        match taken {
            Ok(block) => block.transpose(),
            Err(exception) => {
                self.exception = Some(exception);
                Err(Error::Cancelled)
            }
        }
    }
}
