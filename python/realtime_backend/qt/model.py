"""The tracks of a playlist as a Qt model, for list views."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import QAbstractListModel, QModelIndex, QObject, Qt
from qtpy.QtGui import QFont

from .._core import tracks_in_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

_NONE = QModelIndex()


class TrackListModel(QAbstractListModel):  # type: ignore[misc]  # the bindings are not typed through qtpy
    """The tracks of a `StreamPlaylist` and their titles. The title of the track that is heard is bold.

    A playlist has one as its `StreamPlaylist.model`; a `QListView` shows it. Change it through the playlist.

    Examples:
        >>> model = TrackListModel()
        >>> model.insert(0, [{"progression": [], "metadata": {"title": "Evening"}}, "night.json"])
        2
        >>> [model.data(model.index(row)) for row in range(model.rowCount())]
        ['Evening', 'night']
    """

    TRACK = Qt.ItemDataRole.UserRole
    """Role of the track: a dictionary, JSON text or path, as it was added."""
    CURRENT = Qt.ItemDataRole.UserRole + 1
    """Role that says whether the track is the one that is heard."""
    REASON = Qt.ItemDataRole.UserRole + 2
    """Role of the reason why the track cannot be played, else ``None``. It is also the tool tip."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tracks: list[Any] = []
        self._reasons: list[str | None] = []
        self._current: int | None = None

    @property
    def tracks(self) -> list[Any]:
        """The tracks."""
        return list(self._tracks)

    def rowCount(self, parent: QModelIndex = _NONE) -> int:  # noqa: N802 - Qt's name
        """Return the number of tracks."""
        return 0 if parent.isValid() else len(self._tracks)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a view shows of a track, or one of the roles of this class."""
        row = index.row()
        if not index.isValid() or row >= len(self._tracks):
            return None
        current = row == self._current
        if role == Qt.ItemDataRole.FontRole and current:
            bold = QFont()
            bold.setBold(True)
            return bold
        if role == Qt.ItemDataRole.DisplayRole:
            return title(self._tracks[row]) or f"Track {row + 1}"
        if role in (self.REASON, Qt.ItemDataRole.ToolTipRole):
            return self._reasons[row]
        return {self.TRACK: self._tracks[row], self.CURRENT: current}.get(role)

    def insert(self, row: int, tracks: Iterable[Any]) -> int:
        """Insert tracks before `row`; a folder stands for the track files in it. Dictionaries are copied.

        Returns:
            The number of tracks that were inserted.
        """
        found = [one for track in tracks for one in expanded(track)]
        if found:
            self.beginInsertRows(_NONE, row, row + len(found) - 1)
            self._tracks[row:row] = found
            self._reasons[row:row] = [None] * len(found)
            if self._current is not None and row <= self._current:
                self._current += len(found)
            self.endInsertRows()
        return len(found)

    def remove(self, row: int) -> None:
        """Remove a track."""
        self.beginRemoveRows(_NONE, row, row)
        del self._tracks[row], self._reasons[row]
        if self._current is not None:
            self._current = None if self._current == row else self._current - (row < self._current)
        self.endRemoveRows()

    def replace(self, row: int, track: Any) -> None:
        """Replace a track, for example after an edit."""
        self._tracks[row] = track
        self._changed(row)

    @property
    def current(self) -> int | None:
        """Row of the track that is heard."""
        return self._current

    def set_current(self, row: int | None) -> None:
        """Mark the track that is heard."""
        before, self._current = self._current, row
        for changed in {before, row} - {None}:
            self._changed(changed)

    def set_reason(self, row: int, reason: str | None) -> None:
        """Say why a track cannot be played."""
        if self._reasons[row] != reason:
            self._reasons[row] = reason
            self._changed(row)

    def _changed(self, row: int | None) -> None:
        if row is not None and row < len(self._tracks):
            self.dataChanged.emit(self.index(row), self.index(row))


def expanded(track: Any) -> list[Any]:
    """Return the track files of a folder, or the track itself; a dictionary is copied."""
    if isinstance(track, os.PathLike) or (isinstance(track, str) and not is_text(track)):
        return [str(path) for path in tracks_in_folder(track)]
    return [copy.deepcopy(track)]


def is_text(track: str) -> bool:
    """Whether a string is the text of a track and not a path."""
    return track.lstrip()[:1] in ("{", "[", "<") or "\n" in track


def title(track: Any) -> str | None:
    """Return the title of a track, the name of its file without the ending, or ``None``."""
    if isinstance(track, str) and is_text(track):
        try:
            track = json.loads(track)
        except ValueError:
            return None
    if isinstance(track, str | os.PathLike):
        return Path(track).stem
    found = (track.get("metadata") or {}).get("title") if hasattr(track, "get") else None
    return found if isinstance(found, str) and found else None
