"""Plots of sessions and sounds. They need matplotlib: ``pip install "realtime_backend[plot]"``."""

from .figure import matplotlib_figure
from .levels import levels
from .paths import paths
from .spectrum import spectrogram
from .timeline import timeline

__all__ = ["levels", "matplotlib_figure", "paths", "spectrogram", "timeline"]
