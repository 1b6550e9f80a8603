"""Whole tracks compared with recordings of the legacy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import realtime_backend as rb
import recordings

if TYPE_CHECKING:
    import numpy as np

TOLERANCE = 1e-5
TRACKS = pytest.mark.parametrize("recorded", recordings.tracks(), ids=str)
pytestmark = pytest.mark.filterwarnings("ignore::realtime_backend.TrackWarning")


def rendered(recorded: recordings.TrackCase, **switches: Any) -> np.ndarray:
    """Render a track as it was recorded: from its file, or from a dictionary."""
    given: Any = recorded.path
    if recorded.meta["load_mode"] == "raw":
        given = json.loads(recorded.path.read_text())
    return rb.render(given, compat={"preset": "legacy", **switches}, base_dir=recorded.path.parent)


@TRACKS
def test_track_equals_its_recording(recorded: recordings.TrackCase) -> None:
    error = recorded.arrays["audio"].worst(rendered(recorded))
    assert error <= TOLERANCE, f"off by {error:.3e}"


@pytest.mark.parametrize("recorded", [t for t in recordings.tracks() if "audio_no_alignment" in t.arrays], ids=str)
def test_track_without_alignment_equals_its_recording(recorded: recordings.TrackCase) -> None:
    error = recorded.arrays["audio_no_alignment"].worst(rendered(recorded, align_phases=False))
    assert error <= TOLERANCE, f"off by {error:.3e}"


@pytest.mark.parametrize("recorded", [t for t in recordings.tracks() if "audio_envelopes_fixed" in t.arrays], ids=str)
def test_track_with_working_envelopes_equals_its_recording(recorded: recordings.TrackCase) -> None:
    error = recorded.arrays["audio_envelopes_fixed"].worst(rendered(recorded, flat_envelopes=False))
    assert error <= TOLERANCE, f"off by {error:.3e}"
