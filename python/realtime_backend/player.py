"""Real-time playback: `Player` and `list_devices`."""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from ._core import NativePlayer, Problem
from ._core import list_devices as _list_devices
from ._core import report_unraisable as _report_unraisable

Track: TypeAlias = str | os.PathLike[str] | bytes | Mapping[str, Any]
State: TypeAlias = Literal["starting", "playing", "paused", "finished", "stopped", "failed"]

#: Seconds between two looks of the event thread at the player.
_POLL = 0.02


class Device(NamedTuple):
    """An output device: its host, its name as `Player` takes it, and whether it plays when none is named."""

    host: str
    name: str
    is_default: bool


def list_devices() -> list[Device]:
    """Output devices of all audio systems of this machine.

    Raises:
        AudioDeviceError: There is no audio system.
    """
    return [Device(*device) for device in _list_devices()]


class Player:
    """Plays a track, which may be edited while it plays.

    Use it as a context manager, or call `stop` at the end::

        with Player("evening.json") as player:
            player.play()
            player.wait()

    A player that nobody holds any more stops. An exception in a callback goes to `sys.unraisablehook`.

    Pause, resume, seek, stop, volume and edits ramp over `ramp` seconds and never click. Several players may exist.

    Args:
        track: A path, JSON text or a dictionary.
        device: Part of the output device's name, any case; ``None``: the default output.
        sample_rate: Hz; ``None``: the track's rate if the device can, else the device's.
        latency: Sound kept ready: ``"low"`` (60 ms), ``"normal"`` (120 ms), ``"high"`` (400 ms) or seconds.
        start: Where to begin, seconds.
        volume: 0 to 1.
        startup_fade: Seconds over which playback from the very start rises from silence. Never in files.
        ramp: Length of the click-free ramps, seconds (at most 10).
        compat: Rules instead of the track's own: a preset name or a mapping of switches.
        seed: Seed of everything random that has none in the track.
        on_error: ``"raise"``, or ``"warn"`` to leave out voices that cannot be rendered.
        measure_first: Measure all levels before playing, so that every sample equals the file's from the first step
            on. Otherwise steps are measured ahead of the playback and begin on an estimate.
        base_dir: Folder that relative paths in the track (and in edits of it) start from; by default that of the track
            file, else the working directory.
        backend: ``"system"``, or ``"null"`` to play to nobody in real time.
        replaces: A player that this one takes the place of. It is stopped when this track is ready to play, before the
            device is opened; a track that cannot be played leaves it as it is.

    Raises:
        TrackError: The track cannot be played as written.
        AudioDeviceError: There is no such device, or it cannot be opened. In a forked process, every use of a player
            that was made before the fork.
    """

    #: Whether what is noticed about the track is a Python warning, besides being in `warnings`.
    _warns = True

    def __init__(
        self,
        track: Track,
        *,
        device: str | None = None,
        sample_rate: int | None = None,
        latency: str | float = "normal",
        start: float = 0.0,
        volume: float = 1.0,
        startup_fade: float = 3.0,
        ramp: float = 0.015,
        compat: str | Mapping[str, bool | str] | None = None,
        seed: int | None = None,
        on_error: Literal["raise", "warn"] = "raise",
        measure_first: bool = False,
        base_dir: str | os.PathLike[str] | None = None,
        backend: Literal["system", "null"] = "system",
        replaces: Player | None = None,
    ) -> None:
        self._native: NativePlayer = NativePlayer(
            track,
            backend=backend,
            device=device,
            sample_rate=sample_rate,
            latency=latency,
            start=start,
            volume=volume,
            startup_fade=startup_fade,
            ramp=ramp,
            compat=compat,
            seed=seed,
            on_error=on_error,
            measure_first=measure_first,
            base_dir=base_dir,
            replaces=None if replaces is None else replaces._native,
            warns=self._warns,
        )
        if replaces is not None:
            replaces.stop()
        self._events = _Events(self)
        _players.add(self)

    def __enter__(self) -> Player:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Player {self.state} at {self.position:.1f} of {self.duration:.1f} s on {self.device['name']!r}>"

    def play(self) -> None:
        """Begin, or go on after `pause`; after the end, from the start."""
        self._native.play()

    def pause(self) -> None:
        """Fade out and hold the position."""
        self._native.pause()

    def resume(self) -> None:
        """The same as `play`."""
        self._native.play()

    def seek(self, position: float) -> None:
        """Go to `position` seconds (clamped to the track). Stays paused when paused; past the end finishes."""
        self._native.seek(position)

    def stop(self) -> None:
        """Fade out, close the device and end the threads. Idempotent; the player cannot be started again."""
        self._events.close()
        self._native.stop()

    def update(self, track: Track) -> list[Problem]:
        """Replace the track by an edited one without interrupting it.

        Running phases are carried over by voice identity and old and new are crossfaded. When this raises, the old
        track plays on and `last_error` keeps the reason. Ctrl-C and `stop` end it.

        Raises:
            TrackError: The track cannot be played.
            RuntimeError: The player was stopped.

        Returns:
            What was noticed about the new track.
        """
        return self._native.update(track)

    def push_clip_samples(self, index: int, samples: ArrayLike, finished: bool = False) -> tuple[int, int]:
        """Append samples to the streamed clip `index` (a clip without a file) of the track.

        Args:
            index: Place of the clip in the track's list of clips.
            samples: Stereo at the rate of `device`: interleaved, or of shape ``(frames, 2)``; float32 arrays are read
                in place.
            finished: These are the last ones.

        Returns:
            Frames that the clip holds, and frames that were due before they came and were skipped.
        """
        return self._native.push_clip_samples(index, np.ascontiguousarray(samples, dtype=np.float32), finished)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the track has ended (or playback stopped or failed). Ctrl-C interrupts.

        Returns:
            False if `timeout` seconds passed first.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            left = 0.1 if until is None else min(0.1, until - time.monotonic())
            if self._native.wait(max(left, 0.0)):
                return True
            if until is not None and time.monotonic() >= until:
                return False

    @property
    def volume(self) -> float:
        """0 to 1; ramps when set."""
        return self._native.volume

    @volume.setter
    def volume(self, volume: float) -> None:
        self._native.volume = volume

    @property
    def position(self) -> float:
        """Seconds on the track of what is heard now: exact after a seek, equal to `duration` at the end."""
        return self._native.position

    @property
    def duration(self) -> float:
        """Length of the track in seconds."""
        return self._native.duration

    @property
    def state(self) -> State:
        """What is heard.

        ``paused`` (also before the first `play`), ``starting`` (asked to play, and the device has not asked for sound
        yet), ``playing``, ``finished``, ``stopped``, or ``failed`` (the device is gone; `last_error` says why).
        """
        return self._native.state

    @property
    def step(self) -> int | None:
        """Index of the step that is heard now."""
        return self._native.step

    @property
    def step_times(self) -> list[tuple[float, float]]:
        """Start and end of every step in seconds."""
        return self._native.step_times

    @property
    def device(self) -> dict[str, Any]:
        """What plays: ``host``, ``name``, ``sample_rate``, ``channels``, ``block``."""
        return self._native.device()

    @property
    def settled(self) -> bool:
        """Whether all levels are measured."""
        return self._native.settled

    @property
    def warnings(self) -> list[Problem]:
        """What was noticed about the track that plays."""
        return self._native.warnings

    @property
    def last_error(self) -> str | None:
        """Why the last edit was refused, or why there is no sound: the device was lost (until it is back), a fault."""
        return self._native.last_error

    def stats(self) -> dict[str, Any]:
        """Counters since the start, and levels since the last call.

        Underrun events and frames (as the sound server tells them, if there is one), load average and peak of callback
        and renderer (1 = all of real time), least buffered seconds, latency that the device reports in seconds, seeks
        and edits that came too late to be crossfaded, device restarts, the last error, peak level per channel.
        """
        return self._native.stats()

    def on_progress(self, callback: Callable[[float, float], None]) -> None:
        """Call ``callback(position, duration)`` some 20 times a second while playing."""
        self._events.add("progress", callback)

    def on_step(self, callback: Callable[[int], None]) -> None:
        """Call ``callback(index)`` when another step begins to sound."""
        self._events.add("step", callback)

    def on_finished(self, callback: Callable[[], None]) -> None:
        """Call ``callback()`` when the last sample has been heard."""
        self._events.add("finished", callback)

    def on_error(self, callback: Callable[[str], None]) -> None:
        """Call ``callback(message)`` when the device is lost or an edit is refused."""
        self._events.add("error", callback)


class _Events:
    """Watches a player from a thread of its own, started with the first callback.

    The thread holds neither the player nor its callbacks: a player that nobody else holds goes away, and stops.
    """

    def __init__(self, player: Player) -> None:
        self._player = weakref.ref(player)
        self._callbacks: list[tuple[str, Callable[..., None]]] = []
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, kind: str, callback: Callable[..., None]) -> None:
        self._callbacks.append((kind, callback))
        if self._thread is None:
            watch = _Watch(self._player)
            self._thread = threading.Thread(target=watch.run, args=(self._closed,), name="player events", daemon=True)
            self._thread.start()

    def close(self) -> None:
        self._closed.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=1.0)

    def tell(self, kind: str, *arguments: object) -> None:
        for wanted, callback in list(self._callbacks):
            if wanted == kind and not self._closed.is_set():
                try:
                    callback(*arguments)
                except BaseException as error:
                    _report_unraisable(error, callback)  # the others are told all the same


class _Watch:
    """What the event thread remembers between two looks."""

    def __init__(self, player: weakref.ref[Player]) -> None:
        self._player = player
        self._first = True
        self._state: State = "paused"
        self._step: int | None = None
        self._error: str | None = None
        self._ticks = 0

    def run(self, closed: threading.Event) -> None:
        while self._look() and not closed.wait(_POLL):
            pass

    def _look(self) -> bool:
        """Tell what has happened; false when the player is gone."""
        player = self._player()
        if player is None:
            return False
        if self._first:
            self._first, self._state, self._error = False, player.state, player.last_error
            return True
        events = player._events
        before, self._state = self._state, player.state
        if self._state == "playing" and self._ticks % 2 == 0:
            events.tell("progress", player.position, player.duration)
        self._ticks += 1
        now = player.step
        if self._state == "playing" and now is not None and now != self._step:
            self._step = now
            events.tell("step", now)
        if self._state == "finished" and before != "finished":
            events.tell("progress", player.duration, player.duration)
            events.tell("finished")
        error = player.last_error
        if error != self._error:
            self._error = error
            if error is not None:
                events.tell("error", error)
        return True


_players: weakref.WeakSet[Player] = weakref.WeakSet()


@atexit.register
def _stop_all() -> None:
    """End the threads of all players while there is still an interpreter to end them."""
    for player in list(_players):
        with contextlib.suppress(Exception):  # of another process, or already failed
            player.stop()
