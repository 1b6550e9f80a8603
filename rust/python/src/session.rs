//! Session files and the presets that they name, as plain Python objects (spec track-format 9 and 10).

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping};
use pythonize::pythonize;
use realtime_backend_core::error::{Error, Problem};
use realtime_backend_core::files::atomic;
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::json::parse;
use realtime_backend_core::track::{
    self, Catalogue, Globals, Input, Inputs, LoadOptions, NoiseFile, Role, SessionFile, StepLength, VoicePreset,
};
use serde_json::{Map, Value};

use crate::convert;
use crate::errors::{engine, guard, raise, warn};
use crate::interrupt::interruptible;
use crate::track::Given;

/// Return the built-in presets and those of `folders`, as
/// ``{"voices": {id: [voice, ...]}, "noises": {id: (content, path | None)}}``. A file that cannot be read is skipped
/// with a warning.
#[pyfunction]
fn preset_catalogue(py: Python<'_>, folders: Vec<PathBuf>) -> PyResult<Bound<'_, PyDict>> {
    guard(|| {
        let mut catalogue = Catalogue::built_in();
        for folder in folders {
            let skipped = interruptible(py, |interrupt| catalogue.add_folder_until(&folder, interrupt))?
                .map_err(|error| raise(py, &error))?;
            warn(py, &skipped, 2)?;
        }
        let (voices, noises) = (PyDict::new(py), PyDict::new(py));
        for (id, found) in catalogue.all_voices() {
            voices.set_item(id, pythonize(py, found)?)?;
        }
        for (id, file, path) in catalogue.all_noises() {
            noises.set_item(id, (pythonize(py, &file.to_value())?, path))?;
        }
        let out = PyDict::new(py);
        out.set_item("voices", voices)?;
        out.set_item("noises", noises)?;
        Ok(out)
    })
}

/// Check the content of a `.noise` file.
fn noise_file(py: Python<'_>, content: &Bound<'_, PyMapping>, at: &str) -> PyResult<NoiseFile> {
    let map = convert::json_map(content, at)?;
    let (file, warnings) = NoiseFile::from_map(&map).map_err(|error| raise(py, &error.within(at)))?;
    warn(py, &warnings, 2)?;
    Ok(file)
}

/// Start, duration, crossfade duration and crossfade overlap of a step.
#[derive(FromPyObject)]
struct Timing(Option<f64>, f64, Option<f64>, Option<f64>);

/// Return the start in seconds of each of `steps`, which are tuples of start, duration, crossfade duration and crossfade
/// overlap, each of which but the duration may be ``None``.
#[pyfunction]
fn step_starts(
    steps: Vec<Timing>,
    crossfade_duration: f64,
    crossfade_overlap: f64,
    compat: Option<&Bound<'_, PyAny>>,
) -> PyResult<Vec<f64>> {
    guard(|| {
        let compat = convert::compat(compat)?;
        let globals = Globals { crossfade_duration, crossfade_overlap, compat, ..Globals::default() };
        let length = |Timing(start, duration, crossfade_duration, crossfade_overlap)| StepLength {
            start,
            duration,
            crossfade_duration,
            crossfade_overlap,
        };
        Ok(track::step_starts(steps.into_iter().map(length), &globals))
    })
}

/// Return the voice of a track that a noise preset becomes in a step.
#[pyfunction]
fn noise_step_voice<'py>(content: &Bound<'py, PyMapping>) -> PyResult<Bound<'py, PyAny>> {
    guard(|| {
        let py = content.py();
        Ok(pythonize(py, &noise_file(py, content, "")?.step_voice())?)
    })
}

/// Convert a session to a track in the canonical spelling. `voices` and `noises` are as `preset_catalogue` returns
/// them.
#[pyfunction]
fn session_track<'py>(
    session: &Bound<'py, PyAny>,
    voices: &Bound<'py, PyMapping>,
    noises: &Bound<'py, PyMapping>,
) -> PyResult<Bound<'py, PyAny>> {
    guard(|| {
        let py = session.py();
        let mut catalogue = Catalogue::default();
        for (id, found) in convert::json_map(voices, "voices")? {
            let Value::Array(found) = found else {
                return Err(raise(py, &Error::invalid(format!("voices.{id}"), "expected a list of voices")));
            };
            catalogue.insert_voices(id, found);
        }
        for item in noises.items()? {
            let (id, (content, path)): (String, (Bound<'py, PyMapping>, Option<String>)) = item.extract()?;
            let file = noise_file(py, &content, &id)?;
            match path {
                Some(path) => catalogue.insert_noise_file(id, file, path),
                None => catalogue.insert_noise(id, file),
            }
        }
        let given = Given::read(session)?;
        let convert = |interrupt: &Interrupt| -> Result<(Value, Vec<Problem>), Error> {
            let (session, mut problems) = match given {
                Given::Path(path) => SessionFile::from_path(&path)?,
                Given::Text(text) => SessionFile::from_json(&text)?,
                Given::Bytes(bytes) => SessionFile::from_json(&parse::text(bytes)?)?,
                Given::Value(value) | Given::Session(value, _) => SessionFile::from_value(value)?,
            };
            let (track, more) = session
                .to_track_with(&catalogue, &LoadOptions { interrupt: interrupt.clone(), ..LoadOptions::default() })?;
            problems.extend(more);
            Ok((track.to_value(), problems))
        };
        let (track, warnings) = interruptible(py, convert)?.map_err(|error| raise(py, &error))?;
        warn(py, &warnings, 2)?;
        convert::to_python(py, &track)
    })
}

/// Return whether a dictionary is a session and not a track.
#[pyfunction]
fn is_session(found: &Bound<'_, PyMapping>) -> PyResult<bool> {
    guard(|| Ok(track::is_session(&Value::Object(convert::json_map(found, "")?))))
}

/// Return the voices of a ``.voice`` or ``.voices`` file, in the form that they have in a track.
#[pyfunction]
fn load_voice_file(py: Python<'_>, path: PathBuf) -> PyResult<Bound<'_, PyAny>> {
    guard(|| {
        let single = path.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("voices"));
        let read = |interrupt: &Interrupt| {
            if single {
                VoicePreset::from_path_until(&path, interrupt).map(|(preset, problems)| (vec![preset], problems))
            } else {
                VoicePreset::list_from_path_until(&path, interrupt)
            }
        };
        let (presets, warnings) = interruptible(py, read)?.map_err(|error| raise(py, &error))?;
        warn(py, &warnings, 2)?;
        let list: Vec<Value> = presets.iter().map(VoicePreset::to_value).collect();
        Ok(pythonize(py, &list)?)
    })
}

/// Write a ``.voice`` file with one voice, or a ``.voices`` file. The identity and the bus of a voice are not stored.
/// After an error there is no partial file.
#[pyfunction]
fn save_voice_file(py: Python<'_>, voices: Vec<Bound<'_, PyMapping>>, path: PathBuf) -> PyResult<()> {
    guard(|| {
        let mut presets = Vec::with_capacity(voices.len());
        for (index, voice) in voices.iter().enumerate() {
            let at = format!("voices[{index}]");
            let map: Map<String, Value> = convert::json_map(voice, &at)?;
            let (preset, warnings) = VoicePreset::from_map(&map).map_err(|error| raise(py, &error.within(&at)))?;
            warn(py, &warnings, 2)?;
            presets.push(preset);
        }
        let list = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("voices"));
        let written = match presets.as_slice() {
            [preset] if !list => preset.save(&path),
            presets => VoicePreset::save_list(presets, &path),
        };
        written.map_err(|error| raise(py, &error))
    })
}

/// Write the JSON text of a session file. After an error there is no partial file. `named` lists the audio files of the
/// session, each as a pair of the setting that names it and its path; `path` must not be one of them.
#[pyfunction]
fn save_session_file(py: Python<'_>, text: String, path: PathBuf, named: Vec<(String, PathBuf)>) -> PyResult<()> {
    guard(|| {
        let input = |(at, path)| Input { path, role: Role::Sound, at };
        let write = || {
            Inputs::of(named.into_iter().map(input)).refuse(&path)?;
            atomic::write(&path, text.as_bytes())
        };
        engine(py, write)?.map_err(|error| raise(py, &error))
    })
}

/// Add the functions of this file to the module.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(preset_catalogue, module)?)?;
    module.add_function(wrap_pyfunction!(step_starts, module)?)?;
    module.add_function(wrap_pyfunction!(noise_step_voice, module)?)?;
    module.add_function(wrap_pyfunction!(session_track, module)?)?;
    module.add_function(wrap_pyfunction!(is_session, module)?)?;
    module.add_function(wrap_pyfunction!(load_voice_file, module)?)?;
    module.add_function(wrap_pyfunction!(save_session_file, module)?)?;
    module.add_function(wrap_pyfunction!(save_voice_file, module)?)
}
