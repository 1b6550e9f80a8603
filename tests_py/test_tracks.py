"""Tracks as paths, text and dictionaries: loading, saving, warnings, errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import realtime_backend as rb
import recordings
from sample_tracks import track


@pytest.mark.parametrize("recorded", recordings.tracks(), ids=str)
@pytest.mark.filterwarnings("ignore::realtime_backend.TrackWarning")
def test_recorded_tracks_load_from_path_text_and_dictionary(recorded: recordings.TrackCase) -> None:
    text = recorded.path.read_text()

    def load(track: Any) -> dict[str, Any]:
        return rb.load_track(track, compat="legacy")

    from_path = load(recorded.path)
    assert from_path == load(str(recorded.path)) == load(text) == load(text.encode())
    assert set(from_path) >= {"global", "progression", "background_noise", "overlay_clips"}
    assert all(isinstance(step["start"], int | float) for step in from_path["progression"])
    assert load(from_path) == from_path


@pytest.mark.filterwarnings("ignore:.*unknown field:realtime_backend.TrackWarning")
def test_saving_and_loading_keeps_everything(tmp_path: Path) -> None:
    given = track(my_own_key={"kept": [1, 2.5, None, "ü"]})
    path = tmp_path / "saved.json"
    rb.save_track(given, path)
    again = rb.load_track(path)
    assert again == rb.load_track(given)
    assert again["global"]["my_own_key"] == {"kept": [1, 2.5, None, "ü"]}
    assert json.loads(path.read_text()) == again
    assert [entry.name for entry in tmp_path.iterdir()] == ["saved.json"]


def test_an_unknown_voice_is_only_a_warning_under_legacy_rules() -> None:
    bad = track()
    bad["progression"][0]["voices"][0]["synth_function_name"] = "binaural_bet"
    with pytest.raises(rb.TrackError, match='unknown voice "binaural_bet"; did you mean "binaural_beat"'):
        rb.load_track(bad)
    with pytest.warns(rb.TrackWarning, match="unknown voice"):
        rb.load_track(bad, compat="legacy")
    bad["global"]["compat"] = "legacy"
    assert [problem.severity for problem in rb.validate(bad)] == ["warning"]
    assert [problem.severity for problem in rb.validate(bad, compat="default")] == ["error"]


def test_numpy_values_in_a_track_are_numbers() -> None:
    plain, numpy = track(), track()
    numpy["global"]["sample_rate"] = np.int64(8000)
    numpy["progression"][0]["voices"][0]["params"]["baseFreq"] = np.float32(180.0)
    numpy["progression"] = tuple(numpy["progression"])
    assert rb.load_track(numpy) == rb.load_track(plain)


def test_an_error_has_its_path_in_the_track() -> None:
    bad = track()
    bad["progression"][1]["duration"] = "long"
    with pytest.raises(rb.TrackError) as caught:
        rb.load_track(bad)
    (problem,) = caught.value.problems
    assert (problem.severity, problem.path) == ("error", "progression[1].duration")
    assert str(problem) == str(caught.value)
    assert rb.validate(bad) == [problem]


def test_nan_in_a_track_is_an_error_with_a_path() -> None:
    bad = track()
    bad["progression"][0]["voices"][0]["params"]["beatFreq"] = float("nan")
    (problem,) = rb.validate(bad)
    assert problem.path == "progression[0].voices[0].params.beatFreq"
    with pytest.raises(rb.TrackError):
        rb.load_track(bad)


def test_a_track_that_contains_itself_is_refused() -> None:
    bad = track()
    bad["progression"][0]["me"] = bad
    (problem,) = rb.validate(bad)
    assert "nested more than" in problem.message


def test_a_missing_file_raises_file_not_found_error(tmp_path: Path) -> None:
    missing = tmp_path / "missing.json"
    for call in (rb.load_track, rb.validate):
        with pytest.raises(FileNotFoundError) as caught:
            call(missing)
        assert caught.value.filename == str(missing)


def test_saving_creates_folders_and_refuses_an_unwritable_path(tmp_path: Path) -> None:
    rb.save_track(track(), tmp_path / "new" / "folder" / "track.json")
    assert rb.load_track(tmp_path / "new" / "folder" / "track.json") == rb.load_track(track())
    with pytest.raises(OSError, match=r"track\.json"):
        rb.save_track(track(), tmp_path / "new" / "folder" / "track.json" / "inside.json")


@pytest.mark.parametrize("given", [3, None, ["steps"], 2.5])
def test_a_track_of_the_wrong_type_raises_a_type_error(given: object) -> None:
    with pytest.raises(TypeError, match="expected a track: a path, JSON text, a dictionary or a Session"):
        rb.load_track(given)  # type: ignore[arg-type]


def test_the_error_for_invalid_text_has_the_reason() -> None:
    with pytest.raises(rb.TrackError, match="line 1"):
        rb.load_track('{"progression": [}')
    with pytest.raises(rb.TrackError, match="expected UTF-8 text"):
        rb.load_track(b'{"a": "\xff"}')


def test_warnings_point_at_the_caller() -> None:
    odd = track()
    odd["progresion"] = 1
    with pytest.warns(rb.TrackWarning, match="progresion") as seen:
        rb.load_track(odd)
    assert Path(seen[0].filename) == Path(__file__)
    assert [problem.severity for problem in rb.validate(odd)] == ["warning"]


@pytest.mark.parametrize(
    ("name", "params", "path", "said"),
    [
        ("binaural_beat", {"baseFreq": 30_000.0}, "baseFreq", "above half the sample rate"),
        ("binaural_beat", {"baseFreq": -200.0}, "baseFreq", "expected a frequency above 0"),
        ("binaural_beat", {"baseFreq": 0}, "baseFreq", "no tone"),
        ("binaural_beat", {"beatFreq": -4.0}, "beatFreq", "the higher tone in the other ear"),
        ("isochronic_tone", {"beatFreq": 0.0}, "beatFreq", "makes the voice silent"),
        ("noise_swept_notch", {"noise_type": "purplish"}, "noise_type", "unknown colour"),
    ],
)
def test_validate_names_frequencies_and_colours(name: str, params: dict[str, Any], path: str, said: str) -> None:
    track = {"progression": [{"duration": 1.0, "voices": [{"synth_function_name": name, "params": params}]}]}
    found = [problem for problem in rb.validate(track) if problem.path.endswith(f"params.{path}")]
    assert len(found) == 1
    assert found[0].severity == "warning"
    assert said in found[0].message


def test_validate_names_an_amplitude_that_the_levelling_cancels() -> None:
    voice = {"synth_function_name": "binaural_beat", "params": {"ampL": 0.05, "ampR": 0.05}}
    track: dict[str, Any] = {"global": {"normalization": "step"}, "progression": [{"duration": 1.0, "voices": [voice]}]}
    (problem,) = rb.validate(track)
    assert (problem.path, problem.severity) == ("progression[0]", "warning")
    assert "amplitudes only set the balance" in problem.message
    track["global"]["normalization"] = "none"
    assert rb.validate(track) == []


def test_the_step_loudness_switch_evens_steps_out() -> None:
    """Its name says the contrary, its description what it does: two steps 6 dB apart come 3 dB nearer."""

    def step(volume: float) -> dict[str, Any]:
        voice = {"synth_function_name": "binaural_beat", "params": {"baseFreq": 200.0, "beatFreq": 0.0}}
        return {"duration": 2.0, "binaural_volume": volume, "voices": [voice]}

    def apart(switch: bool) -> float:
        settings = {"normalization": "step", "crossfade_duration": 0.0, "preserve_relative_step_loudness": switch}
        sound = rb.render({"global": settings, "progression": [step(0.4), step(0.2)]})
        first, second = (np.sqrt((sound[at : at + 44_100] ** 2).mean()) for at in (22_050, 110_250))
        return float(20.0 * np.log10(first / second))

    assert apart(False) == pytest.approx(6.02, abs=0.05)
    assert apart(True) == pytest.approx(3.02, abs=0.05)
