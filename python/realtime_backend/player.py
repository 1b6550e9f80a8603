"""Real-time playback: `Player`."""

from __future__ import annotations

import atexit
import contextlib
import os
import time
import weakref
from collections.abc import AsyncIterator, Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from ._core import NativePlayer, Problem
from ._player_events import INTERVAL, Event, Events, Watch, stream
from ._player_reports import PlayerReports
from ._track import Track

if TYPE_CHECKING:
    from typing_extensions import Self


class Player(PlayerReports):
    """Plays one track in real time. The track can be edited while it plays.

    Use a player as a context manager, or call `stop` at the end::

        with Player("evening.json") as player:
            player.play()
            player.wait()

    Several players can play at once. A player stops when nothing refers to it any more. Pause, resume, seek, stop,
    changes of volume and edits are ramped, so they do not click.

    A player that was stopped cannot play again. Every method that commands it then raises `PlayerClosed`, apart from
    `stop`; what it reports can still be read.

    Callbacks (`on_step` and the others) are called on one thread of the player, named ``player events``, one after the
    other and never at the same time. A slow one delays those after it, but not the sound. It may call any method of the
    player. An exception in a callback goes to `sys.unraisablehook`. In a Qt window use `realtime_backend.qt`, which
    calls on the thread of the window, and in asyncio use `events`, which calls nothing.

    Args:
        track: A path, JSON text, a dictionary or a `Session`.
        device: Part of the name of an output device, in any case. ``None`` means the default device.
        sample_rate: Frames per second, 1000 to 1e6. ``None`` means the rate of the track if the device supports it,
            otherwise the rate of the device.
        latency: Length of the sound that is buffered: ``"low"`` (60 ms), ``"normal"`` (120 ms), ``"high"`` (400 ms), or
            0.02 to 5 seconds.
        start: Where to start, in seconds, 0 to 1e9.
        volume: Linear volume, 0 to 1.
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
        PlayerClosed: A command was given after `stop`.
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
    _turns: tuple[int | None, bool, float, int | None] | None = None

    def __init__(
        self,
        track: Track,
        *,
        device: str | None = None,
        sample_rate: int | None = None,
        latency: str | float = "normal",
        start: float = 0.0,
        volume: float = 1.0,
        startup_fade: float = 0.0,
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Player {self.state} at {self.position:.1f} of {self.duration:.1f} s on {self.device['name']!r}>"

    def play(self, at: float | None = None) -> None:
        """Start or continue playback. After the end of the track, start again at 0.

        Args:
            at: Time of the device (`device_time`) at which to begin, in seconds, exact to the frame. The first frame of
                the ramp is heard then, as far as the device knows its latency. The state is ``starting`` until then.
                If the time is over, playback begins at once; `started_at` tells when. ``None`` means at once.

        Raises:
            PlayerClosed: The player was stopped.
            ValueError: `at` is not a time, or the player plays already.

        Examples:
            >>> player = rb.Player({"progression": [{"duration": 60.0}]}, backend="null")
            >>> player.play(at=player.device_time + 0.5)
            >>> player.state
            'starting'
            >>> player.stop()
        """
        self._native.play(at)

    def pause(self) -> None:
        """Fade out and hold the position. `play` continues from there."""
        self._native.pause()

    def resume(self) -> None:
        """Continue playback. Same as `play`."""
        self._native.play(None)

    def seek(self, position: float) -> None:
        """Seek. A paused player stays paused.

        Args:
            position: Seconds, clamped to the track. A position past the end finishes playback.

        Raises:
            ValueError: `position` is not finite.
        """
        self._native.seek(position)

    def stop(self) -> None:
        """Fade out, close the device and end the threads. May be called again.

        The player cannot be restarted: later commands raise `PlayerClosed`.
        """
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
            TypeError: It is no pair of numbers.
            PlayerClosed: The player was stopped.
        """
        return self._native.looped

    @loop.setter
    def loop(self, part: bool | tuple[float, float] | None) -> None:
        self._native.set_loop(checked_loop("loop", part))

    def update(self, track: Track) -> list[Problem]:
        """Replace the track with an edited one, without an interruption. Returns when the edit is compiled.

        The old sound is crossfaded into the new one. Voices with the same identity keep their phases. If this raises,
        the old track continues and `last_error` has the reason. Ctrl-C and `stop` end the call.

        Args:
            track: The whole track: a path, JSON text, a dictionary or a `Session`.

        Returns:
            Findings about the new track.

        Raises:
            TrackError: The track cannot be played.
            OSError: The track file cannot be read.
            PlayerClosed: The player was stopped.

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
        return self._native.push_clip_samples(index, np.require(samples, np.float32, ["C", "A"]), finished)

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

    async def wait_async(self, timeout: float | None = None) -> bool:
        """Wait as `wait` does, in a coroutine of asyncio. Cancelling it does not stop the player.

        Args:
            timeout: Longest time to wait in seconds. ``None`` means no limit.

        Returns:
            ``False`` if the timeout passed first, otherwise ``True``.

        Examples:
            >>> import asyncio
            >>> async def listen():
            ...     with rb.Player({"progression": [{"duration": 0.3}]}, backend="null") as player:
            ...         player.play()
            ...         return await player.wait_async()
            >>> asyncio.run(listen())
            True
        """
        import asyncio

        until = None if timeout is None else time.monotonic() + timeout
        while not self._native.wait(0.0):
            left = INTERVAL if until is None else min(INTERVAL, until - time.monotonic())
            if left <= 0.0:
                return False
            await asyncio.sleep(left)
        return True

    def events(self) -> AsyncIterator[Event]:
        """Return what happens from now on as an asynchronous iterator, for asyncio.

        It ends when the playback has finished, failed or was stopped. Nothing piles up if the loop is slow: the player
        is asked again when the loop asks for the next event, and tells what is new. Several loops see the same events.

        Kinds of events: ``state`` (a new state), ``progress`` (about 20 times a second during playback), ``step`` (it
        starts to sound), ``track`` (of a `Playlist`), ``device`` (see `device_events`), ``error``, ``finished``.

        Examples:
            >>> import asyncio
            >>> async def listen():
            ...     with rb.Player({"progression": [{"duration": 0.3}]}, backend="null") as player:
            ...         player.play()
            ...         return [event.kind async for event in player.events()][-1]
            >>> asyncio.run(listen())
            'finished'
        """
        watch = Watch(weakref.ref(self))
        watch.begin()
        return stream(self, watch)

    @property
    def volume(self) -> float:
        """Linear volume, 0 to 1. A new value is ramped in.

        Raises:
            ValueError: The new value is outside this range.
            PlayerClosed: The player was stopped.
        """
        return self._native.volume

    @volume.setter
    def volume(self, volume: float) -> None:
        self._native.volume = volume

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

        Callbacks and `events` see the same changes.

        - ``lost``: the device that played is gone.
        - ``opened``: a device was opened in its place.
        - ``added``, ``removed``, ``default``: a device appeared, disappeared or became the default output. Only
          PulseAudio and PipeWire can be asked for these, from the first call on.
        """
        return self._events.device_changes(self, self._events.told)

    def on_device(self, callback: Callable[[str, str], None]) -> None:
        """Call ``callback(change, name)`` when a device comes or goes, see `device_events`."""
        self._events.add("device", callback)

    def _turn(self) -> int | None:
        """Index of the track of a list that is heard; ``None`` for a player of one track."""
        return None

    def on_error(self, callback: Callable[[str], None]) -> None:
        """Call ``callback(message)`` when the device is lost or an edit is refused."""
        self._events.add("error", callback)


def checked_loop(name: str, part: object) -> tuple[float, float] | None:
    """Return start and end of a loop; the end is infinite for the whole track."""
    if part is True:
        return 0.0, float("inf")
    if part is None or part is False:
        return None
    if not isinstance(part, tuple | list) or len(part) != 2 or not all(isinstance(end, int | float) for end in part):
        raise TypeError(f"{name}: expected True, None or a pair (start, end) in seconds, got {part!r}")
    return float(part[0]), float(part[1])


_players: weakref.WeakSet[Player] = weakref.WeakSet()


@atexit.register
def _stop_all() -> None:
    """Stop all players before the interpreter exits."""
    for player in list(_players):
        with contextlib.suppress(Exception):  # a player from before a fork, or a failed one
            player.stop()
