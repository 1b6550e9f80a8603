"""Binaural beats, isochronic tones and other entrainment audio.

Sound is always a C-ordered float32 array of shape ``(frames, 2)``, full scale ±1. Times are seconds, frequencies Hz.

- `synth`: every voice as a function that returns an array;
- `dsp`: the building blocks (curves, envelopes, pan, filters, flanger);
- `load_track`, `save_track`, `validate`: tracks, from a path, JSON text or a dictionary;
- `TrackError`, `MediaError` and `TrackWarning`: what can go wrong.
"""

from . import dsp, synth
from ._core import (
    MediaError,
    Problem,
    TrackError,
    TrackWarning,
    __version__,
    load_track,
    save_track,
    validate,
)

__all__ = [
    "MediaError",
    "Problem",
    "TrackError",
    "TrackWarning",
    "__version__",
    "dsp",
    "load_track",
    "save_track",
    "synth",
    "validate",
]
