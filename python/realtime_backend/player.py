"""Real-time playback: `Player` and `list_devices`."""

from __future__ import annotations

import atexit
import contextlib
import os
import time
import weakref
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from ._core import NativePlayer, Problem
from ._core import list_devices as _list_devices
from ._player_events import Events
from ._track import Track

State: TypeAlias = Literal["starting", "playing", "paused", "finished", "stopped", "failed"]


class Device(NamedTuple):
    """An output device.

    Examples:
        >>> rb.list_devices()[0].is_default  # with REALTIME_BACKEND_AUDIO_HOST=null
        True
    """

    host: str
    """Audio system, such as ``PulseAudio`` or ``ALSA``."""
    name: str
    """Name of the device. `Player` accepts it, or a part of it, as `device`."""
    is_default: bool
    """Whether a `Player` without `device` uses this device."""


def list_devices() -> list[Device]:
    """List the output devices of all audio systems of this machine.

    Raises:
        AudioDeviceError: There is no audio system.

    Examples:
        >>> [device.name for device in rb.list_devices()]  # with REALTIME_BACKEND_AUDIO_HOST=null
        ['null']
    """
    return [Device(*device) for device in _list_devices()]


class Player:
    """Plays one track in real time. The track can be edited while it plays.

    Use a player as a context manager, or call `stop` at the end::

        with Player("evening.json") as player:
            player.play()
            player.wait()

    Several players can play at once. A player stops when nothing refers to it any more. Pause, resume, seek, stop,
    changes of volume and edits are ramped, so they do not click. An exception in a callback goes to
    `sys.unraisablehook`.

    Args:
        track: A path, JSON text or a dictionary.
        device: Part of the name of an output device, in any case. ``None`` means the default device.
        sample_rate: Frames per second, 1000 to 1e6. ``None`` means the rate of the track if the device supports it,
            otherwise the rate of the device.
        latency: Length of the sound that is buffered: ``"low"`` (60 ms), ``"normal"`` (120 ms), ``"high"`` (400 ms), or
            0.02 to 5 seconds.
        start: Where to start, in seconds, 0 to 1e9.
        volume: Linear volume. Values above 1 count as 1.
        startup_fade: Length of the fade-in when playback starts at 0, in seconds, 0 to 3600. Files never have it.
        ramp: Length of the ramps that avoid clicks, in seconds, 0 to 10.
        compat: Rules that replace those of the track: a preset name or a mapping of single switches. ``None`` means
            the rules of the track.
        seed: Seed of random parts that have no seed in the track. ``None`` derives one from the content of the track.
        on_error: ``"raise"`` refuses a track with a voice that cannot be rendered. ``"warn"`` leaves the voice out.
        target_level: Peak of the whole track, as in a file, 0 to 8. ``None`` means the level of the mix. ``"auto"``
            means that of a file under the rules ``"intended"``, else that of the mix.
        measure_first: ``True`` measures the levels of all steps first, so that playback has the samples of a file.
            ``False`` measures during playback; a step that is not measured yet starts with an estimated level.
        base_dir: Folder for relative paths in the track and its edits. ``None`` means the folder of the track file, or
            the working directory if the track is no file.
        backend: ``"system"``, or ``"null"`` to play in real time without a device.
        on_device_loss: What happens when the device goes away (headphones are pulled out). ``"pause"`` holds the
            position; `play` then continues on the device if it is back, otherwise on the current default. ``"follow"``
            goes on by itself.
        replaces: A player to replace. It is stopped after this track has been prepared and before the device is opened.
            If this track cannot be played, the other player continues.

    Raises:
        TrackError: The track cannot be played.
        ValueError: An argument is out of range.
        OSError: The track file cannot be read.
        AudioDeviceError: The device is missing or cannot be opened. In a forked process, every call on a player that
            was made before the fork raises this too.

    Warns:
        TrackWarning: Part of the track was ignored, replaced or left out.

    Source: spec streaming-and-bindings 2
    """

    #: Whether findings about the track are also Python warnings.
    _warns = True
    #: Seed of the order, whether the list repeats, and the crossfade of a player of several tracks.
    _turns: tuple[int | None, bool, float] | None = None

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
        target_level: float | Literal["auto"] | None = "auto",
        measure_first: bool = False,
        base_dir: str | os.PathLike[str] | None = None,
        backend: Literal["system", "null"] = "system",
        on_device_loss: Literal["pause", "follow"] = "pause",
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
            target_level=target_level,
            measure_first=measure_first,
            base_dir=base_dir,
            on_device_loss=on_device_loss,
            turns=self._turns,
            replaces=None if replaces is None else replaces._native,
            warns=self._warns,
        )
        if replaces is not None:
            replaces.stop()
        self._events = Events(weakref.ref(self))
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
        """Start or continue playback. After the end of the track, start again at 0."""
        self._native.play()

    def pause(self) -> None:
        """Fade out and hold the position. `play` continues from there."""
        self._native.pause()

    def resume(self) -> None:
        """Continue playback. Same as `play`."""
        self._native.play()

    def seek(self, position: float) -> None:
        """Seek. A paused player stays paused.

        Args:
            position: Seconds, clamped to the track. A position past the end finishes playback.

        Raises:
            ValueError: `position` is not finite.
        """
        self._native.seek(position)

    def stop(self) -> None:
        """Fade out, close the device and end the threads. May be called again. The player cannot be restarted."""
        self._events.close()
        self._native.stop()

    def stop_after(self, seconds: float | None, fade: float = 60.0) -> None:
        """Set the sleep timer: fade out and end the playback with the state ``finished``.

        The time that is heard counts: while the player is paused, the timer stands still. Seeks, edits and loops do not
        change it. The position stays where the silence began; `play` continues there.

        Args:
            seconds: Time until the silence, 0 to 1e8. ``None`` ends the timer.
            fade: Length of the fade before the silence in seconds, at most `seconds`. Both are at least one `ramp`.

        Raises:
            ValueError: An argument is out of range.

        Examples:
            >>> player = rb.Player({"progression": [{"duration": 60.0}]}, backend="null")
            >>> player.stop_after(45 * 60, fade=5 * 60)
            >>> player.timer
            2700.0
            >>> player.stop_after(None)
            >>> player.stop()
        """
        self._native.stop_after(seconds, fade)

    @property
    def timer(self) -> float | None:
        """Seconds of sound until the sleep timer ends the playback; ``None`` without a timer."""
        return self._native.timer

    @property
    def loop(self) -> tuple[float, float] | None:
        """The part of the track that is played again and again: start and end in seconds; ``None`` without a loop.

        Set it to ``True`` for the whole track, to a start and an end at least 0.1 s apart, or to ``None``. The end
        joins the start with a crossfade as long as that of the track's steps, at most half the loop, and tone voices
        continue their phases. The period is exact to the frame. A seek behind the end leaves the loop, a seek before it
        enters it. An edit keeps it, clamped to the new track.

        Raises:
            ValueError: The part is too short or not a part of a track.
        """
        return self._native.looped

    @loop.setter
    def loop(self, part: bool | tuple[float, float] | None) -> None:
        if part is True:
            part = (0.0, float("inf"))
        self._native.set_loop(part or None)

    def update(self, track: Track) -> list[Problem]:
        """Replace the track with an edited one, without an interruption. Returns when the edit is compiled.

        The old sound is crossfaded into the new one. Voices with the same identity keep their phases. If this raises,
        the old track continues and `last_error` has the reason. Ctrl-C and `stop` end the call.

        Args:
            track: The whole track: a path, JSON text or a dictionary.

        Returns:
            Findings about the new track.

        Raises:
            TrackError: The track cannot be played.
            OSError: The track file cannot be read.
            RuntimeError: The player was stopped.

        Source: spec streaming-and-bindings 2.3
        """
        return self._native.update(track)

    def push_clip_samples(self, index: int, samples: ArrayLike, finished: bool = False) -> tuple[int, int]:
        """Append samples to a streamed clip: a clip of the track that has no file.

        Args:
            index: Position of the clip in the track's list of clips, from 0.
            samples: Stereo samples at the rate of `device`: interleaved, or of shape ``(frames, 2)``. C-ordered float32
                arrays are not copied first.
            finished: ``True`` for the last samples of the clip.

        Returns:
            The number of frames that the clip holds, and the number of frames that came too late and were skipped.

        Raises:
            TrackError: `index` is not a streamed clip.
            ValueError: `samples` has another shape.

        Source: spec streaming-and-bindings 2.5
        """
        return self._native.push_clip_samples(index, np.ascontiguousarray(samples, dtype=np.float32), finished)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until playback has finished, stopped or failed. Ctrl-C interrupts the wait.

        Args:
            timeout: Longest time to wait in seconds. ``None`` means no limit.

        Returns:
            ``False`` if the timeout passed first, otherwise ``True``.
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
        """Linear volume, 0 to 1. A new value is clamped to this range and ramped in.

        Raises:
            TrackError: The new value is not finite.
        """
        return self._native.volume

    @volume.setter
    def volume(self, volume: float) -> None:
        self._native.volume = volume

    @property
    def gain_db(self) -> float:
        """Gain in dB to `target_level`, estimated until the track is measured; 0 at the level of the mix."""
        return self._native.gain_db

    @property
    def position(self) -> float:
        """Time on the track that is heard now, in seconds. Exact after a seek; equal to `duration` at the end."""
        return self._native.position

    @property
    def duration(self) -> float:
        """Length of the track in seconds, with overlaps and the ends of clips."""
        return self._native.duration

    @property
    def state(self) -> State:
        """State of playback.

        - ``paused``: paused, or not started yet.
        - ``starting``: `play` was called, and the device has not asked for sound yet.
        - ``playing``
        - ``finished``: the end of the track has been heard.
        - ``stopped``: `stop` was called.
        - ``failed``: the device is lost, or there was a fault. `last_error` has the reason.
        """
        return self._native.state

    @property
    def step(self) -> int | None:
        """Index of the step that is heard now, from 0; ``None`` between steps and after the last one."""
        return self._native.step

    @property
    def step_times(self) -> list[tuple[float, float]]:
        """Start and end of every step in seconds."""
        return self._native.step_times

    @property
    def device(self) -> dict[str, Any]:
        """The open device: ``host``, ``name``, ``sample_rate`` (Hz), ``channels`` and ``block`` (frames)."""
        return self._native.device()

    @property
    def settled(self) -> bool:
        """Whether the levels of all steps are measured. If so, the samples are those of a file."""
        return self._native.settled

    @property
    def warnings(self) -> list[Problem]:
        """Findings about the playing track."""
        return self._native.warnings

    @property
    def last_error(self) -> str | None:
        """Reason why the last edit was refused or why there is no sound, or ``None``.

        The message about a lost device goes away when the device is back.
        """
        return self._native.last_error

    def stats(self) -> dict[str, Any]:
        """Return counters since the start, and peak levels since the last call.

        Returns:
            A dictionary with these keys:

            - ``underrun_events``: how often the device ran out of sound. A sound server reports it itself.
            - ``underrun_frames``: the frames of silence that it played instead.
            - ``load_average``, ``load_peak``: load of the audio callback, 1 is all of real time.
            - ``render_load_average``, ``render_load_peak``: load of the render thread.
            - ``callbacks``, ``largest_callback``: number of callbacks, and the largest one in frames.
            - ``ring_fill_minimum``: shortest buffered sound in seconds.
            - ``latency``: latency that the device reports, in seconds.
            - ``late_splices``: seeks and edits that came too late for a crossfade.
            - ``restarts``: times that the device was reopened.
            - ``last_error``: as the property.
            - ``peak``: highest level of the left and right channel since the last call.

        Source: spec streaming-and-bindings 1.2
        """
        return self._native.stats()

    def on_progress(self, callback: Callable[[float, float], None]) -> None:
        """Call ``callback(position, duration)`` about 20 times a second during playback. Times are in seconds."""
        self._events.add("progress", callback)

    def on_step(self, callback: Callable[[int], None]) -> None:
        """Call ``callback(index)`` when a step starts to sound."""
        self._events.add("step", callback)

    def on_finished(self, callback: Callable[[], None]) -> None:
        """Call ``callback()`` after the last sample has been heard."""
        self._events.add("finished", callback)

    def device_events(self) -> list[tuple[str, str]]:
        """Return what happened to devices since the last call: pairs of a change and the name of the device.

        - ``lost``: the device that played is gone.
        - ``opened``: a device was opened in its place.
        - ``added``, ``removed``, ``default``: a device appeared, disappeared or became the default output. Only
          PulseAudio and PipeWire can be asked for these, from the first call on.
        """
        return self._native.device_events()

    def on_device(self, callback: Callable[[str, str], None]) -> None:
        """Call ``callback(change, name)`` when a device comes or goes, see `device_events`."""
        self._events.add("device", callback)

    def _turn(self) -> int | None:
        """Index of the track of a list that is heard; ``None`` for a player of one track."""
        return None

    def on_error(self, callback: Callable[[str], None]) -> None:
        """Call ``callback(message)`` when the device is lost or an edit is refused."""
        self._events.add("error", callback)


_players: weakref.WeakSet[Player] = weakref.WeakSet()


@atexit.register
def _stop_all() -> None:
    """Stop all players before the interpreter exits."""
    for player in list(_players):
        with contextlib.suppress(Exception):  # a player from before a fork, or a failed one
            player.stop()
