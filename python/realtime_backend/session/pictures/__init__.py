"""Plots of sessions and sounds. They need matplotlib: ``pip install "realtime_backend[plot]"``."""

from .figure import matplotlib_figure
from .levels import levels
from .spectrum import spectrogram
from .timeline import timeline

__all__ = ["levels", "matplotlib_figure", "spectrogram", "timeline"]
