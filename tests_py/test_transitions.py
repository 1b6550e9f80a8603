"""Transitions of no length."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from realtime_backend import _core, synth

TABLE: dict[str, dict[str, Any]] = {voice["name"]: voice for voice in _core.voice_table()}

#: Voices that use `initial_offset` and `transition_duration`. The others move over the whole call.
RAMPED = (
    "binaural_beat",
    "chirp_train",
    "click_train",
    "dual_pulse_binaural",
    "hybrid_qam_monaural_beat",
    "isochronic_tone",
    "monaural_beat_stereo_amps",
    "rhythmic_waveshaping",
    "spatial_angle_modulation_sam2",
    "stereo_am_independent",
    "wave_shape_stereo_am",
)


def ramps(voice: dict[str, Any]) -> list[tuple[str, str, float]]:
    """Return the start name, the end name and the default of each number that a transition moves.

    Start phases do not move. Glitch parameters are left out, because each set of them gives another noise.
    """
    names = {parameter["name"] for parameter in voice["parameters"]}
    return [
        (parameter["name"], "end" + parameter["name"].removeprefix("start"), float(parameter["default"] or 0.1))
        for parameter in voice["parameters"]
        if parameter["kind"] == "number"
        and parameter["name"].startswith("start")
        and "StartPhase" not in parameter["name"]
        and "Glitch" not in parameter["name"]
        and "end" + parameter["name"].removeprefix("start") in names
    ]


# lengths of a gate in milliseconds replace those in percent
@pytest.mark.filterwarnings("ignore:.*given too:realtime_backend.TrackWarning")
@pytest.mark.parametrize("family", RAMPED)
def test_a_transition_without_length_has_its_end_values(family: str) -> None:
    name = f"{family}_transition"
    make = getattr(synth, name)
    moved = ramps(TABLE[name])
    # all oscillators are on, so that each number affects the sound
    still = {key: value for start, end, value in moved for key in (start, end)}
    for start, end, value in moved:
        pairs = ((value, 1.2 * value), (1.2 * value, 1.2 * value))
        over, there = (
            make(0.2, 44100, initial_offset=0.0, transition_duration=0.0, **{**still, start: first, end: last})
            for first, last in pairs
        )
        np.testing.assert_allclose(over, there, atol=1e-4, err_msg=start)
