"""The events of a player: callbacks on a thread, and an asynchronous iterator."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from ._core import PlayerClosed, report_unraisable

if TYPE_CHECKING:
    import weakref
    from collections.abc import AsyncIterator, Callable

    from ._player_reports import State
    from .player import Player

#: Seconds between two polls of the player.
INTERVAL = 0.02
#: Most changes of devices that wait for a reader.
_MOST = 64

EventKind: TypeAlias = Literal["state", "progress", "step", "track", "device", "error", "finished"]


class Event(NamedTuple):
    """What happened to a player, see `Player.events`.

    Examples:
        >>> rb.Event("step", 30.0, 2)
        Event(kind='step', position=30.0, value=2)
    """

    kind: EventKind
    """``"state"``, ``"progress"``, ``"step"``, ``"track"``, ``"device"``, ``"error"`` or ``"finished"``."""
    position: float
    """Time on the track that was heard then, in seconds."""
    value: int | str | tuple[str, str] | None = None
    """The new state, the index of the step or track, the change and the name of the device, or the message of the
    error; ``None`` for progress and the end."""


class Events:
    """Callbacks of a player, and the thread that calls them. The first callback starts the thread.

    The thread has only a weak reference to the player. A player without other references is deleted, and stops.
    """

    def __init__(self, player: weakref.ref[Player]) -> None:
        self._player = player
        self._callbacks: list[tuple[str, Callable[..., None]]] = []
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._devices = threading.Lock()
        self._readers: list[deque[tuple[str, str]]] = []
        #: What `Player.device_events` has not told yet.
        self.told = self.reader()

    def add(self, kind: str, callback: Callable[..., None]) -> None:
        """Call `callback` for events of this kind."""
        if not callable(callback):
            raise TypeError(f"callback: expected a function, got an object of type {type(callback).__name__}")
        if self._closed.is_set():
            raise PlayerClosed("the player was stopped: it calls nothing any more")
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

    def reader(self) -> deque[tuple[str, str]]:
        """Return a queue that gets the changes of devices from now on."""
        queue: deque[tuple[str, str]] = deque(maxlen=_MOST)
        with self._devices:
            self._readers.append(queue)
        return queue

    def forget(self, reader: deque[tuple[str, str]]) -> None:
        with self._devices:
            self._readers = [other for other in self._readers if other is not reader]

    def device_changes(self, player: Player, reader: deque[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the changes that `reader` has not seen. Every reader sees all changes."""
        with self._devices:
            found = player._native.device_events()
            for queue in self._readers:
                queue.extend(found)
            changes = list(reader)
            reader.clear()
        return changes

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
        self._devices: deque[tuple[str, str]] | None = None
        self._state: State = "paused"
        self._step: int | None = None
        self._track: int | None = None
        self._error: str | None = None
        self._ticks = 0

    def begin(self) -> None:
        """Note how the player is now: what comes later is an event."""
        player = self._player()
        if player is not None:
            self._state, self._error = player.state, player.last_error

    @property
    def is_over(self) -> bool:
        """Whether nothing happens until `play` is called."""
        return self._state in ("finished", "stopped", "failed")

    def end(self) -> None:
        """Forget what was kept for this watch."""
        player = self._player()
        if player is not None and self._devices is not None:
            player._events.forget(self._devices)

    def run(self, closed: threading.Event) -> None:
        """Call the callbacks of the player until it is closed or gone."""
        self.begin()
        while not closed.wait(INTERVAL) and self._call():
            pass

    def _call(self) -> bool:
        player = self._player()
        if player is None:
            return False
        for event, arguments in self.poll(player, player._events.wants("device")):
            player._events.emit(event.kind, *arguments)
        return True

    def poll(self, player: Player, devices: bool) -> list[tuple[Event, tuple[Any, ...]]]:
        """Return what has changed since the last poll: events, and the arguments of their callbacks.

        Args:
            player: The player.
            devices: Whether to watch the devices, too.
        """
        found: list[tuple[Event, tuple[Any, ...]]] = []
        position, duration = player.position, player.duration

        def add(kind: EventKind, value: int | str | tuple[str, str] | None, *arguments: object) -> None:
            found.append((Event(kind, position, value), arguments))

        before, self._state = self._state, player.state
        if self._state != before and self._state != "finished":
            add("state", self._state, self._state)
        if self._state == "playing" and self._ticks % 2 == 0:
            add("progress", None, position, duration)
        self._ticks += 1
        now = player.step
        if self._state == "playing" and now is not None and now != self._step:
            self._step = now
            add("step", now, now)
        if devices:
            if self._devices is None:
                self._devices = player._events.reader()
            for change, name in player._events.device_changes(player, self._devices):
                add("device", (change, name), change, name)
        track = player._turn()
        if track is not None and track != self._track:
            self._track, self._step = track, None
            add("track", track, track)
        error = player.last_error
        if error != self._error:
            self._error = error
            if error is not None:
                add("error", error, error)
        if self._state == "finished" and before != "finished":
            position = player.position  # that of the end
            add("progress", None, position, duration)
            add("state", "finished", "finished")
            add("finished", None)
        return found


async def stream(player: Player, watch: Watch) -> AsyncIterator[Event]:
    """Poll a player until the playback is over."""
    import asyncio

    try:
        while True:
            for event, _ in watch.poll(player, devices=True):
                yield event
            if watch.is_over:
                return
            await asyncio.sleep(INTERVAL)
    finally:
        watch.end()
