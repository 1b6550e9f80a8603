"""Compile edits of a playing track on a background thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    """The result of one edit."""

    track: Any
    """The edited track."""
    found: list[str] | str
    """The warnings about an accepted track (a list), or the reason why it was refused (text)."""


class Editor:
    """Compiles edits one at a time on its own thread. A new edit replaces the one that waits.

    The thread does not call back. The owner fetches outcomes with `take`. The thread is not a daemon: the interpreter
    waits for the current compilation before it exits.
    """

    def __init__(self) -> None:
        self._change = threading.Lock()
        self._waiting: tuple[Any, Callable[[Any], list[str]]] | None = None
        self._at_work: Any = None
        self._outcomes: list[Outcome] = []
        self._running = False
        self._closed = False

    def submit(self, track: Any, compile_track: Callable[[Any], list[str]]) -> None:
        """Queue a call of ``compile_track(track)``. Does nothing after `close`.

        Args:
            track: The edited track.
            compile_track: Returns the warnings about the track. Raises an exception to refuse it.
        """
        with self._change:
            if self._closed:
                return
            self._waiting = track, compile_track
            if not self._running:
                threading.Thread(target=self._work, name="track edits", daemon=False).start()
                self._running = True

    def take(self) -> list[Outcome]:
        """Return the outcomes since the last call, oldest first."""
        with self._change:
            outcomes, self._outcomes = self._outcomes, []
        return outcomes

    @property
    def idle(self) -> bool:
        """Whether no edit is queued or running and no outcome is waiting."""
        with self._change:
            return not self._running and not self._outcomes

    def abandon(self) -> Any:
        """Drop the waiting edit and the outcome of the running one.

        Returns:
            The newest track among them, or ``None`` if there is none.
        """
        with self._change:
            newest = self._waiting[0] if self._waiting is not None else self._at_work
            self._waiting = self._at_work = None
        return newest

    def close(self) -> None:
        """Drop the waiting edit and refuse new ones. To end the running compilation, stop its player."""
        with self._change:
            self._closed = True
            self._waiting = None

    def _work(self) -> None:
        while True:
            with self._change:
                if self._waiting is None:
                    self._running = False
                    return
                (track, compile_track), self._waiting = self._waiting, None
                self._at_work = track
            found: list[str] | str
            try:
                found = compile_track(track)
            except Exception as error:  # the owner reports it; later edits are still compiled
                found = str(error) or type(error).__name__
            del compile_track
            with self._change:
                if self._at_work is track:
                    self._at_work = None
                    self._outcomes.append(Outcome(track, found))
