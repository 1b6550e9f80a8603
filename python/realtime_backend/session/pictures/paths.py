"""The paths of moving sources, from above and from the side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ... import _core
from .figure import matplotlib_figure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from ..model import Session
    from ..voice import Voice

    Path: TypeAlias = dict[str, Any] | NDArray[np.float64]

POINTS = 2000
"""Points per path."""
EAR = 0.09
"""Distance of each ear from the middle of the head, in metres."""


def paths(session: Session) -> Figure:
    """Plot the paths of all voices and clips that have one, over the length that they sound."""
    figure = matplotlib_figure(figsize=(10.0, 5.0))
    top, side = figure.subplots(1, 2)
    count = 0
    for label, path, seconds in sources(session):
        if seconds <= 0.0:
            continue
        if isinstance(path, dict):
            places = _core.path_positions(path, np.linspace(0.0, seconds, POINTS).tolist(), session.compat)
        else:
            places = path
        x, y, z = places.T
        colour = f"C{count % 10}"
        top.plot(y, x, color=colour, linewidth=1.2, label=label)
        side.plot(x, z, color=colour, linewidth=1.2)
        top.plot(y[:1], x[:1], "o", color=colour)
        side.plot(x[:1], z[:1], "o", color=colour)
        count += 1
    for axes in (top, side):
        axes.set_aspect("equal", adjustable="datalim")
        axes.grid(visible=True, alpha=0.3)
    top.set(title="from above", xlabel="y, metres (left is positive)", ylabel="x, metres (front)")
    side.set(title="from the right", xlabel="x, metres (front)", ylabel="z, metres (up)")
    head(top, side)
    # left is on the left
    top.invert_xaxis()
    if count:
        # below the picture, where it covers no path
        figure.legend(loc="outside lower center", ncols=2, fontsize="small")
    return figure


def sources(session: Session) -> Iterator[tuple[str, Path, float]]:
    """Yield the name, the path or place, and the seconds of all sounds that have one."""
    for step in session.steps:
        for voice in step.voices:
            name = voice.description or voice.family
            paths = [moving(voice), placed(voice.params.get("spatial"))]
            yield from ((name, path, step.duration) for path in paths if path is not None)
    for clip in session.clips:
        path = placed(clip.spatial)
        if path is not None:
            yield clip.description or clip.file, path, clip.duration or session.duration - clip.start


def placed(spatial: object) -> Path | None:
    """Return the path of an object `spatial`, or its place in metres as an array of shape (1, 3)."""
    if not isinstance(spatial, dict):
        return None
    path = spatial.get("canonicalTrajectory")
    if isinstance(path, dict):
        return path
    azimuth, elevation = (np.radians(float(spatial.get(name, 0.0))) for name in ("azimuthDeg", "elevationDeg"))
    level = np.cos(elevation)
    direction = np.array([[level * np.cos(azimuth), level * np.sin(azimuth), np.sin(elevation)]])
    return direction * float(spatial.get("distanceM", 1.0))


def moving(voice: Voice) -> dict[str, Any] | None:
    """Return the path of a voice that is rendered along it; ``None`` for other voices."""
    path = voice.params.get("canonicalTrajectory")
    mode = str(voice.params.get("rendererMode", "")).strip().lower()
    return path if isinstance(path, dict) and mode in ("geometric", "hrtf") else None


def head(top: Axes, side: Axes) -> None:
    """Draw the listener, who looks to the front."""
    from matplotlib.patches import Circle

    for axes in (top, side):
        axes.add_patch(Circle((0.0, 0.0), EAR, fill=False, color="black", linewidth=1.0))
    nose = [[-0.03, 0.0, 0.03], [EAR, EAR + 0.04, EAR]]
    top.plot(*nose, color="black", linewidth=1.0)
    side.plot(nose[1], nose[0], color="black", linewidth=1.0)
    top.plot([EAR, -EAR], [0.0, 0.0], "k|", markersize=8)
