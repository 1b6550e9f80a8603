//! Renders single voices, and lists voices, flanger parameters and compatibility switches.

use std::path::PathBuf;

use numpy::PyArray2;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping};
use pythonize::pythonize;
use realtime_backend_core::compat::{Compat, Switch};
use realtime_backend_core::error::{Error, Problem, add_new};
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::track::{LoadOptions, Track};
use realtime_backend_core::voice::spatial::positions;
use realtime_backend_core::voice::{Block, Context, Voice, describe, pipeline, registry};
use serde_json::json;

use crate::convert;
use crate::errors::{engine, guard, raise, warn};
use crate::interrupt::interruptible;

/// Frames between two checks for Ctrl-C.
const STRETCH: usize = 1 << 14;
/// Frames per block, small enough for the processor's cache.
const BLOCK: usize = 4096;
/// Longest duration of a call, in seconds. A larger number is probably in another unit.
const LONGEST_S: f64 = 1e7;

/// Render the voice `name` alone, without fades, envelope and flanger. See `realtime_backend.synth`.
#[pyfunction]
#[pyo3(signature = (name, duration, sample_rate=44100.0, *, params=None, out=None, compat=None, seed=None))]
#[allow(clippy::too_many_arguments)]
pub(crate) fn synth<'py>(
    py: Python<'py>,
    name: &str,
    duration: f64,
    sample_rate: f64,
    params: Option<&Bound<'py, PyDict>>,
    out: Option<&Bound<'py, PyAny>>,
    compat: Option<&Bound<'py, PyAny>>,
    seed: Option<u64>,
) -> PyResult<Bound<'py, PyArray2<f32>>> {
    guard(|| {
        let (family, transition) = registry::find(name).ok_or_else(|| raise(py, &registry::unknown(name)))?;
        let mut context = context(py, duration, sample_rate)?;
        context.compat = convert::compat(compat)?.unwrap_or_default();
        context.seed = seed.unwrap_or(0);
        let params = convert::keywords(params)?;
        // calls of the legacy functions have parameters that these ignored
        let unknown = registry::unknown_parameter(family, transition, &params);
        if let Some((key, hint)) = unknown.filter(|_| context.compat != Compat::LEGACY) {
            return Err(PyTypeError::new_err(format!("{name}() got an unexpected keyword argument \"{key}\"{hint}")));
        }
        let build = |interrupt: &Interrupt| {
            context.interrupt = interrupt.clone();
            registry::build(family, transition, &context, &params)
        };
        let (mut voice, warnings) = interruptible(py, build)?.map_err(|error| raise(py, &error))?;
        warn(py, &warnings, 2)?;
        rendered(py, voice.as_mut(), context.frames, out)
    })
}

/// Render one voice as a track does.
///
/// Parameters and timing are normalised as in a track. The voice has its volume envelope and its flanger, and fades of
/// 10 ms at both ends if it has no envelope. The gains of the mix are not applied.
///
/// Args:
///     voice: A voice of a track, with ``synth_function_name``, ``params``, ``is_transition`` and ``volume_envelope``.
///     duration: Length in seconds, 0 to 1e7.
///     sample_rate: Frames per second, 1 to 1e7.
///     out: Array for the result: C-ordered float32 of shape ``(frames, 2)``. ``None`` means a new array.
///     compat: Rules: ``"default"``, ``"legacy"`` or ``"intended"``, or a mapping of single switches. ``None`` means
///         ``"default"``.
///     seed: Seed of random parts that have no seed parameter. ``None`` means 0.
///     base_dir: Folder for relative paths of audio files. ``None`` means the working directory.
///
/// Returns:
///     float32 array of shape ``(int(duration * sample_rate), 2)``; `out`, if it is given.
///
/// Raises:
///     TrackError: The voice or an argument cannot be used. ``problems`` has the path and the reason.
///     TypeError: `out` or `compat` has the wrong type.
///     MemoryError: The array does not fit into memory.
///
/// Warns:
///     TrackWarning: Part of the voice was ignored or replaced.
#[pyfunction]
#[pyo3(signature = (voice, duration, sample_rate=44100.0, *, out=None, compat=None, seed=None, base_dir=None))]
#[allow(clippy::too_many_arguments)]
pub(crate) fn render_voice<'py>(
    py: Python<'py>,
    voice: &Bound<'py, PyMapping>,
    duration: f64,
    sample_rate: f64,
    out: Option<&Bound<'py, PyAny>>,
    compat: Option<&Bound<'py, PyAny>>,
    seed: Option<u64>,
    base_dir: Option<PathBuf>,
) -> PyResult<Bound<'py, PyArray2<f32>>> {
    guard(|| {
        let mut context = context(py, duration, sample_rate)?;
        context.compat = convert::compat(compat)?.unwrap_or_default();
        context.seed = seed.unwrap_or(0);
        context.folder = base_dir;
        let voice = convert::json_map(voice, "")?;
        let build = |interrupt: &Interrupt| {
            context.interrupt = interrupt.clone();
            // the track loader normalises the voice, so that only one reader of voices exists
            let track = json!({ "progression": [{ "duration": 1.0, "voices": [voice] }] });
            let options =
                LoadOptions { compat: Some(context.compat), interrupt: interrupt.clone(), ..LoadOptions::default() };
            let (track, mut warnings) = Track::from_value_with(track, &options)?;
            let Some(spec) = track.steps.first().and_then(|step| step.voices.first()) else {
                return Err(Error::invalid("", "expected a voice"));
            };
            let (voice, more) = pipeline::build(&context, &spec.call(), None)?;
            add_new(&mut warnings, more);
            Ok((voice, warnings))
        };
        let built = interruptible(py, build)?.map_err(|error| match error {
            Error::Invalid(problems) => Error::Invalid(problems.into_iter().map(of_the_voice).collect()),
            other => other,
        });
        let (mut voice, warnings) = built.map_err(|error| raise(py, &error))?;
        let warnings: Vec<Problem> = warnings.into_iter().map(of_the_voice).collect();
        warn(py, &warnings, 1)?;
        rendered(py, voice.as_mut(), context.frames, out)
    })
}

/// Remove the path of the track from a finding, so that it refers to the single voice.
fn of_the_voice(mut problem: Problem) -> Problem {
    if let Some(rest) = problem.path.strip_prefix("progression[0].voices[0]") {
        problem.path = rest.trim_start_matches('.').to_owned();
    }
    problem
}

/// Check `duration` (seconds) and `sample_rate` (Hz), and create the context of a voice.
pub(crate) fn context(py: Python<'_>, duration: f64, sample_rate: f64) -> PyResult<Context> {
    let check = |name, value: f64, low, high, unit| {
        if value.is_finite() && (low..=high).contains(&value) {
            return Ok(());
        }
        Err(raise(py, &Error::invalid(name, format!("expected {low} to {high} {unit}, got {value}"))))
    };
    check("duration", duration, 0.0, LONGEST_S, "s")?;
    check("sample_rate", sample_rate, 1.0, 1e7, "Hz")?;
    Ok(Context::new(duration, sample_rate))
}

/// Render all frames of a voice into an array. Checks for Ctrl-C between stretches.
pub(crate) fn rendered<'py>(
    py: Python<'py>,
    voice: &mut dyn Voice,
    frames: u64,
    out: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyArray2<f32>>> {
    let array = convert::output(py, frames, out)?;
    let mut access = convert::writeable(&array)?;
    let samples = access.as_slice_mut()?;
    let (mut left, mut right) = (vec![0.0; BLOCK], vec![0.0; BLOCK]);
    for (index, stretch) in samples.chunks_mut(2 * STRETCH).enumerate() {
        py.check_signals()?;
        let begin = (index * STRETCH) as u64;
        engine(py, || {
            for (index, block) in stretch.chunks_mut(2 * BLOCK).enumerate() {
                let count = block.len() / 2;
                let (left, right) = (&mut left[..count], &mut right[..count]);
                voice.render(begin + (index * BLOCK) as u64, Block::new(left, right));
                for ((frame, l), r) in block.chunks_exact_mut(2).zip(left).zip(right) {
                    frame[0] = *l;
                    frame[1] = *r;
                }
            }
        })?;
    }
    drop(access);
    Ok(array)
}

/// Return every compatibility switch: its name, its value in each preset, and what it does.
#[pyfunction]
pub(crate) fn compat_table(py: Python<'_>) -> PyResult<Vec<Bound<'_, PyDict>>> {
    guard(|| {
        let describe = |switch: &Switch| {
            let row = PyDict::new(py);
            row.set_item("name", switch.name)?;
            row.set_item("legacy", switch.legacy)?;
            row.set_item("default", switch.default)?;
            row.set_item("intended", switch.intended)?;
            row.set_item("about", switch.about)?;
            row.set_item("heard", switch.heard)?;
            Ok(row)
        };
        Compat::SWITCHES.iter().map(describe).collect()
    })
}

/// Return every voice as a dictionary: name, summary, source and parameters.
#[pyfunction]
pub(crate) fn voice_table(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    guard(|| Ok(pythonize(py, &describe::voices())?))
}

/// Return the positions of a path at `times` seconds: rows of x, y, z in metres.
#[pyfunction]
#[pyo3(signature = (path, times, compat=None))]
pub(crate) fn path_positions<'py>(
    py: Python<'py>,
    path: &Bound<'py, PyMapping>,
    times: Vec<f64>,
    compat: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    guard(|| {
        let rules = convert::compat(compat)?.unwrap_or_default();
        let path = serde_json::Value::Object(convert::json_map(path, "")?);
        let found = engine(py, || positions(&path, &times, rules))?.map_err(|error| raise(py, &error))?;
        let rows: Vec<Vec<f64>> = found.into_iter().map(Vec::from).collect();
        Ok(PyArray2::from_vec2(py, &rows)?)
    })
}

/// Return the keys of the parameter `spatial` that every voice can have.
#[pyfunction]
pub(crate) fn spatial_table(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    guard(|| Ok(pythonize(py, &describe::spatial())?))
}

/// Return the parameters of the flanger that every voice can have.
#[pyfunction]
pub(crate) fn flanger_table(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    guard(|| Ok(pythonize(py, &describe::flanger())?))
}
