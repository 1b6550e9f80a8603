"""Presets and session files (spec track-format 9 and 10)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import realtime_backend as rb
from realtime_backend.session import (
    Catalogue,
    LinearFade,
    Noise,
    Session,
    SessionFile,
    SessionFileStep,
    Step,
    load_voices,
    save_voices,
    voices,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with presets."""
    fade = LinearFade(2.0, 0.0, 1.0)
    save_voices([voices.BinauralBeat(base_freq=180.0, envelope=fade, description="alpha")], tmp_path / "alpha.voice")
    Session([Step(1.0, [voices.IsochronicTone(), voices.QamBeat()]), Step(1.0)]).save(tmp_path / "two.json")
    content = {
        "transition": True, "start_lfo_freq": 0.1, "end_lfo_freq": 0.2, "initial_offset": 1.0, "duration": 8.0,
        "noise_parameters": {"name": "brown"},
        "sweeps": [{"start_min": 300, "end_min": 400, "start_max": 900, "end_max": 1000, "start_q": 20}],
    }  # fmt: skip
    (tmp_path / "rain.noise").write_text(json.dumps(content))
    return tmp_path


def test_a_catalogue_has_built_in_presets_and_presets_from_folders(folder: Path) -> None:
    catalogue = Catalogue.of(folder)
    assert set(catalogue.voices) == {"voice:alpha", "json:two"}
    assert set(catalogue.noises) == set(Catalogue.of().noises) | {"noise:rain"}
    assert "noise_preset:Rolling Pink" in catalogue.noises
    assert [voice.function for voice in catalogue.voices["json:two"]] == ["isochronic_tone", "qam_beat"]
    assert catalogue.voices["voice:alpha"][0].envelope == LinearFade(2.0, 0.0, 1.0)
    assert "noise_preset:Rolling Pink" in Catalogue.of()._repr_html_()
    assert Catalogue({"<b>": []})._repr_html_() == "&lt;b&gt;"
    (folder / "bad.voice").write_text("{")
    with pytest.warns(rb.TrackWarning, match=r"bad\.voice.*skipped"):
        Catalogue.of(folder)


def test_a_noise_preset_becomes_a_noise_voice(folder: Path) -> None:
    noise = Catalogue.of(folder).noises["noise:rain"]
    voice = noise.voice()
    assert (voice.function, voice.bus, voice.is_transition) == ("noise_swept_notch_transition", "noise", True)
    assert voice.params["start_sweeps"] == [[300, 900]]
    assert voice.params["end_sweeps"] == [[400, 1000]]
    assert (voice.params["start_q"], voice.params["end_q"], voice.params["start_casc"]) == ([20], [25], [10])
    assert (voice.params["initial_offset"], voice.params["transition_duration"]) == (1, 8)
    assert noise.bed(0.5).file == str(folder / "rain.noise")
    assert Noise({"noise_parameters": {"name": "pink"}}).bed().params == {"noise_parameters": {"name": "pink"}}


def test_a_session_file_converts_to_a_session(folder: Path) -> None:
    stored = SessionFile(
        [
            SessionFileStep(10.0, "voice:alpha", "noise:rain", "one", background_audio_path="rain.wav"),
            SessionFileStep(10.0, "json:two", crossfade_duration=4.0, noise_volume=0.1),
            SessionFileStep(10.0, start=40.0, background_audio_path="b.wav", background_audio_extend=False),
            SessionFileStep(5.0),
        ],
        crossfade_duration=2.0,
        crossfade_curve="equal_power",
        background_noise_preset_id="noise_preset:Brown Noise",
        background_noise_gain=0.3,
    )
    stored.save(folder / "evening.session")
    session = Session.load(folder / "evening.session")
    track = session.to_track()
    assert [step["start"] for step in track["progression"]] == [0.0, 8.0, 40.0, 50.0]
    assert [voice["voice_type"] for voice in track["progression"][0]["voices"]] == ["binaural", "noise"]
    assert track["progression"][1]["noise_volume"] == 0.1
    assert [(clip.file, clip.start, clip.duration) for clip in session.clips] == [("rain.wav", 0, 0), ("b.wav", 40, 10)]
    assert session.clips[0].gain == 0.48
    assert session.background is not None
    assert session.background.gain == 0.3
    assert session.background.params["noise_parameters"]["name"] == "Brown"
    assert session.crossfade_curve == "equal_power"
    assert session.base_dir == folder


def test_a_saved_session_file_keeps_unknown_keys(folder: Path) -> None:
    found = {
        "steps": [{"binaural_preset_id": "voice:alpha", "duration": 2.0, "warmup_clip_path": "w.wav", "own": 2}],
        "mine": [1],
    }
    (folder / "old.json").write_text(json.dumps(found))
    stored = SessionFile.load(folder / "old.json")
    assert stored.steps[0].background_audio_path == "w.wav"
    assert (stored.extra, stored.steps[0].extra) == ({"mine": [1]}, {"own": 2})
    stored.save(folder / "new.session")
    assert SessionFile.load(folder / "new.session") == stored
    assert json.loads((folder / "new.session").read_text())["steps"][0]["own"] == 2
    with pytest.warns(rb.TrackWarning, match=r"(mine|own): unknown field"):
        session = Session.load(folder / "old.json")
    assert session.steps[0].voices[0].function == "binaural_beat"


@pytest.mark.parametrize("catalogue", [None, "given"])
def test_a_session_file_is_loaded_and_rendered_like_a_track(
    folder: Path, catalogue: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path is relative. Preset files are found in the folder of the session file."""
    stored = SessionFile(
        [SessionFileStep(0.5, "voice:alpha")], 8000, background_noise_preset_id="noise:rain", background_noise_gain=0.3
    )
    stored.save(folder / "evening.session")
    monkeypatch.chdir(folder.parent)
    path = Path(folder.name) / "evening.session"
    given = Catalogue.of(folder.name) if catalogue else None
    session = Session.load(path, given)
    assert session.validate() == []
    np.testing.assert_array_equal(session.render(), rb.render(path))
    assert rb.load_track(path)["background_noise"]["file_path"] == "rain.noise"


@pytest.mark.parametrize(
    ("found", "message"),
    [([], "expected a session"), ({"steps": {"0": {}}}, "steps: expected a list"), ({"steps": [5]}, "expected a step")],
)
def test_other_documents_are_not_session_files(folder: Path, found: object, message: str) -> None:
    (folder / "other.session").write_text(json.dumps(found))
    with pytest.raises(ValueError, match=message):
        SessionFile.load(folder / "other.session")


def test_the_error_for_an_unknown_preset_suggests_a_name(folder: Path) -> None:
    stored = SessionFile([SessionFileStep(1.0, "voice:alpa")], folder=folder)
    with pytest.raises(
        rb.TrackError, match=r'steps\[0\].binaural_preset_id: no voices called "voice:alpa".*voice:alpha'
    ):
        stored.to_session()


def test_a_catalogue_accepts_custom_presets(folder: Path) -> None:
    catalogue = Catalogue({"mine": [voices.QamBeat()]}, {"hiss": Noise({"noise_parameters": {"name": "white"}})})
    stored = SessionFile([SessionFileStep(1.0, "mine", "hiss")], sample_rate=8000, folder=folder)
    session = stored.to_session(catalogue)
    assert [voice.function for voice in session.steps[0].voices] == ["qam_beat", "noise_swept_notch"]
    assert np.abs(session.render()).max() > 0.1


def test_a_voices_file_stores_a_list_of_voices(tmp_path: Path) -> None:
    both = [voices.QamBeat(description="q"), voices.IsochronicTone(base_freq=100.0)]
    save_voices(both, tmp_path / "both.voices")
    again = load_voices(tmp_path / "both.voices")
    assert [(voice.function, voice.params, voice.description) for voice in again] == [
        ("qam_beat", {}, "q"), ("isochronic_tone", {"baseFreq": 100.0}, ""),
    ]  # fmt: skip
    (tmp_path / "bad.voices").write_text("{}")
    with pytest.raises(rb.TrackError, match="expected a list of voices"):
        load_voices(tmp_path / "bad.voices")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_refused_as_an_input_file(tmp_path: Path) -> None:
    pipe = tmp_path / "evening.session"
    os.mkfifo(pipe)
    reads: list[Callable[[], object]] = [
        lambda: SessionFile.load(pipe),
        lambda: Session.load(pipe),
        lambda: Session.load(pipe, Catalogue.of()),
        lambda: load_voices(pipe),
        lambda: rb.load_track(pipe),
    ]
    for read in reads:
        with pytest.raises(OSError, match="is a pipe"):
            read()
