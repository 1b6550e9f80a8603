//! What a player plays, and its arguments.

use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use realtime_backend_core::error;
use realtime_backend_core::printable::printable;
use realtime_backend_core::track::LoadOptions;
use realtime_backend_player::device::null::Null;
use realtime_backend_player::device::system::{self, System};
use realtime_backend_player::device::{Backend, DeviceError};
use realtime_backend_player::{Error, Latency, Load, Player, Playlist, tracks_in};

use super::AudioDeviceError;
use crate::errors::{engine, guard, raise};
use crate::track::Given;

pub(super) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    match error {
        Error::Engine(error) => raise(py, error),
        Error::Device(error) => device_error(error),
    }
}

pub(super) fn device_error(error: &DeviceError) -> PyErr {
    AudioDeviceError::new_err(printable(&error.to_string()).into_owned())
}

/// One track, or several in turn.
pub(super) enum Deck {
    One(Player),
    List(Playlist),
}

impl Deck {
    pub(super) const fn player(&self) -> &Player {
        match self {
            Self::One(player) => player,
            Self::List(list) => list.player(),
        }
    }

    pub(super) fn play(&self) {
        match self {
            Self::One(player) => player.play(),
            Self::List(list) => list.play(),
        }
    }
}

pub(super) fn latency(value: &Bound<'_, PyAny>) -> PyResult<Latency> {
    if let Ok(name) = value.extract::<String>() {
        return Latency::named(&name).ok_or_else(|| {
            PyValueError::new_err(format!("latency: expected \"low\", \"normal\", \"high\" or seconds, got {name:?}"))
        });
    }
    let seconds: f64 = value.extract()?;
    if !(0.02..=5.0).contains(&seconds) {
        return Err(PyValueError::new_err(format!("latency: expected 0.02 to 5 seconds, got {seconds}")));
    }
    Ok(Latency::Seconds(seconds))
}

pub(super) fn backend(name: &str) -> PyResult<Arc<dyn Backend>> {
    match name {
        "system" => Ok(Arc::new(System)),
        "null" => Ok(Arc::new(Null::default())),
        other => Err(PyValueError::new_err(format!("backend: expected \"system\" or \"null\", got {other:?}"))),
    }
}

/// The tracks of a list. A folder is all tracks in it.
pub(super) fn given(tracks: &Bound<'_, PyAny>) -> PyResult<Vec<Given>> {
    let mut all = Vec::new();
    for track in tracks.try_iter()? {
        match Given::read(&track?)? {
            Given::Path(path) => {
                let shown = path.display().to_string();
                let found =
                    tracks_in(&path).map_err(|source| raise(tracks.py(), &error::Error::Io { path: shown, source }))?;
                all.extend(found.into_iter().map(Given::Path));
            }
            other => all.push(other),
        }
    }
    Ok(all)
}

/// A function that loads each track when it is its turn.
pub(super) fn loader(given: Vec<Given>, reading: LoadOptions) -> Load {
    Box::new(move |index, interrupt| {
        let track = given.get(index).ok_or_else(|| error::Error::invalid("", "expected a track"))?;
        track.clone().load(LoadOptions { interrupt: interrupt.clone(), ..reading.clone() })
    })
}

/// List the output devices as ``(host, name, is_default)``.
#[pyfunction]
pub(crate) fn list_devices(py: Python<'_>) -> PyResult<Vec<(String, String, bool)>> {
    guard(|| {
        let listed = engine(py, system::list)?.map_err(|error| device_error(&error))?;
        Ok(listed.into_iter().map(|device| (device.host, device.name, device.is_default)).collect())
    })
}

/// Pass an exception of a callback to `sys.unraisablehook`.
#[pyfunction]
pub(crate) fn report_unraisable(error: Bound<'_, PyAny>, callback: &Bound<'_, PyAny>) -> PyResult<()> {
    guard(|| {
        let py = callback.py();
        PyErr::from_value(error).write_unraisable(py, Some(callback));
        Ok(())
    })
}
