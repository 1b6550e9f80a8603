"""One stream per process, as functions: the interface that the session builder calls.

Every function is a thin layer over one `Player`. Commands without a running stream do nothing, as before.
"""

from __future__ import annotations

import threading
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
    track_json_str: str,
    start_time: float | None = None,
    *,
    device: str | None = None,
    sample_rate: int | None = None,
    backend: str = "system",
) -> None:
    """Play a track (JSON text) from `start_time` seconds. A stream that runs is faded out and replaced.

    Voices that cannot be rendered are left out with a warning.

    Raises:
        TrackError: The track cannot be played (a `ValueError`); what plays plays on.
        AudioDeviceError: The device cannot be opened (a `RuntimeError`).
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
    """Fade out and close the device."""
    global _player
    with _lock:
        if _player is not None:
            _player.stop()
            _player = None


def pause_stream() -> None:
    """Fade out and hold the position."""
    if _player is not None:
        _player.pause()


def resume_stream() -> None:
    """Go on from where it was paused."""
    if _player is not None:
        _player.resume()


def start_from(position: float) -> None:
    """Go to `position` seconds; stays paused when paused."""
    if _player is not None:
        _player.seek(position)


def update_track(track_json_str: str) -> None:
    """Replace the track that plays by an edited one; returns at once.

    It is compiled on another thread; of edits that follow each other quickly the last counts. Voices that cannot be
    rendered are left out. When the edit is refused the old track plays on, and ``status()["last_error"]`` says why.
    """
    player = _player
    if player is not None:

        def compile_track(text: str) -> list[str]:
            return [str(problem) for problem in player.update(_text(text))]

        _editor.submit(track_json_str, compile_track)


def set_master_gain(gain: float) -> None:
    """Volume, clamped to 0..1. Holds for later streams too, from their first sample."""
    global _gain
    if not gain == gain or gain in (float("inf"), float("-inf")):
        raise ValueError(f"gain: expected a finite number, got {gain}")
    _gain = min(1.0, max(0.0, float(gain)))
    if _player is not None:
        _player.volume = _gain


def set_startup_fade(seconds: float) -> None:
    """Rise of streams that begin at 0, in seconds (3 by default); holds from the next `start_stream` on."""
    global _startup_fade
    if not 0.0 <= seconds < float("inf"):
        raise ValueError(f"seconds: expected a number of at least 0, got {seconds}")
    _startup_fade = float(seconds)


def push_clip_samples(index: int, samples: ArrayLike, finished: bool = False) -> None:
    """Append stereo samples (at the stream's rate) to the streamed clip `index`; see `Player.push_clip_samples`."""
    if _player is not None:
        _player.push_clip_samples(index, samples, finished)


def position() -> float:
    """Seconds on the track of what is heard now; 0 without a stream."""
    return _player.position if _player is not None else 0.0


def duration() -> float:
    """Length of the track that plays, in seconds; 0 without a stream."""
    return _player.duration if _player is not None else 0.0


def is_playing() -> bool:
    """Whether a stream sounds, or is about to."""
    return _player is not None and _player.state in ("starting", "playing")


def step_times() -> list[tuple[float, float]]:
    """Start and end of every step in seconds."""
    return _player.step_times if _player is not None else []


def status() -> dict[str, Any]:
    """State, step, device, counters, warnings and the last error of the stream.

    The state is one of `Player.state`; ``starting`` until the device has asked for the first sound.
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


def _text(track: str) -> str | bytes:
    """The track as bytes, which are never taken for the name of a file."""
    return track.encode("utf-8", "surrogatepass") if isinstance(track, str) else track
