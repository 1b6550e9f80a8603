"""Several tracks in turn: `Playlist`."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from ._track import Track
from .player import Player


class Playlist(Player):
    """Plays several tracks in turn, each crossfaded into the next, at the sample rate of the device.

    The next track is prepared while one plays, so that there is no gap. A track that cannot be played is left out. All
    methods of `Player` apply to the track that is heard.

    Args:
        tracks: The tracks, as `Player` takes them. The path of a folder stands for all track files in it, in the order
            of their names. Files are read when it is their turn.
        shuffle: ``True`` plays in an order by chance, and in another one in each round of a loop.
        loop: ``True`` begins again after the last track. (The attribute `loop` is the loop of the track that is heard.)
        crossfade: Length of the crossfade between two tracks in seconds, 0 to 60; at most half of the shorter one.
        seed: Seed of the order and of random parts of the tracks. ``None`` shuffles differently each time.
        **options: Options of `Player`, without ``replaces``.

    Raises:
        TrackError: No track can be played.
        ValueError: An argument is out of range.
        OSError: A folder cannot be read.
        AudioDeviceError: The device is missing or cannot be opened.

    Examples:
        >>> one, two = {"progression": [{"duration": 60.0}]}, {"progression": [{"duration": 90.0}]}
        >>> with rb.Playlist([one, two], crossfade=10.0, backend="null") as playlist:
        ...     playlist.play()
        ...     playlist.current, playlist.duration
        (0, 60.0)
    """

    def __init__(
        self,
        tracks: Iterable[Track],
        *,
        shuffle: bool = False,
        loop: bool = False,
        crossfade: float = 5.0,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        if options.get("replaces") is not None:
            raise ValueError("replaces: a playlist replaces no player")
        order = None
        if shuffle:
            order = secrets.randbits(64) if seed is None else seed
        self._turns = (order, loop, crossfade)
        super().__init__(list(tracks), seed=seed, **options)  # type: ignore[arg-type]  # the engine takes the list

    def next(self) -> bool:
        """Go to the next track, with a crossfade of at most a second.

        Returns:
            ``False`` after the last track, which then goes on.

        Raises:
            PlayerClosed: The playlist was stopped.
        """
        return self._native.next()

    def previous(self) -> None:
        """Go to the start of the track or, in its first 3 s, to the track before."""
        self._native.previous()

    @property
    def current(self) -> int:
        """Index of the track that is heard, in the list as it was given, with folders replaced by their files."""
        return self._native.current

    @property
    def left_out(self) -> list[tuple[int, str]]:
        """Tracks that cannot be played, found when it was their turn: index and reason."""
        return self._native.left_out

    def on_track(self, callback: Callable[[int], None]) -> None:
        """Call ``callback(index)`` when a track begins to sound."""
        self._events.add("track", callback)

    def _turn(self) -> int | None:
        return self.current
