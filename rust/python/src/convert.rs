//! Converts Python values for the engine: JSON-like objects, the `compat` argument and output arrays.

use std::cell::Cell;

use numpy::{PyArray2, PyArrayMethods, PyReadwriteArray2, PyUntypedArrayMethods};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};
use pythonize::pythonize;
use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::Error;
use realtime_backend_core::render::TargetLevel;
use serde_json::{Map, Number, Value};

use crate::errors::raise;

/// Deepest nesting, the same as in the track loader. It also stops at cyclic objects.
const DEEPEST: usize = 100;

/// Convert JSON to Python objects. A signal handler such as that of Ctrl-C can end it, however large the document is.
pub(crate) fn to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    look_at_signals(py)?;
    match value {
        Value::Array(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(to_python(py, item)?)?;
            }
            Ok(list.into_any())
        }
        Value::Object(map) => {
            let dict = PyDict::new(py);
            for (key, item) in map {
                dict.set_item(key, to_python(py, item)?)?;
            }
            Ok(dict.into_any())
        }
        plain => Ok(pythonize(py, plain)?),
    }
}

/// Convert a Python object to JSON. Tuples and numpy arrays become lists, numpy scalars become numbers, paths become
/// text. Numbers that JSON cannot represent and objects of other types are errors with their path.
fn json_at(object: &Bound<'_, PyAny>, path: &str, depth: usize) -> PyResult<Value> {
    let py = object.py();
    look_at_signals(py)?;
    if depth == 0 {
        return Err(raise(py, &Error::invalid(path, format!("nested more than {DEEPEST} levels deep"))));
    }
    if object.is_none() {
        return Ok(Value::Null);
    }
    if object.is_instance_of::<PyBool>() {
        return Ok(Value::Bool(object.extract()?));
    }
    if object.is_instance_of::<PyInt>() {
        return whole(object, path);
    }
    if object.is_instance_of::<PyFloat>() {
        return finite(py, object.extract()?, path);
    }
    if let Ok(text) = object.cast::<PyString>() {
        return text
            .to_str()
            .map(|text| Value::String(text.to_owned()))
            .map_err(|_| raise(py, &Error::invalid(path, "text that is not valid Unicode (a lone surrogate)")));
    }
    if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
        let items = object.try_iter()?.enumerate();
        return items.map(|(i, item)| json_at(&item?, &format!("{path}[{i}]"), depth - 1)).collect();
    }
    if let Ok(mapping) = object.cast::<PyMapping>() {
        return map_at(mapping, path, depth).map(Value::Object);
    }
    if let Ok(list) = object.call_method0("tolist") {
        return json_at(&list, path, depth - 1); // numpy arrays and scalars
    }
    if let Ok(text) = object.call_method0("__fspath__") {
        return json_at(&text, path, depth - 1);
    }
    let kind = object.get_type().name()?;
    Err(raise(py, &Error::invalid(path, format!("expected a JSON value, got an object of type {kind}"))))
}

/// Check for Ctrl-C once per 4096 values, because a large document takes seconds.
fn look_at_signals(py: Python<'_>) -> PyResult<()> {
    thread_local!(static VALUES: Cell<u32> = const { Cell::new(0) });
    let count = VALUES.get().wrapping_add(1);
    VALUES.set(count);
    if count.is_multiple_of(4096) { py.check_signals() } else { Ok(()) }
}

/// Convert a Python mapping with text keys to a JSON object.
pub(crate) fn json_map(mapping: &Bound<'_, PyMapping>, path: &str) -> PyResult<Map<String, Value>> {
    map_at(mapping, path, DEEPEST)
}

/// Keyword arguments as a JSON object, keys as paths.
pub(crate) fn keywords(params: Option<&Bound<'_, PyDict>>) -> PyResult<Map<String, Value>> {
    params.map_or_else(|| Ok(Map::new()), |params| json_map(params.as_mapping(), ""))
}

fn map_at(mapping: &Bound<'_, PyMapping>, path: &str, depth: usize) -> PyResult<Map<String, Value>> {
    let py = mapping.py();
    let mut map = Map::new();
    for item in mapping.items()? {
        let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        let Ok(name) = key.extract::<String>() else {
            let message = format!("expected text keys, got {}", key.repr()?);
            return Err(raise(py, &Error::invalid(path, message)));
        };
        let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        map.insert(name, json_at(&value, &inner, depth - 1)?);
    }
    Ok(map)
}

fn whole(object: &Bound<'_, PyAny>, path: &str) -> PyResult<Value> {
    if let Ok(number) = object.extract::<i64>() {
        return Ok(Value::from(number));
    }
    if let Ok(number) = object.extract::<u64>() {
        return Ok(Value::from(number));
    }
    let message = "expected a whole number of at most 64 bits (-2^63 to 2^64 - 1); a larger one is written as text, or as \
                   a float if it may be rounded";
    Err(raise(object.py(), &Error::invalid(path, message)))
}

fn finite(py: Python<'_>, number: f64, path: &str) -> PyResult<Value> {
    Number::from_f64(number)
        .map(Value::Number)
        .ok_or_else(|| raise(py, &Error::invalid(path, format!("expected a finite number, got {number}"))))
}

/// Convert the `compat` argument: a preset name, or a mapping of single switches with an optional `"preset"`.
pub(crate) fn compat(argument: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Compat>> {
    let Some(argument) = argument else { return Ok(None) };
    let within = |error: Error| raise(argument.py(), &error.within("compat"));
    if let Ok(name) = argument.extract::<String>() {
        return Compat::named(&name).map(Some).map_err(within);
    }
    let Ok(mapping) = argument.cast::<PyMapping>() else {
        return Err(PyTypeError::new_err("compat must be a preset name or a mapping of switches"));
    };
    let mut rules = Compat::DEFAULT;
    if let Some(name) = mapping.get_item("preset").ok().filter(|name| !name.is_none()) {
        rules = Compat::named(&name.extract::<String>()?).map_err(within)?;
    }
    for item in mapping.items()? {
        let (name, value): (String, Bound<'_, PyAny>) = item.extract()?;
        if name != "preset" {
            rules.switch(&name, value.extract()?).map_err(within)?;
        }
    }
    Ok(Some(rules))
}

/// The argument `target_level`: a peak or `"auto"`.
#[derive(FromPyObject)]
pub(crate) enum Target {
    Peak(f64),
    Word(String),
}

/// Convert the `target_level` argument: a peak from 0 to 8, `"auto"`, or `None` for the level of the mix.
pub(crate) fn target_level(py: Python<'_>, given: Option<Target>) -> PyResult<TargetLevel> {
    let got = match given {
        None => return Ok(TargetLevel::Mix),
        Some(Target::Peak(level)) if (0.0..=8.0).contains(&level) => return Ok(TargetLevel::Peak(level as f32)),
        Some(Target::Word(word)) if word == "auto" => return Ok(TargetLevel::Track),
        Some(Target::Peak(level)) => level.to_string(),
        Some(Target::Word(word)) => format!("{word:?}"),
    };
    Err(raise(py, &Error::invalid("target_level", format!("expected 0 to 8, \"auto\" or None, got {got}"))))
}

/// Create a float32 array of shape `(frames, 2)`, or check that the caller's array has this shape and C order.
pub(crate) fn output<'py>(
    py: Python<'py>,
    frames: u64,
    given: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyArray2<f32>>> {
    let Some(given) = given else {
        // use numpy's constructor, so that an array that does not fit into memory raises MemoryError
        let empty = py.import("numpy")?.call_method1("empty", ((frames, 2), "float32"))?;
        return Ok(empty.cast_into::<PyArray2<f32>>()?);
    };
    let array = given
        .cast::<PyArray2<f32>>()
        .map_err(|_| PyTypeError::new_err("out must be a numpy array of float32 with two dimensions"))?;
    let shape = (array.shape()[0] as u64, array.shape()[1]);
    let message = if shape != (frames, 2) {
        format!("expected shape ({frames}, 2), got ({}, {})", shape.0, shape.1)
    } else if !array.is_c_contiguous() {
        "expected an array in C order".to_owned()
    } else {
        return Ok(array.clone());
    };
    Err(raise(py, &Error::invalid("out", message)))
}

/// Get exclusive access to an array from [`output`]. An array that is not writeable is an error.
pub(crate) fn writeable<'py>(array: &Bound<'py, PyArray2<f32>>) -> PyResult<PyReadwriteArray2<'py, f32>> {
    array
        .try_readwrite()
        .map_err(|reason| raise(array.py(), &Error::invalid("out", format!("cannot be written: {reason}"))))
}
