"""Several tracks in turn, as a Qt object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qtpy.QtCore import QObject, Signal

from .._quiet_player import QuietPlaylist
from .model import TrackListModel
from .player import PERIOD, StreamPlayer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..player import Player

#: Most polls until the track after a removed one is heard.
SKIPPING = 10


class StreamPlaylist(StreamPlayer):
    """Plays several tracks in turn, each crossfaded into the next, as `realtime_backend.Playlist` does.

    All of `StreamPlayer` applies to the track that is heard: position, duration, steps, edits, loop. Tracks can be
    added, removed and moved while it plays. `model` has them for a list view. A track that cannot be played is left
    out.

    Args:
        tracks: The tracks: dictionaries, paths or JSON text. The path of a folder stands for the track files in it.
        parent: Qt parent.
        shuffle: Play in an order by chance.
        repeat: Begin again after the last track. (`set_loop` repeats the track that is heard.)
        crossfade: Length of the crossfade between two tracks in seconds, 0 to 60.
        **options: Options of `StreamPlayer`.

    Raises:
        ValueError: An option is out of range.

    Examples:
        >>> from qtpy.QtWidgets import QApplication
        >>> application = QApplication.instance() or QApplication([])
        >>> one, two = {"progression": [{"duration": 60.0}]}, {"progression": [{"duration": 90.0}]}
        >>> playlist = StreamPlaylist([one, two], crossfade=10.0, backend="null")
        >>> playlist.start()
        >>> playlist.current, playlist.duration
        (0, 60.0)
        >>> playlist.stop()
    """

    track_changed = Signal(int)
    """Emitted with the index of a track when it begins to sound."""
    tracks_changed = Signal()
    """Emitted when tracks were added, removed or moved."""
    track_left_out = Signal(int, str)
    """Emitted with the index of a track that cannot be played, and the reason. It is found when it is its turn."""

    def __init__(
        self,
        tracks: Iterable[Any] = (),
        parent: QObject | None = None,
        *,
        shuffle: bool = False,
        repeat: bool = False,
        crossfade: float = 5.0,
        **options: Any,
    ) -> None:
        if not 0.0 <= crossfade <= 60.0:
            raise ValueError(f"crossfade: expected a number of seconds from 0 to 60, got {crossfade}")
        super().__init__({"progression": []}, parent, **options)
        self.model = TrackListModel(self)
        """The tracks, for a list view."""
        self._shuffle, self._repeat, self._crossfade = shuffle, repeat, crossfade
        self._first: int | None = None
        self._edited: int | None = None
        self._skipping = 0
        self.model.insert(0, tracks)

    def start(self, use_prebuffer: bool = False, first: int | None = None) -> None:
        """Open the device and play from the first track of the order.

        Args:
            use_prebuffer: No effect, see `StreamPlayer.start`.
            first: Index of the track to begin with.

        Raises:
            TrackError: No track can be played.
            ValueError: The list is empty, or has no track `first`.
            AudioDeviceError: The device is missing or cannot be opened.
        """
        if not self.count:
            raise ValueError("tracks: expected at least one track")
        self._first = first
        super().start(use_prebuffer)
        self._note_track()

    def next(self) -> bool:
        """Go to the next track. Returns ``False`` after the last one, which then goes on."""
        return self._list is not None and self._list.next()

    def previous(self) -> None:
        """Go to the start of the track or, in its first 3 s, to the track before."""
        if self._list is not None:
            self._list.previous()

    def go_to(self, index: int) -> None:
        """Go to the start of a track; a playlist that is not started starts with it.

        Raises:
            IndexError: There is no track with this index.
        """
        self._check(index)
        if self._list is None:
            self.start(first=index)
        else:
            self._list.go_to(index)

    def add(self, tracks: Iterable[Any], at: int | None = None) -> None:
        """Add tracks, at the end or before the index `at`.

        Raises:
            IndexError: `at` is no index of the list and not its end.
            OSError: A folder cannot be read.
        """
        at = self.count if at is None else at
        if not 0 <= at <= self.count:
            raise IndexError(f"at: expected an index from 0 to {self.count}, got {at}")
        if self.model.insert(at, tracks):
            self._renew()

    def remove(self, index: int) -> None:
        """Remove a track. If it is heard, the one after it plays; after the last one of all, the playback stops.

        Raises:
            IndexError: There is no track with this index.
        """
        self._check(index)
        heard = index == self.current
        self.model.remove(index)
        if self._list is not None and not self.count:
            self.stop()
        self._renew()
        if heard and self._list is not None:
            self._list.go_to(min(index, self.count - 1))
            self._skipping = SKIPPING

    def move(self, index: int, to: int) -> None:
        """Move a track so that it has the index `to`. It goes on if it is heard.

        Raises:
            IndexError: There is no track with one of the indices.
        """
        self._check(index)
        self._check(to)
        heard = index == self.current
        track = self.model.tracks[index]
        self.model.remove(index)
        self.model.insert(to, [track])
        if heard:
            self.model.set_current(to)
        self._renew()

    def set_shuffle(self, shuffle: bool) -> None:
        """Play in an order by chance, or in that of the list."""
        self._shuffle = shuffle
        self._reorder()

    def set_repeat(self, repeat: bool) -> None:
        """Begin again after the last track, or end there."""
        self._repeat = repeat
        self._reorder()

    @property
    def shuffle(self) -> bool:
        """Whether the order is one by chance."""
        return self._shuffle

    @property
    def repeat(self) -> bool:
        """Whether the list begins again after the last track."""
        return self._repeat

    @property
    def count(self) -> int:
        """Number of tracks."""
        return int(self.model.rowCount())

    @property
    def current(self) -> int | None:
        """Index of the track that is heard; ``None`` before the first `start` and if it was removed."""
        return self.model.current

    def stop(self) -> None:
        """Fade out and close the device. May be called again. The next `start` begins the list again."""
        super().stop()
        self._first = None
        self._position = 0.0

    def update_track(self, track_data: Any) -> None:
        """Replace the track that is heard with an edited one, as `StreamPlayer.update_track` does."""
        self._edited = self.current
        super().update_track(track_data)

    @property
    def _list(self) -> QuietPlaylist | None:
        player = self._player
        return player if isinstance(player, QuietPlaylist) else None

    def _check(self, index: int) -> None:
        if not 0 <= index < self.count:
            raise IndexError(f"index: expected an index of {self.count} tracks, got {index}")

    def _made(self, track: Any, position: float, before: Player | None) -> Player:  # noqa: ARG002 - the list has them
        if before is not None:
            before.stop()
        return QuietPlaylist(
            self.model.tracks,
            shuffle=self._shuffle,
            loop=self._repeat,
            crossfade=self._crossfade,
            first=self._first,
            start=position,
            volume=self._volume,
            **self._options,
        )

    def _renew(self) -> None:
        """Tell the player the tracks as they are now."""
        self._length = None
        if self._list is not None:
            self._list.set_tracks(self.model.tracks, self.model.current)
        self.tracks_changed.emit()

    def _reorder(self) -> None:
        if self._list is not None:
            self._list.set_order(shuffle=self._shuffle, loop=self._repeat)

    def _measured(self) -> tuple[float, list[tuple[float, float]]]:
        tracks = self.model.tracks
        self._track = tracks[self.current or 0] if tracks else {"progression": []}
        return super()._measured()

    def _taken_over(self, track: Any) -> None:
        if self._edited is not None and self._edited < self.count:
            self.model.replace(self._edited, track)
        super()._taken_over(track)

    def _poll(self) -> None:
        self._note_track()
        super()._poll()

    def _note_track(self) -> None:
        """Report the track that is heard, and those that were left out."""
        playlist = self._list
        if playlist is None:
            return
        for index, reason in playlist.left_out:
            if index < self.count and self.model.data(self.model.index(index), self.model.REASON) != reason:
                self.model.set_reason(index, reason)
                self.track_left_out.emit(index, reason)
        current = playlist.current
        if self._skipping:
            self._skipping -= 1
            if self.model.current is None and playlist.position >= PERIOD / 1000 * SKIPPING:
                return  # what was removed is still heard
        if current != self.model.current:
            self.model.set_current(current)
            self._step = self._length = None
            self.track_changed.emit(current)
