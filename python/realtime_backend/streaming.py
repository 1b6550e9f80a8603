"""One stream per process, as functions. The session builder calls these.

All functions control one `Player`. Names and arguments are those of the legacy backend. Without a stream, commands do
nothing. Times are in seconds on the track (spec streaming-and-bindings 1 and 2).

Examples:
    >>> import realtime_backend as rb
    >>> rb.start_stream('{"progression": [{"duration": 60.0, "voices": []}]}', backend="null")
    >>> rb.duration()
    60.0
    >>> rb.pause_stream()
    >>> rb.start_from(30.0)
    >>> rb.resume_stream()
    >>> rb.stop_stream()
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from typing import Any

from numpy.typing import ArrayLike

from . import _core
from ._edits import Editor
from .player import Player

_lock = threading.Lock()
_player: Player | None = None
_editor = Editor()
_edit_error: str | None = None
_gain = 1.0
_startup_fade = 3.0


def start_stream(
    track_json_str: str | bytes | os.PathLike[str],
    start_time: float | None = None,
    *,
    device: str | None = None,
    sample_rate: int | None = None,
    backend: str = "system",
) -> None:
    """Play a track. A running stream fades out and is replaced.

    Args:
        track_json_str: Text or bytes of a track or of a session file of another program; text is never a path. Relative
            paths in it start from the working directory. Or the path of such a file as a `pathlib.Path`.
        start_time: Where to start, in seconds. ``None`` means 0.
        device: Part of the name of an output device, in any case. ``None`` means the default device.
        sample_rate: Frames per second, 1000 to 1e6. ``None`` means the rate of the track if the device supports it,
            otherwise the rate of the device.
        backend: ``"system"``, or ``"null"`` to play in real time without a device.

    Raises:
        TrackError: The track cannot be played. It is a `ValueError`; a running stream continues.
        ValueError: `start_time`, `sample_rate` or `backend` cannot be used.
        AudioDeviceError: The device is missing or cannot be opened. It is a `RuntimeError`.

    Warns:
        TrackWarning: Part of the track was ignored or replaced, or a voice that cannot be rendered was left out.

    Examples:
        >>> rb.start_stream('{"progression": [{"duration": 60.0, "voices": []}]}', 20.0, backend="null")
        >>> rb.stop_stream()

    Source: spec streaming-and-bindings 1.1
    """
    global _player, _editor, _edit_error
    with _lock:
        try:
            player = Player(
                _text(track_json_str),
                start=start_time or 0.0,
                volume=_gain,
                startup_fade=_startup_fade,
                device=device,
                sample_rate=sample_rate,
                on_error="warn",
                backend=backend,  # type: ignore[arg-type]
                replaces=_player,
            )
        except _core.AudioDeviceError:
            if _player is not None and _player.state == "stopped":
                _player = None
            raise
        player.play()
        _editor.close()
        _editor, _edit_error = Editor(), None
        _player = player


def stop_stream() -> None:
    """Fade out, close the device and end the stream. May be called again.

    Examples:
        >>> rb.stop_stream()

    Source: spec streaming-and-bindings 2.2
    """
    global _player
    with _lock:
        if _player is not None:
            _player.stop()
            _player = None


def pause_stream() -> None:
    """Fade out and hold the position. Does nothing without a stream.

    Examples:
        >>> rb.pause_stream()

    Source: spec streaming-and-bindings 2.2
    """
    _command(Player.pause)


def resume_stream() -> None:
    """Continue from the held position, or from the start after the end. Does nothing without a stream.

    Examples:
        >>> rb.resume_stream()

    Source: spec streaming-and-bindings 2.2
    """
    _command(Player.resume)


def start_from(position: float) -> None:
    """Seek. A paused stream stays paused. Does nothing without a stream.

    Args:
        position: Seconds, clamped to the track. A position past the end finishes the stream.

    Raises:
        ValueError: `position` is not finite and there is a stream.

    Examples:
        >>> rb.start_from(30.0)

    Source: spec streaming-and-bindings 2.2
    """
    _command(lambda player: player.seek(position))


def update_track(track_json_str: str | bytes | os.PathLike[str]) -> None:
    """Replace the playing track with an edited one, without an interruption. Returns at once.

    Another thread compiles the track. If edits follow each other quickly, the last one wins. Voices that cannot be
    rendered are left out. If the edit is refused, the old track continues, and ``status()["last_error"]`` has the
    reason.

    Args:
        track_json_str: The whole track, as in `start_stream`.

    Examples:
        >>> rb.update_track('{"progression": [{"duration": 90.0, "voices": []}]}')

    Source: spec streaming-and-bindings 2.3
    """
    player = _player
    if player is not None:

        def compile_track(text: str | bytes | os.PathLike[str]) -> list[str]:
            return [str(problem) for problem in player.update(_text(text))]

        _editor.submit(track_json_str, compile_track)


def set_master_gain(gain: float) -> None:
    """Set the volume of this stream and of later ones.

    Args:
        gain: Linear volume, clamped to 0 to 1. The initial value is 1.

    Raises:
        ValueError: `gain` is not finite.

    Examples:
        >>> rb.set_master_gain(0.5)
        >>> rb.set_master_gain(1.0)

    Source: spec streaming-and-bindings 1.1
    """
    global _gain
    if not gain == gain or gain in (float("inf"), float("-inf")):
        raise ValueError(f"gain: expected a finite number, got {gain}")
    _gain = min(1.0, max(0.0, float(gain)))
    _command(lambda player: setattr(player, "volume", _gain))


def set_startup_fade(seconds: float) -> None:
    """Set the length of the fade-in of streams that start at 0. It applies from the next `start_stream` on.

    Args:
        seconds: 0 to 3600. The initial value is 3.

    Raises:
        ValueError: `seconds` is outside this range.

    Examples:
        >>> rb.set_startup_fade(3.0)

    Source: spec streaming-and-bindings 2.4
    """
    global _startup_fade
    if not 0.0 <= seconds <= 3600.0:
        raise ValueError(f"seconds: expected a number between 0 and 3600, got {seconds}")
    _startup_fade = float(seconds)


def push_clip_samples(index: int, samples: ArrayLike, finished: bool = False) -> None:
    """Append samples to a streamed clip: a clip of the track that has no file. Does nothing without a stream.

    Args:
        index: Position of the clip in the track's list of clips, from 0.
        samples: Stereo samples at the rate of the device: interleaved, or of shape ``(frames, 2)``.
        finished: ``True`` for the last samples of the clip.

    Raises:
        TrackError: `index` is not a streamed clip.
        ValueError: `samples` has another shape.

    Examples:
        >>> rb.push_clip_samples(0, np.zeros((4410, 2)))

    Source: spec streaming-and-bindings 2.5
    """
    _command(lambda player: player.push_clip_samples(index, samples, finished))


def position() -> float:
    """Return the time on the track that is heard now, in seconds; 0 without a stream.

    Examples:
        >>> rb.position()
        0.0

    Source: spec streaming-and-bindings 2.2
    """
    return _player.position if _player is not None else 0.0


def duration() -> float:
    """Return the length of the track in seconds, with overlaps and the ends of clips; 0 without a stream.

    Examples:
        >>> rb.duration()
        0.0

    Source: spec streaming-and-bindings 1.2
    """
    return _player.duration if _player is not None else 0.0


def is_playing() -> bool:
    """Return whether the state of the stream is ``starting`` or ``playing``.

    Examples:
        >>> rb.is_playing()
        False

    Source: spec streaming-and-bindings 1.2
    """
    return _player is not None and _player.state in ("starting", "playing")


def step_times() -> list[tuple[float, float]]:
    """Return the start and end of every step in seconds; an empty list without a stream.

    Examples:
        >>> rb.step_times()
        []

    Source: spec streaming-and-bindings 1.2
    """
    return _player.step_times if _player is not None else []


def status() -> dict[str, Any]:
    """Return the state of the stream.

    Returns:
        ``{"state": "stopped"}`` without a stream. Otherwise a dictionary with ``state`` (as `Player.state`), ``step``,
        ``position``, ``duration``, ``device`` (as `Player.device`), ``warnings`` (texts), ``last_error`` (text or
        ``None``), and the counters of `Player.stats`.

    Examples:
        >>> rb.status()
        {'state': 'stopped'}

    Source: spec streaming-and-bindings 1.2
    """
    global _edit_error
    player = _player
    if player is None:
        return {"state": "stopped"}
    for outcome in _editor.take():
        _edit_error = outcome.found if isinstance(outcome.found, str) else None
    found = {
        "state": player.state,
        "step": player.step,
        "position": player.position,
        "duration": player.duration,
        "device": player.device,
        "warnings": [str(problem) for problem in player.warnings],
        **player.stats(),
    }
    found["last_error"] = _edit_error or found["last_error"]
    return found


def _command(act: Callable[[Player], object]) -> None:
    """Command the stream, if there is one."""
    player = _player
    if player is not None:
        with contextlib.suppress(_core.PlayerClosed):  # stopped on another thread since
            act(player)


def _text(track: str | bytes | os.PathLike[str]) -> bytes | os.PathLike[str]:
    """Return text as bytes. A `Player` takes text for a path if it is not the content of a file, but never bytes."""
    return track.encode("utf-8", "surrogatepass") if isinstance(track, str) else track
