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
        first: Index of the track to begin with; ``None`` begins with the first one of the order.
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
        first: int | None = None,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        if options.get("replaces") is not None:
            raise ValueError("replaces: a playlist replaces no player")
        if first is not None and first < 0:
            raise ValueError(f"first: expected an index of at least 0, got {first}")
        self._seed = seed
        self._turns = (self._order(shuffle), loop, crossfade, first)
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

    def go_to(self, index: int) -> bool:
        """Go to the start of a track, with a crossfade of at most a second.

        Args:
            index: Index of the track, from 0.

        Returns:
            ``False`` if there is no such track. If it cannot be played, the one after it plays.

        Raises:
            PlayerClosed: The playlist was stopped.
        """
        return self._native.go_to(index) if index >= 0 else False

    def set_tracks(self, tracks: Iterable[Track], current: int | None) -> None:
        """Have other tracks from now on. The track that is heard goes on.

        Args:
            tracks: The tracks, as for `Playlist`.
            current: Index of the track that is heard among them, with folders replaced by their files. After ``None``,
                for a track that is none of them, comes the first track.

        Raises:
            ValueError: There is no track, or none with the index `current`.
            OSError: A folder cannot be read.
            PlayerClosed: The playlist was stopped.

        Examples:
            >>> one, two = {"progression": [{"duration": 60.0}]}, {"progression": [{"duration": 90.0}]}
            >>> with rb.Playlist([one], backend="null") as playlist:
            ...     playlist.set_tracks([two, one], current=1)
            ...     playlist.current, playlist.next()
            (1, False)
        """
        if current is not None and current < 0:
            raise ValueError(f"current: expected an index of at least 0, got {current}")
        self._native.set_tracks(list(tracks), current)

    def set_order(self, *, shuffle: bool, loop: bool) -> None:
        """Have another order from now on. The track that is heard goes on.

        Args:
            shuffle: Play in an order by chance, in which the track that is heard stays where it falls.
            loop: Begin again after the last track.

        Raises:
            PlayerClosed: The playlist was stopped.
        """
        self._native.set_order(self._order(shuffle), loop)

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

    def _order(self, shuffle: bool) -> int | None:
        """Return the seed of an order by chance, or ``None`` for the order of the list."""
        if not shuffle:
            return None
        return secrets.randbits(64) if self._seed is None else self._seed

    def _turn(self) -> int | None:
        return self.current
