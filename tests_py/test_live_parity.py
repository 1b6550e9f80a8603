"""Voices with random parameters compared with a legacy checkout (`REALTIME_BACKEND_LEGACY`, see `conftest.py`)."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import legacy
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from realtime_backend import TrackWarning, synth

if TYPE_CHECKING:
    from realtime_backend._voice_info import Parameter

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
#: Examples of several parameters together, per voice.
EXAMPLES = 120


def rows(name: str) -> list[Parameter]:
    """Return the parameters of a voice that take a number and that the legacy has."""
    return [
        p
        for p in NAMES[name].parameters
        if p.kind == "number" and p.name not in NEW and "spatial" not in p.name.lower()
    ]


def span(row: Parameter) -> tuple[float, float]:
    """Return the lowest and the highest value that is tried for a parameter."""
    low, high = RANGES.get(row.unit, (0.05, 0.9))
    low = low if row.minimum is None else max(low, row.minimum)
    high = high if row.maximum is None else min(high, row.maximum)
    return low, high


@st.composite
def parameters(draw: st.DrawFn, name: str) -> dict[str, float]:
    """Draw values for some of the numeric parameters of a voice."""
    chosen = draw(st.lists(st.sampled_from(rows(name)), max_size=12, unique_by=lambda p: p.name))
    return {row.name: draw(st.floats(*span(row), allow_subnormal=False).map(lambda v: round(v, 4))) for row in chosen}


def sound(result: Any) -> np.ndarray:
    """Return the array of a legacy result, which may be a tuple with a state."""
    return np.asarray(result[0] if isinstance(result, tuple) else result)


def compare(name: str, params: dict[str, float]) -> None:
    """Fail if the two differ in the voice `name` with `params`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = sound(LEGACY[name](duration=0.2, sample_rate=22050, **params))
        warnings.simplefilter("ignore", TrackWarning)
        ours = getattr(synth, name)(0.2, 22050, compat="legacy", **params)
    assert ours.shape == theirs.shape
    # a moving pan drifts in the legacy's single-precision sum
    tolerance = 1e-3 if any("panfreq" in key.lower() for key in params) else 1e-5
    assert np.abs(ours - theirs).max() <= tolerance, params


@pytest.mark.parametrize("name", sorted(LEGACY))
def test_each_parameter_gives_the_legacy_samples(name: str) -> None:
    for row in rows(name):
        low, high = span(row)
        for value in (low, (low + high) / 2, high):
            compare(name, {row.name: round(value, 4)})


@pytest.mark.parametrize("name", sorted(LEGACY))
@given(data=st.data())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_parameters_give_the_legacy_samples(name: str, data: st.DataObject) -> None:
    compare(name, data.draw(parameters(name)))


def test_the_checkout_has_legacy_voices() -> None:
    assert LEGACY, "no voice function found in REALTIME_BACKEND_LEGACY"
