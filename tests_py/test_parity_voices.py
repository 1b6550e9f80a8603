"""All voices compared with recordings of the legacy."""

import warnings

import pytest
import recordings
from realtime_backend import TrackWarning, synth
from recordings import Case


def voice_cases() -> list[Case]:
    registered = synth.voices()
    # scenes belong to tracks: a voice that is called by itself has none
    return [
        case
        for case in recordings.all_cases()
        if case.comparable and case.function in registered and "_sam_scene" not in case.kwargs
    ]


@pytest.fixture(autouse=True)
def _in_the_recordings_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    # the recorded parameters have relative paths of audio files
    monkeypatch.chdir(recordings.GOLDEN)


@pytest.mark.parametrize("case", voice_cases(), ids=str)
def test_voice_equals_its_recording(case: Case) -> None:
    with warnings.catch_warnings():
        # some recordings have parameters that are ignored on purpose
        warnings.simplefilter("ignore", TrackWarning)
        ours = getattr(synth, case.function)(**case.kwargs, compat="legacy")
    array = case.array
    if "input_audio_path" in case.kwargs:
        # the legacy function returns the whole file instead of the requested duration
        ours = ours[: array.frames]
        array = array.prefix(len(ours))
        ours = ours[: array.frames]
    error = array.worst(ours)
    assert error <= case.tolerance, f"off by {error:.3e}, allowed {case.tolerance:.0e}"
