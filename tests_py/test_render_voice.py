"""`render_voice` compared with recordings of the legacy pipeline."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import realtime_backend as rb
import recordings
from realtime_backend import synth
from recordings import Case
from sample_tracks import tone

#: Arguments of calls that render a step in chunks. The engine renders a step in one piece.
CHUNKED = {"chunk_start_time", "full_step_duration", "previous_state"}
CASES = [
    case
    for case in recordings.cases("voice_pipeline")
    if case.function == "generate_voice_audio" and case.comparable and not CHUNKED & set(case.kwargs)
]


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.filterwarnings("ignore::realtime_backend.TrackWarning")
def test_voice_equals_its_recording(case: Case) -> None:
    kwargs = case.kwargs
    ours = rb.render_voice(kwargs["voice_data"], kwargs["duration"], kwargs["sample_rate"], compat="legacy")
    error = case.array.worst(ours)
    assert error <= case.tolerance, f"off by {error:.3e}, allowed {case.tolerance:.0e}"


def test_there_are_recordings() -> None:
    assert len(CASES) > 30


def test_both_edges_fade_over_10_ms_without_an_envelope() -> None:
    faded = rb.render_voice(tone(), 0.5, 8000)
    bare = synth.binaural_beat(0.5, 8000, baseFreq=180.0, beatFreq=6.0)
    assert not faded[0].any()
    assert not faded[-1].any()
    assert np.array_equal(faded[80:-80], bare[80:-80])


def test_an_envelope_replaces_the_fades() -> None:
    envelope = {"type": "linear_fade", "params": {"fade_duration": 0.25, "start_amp": 0.5, "end_amp": 1.0}}
    sound = rb.render_voice({**tone(), "volume_envelope": envelope}, 0.5, 8000)
    bare = synth.binaural_beat(0.5, 8000, baseFreq=180.0, beatFreq=6.0)
    assert np.array_equal(sound[2000:], bare[2000:])
    assert np.allclose(sound[0], 0.5 * bare[0])


def test_errors_and_warnings_have_the_path_within_the_voice() -> None:
    with pytest.raises(rb.TrackError, match=r'^params\.beatFreq: expected a number, got "fast"'):
        rb.render_voice(tone(beatFreq="fast"), 0.1)
    with pytest.raises(rb.TrackError, match=r'unknown voice "binaural_bet"'):
        rb.render_voice({"synth_function_name": "binaural_bet"}, 0.1)
    with pytest.warns(rb.TrackWarning, match=r"^params\.beatFrq: unknown parameter") as seen:
        rb.render_voice(tone(beatFrq=1.0), 0.1)
    assert Path(seen[0].filename) == Path(__file__)


def test_out_is_filled_and_returned() -> None:
    out = np.full((800, 2), 9.0, np.float32)
    assert rb.render_voice(tone(), 0.1, 8000, out=out) is out
    assert np.array_equal(out, rb.render_voice(tone(), 0.1, 8000))
