//! What a player plays, and its arguments.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use realtime_backend_core::error;
use realtime_backend_core::printable::printable;
use realtime_backend_core::track::LoadOptions;
use realtime_backend_player::device::null::Null;
use realtime_backend_player::device::system::{self, System};
use realtime_backend_player::device::{Backend, DeviceError, Listed};
use realtime_backend_player::{Error, Latency, Load, Player, Playlist, tracks_in};

use super::{AudioDeviceError, PlayerClosed};
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

    /// Play, at once or at a time of the device.
    pub(super) fn play(&self, at: Option<f64>) -> Result<(), Error> {
        match (self, at) {
            (Self::One(player), None) => player.play(),
            (Self::One(player), Some(at)) => player.play_at(at)?,
            (Self::List(list), None) => list.play(),
            (Self::List(list), Some(at)) => list.play_at(at)?,
        }
        Ok(())
    }
}

pub(super) fn closed() -> PyErr {
    PlayerClosed::new_err("the player was stopped and cannot play again: make a new one")
}

pub(super) fn list(deck: &Deck) -> PyResult<&Playlist> {
    match deck {
        Deck::List(list) => Ok(list),
        Deck::One(_) => Err(PyValueError::new_err("expected a player of several tracks")),
    }
}

/// Check a linear volume.
pub(super) fn volume(volume: f64) -> PyResult<f32> {
    if (0.0..=1.0).contains(&volume) {
        return Ok(volume as f32);
    }
    Err(PyValueError::new_err(format!("volume: expected a number from 0 to 1, got {volume}")))
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

/// List the track files of a folder in the order of their names; a path that is no folder is a list of itself.
#[pyfunction]
pub(crate) fn tracks_in_folder(py: Python<'_>, path: PathBuf) -> PyResult<Vec<PathBuf>> {
    guard(|| {
        let shown = path.display().to_string();
        tracks_in(&path).map_err(|source| raise(py, &error::Error::Io { path: shown, source }))
    })
}

/// A function that loads each track when it is its turn.
pub(super) fn loader(given: Vec<Given>, reading: LoadOptions) -> Load {
    Box::new(move |index, interrupt| {
        let track = given.get(index).ok_or_else(|| error::Error::invalid("", "expected a track"))?;
        track.clone().load(LoadOptions { interrupt: interrupt.clone(), ..reading.clone() })
    })
}

/// An output device: host, name, whether it is the default, channels, rates.
type Row = (String, String, bool, Option<u16>, Vec<u32>);

/// List the output devices as ``(host, name, is_default, channels, sample_rates)``.
#[pyfunction]
pub(crate) fn list_devices(py: Python<'_>) -> PyResult<Vec<Row>> {
    guard(|| {
        let listed = engine(py, system::list)?.map_err(|error| device_error(&error))?;
        let row = |device: Listed| (device.host, device.name, device.is_default, device.channels, device.rates);
        Ok(listed.into_iter().map(row).collect())
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
