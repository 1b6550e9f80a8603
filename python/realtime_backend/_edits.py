"""Edits of a track that plays, compiled behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    """What became of an edit: what was noticed about it, or why it was refused."""

    track: Any
    found: list[str] | str


class Editor:
    """Compiles edits one after the other on a thread of its own; what waits is replaced by what is newer.

    The thread knows this object and nothing of who asked: outcomes are fetched with `take`. It is no daemon: the
    interpreter waits at its end for the edit that is being compiled.
    """

    def __init__(self) -> None:
        self._change = threading.Lock()
        self._waiting: tuple[Any, Callable[[Any], list[str]]] | None = None
        self._at_work: Any = None
        self._outcomes: list[Outcome] = []
        self._running = False
        self._closed = False

    def submit(self, track: Any, compile_track: Callable[[Any], list[str]]) -> None:
        """Have ``compile_track(track)`` done, which returns what it noticed or raises why not."""
        with self._change:
            if self._closed:
                return
            self._waiting = track, compile_track
            if not self._running:
                threading.Thread(target=self._work, name="track edits", daemon=False).start()
                self._running = True

    def take(self) -> list[Outcome]:
        """Outcomes since the last call, in order."""
        with self._change:
            outcomes, self._outcomes = self._outcomes, []
        return outcomes

    @property
    def idle(self) -> bool:
        """Whether nothing is left to do or to take."""
        with self._change:
            return not self._running and not self._outcomes

    def abandon(self) -> Any:
        """Drop what waits and what is being compiled. Returns the newest track of these, or None."""
        with self._change:
            newest = self._waiting[0] if self._waiting is not None else self._at_work
            self._waiting = self._at_work = None
        return newest

    def close(self) -> None:
        """Drop what waits, and take no more. The edit that is being compiled ends when its player is stopped."""
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
            except Exception as error:  # whatever it is, it is told, and the next edit is still compiled
                found = str(error) or type(error).__name__
            del compile_track
            with self._change:
                if self._at_work is track:
                    self._at_work = None
                    self._outcomes.append(Outcome(track, found))
