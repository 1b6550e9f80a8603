"""Figures for notebooks and files, and their time axes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400)
"""Seconds from one label of a time axis to the next."""
LABELS = 10
"""Most labels of a time axis."""


def matplotlib_figure(**options: Any) -> Figure:
    """Return an empty figure that is independent of pyplot and its backend."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError("pictures need matplotlib: pip install 'realtime_backend[plot]'") from error

    class Picture(Figure):
        """A figure that a notebook shows even if pyplot is not imported."""

        def _repr_png_(self) -> bytes:
            out = io.BytesIO()
            self.savefig(out, format="png")
            return out.getvalue()

    return Picture(layout="constrained", **options)


def time_axis(axes: Axes, seconds: float) -> None:
    """Label the time from 0 to `seconds`: in seconds up to two minutes, as m:ss up to an hour, then as h:mm."""
    from matplotlib.ticker import FuncFormatter, MultipleLocator

    axes.set_xlim(0.0, seconds or 1.0)
    axes.xaxis.set_major_locator(MultipleLocator(next((step for step in STEPS if seconds <= LABELS * step), STEPS[-1])))
    if seconds <= 120.0:
        axes.set_xlabel("seconds")
    elif seconds <= 3600.0:
        axes.set_xlabel("minutes:seconds")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: _clock(at)))
    else:
        axes.set_xlabel("hours:minutes")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: _clock(at / 60.0)))


def _clock(units: float) -> str:
    """Return `units` as two places to the base of 60, such as ``1:30`` for 90."""
    high, low = divmod(round(units), 60)
    return f"{high}:{low:02}"
