"""Voices with random parameters compared with a legacy checkout (`REALTIME_BACKEND_LEGACY`, see `conftest.py`)."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import legacy
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from realtime_backend import TrackWarning, synth

NAMES = {name: info for name, info in synth.voices().items() if "noise" not in name and name != "subliminal_encode"}
LEGACY = legacy.find(Path(os.environ["REALTIME_BACKEND_LEGACY"]), NAMES)
#: Ranges of random values by unit. The recordings agree to rounding within them.
RANGES = {
    "Hz": (0.5, 400.0),
    "rad": (-7.0, 7.0),
    "cycles": (0.0, 1.0),
    "s": (0.0, 0.3),
    "deg": (0.0, 180.0),
    "": (0.05, 0.9),
}
#: Parameters that the legacy does not have.
NEW = {"equal_loudness_phon", "attack_ms", "hold_ms", "release_ms", "modulation_depth"}
#: Examples per voice. Each of its parameters, up to fifty, is drawn about ten times.
EXAMPLES = 120


@st.composite
def parameters(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """Draw values for some of the numeric parameters of a voice."""
    numbers = [p for p in NAMES[name].parameters if p.kind == "number" and p.name not in NEW]
    rows = [p for p in numbers if "spatial" not in p.name.lower()]
    chosen = draw(st.lists(st.sampled_from(rows), max_size=12, unique_by=lambda p: p.name))
    values: dict[str, Any] = {}
    for row in chosen:
        low, high = RANGES.get(row.unit, (0.05, 0.9))
        low = low if row.minimum is None else max(low, row.minimum)
        high = high if row.maximum is None else min(high, row.maximum)
        values[row.name] = draw(st.floats(low, high, allow_subnormal=False).map(lambda v: round(v, 4)))
    return values


def sound(result: Any) -> np.ndarray:
    """Return the array of a legacy result, which may be a tuple with a state."""
    return np.asarray(result[0] if isinstance(result, tuple) else result)


@pytest.mark.parametrize("name", sorted(LEGACY))
@given(data=st.data())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_parameters_give_the_legacy_samples(name: str, data: st.DataObject) -> None:
    params = data.draw(parameters(name))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = sound(LEGACY[name](duration=0.2, sample_rate=22050, **params))
        warnings.simplefilter("ignore", TrackWarning)
        ours = getattr(synth, name)(0.2, 22050, compat="legacy", **params)
    assert ours.shape == theirs.shape
    # a moving pan drifts in the legacy's single-precision sum
    tolerance = 1e-3 if any("panfreq" in key.lower() for key in params) else 1e-5
    assert np.abs(ours - theirs).max() <= tolerance


def test_the_checkout_has_legacy_voices() -> None:
    assert LEGACY, "no voice function found in REALTIME_BACKEND_LEGACY"
