"""Dictionaries that functions return."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict


class FileReport(TypedDict):
    """What was written to a file, see ``measure`` of `realtime_backend.render_to_file`."""

    file: Path
    """Path of the file."""
    duration: float
    """Its length in seconds."""
    lufs: float | None
    """Its integrated loudness in LUFS (EBU R 128); ``None`` if it is silent or too short."""
    peak: float
    """Its peak, 1 is full scale."""
    stems: dict[str, Path]
    """Path of each stem by its name."""
    inputs: list[Path]
    """The files that the track was read from and that it reads."""
