"""One track in real time, as a Qt object."""

from __future__ import annotations

import contextlib
import copy
import math
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import QObject, QTimer, Signal

from .._core import AudioDeviceError, PlayerClosed
from .._edits import Editor
from .._player_reports import Meters
from .._quiet_player import PlayerHolder, QuietPlayer, inspect
from ..player import Player, checked_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._player_reports import State

#: Milliseconds between two polls of the player.
PERIOD = 50
#: Milliseconds between two polls for compiled edits.
EDIT_PERIOD = 10


class StreamPlayer(QObject):  # type: ignore[misc]  # the bindings are not typed through qtpy
    """Plays one track in real time. The track can be edited while it plays.

    `start` opens the device. Volume and position can be set before. `start` can be called again after `stop` and after
    the end of the track.

    Args:
        track_data: The track: a dictionary in either dialect, a path or JSON text. A dictionary is copied.
        parent: Qt parent.
        **options: Options of `realtime_backend.Player`, such as ``device``, ``latency`` and ``base_dir``. Unlike there,
            ``startup_fade`` is 3 s unless it is given, as in the legacy player.
            ``on_error="warn"`` leaves out voices that cannot be rendered.

    Examples:
        >>> from qtpy.QtWidgets import QApplication
        >>> application = QApplication.instance() or QApplication([])
        >>> player = StreamPlayer({"progression": [{"duration": 60.0, "voices": []}]}, backend="null")
        >>> player.start()
        >>> player.duration
        60.0
        >>> player.stop()

    Source: spec streaming-and-bindings 5
    """

    started = Signal()
    """Emitted when `start` has opened the device."""
    stopped = Signal()
    """Emitted when `stop` has closed the device."""
    finished = Signal()
    """Emitted after the last sample has been heard."""
    state_changed = Signal(str)
    """Emitted with the new state: ``stopped``, ``playing``, ``paused``, ``finished`` or ``failed``."""
    position_changed = Signal(float)
    """Emitted with the position in seconds, about 20 times a second while the player plays."""
    step_changed = Signal(int)
    """Emitted with the index of a step, from 0, when it starts to sound."""
    meters_changed = Signal(object)
    """Emitted with a `Meters` (peak and RMS of each ear in dBFS), about 20 times a second while the levels change."""
    track_updated = Signal()
    """Emitted when an edit has replaced the track."""
    update_rejected = Signal(str)
    """Emitted with the reason when an edit is refused. The old track continues."""
    error_occurred = Signal(str)
    """Emitted with the reason when playback fails, for example because the device is lost."""

    def __init__(self, track_data: Mapping[str, Any] | str, parent: QObject | None = None, **options: Any) -> None:
        super().__init__(parent)
        self._track = copy.deepcopy(track_data)
        self._options = {"startup_fade": 3.0, **options}
        self._volume = float(self._options.pop("volume", 1.0))
        if not 0.0 <= self._volume <= 1.0:
            raise ValueError(f"volume: expected a number from 0 to 1, got {self._volume}")
        self._position = float(self._options.pop("start", 0.0))
        self._holder = PlayerHolder()
        self._length: tuple[float, list[tuple[float, float]]] | None = None
        self._warnings: list[str] = []
        self._last_error: str | None = None
        self._state: State = "stopped"
        self._step: int | None = None
        self._meters: Meters | None = None
        self._device_error: str | None = None
        self._progress: Callable[[float], object] | None = None
        self._remaining: Callable[[float], object] | None = None
        self._loop: tuple[float, float] | None = None
        self._sleep: tuple[float, float] | None = None
        self._fade = 0.0
        self._editor = Editor()
        self._edits = QTimer(self)
        self._edits.setInterval(EDIT_PERIOD)
        self._edits.timeout.connect(self._take_over)
        self._timer = QTimer(self)
        self._timer.setInterval(PERIOD)
        self._timer.timeout.connect(self._poll)
        holder, editor = self._holder, self._editor

        def gone(*_: object) -> None:
            editor.close()
            holder.close()

        self.destroyed.connect(gone)  # a bound method would refer to the deleted object

    def start(self, use_prebuffer: bool = False) -> None:  # noqa: ARG002 - part of the legacy interface
        """Open the device and play from the position that was set, or from 0. A running stream starts again at 0.

        Args:
            use_prebuffer: No effect. Callers of the legacy player pass it. The option ``latency`` sets the buffer.

        Raises:
            TrackError: The track cannot be played. A running stream continues.
            OSError: The track file cannot be read.
            AudioDeviceError: The device is missing or cannot be opened.
        """
        newest = self._editor.abandon()
        self._take_over()
        self._last_error = self._device_error = None
        # An edit may not be compiled yet. Compiling it again takes no longer than waiting for it.
        player = self._open(self._track) if newest is None else self._open_edited(newest)
        self._step = None
        self._holder.player = player
        player.loop = self._loop
        if self._sleep is not None:
            player.stop_after(*self._sleep)
            self._sleep = None
        player.play()
        self._timer.start()
        self._set_state("playing")
        self.started.emit()

    def stop(self) -> None:
        """Fade out and close the device. May be called again. The next `start` plays from 0."""
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
        """Continue from the held position."""
        if self._player is not None:
            self._device_error = None
            self._player.resume()
            self._set_state("playing")

    def seek(self, seconds: float) -> None:
        """Seek. A paused player stays paused and silent. Before `start`, set where playback will start.

        Args:
            seconds: Time on the track, clamped to the track.

        Raises:
            ValueError: `seconds` is not finite.
        """
        if not math.isfinite(seconds):
            raise ValueError(f"seconds: expected a finite number, got {seconds}")
        if self._player is not None:
            self._player.seek(seconds)
        else:
            self._position = min(max(float(seconds), 0.0), self.duration)

    def set_volume(self, volume: float) -> None:
        """Set the volume. Set before `start`, it applies from the first sample.

        Args:
            volume: Linear volume, clamped to 0 to 1, as in the legacy player.

        Raises:
            ValueError: `volume` is not finite.
        """
        if not math.isfinite(volume):
            raise ValueError(f"volume: expected a finite number, got {volume}")
        self._volume = min(max(float(volume), 0.0), 1.0)
        if self._player is not None:
            self._player.volume = self._volume

    def stop_after(self, seconds: float | None, fade: float = 60.0) -> None:
        """Set the sleep timer: fade out and finish. Before `start`, it begins with the playback.

        Args:
            seconds: Seconds of sound until the silence; pauses do not count. ``None`` ends the timer.
            fade: Length of the fade before the silence in seconds.

        Raises:
            ValueError: An argument is out of range.
        """
        for name, value in (("seconds", 0.0 if seconds is None else seconds), ("fade", fade)):
            if not 0.0 <= value <= 1e8:
                raise ValueError(f"{name}: expected a number from 0 to 1e8, got {value}")
        self._fade = fade
        if self._player is not None:
            self._player.stop_after(seconds, fade)
        else:
            self._sleep = None if seconds is None else (seconds, fade)

    def set_loop(self, part: bool | tuple[float, float] | None) -> None:
        """Play the track or a part of it again and again. The loop stays until it is changed, also after `stop`.

        Args:
            part: ``True`` for the whole track, start and end in seconds, or ``None`` to end the loop.

        Raises:
            ValueError: The part is shorter than 0.1 s.
            TypeError: It is no pair of numbers.
        """
        loop = checked_loop("part", part)
        if loop is not None and not (0.0 <= loop[0] < math.inf and loop[1] - loop[0] >= 0.1):
            raise ValueError(f"part: expected a start and an end at least 0.1 s apart, got {loop}")
        self._loop = loop
        if self._player is not None:
            self._player.loop = loop

    def update_track(self, track_data: Mapping[str, Any] | str) -> None:
        """Replace the track with an edited one, without an interruption. Returns at once.

        Another thread compiles the track. If edits follow each other quickly, the last one wins. Then `track_updated`
        or `update_rejected` is emitted. After a rejection the old track continues, and `status` has the reason.

        Args:
            track_data: The whole track: a dictionary, a path or JSON text. A dictionary is copied.
        """
        player, options = self._player, self._options

        def compile_track(track: Any) -> list[str]:
            if player is not None:
                with contextlib.suppress(PlayerClosed):
                    return [str(problem) for problem in player.update(track)]
            return inspect(track, options)[2]  # no player runs: check the track for the next start

        self._editor.submit(copy.deepcopy(track_data), compile_track)
        self._edits.start()

    @property
    def position(self) -> float:
        """Time on the track that is heard now, in seconds. After the last sample it equals `duration`."""
        return self._player.position if self._player is not None else self._position

    @property
    def duration(self) -> float:
        """Length of the track in seconds, with overlaps and the ends of clips; 0 if the track cannot be played."""
        return self._player.duration if self._player is not None else self._measured()[0]

    @property
    def step_times(self) -> list[tuple[float, float]]:
        """Start and end of every step in seconds."""
        return self._player.step_times if self._player is not None else self._measured()[1]

    @property
    def timer(self) -> float | None:
        """Seconds of sound until the sleep timer finishes the playback; ``None`` without a timer."""
        if self._player is not None:
            return self._player.timer
        return None if self._sleep is None else self._sleep[0]

    @property
    def loop(self) -> tuple[float, float] | None:
        """Start and end of the loop in seconds; ``None`` without a loop."""
        return None if self._loop is None else (self._loop[0], min(self._loop[1], self.duration))

    @property
    def volume(self) -> float:
        """Linear volume, 0 to 1."""
        return self._volume

    @property
    def state(self) -> State:
        """State: ``stopped``, ``starting``, ``playing``, ``paused``, ``finished`` or ``failed``.

        It is ``starting`` until the device has asked for sound; `state_changed` then has already reported ``playing``.
        """
        if self._state == "playing" and self._player is not None and self._player.state == "starting":
            return "starting"
        return self._state

    def status(self) -> dict[str, Any]:
        """Return the state of the player.

        Returns:
            A dictionary with ``state``, ``position``, ``duration``, ``warnings`` (texts) and ``last_error`` (text or
            ``None``). While a stream is open it also has ``step``, ``device`` and the counters of `Player.stats`.
        """
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
        """Call ``callback(ratio)``, 0 to 1, about 20 times a second while playing. ``None`` ends the calls."""
        self._progress = _checked(callback)

    def set_time_remaining_callback(self, callback: Callable[[float], object] | None) -> None:
        """Call ``callback(seconds_left)`` about 20 times a second while playing. ``None`` ends the calls."""
        self._remaining = _checked(callback)

    @property
    def _player(self) -> Player | None:
        return self._holder.player

    def _open(self, track: Any) -> Player:
        """Open a player of `track` that replaces the running one."""
        before = self._player
        if before is not None and before.timer is not None:
            self._sleep = before.timer, self._fade
        position = 0.0 if before is not None else self._position
        try:
            player = self._made(track, position, before)
        except AudioDeviceError:
            if before is not None and before.state == "stopped":
                self.stop()
            raise
        self._warnings = [str(problem) for problem in player.warnings]
        return player

    def _made(self, track: Any, position: float, before: Player | None) -> Player:
        return QuietPlayer(track, start=position, volume=self._volume, replaces=before, **self._options)

    def _open_edited(self, track: Any) -> Player:
        """Open a player of an edited track. If it cannot be played, open one of the old track."""
        try:
            player = self._open(track)
        except AudioDeviceError:
            self._taken_over(track)  # the track is valid; only the device failed
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
        """Return length and step times while no player is open."""
        if self._length is None:
            try:
                self._length = inspect(self._track, self._options)[:2]
            except (ValueError, OSError):
                self._length = 0.0, []  # `start` raises the error
        return self._length

    def _take_over(self) -> None:
        """Report edits that have been compiled or refused."""
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

    def _poll(self) -> None:
        """Report what has changed since the last poll."""
        player = self._player
        if player is None:
            return
        state, step, meters = player.state, player.step, player.meters()
        if meters != self._meters:
            self._meters = meters
            self.meters_changed.emit(meters)
        if state == "playing" and step is not None and step != self._step:
            self._step = step
            self.step_changed.emit(step)
        if state in ("playing", "finished"):
            self._report_position(player.position, player.duration)
        if state == "failed" and self._state != "failed":
            self._device_error = player.last_error or "the device was lost"
            self._set_state("failed")
            self.error_occurred.emit(self._device_error)
        if state == "finished" and self._state != "finished":
            self._set_state("finished")
            self.finished.emit()
        elif state in ("playing", "paused") and self._state == "finished":
            self._set_state(state)  # a seek back after the end
        elif state == "paused" and self._state == "playing":
            self._device_error = player.last_error  # the device is gone
            self._set_state("paused")

    def _report_position(self, position: float, duration: float) -> None:
        if self._state == "finished":
            return  # already reported
        self.position_changed.emit(position)
        if self._progress is not None:
            self._progress(min(position / duration, 1.0) if duration > 0.0 else 1.0)
        if self._remaining is not None:
            self._remaining(max(duration - position, 0.0))


def _checked(callback: Callable[[float], object] | None) -> Callable[[float], object] | None:
    if callback is None or callable(callback):
        return callback
    raise TypeError(f"callback: expected a function or None, got an object of type {type(callback).__name__}")
