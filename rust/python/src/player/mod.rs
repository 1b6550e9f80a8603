//! The native part of the player. Events, the context manager and the functions of the legacy API are written in
//! Python.

use std::path::PathBuf;
use std::sync::Mutex;

use numpy::PyReadonlyArrayDyn;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use realtime_backend_core::error::Problem;
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::lock::lock;
use realtime_backend_core::plan::OnError;
use realtime_backend_core::track::LoadOptions;
use realtime_backend_player::{OnDeviceLoss, Player, PlayerOptions, Playlist, PlaylistOptions, Shuffle};

use crate::convert;
use crate::errors::{PyProblem, engine, guard, guarded, raise, warn};
use crate::interrupt::interruptible;
use crate::track::load;
use deck::{Deck, closed, list, raised};

mod commands;
mod deck;
mod report;

pyo3::create_exception!(
    realtime_backend,
    AudioDeviceError,
    PyRuntimeError,
    "The audio device cannot be used. The message has the reason and, if something is missing, what to install."
);

pyo3::create_exception!(
    realtime_backend,
    PlayerClosed,
    PyRuntimeError,
    "The player was stopped. It cannot play again: make a new one."
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

    fn deck(&self) -> PyResult<&Deck> {
        self.player.as_ref().filter(|_| self.is_of_this_process()).ok_or_else(|| {
            AudioDeviceError::new_err("this player was made in another process; a forked process makes its own")
        })
    }

    /// The player, for a command. One that was stopped takes none.
    fn live(&self) -> PyResult<&Deck> {
        let deck = self.deck()?;
        if deck.player().is_stopped() {
            return Err(closed());
        }
        Ok(deck)
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
        volume: f64,
        startup_fade: f64,
        ramp: f64,
        compat: Option<&Bound<'_, PyAny>>,
        seed: Option<u64>,
        on_error: &str,
        target_level: Option<convert::Target>,
        measure_first: bool,
        on_device_loss: &str,
        base_dir: Option<PathBuf>,
        turns: Option<(Option<u64>, bool, f64, Option<usize>)>,
        replaces: Option<&Bound<'_, Self>>,
        warns: bool,
    ) -> PyResult<Self> {
        guard(|| {
            if let Some(rate) = sample_rate.filter(|rate| !(1000..=1_000_000).contains(rate)) {
                let message = format!("sample_rate: expected 1000 to 1000000 frames per second, got {rate}");
                return Err(PyValueError::new_err(message));
            }
            let ranges = [("start", start, 1e9), ("startup_fade", startup_fade, 3600.0), ("ramp", ramp, 10.0)];
            if let Some((name, value, most)) = ranges.iter().find(|(_, value, most)| !(0.0..=*most).contains(value)) {
                return Err(PyValueError::new_err(format!("{name}: expected a number from 0 to {most}, got {value}")));
            }
            let options = PlayerOptions {
                device,
                sample_rate,
                latency: deck::latency(latency)?,
                block: None,
                start,
                volume: deck::volume(volume)?,
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
            if let Some((seed, repeat, crossfade, first)) = turns {
                let turns = PlaylistOptions { shuffle: seed.map(|seed| Shuffle { seed }), repeat, first, crossfade };
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

    #[pyo3(signature = (at))]
    fn play(&self, py: Python<'_>, at: Option<f64>) -> PyResult<()> {
        guard(|| self.live()?.play(at).map_err(|error| raised(py, &error)))
    }

    /// Seconds of sound that the device has played.
    #[getter]
    fn device_time(&self) -> PyResult<f64> {
        self.ask(Player::device_time)
    }

    /// Time of the device at which the playback began last.
    #[getter]
    fn started_at(&self) -> PyResult<Option<f64>> {
        self.ask(Player::started_at)
    }

    /// Peak and RMS of both channels in dBFS.
    fn meters(&self) -> PyResult<((f64, f64), (f64, f64))> {
        self.ask(|player| {
            let levels = player.meters();
            (levels.peak.into(), levels.rms.into())
        })
    }

    /// Go to the next track of a list. Returns whether there is one.
    fn next(&self) -> PyResult<bool> {
        guard(|| Ok(list(self.live()?)?.next()))
    }

    /// Go to the start of the track, or to the previous track.
    fn previous(&self) -> PyResult<()> {
        guard(|| {
            list(self.live()?)?.previous();
            Ok(())
        })
    }

    /// Go to the track of a list with this index.
    fn go_to(&self, index: usize) -> PyResult<bool> {
        guard(|| Ok(list(self.live()?)?.go_to(index)))
    }

    /// Have other tracks in a list.
    fn set_tracks(&self, py: Python<'_>, tracks: &Bound<'_, PyAny>, current: Option<usize>) -> PyResult<usize> {
        guard(|| self.relisted(py, tracks, current))
    }

    /// Have another order of a list.
    fn set_order(&self, seed: Option<u64>, repeat: bool) -> PyResult<()> {
        guard(|| {
            list(self.live()?)?.set_order(seed.map(|seed| Shuffle { seed }), repeat);
            Ok(())
        })
    }

    /// Index of the track of a list that is heard.
    #[getter]
    fn current(&self) -> PyResult<usize> {
        guard(|| Ok(list(self.deck()?)?.current()))
    }

    /// Tracks of a list that cannot be played: index and reason.
    #[getter]
    fn left_out(&self) -> PyResult<Vec<(usize, String)>> {
        guard(|| Ok(list(self.deck()?)?.left_out()))
    }

    /// End the playback after `seconds`, with a fade; ``None`` ends the timer.
    fn stop_after(&self, py: Python<'_>, seconds: Option<f64>, fade: f64) -> PyResult<()> {
        guard(|| self.sleep_after(py, seconds, fade))
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
        guard(|| {
            let player = self.live()?.player();
            player
                .set_loop(range.map(|(start, end)| start..end))
                .map_err(|error| PyValueError::new_err(error.to_string()))
        })
    }

    /// What happened to devices since the last call: change and name.
    fn device_events(&self) -> PyResult<Vec<(&'static str, String)>> {
        self.ask(|player| player.device_events().into_iter().map(|event| (event.change.name(), event.name)).collect())
    }

    fn pause(&self) -> PyResult<()> {
        guard(|| {
            self.live()?.player().pause();
            Ok(())
        })
    }

    fn seek(&self, seconds: f64) -> PyResult<()> {
        guard(|| {
            if !seconds.is_finite() {
                return Err(PyValueError::new_err(format!(
                    "position: expected a finite number of seconds, got {seconds}"
                )));
            }
            self.live()?.player().seek(seconds);
            Ok(())
        })
    }

    fn stop(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, Player::stop)
    }

    fn update(&self, py: Python<'_>, track: &Bound<'_, PyAny>) -> PyResult<Vec<PyProblem>> {
        guard(|| self.edited(py, track))
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
        guard(|| self.pushed(py, index, &samples, finished))
    }

    #[getter]
    fn volume(&self) -> PyResult<f32> {
        self.ask(Player::volume)
    }

    #[setter]
    fn set_volume(&self, py: Python<'_>, value: f64) -> PyResult<()> {
        guard(|| {
            let (player, volume) = (self.live()?.player(), deck::volume(value)?);
            player.set_volume(volume).map_err(|error| raised(py, &error))
        })
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
        guard(|| self.waited(py, seconds))
    }
}

/// Add the player to the module.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("AudioDeviceError", module.py().get_type::<AudioDeviceError>())?;
    module.add("PlayerClosed", module.py().get_type::<PlayerClosed>())?;
    module.add_class::<PyPlayer>()?;
    module.add_function(wrap_pyfunction!(deck::report_unraisable, module)?)?;
    module.add_function(wrap_pyfunction!(deck::tracks_in_folder, module)?)?;
    module.add_function(wrap_pyfunction!(deck::list_devices, module)?)
}
