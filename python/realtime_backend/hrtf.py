"""Personal ears: measured head-related impulse responses from SOFA files.

A set of responses holds, for many directions round a listener, what arrives at each ear. The voices
``spatial_angle_modulation_sam2`` and ``spatial_angle_modulation_sam2_transition`` play a source through one with
``rendererMode="hrtf"`` and ``hrtfAsset=PATH``.

Files are SOFA (convention SimpleFreeFieldHRIR), or the compact form ``*.hrir.npz`` that `convert` writes.

Coordinates: azimuth 0 is the front, 90 is left; elevation 90 is above; degrees and metres.

Examples:
    >>> import realtime_backend as rb
    >>> about = rb.hrtf.info("ears.sofa")
    >>> about.directions, about.sample_rate, about.taps
    (187, 44100.0, 128)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from . import _core

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

__all__ = ["Info", "Responses", "convert", "info", "load"]


@dataclass(frozen=True, eq=False)
class Responses:
    """The responses of a listener, as the file states them."""

    responses: NDArray[np.float64]
    """Shape ``(directions, 2, taps)``: left and right ear. Full scale is ±1."""
    positions: NDArray[np.float64]
    """Shape ``(directions, 3)``: azimuth -180 to 180 (left positive) and elevation in degrees, distance in metres."""
    delays: NDArray[np.float64]
    """Shape ``(directions, 2)``: what is to be added to the responses of each ear, in samples at `sample_rate`."""
    sample_rate: float
    """Sample rate in Hz."""
    title: str
    """Title of the set; may be empty."""
    licence: str
    """Licence of the set; may be empty."""
    sha256: str
    """SHA-256 of the file, as ``hrtfAssetHash`` takes it."""
    warnings: tuple[str, ...]
    """What is odd about the file, but harmless."""


@dataclass(frozen=True)
class Info:
    """What a set of responses is."""

    directions: int
    """Number of measured directions."""
    sample_rate: float
    """Sample rate in Hz."""
    taps: int
    """Samples of each response."""
    distance_m: tuple[float, float]
    """Smallest and largest distance of the measured sources in metres."""
    elevation_deg: tuple[float, float]
    """Lowest and highest measured elevation in degrees."""
    side: tuple[float, float]
    """Azimuth and elevation in degrees of the direction nearest to 90° left."""
    itd_us: float
    """By how much the sound from `side` is earlier at the left ear, in microseconds: about 600 to 800 for a person."""
    ild_db: float
    """By how much it is louder there, in dB."""
    title: str
    """Title of the set; may be empty."""
    licence: str
    """Licence of the set; may be empty."""
    sha256: str
    """SHA-256 of the file, as ``hrtfAssetHash`` takes it."""
    warnings: tuple[str, ...] = field(default=())
    """What is odd about the file, but harmless."""

    def __str__(self) -> str:
        near, far = self.distance_m
        distance = f"{near:.2f} m" if np.isclose(near, far) else f"{near:.2f} to {far:.2f} m"
        low, high = self.elevation_deg
        lines = [
            *([self.title] if self.title else []),
            f"{self.directions} directions, elevation {low:.0f}° to {high:.0f}°, at {distance}",
            f"{self.taps} taps at {self.sample_rate:g} Hz",
            f"at {self.side[0]:.0f}° left: left ear {self.itd_us:.0f} µs earlier, {self.ild_db:.1f} dB louder",
            *(f"warning: {text}" for text in self.warnings),
        ]
        return "\n".join(lines)


def load(path: str | os.PathLike[str]) -> Responses:
    """Read a set of responses.

    Args:
        path: A SOFA file (SimpleFreeFieldHRIR) or an ``.hrir.npz`` file.

    Returns:
        The responses with their positions.

    Raises:
        MediaError: The file is not such a set, or is damaged. The message says what is wrong.
        OSError: The file cannot be read.

    Examples:
        >>> import realtime_backend as rb
        >>> ears = rb.hrtf.load("ears.sofa")
        >>> ears.responses.shape
        (187, 2, 128)
    """
    found = _core.hrtf_load(path)
    texts = {name: found[name] for name in ("sample_rate", "title", "licence", "sha256")}
    arrays = {name: found[name] for name in ("responses", "positions", "delays")}
    return Responses(**arrays, **texts, warnings=tuple(found["warnings"]))


def info(path: str | os.PathLike[str]) -> Info:
    """Say what a set of responses is: directions, rate, and the differences between the ears at 90° left.

    A set whose ``itd_us`` is near 0 has no time differences: sources will not be heard outside the head.

    Args:
        path: A SOFA file (SimpleFreeFieldHRIR) or an ``.hrir.npz`` file.

    Returns:
        The facts; ``print`` shows them as text.

    Raises:
        MediaError: The file is not such a set, or is damaged. The message says what is wrong.
        OSError: The file cannot be read.

    Examples:
        >>> import realtime_backend as rb
        >>> about = rb.hrtf.info("ears.sofa")
        >>> round(about.itd_us), round(about.ild_db)
        (666, 16)
    """
    found = _core.hrtf_info(path)
    pairs = {name: tuple(found[name]) for name in ("distance_m", "elevation_deg", "side", "warnings")}
    return Info(**{**found, **pairs})


def convert(source: str | os.PathLike[str], target: str | os.PathLike[str]) -> Path:
    """Write a set of responses in the compact form: a NumPy archive that is a fraction of a SOFA file.

    The archive has ``hrir`` (float32, ``(directions, 2, taps)``), ``position`` (azimuth, elevation, distance),
    ``sample_rate``, ``delay_samples`` and ``meta`` (JSON: title, licence, SHA-256 of the source). Its own SHA-256 is
    another one. The target appears whole or not at all.

    Args:
        source: A SOFA file (SimpleFreeFieldHRIR) or an ``.hrir.npz`` file.
        target: The file to write, by custom ``NAME.hrir.npz``. It is replaced if it exists.

    Returns:
        The path of the target.

    Raises:
        MediaError: The source is not such a set, or is damaged.
        TrackError: The target is the source.
        OSError: A file cannot be read or written.
    """
    _core.hrtf_convert(source, target)
    return Path(target)
