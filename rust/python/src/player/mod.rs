//! The native part of the player. Events, the context manager and the functions of the legacy API are written in
//! Python.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use numpy::{PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::exceptions::{PyException, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use realtime_backend_core::error;
use realtime_backend_core::error::Problem;
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::lock::lock;
use realtime_backend_core::plan::OnError;
use realtime_backend_core::track::LoadOptions;
use realtime_backend_player::{Error, OnDeviceLoss, Player, PlayerOptions, Playlist, PlaylistOptions, Shuffle};

use crate::convert;
use crate::errors::{PyProblem, engine, guard, guarded, raise, warn};
use crate::interrupt::interruptible;
use crate::track::load;
use deck::{Deck, raised};

mod deck;
mod report;

pyo3::create_exception!(
    realtime_backend,
    AudioDeviceError,
    PyRuntimeError,
    "The audio device cannot be used. The message has the reason and, if something is missing, what to install."
);

/// Plays one track. Use `realtime_backend.Player` instead.
#[pyclass(frozen, module = "realtime_backend._core", name = "NativePlayer")]
pub(crate) struct PyPlayer {
    /// The player; `None` only while this is dropped.
    player: Option<Deck>,
    /// The process that created the player. A forked child has a copy of its memory, but none of its threads.
    process: u32,
    /// Whether voices that cannot be rendered are left out, also in edits.
    keep_bad_voices: bool,
    /// Folder for relative paths in the track and in edits; `None`: the folder of the track file.
    base_dir: Option<PathBuf>,
    /// Findings from reading the track that plays.
    noticed: Mutex<Vec<Problem>>,
}

impl PyPlayer {
    fn is_of_this_process(&self) -> bool {
        self.process == std::process::id()
    }

    fn player(&self) -> PyResult<&Player> {
        self.deck().map(Deck::player)
    }

    fn list(&self) -> PyResult<&Playlist> {
        match self.deck()? {
            Deck::List(list) => Ok(list),
            Deck::One(_) => Err(PyValueError::new_err("expected a player of several tracks")),
        }
    }

    fn deck(&self) -> PyResult<&Deck> {
        self.player.as_ref().filter(|_| self.is_of_this_process()).ok_or_else(|| {
            AudioDeviceError::new_err("this player was made in another process; a forked process makes its own")
        })
    }

    /// Call a method that may take a while. Releases the interpreter.
    fn with<R: Send>(&self, py: Python<'_>, act: impl FnOnce(&Player) -> R + Send) -> PyResult<R> {
        let player = self.player()?;
        engine(py, || act(player))
    }

    /// Call a method that never waits. Keeps the interpreter, so that a thread that polls often is not inside a call
    /// when the interpreter shuts down.
    fn ask<R>(&self, question: impl FnOnce(&Player) -> R) -> PyResult<R> {
        let player = self.player()?;
        guarded(|| question(player))
    }
}

impl Drop for PyPlayer {
    fn drop(&mut self) {
        if !self.is_of_this_process() {
            // the threads of the player do not exist in this process, so they cannot be ended
            std::mem::forget(self.player.take());
        }
    }
}

#[pymethods]
impl PyPlayer {
    #[new]
    #[pyo3(signature = (track, *, backend, device, sample_rate, latency, start, volume, startup_fade, ramp, compat, seed, on_error, target_level, measure_first, on_device_loss, base_dir, turns, replaces, warns))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        track: &Bound<'_, PyAny>,
        backend: &str,
        device: Option<String>,
        sample_rate: Option<u32>,
        latency: &Bound<'_, PyAny>,
        start: f64,
        volume: f32,
        startup_fade: f64,
        ramp: f64,
        compat: Option<&Bound<'_, PyAny>>,
        seed: Option<u64>,
        on_error: &str,
        target_level: Option<convert::Target>,
        measure_first: bool,
        on_device_loss: &str,
        base_dir: Option<PathBuf>,
        turns: Option<(Option<u64>, bool, f64)>,
        replaces: Option<&Bound<'_, Self>>,
        warns: bool,
    ) -> PyResult<Self> {
        guard(|| {
            if let Some(rate) = sample_rate.filter(|rate| !(1000..=1_000_000).contains(rate)) {
                let message = format!("sample_rate: expected 1000 to 1000000 frames per second, got {rate}");
                return Err(PyValueError::new_err(message));
            }
            let ranges = [
                ("start", start, 1e9),
                ("volume", f64::from(volume), 1e9), // clamped to 1
                ("startup_fade", startup_fade, 3600.0),
                ("ramp", ramp, 10.0),
            ];
            if let Some((name, value, most)) = ranges.iter().find(|(_, value, most)| !(0.0..=*most).contains(value)) {
                return Err(PyValueError::new_err(format!("{name}: expected a number from 0 to {most}, got {value}")));
            }
            let options = PlayerOptions {
                device,
                sample_rate,
                latency: deck::latency(latency)?,
                block: None,
                start,
                volume,
                startup_fade,
                ramp,
                compat: convert::compat(compat)?,
                seed,
                on_error: OnError::from_word("on_error", on_error).map_err(|error| raise(py, &error))?,
                target_level: convert::target_level(py, target_level)?,
                measure_first,
                on_device_loss: OnDeviceLoss::named(on_device_loss).ok_or_else(|| {
                    let message = format!("on_device_loss: expected \"pause\" or \"follow\", got {on_device_loss:?}");
                    PyValueError::new_err(message)
                })?,
                ..PlayerOptions::default()
            };
            let folder = base_dir.clone();
            let keep_bad_voices = options.on_error == OnError::Warn;
            let reading = LoadOptions {
                compat: options.compat,
                keep_bad_voices,
                folder,
                only_to_play: true,
                ..LoadOptions::default()
            };
            let backend = deck::backend(backend)?;
            let process = std::process::id();
            if let Some((seed, repeat, crossfade)) = turns {
                let turns = PlaylistOptions { shuffle: seed.map(|seed| Shuffle { seed }), repeat, crossfade };
                let given = deck::given(track)?;
                let count = given.len();
                let load = deck::loader(given, reading);
                let open = |interrupt: &Interrupt| {
                    Playlist::new(
                        count,
                        load,
                        turns,
                        PlayerOptions { interrupt: interrupt.clone(), ..options },
                        backend,
                    )
                };
                let list = interruptible(py, open)?.map_err(|error| raised(py, &error))?;
                if warns {
                    warn(py, &list.player().warnings(), 2)?;
                }
                let (player, noticed) = (Some(Deck::List(list)), Mutex::default());
                return Ok(Self { player, process, keep_bad_voices, base_dir, noticed });
            }
            let (track, noticed) = load(track, reading)?;
            let prepare = |interrupt: &Interrupt| {
                Player::prepare(&track, PlayerOptions { interrupt: interrupt.clone(), ..options }, backend)
            };
            let prepared = interruptible(py, prepare)?.map_err(|error| raised(py, &error))?;
            if warns {
                warn(py, &report::with_new(&noticed, prepared.warnings()), 2)?;
            }
            if let Some(before) = replaces.map(Bound::get) {
                // stop the other player only now: if this track cannot be played, the other one must continue
                before.with(py, Player::stop)?;
            }
            let player = engine(py, || prepared.open())?.map_err(|error| raised(py, &error))?;
            let noticed = Mutex::new(noticed);
            Ok(Self { player: Some(Deck::One(player)), process, keep_bad_voices, base_dir, noticed })
        })
    }

    fn play(&self) -> PyResult<()> {
        guard(|| {
            self.deck()?.play();
            Ok(())
        })
    }

    /// Go to the next track of a list. Returns whether there is one.
    fn next(&self) -> PyResult<bool> {
        guard(|| Ok(self.list()?.next()))
    }

    /// Go to the start of the track, or to the previous track.
    fn previous(&self) -> PyResult<()> {
        guard(|| {
            self.list()?.previous();
            Ok(())
        })
    }

    /// Index of the track of a list that is heard.
    #[getter]
    fn current(&self) -> PyResult<usize> {
        guard(|| Ok(self.list()?.current()))
    }

    /// Tracks of a list that cannot be played: index and reason.
    #[getter]
    fn left_out(&self) -> PyResult<Vec<(usize, String)>> {
        guard(|| Ok(self.list()?.left_out()))
    }

    /// End the playback after `seconds`, with a fade; ``None`` ends the timer.
    fn stop_after(&self, py: Python<'_>, seconds: Option<f64>, fade: f64) -> PyResult<()> {
        guard(|| {
            let player = self.player()?;
            let Some(seconds) = seconds else {
                player.cancel_timer();
                return Ok(());
            };
            for (name, value) in [("seconds", seconds), ("fade", fade)] {
                if !(0.0..=1e8).contains(&value) {
                    return Err(PyValueError::new_err(format!("{name}: expected a number from 0 to 1e8, got {value}")));
                }
            }
            player.stop_after(seconds, fade).map_err(|error| raised(py, &error))
        })
    }

    /// Seconds until the sleep timer ends the playback.
    #[getter]
    fn timer(&self) -> PyResult<Option<f64>> {
        self.ask(Player::timer)
    }

    /// The part of the track that is looped, in seconds.
    #[getter]
    fn looped(&self) -> PyResult<Option<(f64, f64)>> {
        self.ask(|player| player.looped().map(|range| (range.start, range.end)))
    }

    /// Loop a part of the track; an infinite end is that of the track.
    fn set_loop(&self, range: Option<(f64, f64)>) -> PyResult<()> {
        self.ask(|player| player.set_loop(range.map(|(start, end)| start..end)))?
            .map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// What happened to devices since the last call: change and name.
    fn device_events(&self) -> PyResult<Vec<(&'static str, String)>> {
        self.ask(|player| player.device_events().into_iter().map(|event| (event.change.name(), event.name)).collect())
    }

    fn pause(&self) -> PyResult<()> {
        self.ask(Player::pause)
    }

    fn seek(&self, seconds: f64) -> PyResult<()> {
        guard(|| {
            if !seconds.is_finite() {
                return Err(PyValueError::new_err(format!(
                    "position: expected a finite number of seconds, got {seconds}"
                )));
            }
            self.ask(|player| player.seek(seconds))
        })
    }

    fn stop(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, Player::stop)
    }

    fn update(&self, py: Python<'_>, track: &Bound<'_, PyAny>) -> PyResult<Vec<PyProblem>> {
        guard(|| {
            let folder = self.base_dir.clone();
            let reading = LoadOptions {
                keep_bad_voices: self.keep_bad_voices,
                folder,
                only_to_play: true,
                ..LoadOptions::default()
            };
            let player = self.player()?;
            let (track, noticed) = load(track, reading).inspect_err(|error| {
                if error.is_instance_of::<PyException>(py) {
                    player.refuse(error.value(py).to_string());
                }
            })?;
            let update = |interrupt: &Interrupt| {
                player.update(&track, interrupt)?;
                let findings = report::with_new(&noticed, player.warnings());
                *lock(&self.noticed) = noticed;
                Ok(findings)
            };
            let findings: Vec<Problem> = interruptible(py, update)?.map_err(|error| match error {
                Error::Engine(error::Error::Cancelled) => PyRuntimeError::new_err("the player was stopped"),
                error => raised(py, &error),
            })?;
            Ok(findings.iter().map(PyProblem::from).collect())
        })
    }

    /// Append samples to a streamed clip: a float32 array, interleaved or of shape ``(frames, 2)``. Returns the number
    /// of frames that the clip holds and the number of frames that came too late.
    fn push_clip_samples(
        &self,
        py: Python<'_>,
        index: usize,
        samples: PyReadonlyArrayDyn<'_, f32>,
        finished: bool,
    ) -> PyResult<(u64, u64)> {
        guard(|| {
            let shape = samples.shape().to_vec();
            if !(shape.len() == 1 && shape[0].is_multiple_of(2) || shape.len() == 2 && shape[1] == 2) {
                return Err(PyValueError::new_err(format!(
                    "samples: expected interleaved stereo or an array of shape (frames, 2), got shape {shape:?}"
                )));
            }
            let flat =
                samples.as_slice().map_err(|_| PyValueError::new_err("samples: expected an array in C order"))?;
            let pushed = self
                .with(py, |player| player.push_clip_samples(index, flat, finished))?
                .map_err(|error| raised(py, &error))?;
            Ok((pushed.frames, pushed.missing))
        })
    }

    #[getter]
    fn volume(&self) -> PyResult<f32> {
        self.ask(Player::volume)
    }

    #[setter]
    fn set_volume(&self, py: Python<'_>, volume: f32) -> PyResult<()> {
        self.ask(|player| player.set_volume(volume))?.map_err(|error| raised(py, &error))
    }

    #[getter]
    fn gain_db(&self) -> PyResult<f64> {
        self.ask(Player::gain_db)
    }

    #[getter]
    fn position(&self) -> PyResult<f64> {
        self.ask(Player::position)
    }

    #[getter]
    fn duration(&self) -> PyResult<f64> {
        self.ask(Player::duration)
    }

    #[getter]
    fn state(&self) -> PyResult<&'static str> {
        self.ask(|player| player.state().name())
    }

    #[getter]
    fn step(&self) -> PyResult<Option<usize>> {
        self.ask(Player::step)
    }

    #[getter]
    fn step_times(&self) -> PyResult<Vec<(f64, f64)>> {
        self.ask(Player::step_times)
    }

    #[getter]
    fn warnings(&self) -> PyResult<Vec<PyProblem>> {
        self.ask(|player| {
            report::with_new(&lock(&self.noticed), player.warnings()).iter().map(PyProblem::from).collect()
        })
    }

    #[getter]
    fn last_error(&self) -> PyResult<Option<String>> {
        self.ask(Player::last_error)
    }

    /// Whether the levels of all steps are measured.
    #[getter]
    fn settled(&self) -> PyResult<bool> {
        self.ask(Player::has_final_levels)
    }

    /// The open device: ``host``, ``name``, ``sample_rate`` (Hz), ``channels`` and ``block`` (frames).
    fn device<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        guard(|| report::device(py, self.ask(Player::info)?))
    }

    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        guard(|| {
            let (stats, last_error) = self.ask(|player| (player.stats(), player.last_error()))?;
            report::stats(py, &stats, last_error)
        })
    }

    /// Wait for at most `seconds`. Returns whether playback has finished, stopped or failed. The Python class calls
    /// this in a loop, so that Ctrl-C works.
    fn wait(&self, py: Python<'_>, seconds: f64) -> PyResult<bool> {
        guard(|| {
            let seconds = if seconds.is_nan() { 0.0 } else { seconds };
            let until = std::time::Instant::now() + Duration::from_secs_f64(seconds.clamp(0.0, 3600.0));
            self.with(py, |player| {
                loop {
                    if player.wait(Some(Duration::ZERO)) {
                        return true;
                    }
                    if std::time::Instant::now() >= until {
                        return false;
                    }
                    std::thread::sleep(Duration::from_millis(5));
                }
            })
        })
    }
}

/// Add the player to the module.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("AudioDeviceError", module.py().get_type::<AudioDeviceError>())?;
    module.add_class::<PyPlayer>()?;
    module.add_function(wrap_pyfunction!(deck::report_unraisable, module)?)?;
    module.add_function(wrap_pyfunction!(deck::list_devices, module)?)
}
