"""What is accepted wherever a track is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias


class HasTrack(Protocol):
    """An object that is written as a track, such as a `Session`."""

    @property
    def base_dir(self) -> str | os.PathLike[str] | None:
        """Folder for relative paths in the track; ``None`` means the working directory."""

    def to_track(self) -> dict[str, Any]:
        """Return the track as a dictionary."""


Track: TypeAlias = str | os.PathLike[str] | bytes | Mapping[str, Any] | HasTrack
"""A path, the content of a file, a dictionary or a `Session`."""
