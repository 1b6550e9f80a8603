"""The events of a player."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ._core import report_unraisable

if TYPE_CHECKING:
    import weakref
    from collections.abc import Callable

    from .player import Player, State

#: Seconds between two polls of the player by the event thread.
_INTERVAL = 0.02


class Events:
    """Callbacks of a player, and the thread that calls them. The first callback starts the thread.

    The thread has only a weak reference to the player. A player without other references is deleted, and stops.
    """

    def __init__(self, player: weakref.ref[Player]) -> None:
        self._player = player
        self._callbacks: list[tuple[str, Callable[..., None]]] = []
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, kind: str, callback: Callable[..., None]) -> None:
        self._callbacks.append((kind, callback))
        if self._thread is None:
            watch = Watch(self._player)
            self._thread = threading.Thread(target=watch.run, args=(self._closed,), name="player events", daemon=True)
            self._thread.start()

    def wants(self, kind: str) -> bool:
        """Return whether there is a callback for events of this kind."""
        return any(wanted == kind for wanted, _ in list(self._callbacks))

    def close(self) -> None:
        self._closed.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=1.0)

    def emit(self, kind: str, *arguments: object) -> None:
        for wanted, callback in list(self._callbacks):
            if wanted == kind and not self._closed.is_set():
                try:
                    callback(*arguments)
                except BaseException as error:
                    report_unraisable(error, callback)  # the other callbacks still run


class Watch:
    """Polls a player for events and keeps the state of the last poll."""

    def __init__(self, player: weakref.ref[Player]) -> None:
        self._player = player
        self._first = True
        self._state: State = "paused"
        self._step: int | None = None
        self._track: int | None = None
        self._error: str | None = None
        self._ticks = 0

    def run(self, closed: threading.Event) -> None:
        while self._poll() and not closed.wait(_INTERVAL):
            pass

    def _poll(self) -> bool:
        """Report what has changed since the last poll. Returns ``False`` if the player is gone."""
        player = self._player()
        if player is None:
            return False
        if self._first:
            self._first, self._state, self._error = False, player.state, player.last_error
            return True
        events = player._events
        before, self._state = self._state, player.state
        if self._state == "playing" and self._ticks % 2 == 0:
            events.emit("progress", player.position, player.duration)
        self._ticks += 1
        now = player.step
        if self._state == "playing" and now is not None and now != self._step:
            self._step = now
            events.emit("step", now)
        if self._state == "finished" and before != "finished":
            events.emit("progress", player.duration, player.duration)
            events.emit("finished")
        if events.wants("device"):
            for change, name in player.device_events():
                events.emit("device", change, name)
        self._poll_track(player, events)
        error = player.last_error
        if error != self._error:
            self._error = error
            if error is not None:
                events.emit("error", error)
        return True

    def _poll_track(self, player: Player, events: Events) -> None:
        """Report the track of a list when it begins to sound."""
        now = player._turn()
        if now is not None and now != self._track:
            self._track, self._step = now, None
            events.emit("track", now)
