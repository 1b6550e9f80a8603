"""Session files of other programs, wherever a track is taken."""

from __future__ import annotations

import json
import subprocess
import sys
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
