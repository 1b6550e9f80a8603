"""Session files of other programs, wherever a track is taken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import realtime_backend as rb
from realtime_backend.session import Session

NIGHT = (
    "## For the night\n-SE -F 2000\nrelax: 200+10/20\ndeep: 150+5/40\noff: -\n"
    "0:00 == relax ->\n0:00:10 == deep\n0:00:20 off\n"
)
SCHEDULE = (
    "<schedule><title>T</title><voice><description>v</description><type>0</type><entries>"
    '<entry duration="5" volume_left="0.3" volume_right="0.2" beatfreq="4" basefreq="200"/>'
    '<entry duration="5" volume_left="0.1" volume_right="0.1" beatfreq="8" basefreq="100"/>'
    "</entries></voice></schedule>"
)
SEQUENCE = "a\n  tone 200 binaural 10 amplitude 20\n00:00:00 silence\n00:00:10 a\n00:00:20 silence\n"


def run(*args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    return subprocess.run(
        [sys.executable, "-m", "realtime_backend", *map(str, args)], capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    ("name", "text"), [("a.sbg", NIGHT), ("a.gnaural", SCHEDULE), ("a.spsq", SEQUENCE), ("a.txt", NIGHT)]
)
def test_a_session_file_is_a_track_everywhere(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    track = rb.load_track(path)
    assert track["global"]["normalization"] == "none"
    assert rb.load_track(text) == track == rb.load_track(text.encode())
    assert [problem for problem in rb.validate(path) if problem.severity == "error"] == []
    sound = rb.render(path, duration=4.0)
    np.testing.assert_array_equal(sound, rb.render(Session.load(path).to_track(), duration=4.0))
    np.testing.assert_array_equal(sound, rb.render(track, duration=4.0))


@pytest.fixture(params=["a.sbg", "a.gnaural", "a.spsq"])
def foreign(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a session file of each program, 10 or 20 seconds long."""
    path = tmp_path / str(request.param)
    path.write_text({"a.sbg": NIGHT, "a.gnaural": SCHEDULE, "a.spsq": SEQUENCE}[str(request.param)])
    return path


def seconds(path: Path) -> float:
    """Return the length of the session in `foreign`."""
    return 10.0 if path.suffix == ".gnaural" else 20.0


def test_a_player_takes_a_path_and_a_text(foreign: Path) -> None:
    for track in (foreign, str(foreign), foreign.read_text(), foreign.read_bytes()):
        with rb.Player(track, backend="null") as player:
            assert player.duration == pytest.approx(seconds(foreign))
            player.update(foreign.read_text())


def test_streams_of_editors_take_texts_and_paths(foreign: Path) -> None:
    for track in (foreign.read_text(), foreign.read_bytes(), foreign):
        rb.start_stream(track, backend="null")
        try:
            assert rb.duration() == pytest.approx(seconds(foreign))
            rb.update_track(track)
            deadline = time.monotonic() + 10
            while not rb.streaming._editor.idle and time.monotonic() < deadline:
                time.sleep(0.01)
                rb.status()
            assert rb.status()["last_error"] is None
        finally:
            rb.stop_stream()
    # text is never a path
    with pytest.raises(rb.TrackError):
        rb.start_stream(str(foreign), backend="null")


def test_windows_of_editors_take_texts_and_paths(foreign: Path) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    widgets = pytest.importorskip("qtpy.QtWidgets")
    from realtime_backend.qt import StreamPlayer

    application = widgets.QApplication.instance() or widgets.QApplication([])
    for track in (str(foreign), foreign.read_text()):
        player = StreamPlayer(track, backend="null")
        assert player.duration == pytest.approx(seconds(foreign))
        player.start()
        player.stop()
    application.processEvents()


def test_files_and_steps_render_from_paths_and_texts(foreign: Path, tmp_path: Path) -> None:
    for number, track in enumerate((str(foreign), foreign.read_text())):
        out = tmp_path / f"{number}.wav"
        rb.render_full_wav(track, str(out))
        rb.render_sample_wav(track, str(tmp_path / f"sample{number}.wav"))
        rb.render_to_file(track, tmp_path / f"{number}.flac")
        assert rb.step_track(track, 0)["progression"][0]["start"] == 0.0
        np.testing.assert_array_equal(rb.render_step(track, 0, duration=1.0), rb.render_step(foreign, 0, duration=1.0))
        rb.save_track(track, tmp_path / f"{number}.json")
    assert (tmp_path / "0.wav").read_bytes() == (tmp_path / "1.wav").read_bytes()
    assert (tmp_path / "0.flac").read_bytes() == (tmp_path / "1.flac").read_bytes()


def test_every_verb_takes_a_session_file(foreign: Path, tmp_path: Path) -> None:
    assert run("render", foreign, "-o", tmp_path / "a.wav", "--duration", "1").returncode == 0
    assert run("info", foreign).returncode == 0
    assert run("validate", foreign).returncode == 0
    assert run("convert", foreign, "-o", tmp_path / "a.json").returncode == 0
    assert rb.load_track(tmp_path / "a.json") == rb.load_track(foreign)
    played = subprocess.run(
        [sys.executable, "-m", "realtime_backend", "play", str(foreign), "--start", str(seconds(foreign) - 0.2)],
        capture_output=True, text=True, timeout=60, env={**os.environ, "REALTIME_BACKEND_AUDIO_HOST": "null"},
    )  # fmt: skip
    assert played.returncode == 0, played.stderr


def test_amplitudes_are_those_of_the_file() -> None:
    sound = rb.render(NIGHT, start=12.0, duration=4.0)
    assert abs(np.abs(sound).max() - 0.4) < 1e-3


def test_findings_name_file_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "night.sbg"
    path.write_text("-SE\na: 200+10/20 mixbeat:1/2\noff: -\n0:00 a\n0:01 off\n")
    with pytest.warns(rb.TrackWarning, match=r'night\.sbg:2:14: "mixbeat" has no counterpart'):
        rb.load_track(path)
    with pytest.raises(rb.TrackError, match="mixbeat") as caught:
        rb.load_track(path, strict=True)
    assert [problem.path for problem in caught.value.problems] == ["night.sbg:2:14"]
    said = run("validate", path).stdout
    assert "night.sbg:2:14: warning: " in said
    assert "2 | a: 200+10/20 mixbeat:1/2\n  |              ^^^^^^^^^^^" in said


def test_the_last_state_is_held_as_long_as_asked() -> None:
    track = rb.load_track("a: 200+4/20\n0:00 a\n0:05 a\n", hold=60.0)
    last = track["progression"][-1]
    assert last["start"] + last["duration"] == pytest.approx(360.0)


def test_importers_are_listed() -> None:
    assert set(rb.importers()) == {"sbg", "gnaural", "spsq"}


def test_convert_reports_and_writes_both_ways(tmp_path: Path) -> None:
    source, track, back = tmp_path / "night.sbg", tmp_path / "night.json", tmp_path / "again.sbg"
    source.write_text(NIGHT)
    report = run("convert", "--report", source)
    assert report.returncode == 0
    assert "lane 1" in report.stdout
    assert "nothing was left out" in report.stdout
    assert run("convert", source, "-o", track).returncode == 0
    assert run("convert", track, "-o", back).returncode == 0
    again = rb.load_track(back)["progression"]
    steps = json.loads(track.read_text())["progression"]
    assert [step["voices"] for step in again] == [step["voices"] for step in steps]
    refused = run("convert", track, "-o", tmp_path / "x.gnaural")
    assert refused.returncode == 0, refused.stderr
