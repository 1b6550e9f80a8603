"""The types of the voice functions: current, complete, and a type checker finds a wrong name."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import recordings
from realtime_backend import synth

sys.path.insert(0, str(recordings.ROOT / "scripts"))
import synth_stub

CALLS = """
import realtime_backend as rb

rb.synth.binaural_beat(1.0, baseFreq=200.0, beat_freq=4)
rb.synth.binaural_beat(1.0, basefreq="x")
rb.synth.binaural_beat(1.0, freqOscShape="sin")
"""
REPORTS = """
import realtime_backend as rb

player = rb.Player("a.json", backend="null")
rate: int = player.device["sample_rate"] + player.list_rates
peak: tuple[float, float] = player.stats()["peak"]
player.stats()["peaks"]
left: float = player.meters().rms[0]
severity: str = "" if rb.validate("a.json")[0].severity == "error" else player.device["block"]
report = rb.render_to_file("a.json", "a.wav", measure=True)
loudness: float = report["lufs"]
channels: int = rb.list_devices()[0].channels
"""


def test_the_stub_is_current() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "-q", "--stdin-filename", str(synth_stub.STUB), "-"],
        input=synth_stub.source(), capture_output=True, text=True, check=True, cwd=recordings.ROOT,
    ).stdout  # fmt: skip
    assert synth_stub.STUB.read_text() == made, "run: python scripts/synth_stub.py && make fmt"


@pytest.mark.parametrize("name", list(synth.voices()))
def test_every_voice_has_its_parameters_in_its_signature(name: str) -> None:
    names = {row.name for row in synth.voices()[name].parameters}
    assert names <= set(inspect.signature(getattr(synth, name)).parameters)


@pytest.mark.parametrize("checker", [["mypy", "--strict", "--no-error-summary"], ["basedpyright"]])
@pytest.mark.parametrize(("source", "wrong"), [(CALLS, {5, 6}), (REPORTS, {5, 7, 9, 11, 12})], ids=["calls", "reports"])
def test_a_type_checker_finds_wrong_names_and_words(
    checker: list[str], source: str, wrong: set[int], tmp_path: Path
) -> None:
    file = tmp_path / "calls.py"
    file.write_text(source)
    settings = {"extraPaths": [str(recordings.ROOT / "python")], "typeCheckingMode": "standard"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", *checker, file.name]
    environment = {**os.environ, "MYPYPATH": str(recordings.ROOT / "python")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
    found = {int(line) for line in re.findall(r"calls\.py:(\d+):.*error", done.stdout)}
    assert (done.returncode, found) == (1, wrong), done.stdout + done.stderr
