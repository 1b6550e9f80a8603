//! Single voices: `synth`, and the table that describes them.

use std::path::PathBuf;

use numpy::PyArray2;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping};
use pythonize::pythonize;
use realtime_backend_core::compat::{Compat, Switch};
use realtime_backend_core::error::{Error, Problem, add_new};
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::track::{LoadOptions, Track};
use realtime_backend_core::voice::{Block, Context, Voice, describe, pipeline, registry};
use serde_json::json;

use crate::convert;
use crate::errors::{engine, guard, raise, warn};
use crate::interrupt::interruptible;

/// Frames between two looks at Ctrl-C.
const STRETCH: usize = 1 << 14;
/// Frames per block, small enough for the cache.
const BLOCK: usize = 4096;
/// Longest single call: what lies beyond is a mistake in the unit.
const LONGEST_S: f64 = 1e7;

/// Render the voice `name` by itself: no fades, no envelope, no flanger.
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
        let build = |interrupt: &Interrupt| {
            context.interrupt = interrupt.clone();
            registry::build(family, transition, &context, &params)
        };
        let (mut voice, warnings) = interruptible(py, build)?.map_err(|error| raise(py, &error))?;
        warn(py, &warnings, 2)?;
        rendered(py, voice.as_mut(), context.frames, out)
    })
}

/// Render one voice as a track does: parameters and timing cleaned up, volume envelope, flanger, and 10 ms fades at both
/// ends where there is no envelope. Gains of the mix come later and are not included.
///
/// Args:
///     voice: A voice of a track: ``synth_function_name``, ``params``, ``is_transition``, ``volume_envelope``.
///     duration: Length in seconds; the array has ``int(duration * sample_rate)`` frames.
///     sample_rate: Frames per second.
///     out: C-ordered float32 array of shape ``(frames, 2)`` to fill and return.
///     compat: ``"default"``, ``"legacy"`` or ``"intended"``, or a mapping of single switches.
///     seed: Seed for what is random in the voice and has no seed of its own.
///     base_dir: Folder that relative audio paths start from; by default the working directory.
///
/// Returns:
///     float32 array of shape ``(frames, 2)``.
///
/// Raises:
///     TrackError: The voice or an argument cannot be used; ``problems`` says where and why.
///
/// Warns:
///     TrackWarning: Something was ignored or replaced.
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
            // the track loader cleans the voice up, so that there is one reader of voices
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

/// A finding about the track around a single voice as one about the voice.
fn of_the_voice(mut problem: Problem) -> Problem {
    if let Some(rest) = problem.path.strip_prefix("progression[0].voices[0]") {
        problem.path = rest.trim_start_matches('.').to_owned();
    }
    problem
}

/// Length and rate of a call, checked.
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

/// All frames of a voice as an array, with a look at Ctrl-C between stretches.
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

/// Every compatibility switch: name, value in each preset, what it does.
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
            Ok(row)
        };
        Compat::SWITCHES.iter().map(describe).collect()
    })
}

/// Every voice: name, summary, source and parameters, as plain dictionaries.
#[pyfunction]
pub(crate) fn voice_table(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    guard(|| Ok(pythonize(py, &describe::voices())?))
}

/// The parameters of the flanger that every voice can have.
#[pyfunction]
pub(crate) fn flanger_table(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    guard(|| Ok(pythonize(py, &describe::flanger())?))
}
