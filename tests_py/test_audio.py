"""Audio players of notebooks: rates, formats and sizes; the options of an export."""

from __future__ import annotations

import base64
import inspect
import json
import re
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest
import realtime_backend as rb
from realtime_backend.session import Audio, Session, Step, spectrogram, voices

if TYPE_CHECKING:
    from pathlib import Path

RATE = 48_000


def session(seconds: float = 2.0, rate: int = 8000) -> Session:
    tone = voices.BinauralBeat(base_freq=200.0, beat_freq=4.0, amp_l=0.3, amp_r=0.3)
    return Session([Step(seconds, [tone])], sample_rate=rate)


def embedded(page: str) -> tuple[str, bytes]:
    """Return the type and the content of the sound in a page."""
    found = re.search(r'src="data:([^"]*);base64,([^"]*)"', page)
    assert found is not None
    return found[1], base64.b64decode(found[2])


def test_an_array_needs_a_rate_and_a_track_has_one(tmp_path: Path) -> None:
    sound = session().render()
    for make in (Audio, spectrogram):
        with pytest.raises(TypeError, match="sample_rate: an array does not say"):
            make(sound)
    path = tmp_path / "track.json"
    session().save(path)
    for track in (
        session(),
        session().to_track(),
        path,
        str(path),
        path.read_bytes(),
        json.dumps(session().to_track()),
    ):
        audio = Audio(track)
        assert audio.sample_rate == 8000
        np.testing.assert_array_equal(audio.sound, sound)
    part = Audio(session(), start=0.5, duration=0.25)
    np.testing.assert_array_equal(part.sound, sound[4000:6000])
    assert Audio(session(), 16_000).duration == pytest.approx(2.0)


def test_the_spectrogram_of_a_session_is_that_of_its_sound() -> None:
    shown, due = (
        spectrogram(*given, top=400.0).axes[0].images[0] for given in ((session(),), (session().render(), 8000))
    )
    np.testing.assert_array_equal(shown.get_array(), due.get_array())
    assert shown.get_extent() == due.get_extent()
    of_audio = spectrogram(Audio(session()), top=400.0).axes[0].images[0]
    np.testing.assert_array_equal(of_audio.get_array(), due.get_array())


def test_a_long_sound_is_embedded_as_opus(tmp_path: Path) -> None:
    t = np.arange(12 * RATE) / RATE
    sound = np.stack([0.25 * np.sin(2 * np.pi * 440 * t), 0.25 * np.sin(2 * np.pi * 550 * t)], axis=1)
    kind, content = embedded(Audio(sound, RATE)._repr_html_())
    assert kind == "audio/ogg;codecs=opus"
    (tmp_path / "a.opus").write_bytes(content)
    command = ["ffmpeg", "-v", "error", "-i", str(tmp_path / "a.opus"), "-f", "f32le", "-ar", str(RATE), "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    heard = np.frombuffer(raw, np.float32).reshape(-1, 2)
    assert len(heard) == len(sound)
    assert np.sqrt(((heard - sound) ** 2).mean()) < 0.01 * np.sqrt((sound**2).mean())
    assert embedded(Audio(sound, RATE, format="wav")._repr_html_())[0] == "audio/wav"
    assert embedded(Audio(sound[:RATE], RATE)._repr_html_())[0] == "audio/wav"
    with pytest.raises(ValueError, match="format: expected"):
        Audio(sound, RATE, format="mp4")  # type: ignore[arg-type]


def test_mono_is_encoded_in_both_channels() -> None:
    sound = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    assert Audio(sound, RATE).opus() == Audio(np.stack([sound, sound], axis=1), RATE).opus()


def test_a_shown_session_is_small() -> None:
    noise = voices.NoiseGenerator() if hasattr(voices, "NoiseGenerator") else voices.BinauralBeat()
    long = Session([Step(3600.0, [voices.BinauralBeat(base_freq=200.0), noise])])
    page = long._repr_html_()
    assert embedded(page)[0] == "audio/ogg;codecs=opus"
    assert len(page) < 500_000
    assert len(Session([Step(1.0)] * 5000)._repr_html_()) < 500_000


def test_an_export_has_all_options_of_a_file() -> None:
    ours, theirs = (inspect.signature(function).parameters for function in (Session.export, rb.render_to_file))
    # clusters take a session themselves
    options = {name: value.default for name, value in theirs.items() if name not in ("track", "blocks")}
    assert {name: value.default for name, value in ours.items() if name != "self"} == options


def test_an_export_of_a_part_has_a_report_and_markers(tmp_path: Path) -> None:
    report = session().export(
        tmp_path / "part.wav", start=0.5, duration=1.0, sample_rate=16_000, markers=tmp_path / "part.tsv", measure=True
    )
    assert report is not None
    assert set(report) == set(rb.FileReport.__annotations__)
    assert (report["file"], report["duration"]) == (tmp_path / "part.wav", 1.0)
    assert report["peak"] == pytest.approx(0.3, abs=1e-3)
    assert (tmp_path / "part.tsv").exists()


@pytest.mark.parametrize("value", [(200.0,), (200.0, 100.0, 50.0), [200.0, 100.0], (200.0, None)])
def test_the_error_of_a_parameter_names_a_pair(value: object) -> None:
    with pytest.raises(rb.TrackError, match=r"base_freq: expected a number or a pair \(start, end\), got"):
        voices.BinauralBeat(base_freq=value)  # type: ignore[arg-type]
