//! A sound as the content of an audio file, for notebooks.

use std::io::Cursor;

use numpy::{PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::render::encode::{Container, Encoder, FileFormat};

use crate::errors::{guard, raise};
use crate::interrupt::interruptible;

/// Frames that are encoded between two looks at the interrupt.
const BLOCK: usize = 1 << 14;

/// Encode a sound of shape ``(frames, 2)`` as the content of an audio file.
///
/// Args:
///     sound: Samples, float32, full scale ±1.
///     sample_rate: Frames per second.
///     format: Name of the format, such as ``"opus"``.
///     quality: Bit rate in kbit/s of a format that compresses with loss.
///
/// Raises:
///     TrackError: `format` or `quality` cannot be used.
///     ValueError: `sound` has another shape.
#[pyfunction]
#[pyo3(signature = (sound, sample_rate, format, quality=None))]
pub(crate) fn encode_sound<'py>(
    py: Python<'py>,
    sound: PyReadonlyArray2<'py, f32>,
    sample_rate: u32,
    format: &str,
    quality: Option<u32>,
) -> PyResult<Bound<'py, PyBytes>> {
    guard(|| {
        let container = Container::named(format).map_err(|message| raise(py, &Error::invalid("format", message)))?;
        let shape = sound.shape().to_vec();
        let samples = sound.as_slice().ok().filter(|_| shape[1] == 2).ok_or_else(|| {
            PyValueError::new_err(format!("sound: expected an array of shape (frames, 2) in C order, got {shape:?}"))
        })?;
        let format = FileFormat::new(container).with_quality(quality);
        let encode = |interrupt: &Interrupt| encoded(samples, format, sample_rate, interrupt);
        let content = interruptible(py, encode)?.map_err(|error| raise(py, &error))?;
        Ok(PyBytes::new(py, &content))
    })
}

/// The content of a file of interleaved `samples`.
fn encoded(samples: &[f32], format: FileFormat, sample_rate: u32, interrupt: &Interrupt) -> Result<Vec<u8>> {
    let failed = |error: std::io::Error| Error::invalid("format", error.to_string());
    let mut encoder = Encoder::new(Cursor::new(Vec::new()), format, sample_rate).map_err(failed)?;
    for block in samples.chunks(2 * BLOCK) {
        interrupt.check()?;
        let [left, right]: [Vec<f32>; 2] = [0, 1].map(|side| block.chunks_exact(2).map(|frame| frame[side]).collect());
        encoder.write(&left, &right).map_err(failed)?;
    }
    Ok(encoder.finish().map_err(failed)?.0.into_inner())
}
