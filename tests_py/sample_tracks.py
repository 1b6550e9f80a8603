"""A small track and its voice, for tests."""

from __future__ import annotations

from typing import Any


def tone(**params: Any) -> dict[str, Any]:
    """Return a binaural beat with these parameters."""
    return {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0, **params}}


def track(**settings: Any) -> dict[str, Any]:
    """Return a track of two steps, 1.75 s at 8000 Hz, with these settings."""
    return {
        "global": {"sample_rate": 8000, "crossfade_duration": 0.25, **settings},
        "progression": [{"duration": 1.0, "voices": [tone()]}, {"duration": 1.0, "voices": [tone(beatFreq=4.0)]}],
    }
