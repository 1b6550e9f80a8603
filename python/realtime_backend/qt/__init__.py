"""The player and the playlist as Qt objects, for the session builder and other windows.

Install ``realtime_backend[qt]`` and one of PyQt5, PyQt6 and PySide6; qtpy selects the binding. Signals and callbacks
arrive on the thread of the object, from its event loop.
"""

try:
    import qtpy.QtCore  # noqa: F401 - only whether it is there
except ImportError as _error:
    raise ImportError(
        "realtime_backend.qt needs qtpy and one of PySide6, PyQt6 and PyQt5: pip install qtpy PySide6"
    ) from _error

from .model import TrackListModel
from .player import StreamPlayer
from .playlist import StreamPlaylist

__all__ = ["StreamPlayer", "StreamPlaylist", "TrackListModel"]
