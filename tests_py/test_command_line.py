"""`python -m realtime_backend`, which is the native command line: commands, messages, exit codes, Ctrl-C."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import wave
from typing import TYPE_CHECKING

import pytest
from test_tracks import track

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "realtime_backend"]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.json"
    path.write_text(json.dumps(track()))
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    broken = track()
    broken["progression"][0]["voices"][0]["params"]["baseFreq"] = "low"
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(broken))
    return path


def run(*args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, args)], capture_output=True, text=True, check=False, timeout=120)


def frames(path: Path) -> int:
    with wave.open(str(path)) as file:
        return file.getnframes()


def test_render_writes_beside_the_track_and_says_so(good: Path) -> None:
    done = run("render", good)
    assert (done.returncode, done.stderr) == (0, "")
    assert "good.wav: 0:01.8 at 8000 Hz" in done.stdout
    assert frames(good.with_suffix(".wav")) == 14000


def test_a_stretch_goes_to_the_named_file(good: Path, tmp_path: Path) -> None:
    done = run("render", good, "-o", tmp_path / "part.wav", "--start", 0.5, "--duration", 0.25, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert frames(tmp_path / "part.wav") == 2000


def test_flac_by_format_or_extension(good: Path, tmp_path: Path) -> None:
    assert run("render", good, "--format", "flac", "--subtype", "pcm24").returncode == 0
    assert run("render", good, "--output", tmp_path / "other.flac").returncode == 0
    for name in ("good.flac", "other.flac"):
        assert (tmp_path / name).read_bytes()[:4] == b"fLaC"


def test_one_bad_track_does_not_stop_the_rest_and_the_exit_code_tells(good: Path, bad: Path) -> None:
    done = run("render", bad, good)
    assert done.returncode == 1
    assert 'bad.json: error: progression[0].voices[0].params.baseFreq: expected a number, got "low"' in done.stderr
    assert good.with_suffix(".wav").exists()
    assert not bad.with_suffix(".wav").exists()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    done = run("render", tmp_path / "none.json")
    assert done.returncode == 1
    assert "none.json" in done.stderr
    assert "No such file" in done.stderr


def test_validate_lists_every_finding(good: Path, bad: Path) -> None:
    assert run("validate", good).stdout.endswith("good.json: nothing wrong\n")
    done = run("validate", good, bad)
    assert done.returncode == 1
    assert "bad.json: error: progression[0].voices[0].params.baseFreq" in done.stdout


def test_validate_speaks_json(bad: Path) -> None:
    done = run("validate", "--json", bad)
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["track"] == str(bad)
    assert told["errors"] == 1
    assert told["problems"] == [
        {
            "severity": "error",
            "path": "progression[0].voices[0].params.baseFreq",
            "message": 'expected a number, got "low"',
        }
    ]


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["sing"],
        ["render"],
        ["render", "a.json", "b.json", "-o", "c.wav"],
        ["render", "a.json", "--start", "-1"],
        ["render", "a.json", "--compat", "modern"],
        ["render", "a.json", "--target-level", "7"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2(args: list[str]) -> None:
    done = run(*args)
    assert done.returncode == 2
    assert done.stderr
    assert done.stdout == ""


def test_help_and_version_are_exit_code_0() -> None:
    assert "validate" in run("--help").stdout
    assert run("--version").stdout.startswith("realtime_backend ")


def test_ctrl_c_ends_with_130_and_leaves_no_file(tmp_path: Path) -> None:
    long = track()
    long["progression"][0]["duration"] = 10 * 3600.0
    path = tmp_path / "long.json"
    path.write_text(json.dumps(long))
    with subprocess.Popen(
        [*COMMAND, "render", path, "--sample-rate", "192000"], stderr=subprocess.PIPE, text=True
    ) as process:
        # the temporary file shows that the render is on its way
        deadline = time.monotonic() + 60
        while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in errors
    assert [entry.name for entry in tmp_path.iterdir()] == ["long.json"]
