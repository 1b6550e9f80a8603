"""The player as a Qt object: for the session builder and other windows (PyQt5, PyQt6, PySide6 through qtpy).

``pip install "realtime_backend[qt]"`` and one of the bindings. Signals and callbacks come on the thread that the object
lives on, from its event loop.
"""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import QObject, QTimer, Signal

from ._core import AudioDeviceError
from ._edits import Editor
from .player import Player

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .player import State

__all__ = ["StreamPlayer"]

#: Milliseconds between two looks at the player.
PERIOD = 50
#: Milliseconds between two looks at an edit that is being compiled.
EDIT_PERIOD = 10


class StreamPlayer(QObject):  # type: ignore[misc]  # the bindings are not typed through qtpy
    """Plays a track that is edited while it plays.

    Nothing sounds and no device is opened before `start`. Volume and position may be set before.

    Args:
        track_data: The track, as the editor holds it in memory (or a path, or JSON text). It is copied.
        parent: Qt parent.
        **options: Of `realtime_backend.Player`: ``device``, ``latency``, ``base_dir``, ...; with
            ``on_error="warn"`` voices that cannot be rendered are left out instead of refusing the track.
    """

    started = Signal()
    """The stream sounds."""
    stopped = Signal()
    """`stop` has closed the device."""
    finished = Signal()
    """The last sample has been heard."""
    state_changed = Signal(str)
    """``stopped``, ``playing``, ``paused``, ``finished`` or ``failed``."""
    position_changed = Signal(float)
    """Seconds on the track of what is heard, some 20 times a second while playing."""
    step_changed = Signal(int)
    """Another step has begun to sound."""
    track_updated = Signal()
    """An edit has been taken over."""
    update_rejected = Signal(str)
    """An edit was refused, and why; the track before it plays on."""
    error_occurred = Signal(str)
    """The device was lost."""

    def __init__(self, track_data: Mapping[str, Any] | str, parent: QObject | None = None, **options: Any) -> None:
        super().__init__(parent)
        self._track = copy.deepcopy(track_data)
        self._options = dict(options)
        self._volume = float(self._options.pop("volume", 1.0))
        self._position = float(self._options.pop("start", 0.0))
        self._holder = _Holder()
        self._length: tuple[float, list[tuple[float, float]]] | None = None
        self._warnings: list[str] = []
        self._last_error: str | None = None
        self._state: State = "stopped"
        self._step: int | None = None
        self._device_error: str | None = None
        self._progress: Callable[[float], object] | None = None
        self._remaining: Callable[[float], object] | None = None
        self._editor = Editor()
        self._edits = QTimer(self)
        self._edits.setInterval(EDIT_PERIOD)
        self._edits.timeout.connect(self._take_over)
        self._timer = QTimer(self)
        self._timer.setInterval(PERIOD)
        self._timer.timeout.connect(self._look)
        holder, editor = self._holder, self._editor

        def gone(*_: object) -> None:
            editor.close()
            holder.close()

        self.destroyed.connect(gone)  # knows nothing of this object, which is no longer there then

    def start(self, use_prebuffer: bool = False) -> None:  # noqa: ARG002 - the caller's word for what is always done
        """Play from the position that was last set (0 at first, and after the end). A running stream begins again.

        Args:
            use_prebuffer: Accepted for callers of the legacy player; enough is always kept ready (``latency``).

        Raises:
            TrackError: The track cannot be played; a stream that runs plays on.
            AudioDeviceError: The device cannot be opened.
        """
        newest = self._editor.abandon()
        self._take_over()
        self._last_error = self._device_error = None
        # for an edit that is not compiled yet: waiting would take as long as compiling it once more
        player = self._open(self._track) if newest is None else self._open_edited(newest)
        self._step = None
        self._holder.player = player
        player.play()
        self._timer.start()
        self._set_state("playing")
        self.started.emit()

    def stop(self) -> None:
        """Fade out and close the device. Idempotent; the next `start` plays from the beginning."""
        running = self._player is not None
        self._close()
        self._position = 0.0
        self._set_state("stopped")
        if running:
            self.stopped.emit()

    def pause(self) -> None:
        """Fade out and hold the position."""
        if self._player is not None:
            self._player.pause()
            self._set_state("paused")

    def resume(self) -> None:
        """Go on from where it was paused."""
        if self._player is not None:
            self._player.resume()
            self._set_state("playing")

    def seek(self, seconds: float) -> None:
        """Go to a time on the track; stays paused (and silent) when paused. Before `start`: where it will begin.

        Raises:
            ValueError: Not a finite number.
        """
        if not math.isfinite(seconds):
            raise ValueError(f"seconds: expected a finite number, got {seconds}")
        if self._player is not None:
            self._player.seek(seconds)
        else:
            self._position = min(max(float(seconds), 0.0), self.duration)

    def set_volume(self, volume: float) -> None:
        """Volume, clamped to 0..1; holds from the first sample when set before `start`.

        Raises:
            ValueError: Not a finite number.
        """
        if not math.isfinite(volume):
            raise ValueError(f"volume: expected a finite number, got {volume}")
        self._volume = min(max(float(volume), 0.0), 1.0)
        if self._player is not None:
            self._player.volume = self._volume

    def update_track(self, track_data: Mapping[str, Any] | str) -> None:
        """Replace the track by an edited one without interrupting it; returns at once.

        The track is copied, and compiled on another thread; of edits that follow each other quickly the last counts.
        `track_updated` or `update_rejected` tells how it went; after the latter the track before plays on, and `status`
        keeps the reason.
        """
        player, options = self._player, self._options

        def compile_track(track: Any) -> list[str]:
            if player is not None:
                try:
                    return [str(problem) for problem in player.update(track)]
                except RuntimeError:
                    if player.state != "stopped":
                        raise
            return _look_at(track, options)[2]  # nothing plays: for the next start

        self._editor.submit(copy.deepcopy(track_data), compile_track)
        self._edits.start()

    @property
    def position(self) -> float:
        """Seconds on the track of what is heard now; equals `duration` when the last sample has been heard."""
        return self._player.position if self._player is not None else self._position

    @property
    def duration(self) -> float:
        """Length of the track in seconds, overlaps and the tails of clips included; 0 if it cannot be played."""
        return self._player.duration if self._player is not None else self._measured()[0]

    @property
    def step_times(self) -> list[tuple[float, float]]:
        """Start and end of every step in seconds, for buttons that skip."""
        return self._player.step_times if self._player is not None else self._measured()[1]

    @property
    def volume(self) -> float:
        """0 to 1."""
        return self._volume

    @property
    def state(self) -> State:
        """``stopped``, ``starting``, ``playing``, ``paused``, ``finished`` or ``failed``."""
        if self._state == "playing" and self._player is not None and self._player.state == "starting":
            return "starting"
        return self._state

    def status(self) -> dict[str, Any]:
        """State, position, device, counters, what was noticed about the track, and why the last edit was refused."""
        found: dict[str, Any] = {
            "state": self.state,
            "position": self.position,
            "duration": self.duration,
            "warnings": list(self._warnings),
            "last_error": self._last_error or self._device_error,
        }
        if self._player is not None:
            found |= {"step": self._player.step, "device": self._player.device, **self._player.stats()}
        return found

    def set_progress_callback(self, callback: Callable[[float], object] | None) -> None:
        """Call ``callback(ratio)``, 0 to 1, some 20 times a second while playing; ``None``: no longer."""
        self._progress = callback

    def set_time_remaining_callback(self, callback: Callable[[float], object] | None) -> None:
        """Call ``callback(seconds)`` with what is left to play, likewise."""
        self._remaining = callback

    @property
    def _player(self) -> Player | None:
        return self._holder.player

    def _open(self, track: Any) -> Player:
        """A player of `track` in the place of the one that runs."""
        before = self._player
        position = 0.0 if before is not None else self._position
        try:
            player = _QuietPlayer(track, start=position, volume=self._volume, replaces=before, **self._options)
        except AudioDeviceError:
            if before is not None and before.state == "stopped":
                self.stop()
            raise
        self._warnings = [str(problem) for problem in player.warnings]
        return player

    def _open_edited(self, track: Any) -> Player:
        """The same; where that track cannot be played, the one before it is."""
        try:
            player = self._open(track)
        except AudioDeviceError:
            self._taken_over(track)  # it can be played
            raise
        except ValueError as error:
            player = self._open(self._track)
            self._refused(str(error))
        else:
            self._taken_over(track)
        return player

    def _close(self) -> None:
        self._timer.stop()
        self._holder.close()

    def _measured(self) -> tuple[float, list[tuple[float, float]]]:
        """Length and steps before anything is opened."""
        if self._length is None:
            try:
                self._length = _look_at(self._track, self._options)[:2]
            except (ValueError, OSError):
                self._length = 0.0, []  # `start` says why
        return self._length

    def _take_over(self) -> None:
        """Tell of edits that have been compiled, or refused."""
        for track, outcome in self._editor.take():
            if isinstance(outcome, str):
                self._refused(outcome)
            else:
                self._warnings = outcome
                self._taken_over(track)
        if self._editor.idle:
            self._edits.stop()

    def _taken_over(self, track: Any) -> None:
        self._track, self._length, self._last_error = track, None, None
        self.track_updated.emit()

    def _refused(self, reason: str) -> None:
        self._last_error = reason
        self.update_rejected.emit(reason)

    def _set_state(self, state: State) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)

    def _look(self) -> None:
        """See what has happened since the last look, and tell."""
        player = self._player
        if player is None:
            return
        state, step = player.state, player.step
        if state == "playing" and step is not None and step != self._step:
            self._step = step
            self.step_changed.emit(step)
        if state in ("playing", "finished"):
            self._tell_position(player.duration if state == "finished" else player.position, player.duration)
        if state == "failed" and self._state != "failed":
            self._device_error = player.last_error or "the device was lost"
            self._set_state("failed")
            self.error_occurred.emit(self._device_error)
        if state == "finished" and self._state != "finished":
            self._set_state("finished")
            self.finished.emit()
        elif state in ("playing", "paused") and self._state == "finished":
            self._set_state(state)  # sought back after the end

    def _tell_position(self, position: float, duration: float) -> None:
        if self._state == "finished":
            return  # told when it ended
        self.position_changed.emit(position)
        if self._progress is not None:
            self._progress(min(position / duration, 1.0) if duration > 0.0 else 1.0)
        if self._remaining is not None:
            self._remaining(max(duration - position, 0.0))


class _QuietPlayer(Player):
    """What is noticed is told by `StreamPlayer.status`, to whoever looks; filters of warnings belong to no thread."""

    _warns = False


class _Holder:
    """The player of a stream; outlives the Qt object, to stop it."""

    def __init__(self) -> None:
        self.player: Player | None = None

    def close(self) -> None:
        player, self.player = self.player, None
        if player is not None:
            player.stop()


def _look_at(track: Any, options: dict[str, Any]) -> tuple[float, list[tuple[float, float]], list[str]]:
    """Length, steps and what is noticed about a track, without a device."""
    player = _QuietPlayer(track, **{**options, "backend": "null", "device": None})
    try:
        return player.duration, player.step_times, [str(problem) for problem in player.warnings]
    finally:
        player.stop()
