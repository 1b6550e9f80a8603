"""The programs of the folder `examples`, each run as a user runs it, with short sounds."""

from __future__ import annotations

import csv
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile
from realtime_backend import render_to_file
from realtime_backend.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = Path(__file__).parents[1] / "examples"
QUIET = os.environ | {"REALTIME_BACKEND_AUDIO_HOST": "null", "QT_QPA_PLATFORM": "offscreen"}


def run(folder: Path, name: str, *arguments: object) -> str:
    command = [sys.executable, str(EXAMPLES / name), *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, env=QUIET, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_example_has_a_test() -> None:
    text = Path(__file__).read_text()
    assert [path.name for path in EXAMPLES.glob("*.py") if path.stem not in text] == []


def test_stimulus_set_pulses_at_the_rates_of_its_names(tmp_path: Path) -> None:
    run(tmp_path, "stimulus_set.py", "--seconds", "0.5")
    assert len(table(tmp_path / "stimuli" / "set.csv")) == 6
    sound, rate = soundfile.read(tmp_path / "stimuli" / "assr-40Hz-at-1000Hz.wav")
    assert rate == 48_000
    assert soundfile.info(tmp_path / "stimuli" / "assr-40Hz-at-1000Hz.wav").subtype == "PCM_24"
    # 12 ms of every 25 are pulses
    level = np.abs(sound[:, 0]).reshape(20, -1)
    assert level[:, : 12 * 48].max() == pytest.approx(0.05, rel=0.01)
    assert level[:, 12 * 48 + 1 :].max() < 1e-6


def test_sleep_session_is_silent_when_the_timer_says(tmp_path: Path) -> None:
    said = run(tmp_path, "sleep_session.py", "--minutes", "0.05")
    silent = re.search(r"silent at ([\d.]+) s", said)
    assert silent is not None
    assert float(silent[1]) == pytest.approx(0.95 * 3.0, abs=0.06)


def test_walking_beat_goes_round_and_stays_between_the_ears(tmp_path: Path) -> None:
    run(tmp_path, "walking_beat.py", "--seconds", "20", "--picture", "paths.png")
    sound, rate = soundfile.read(tmp_path / "walking_beat.flac")
    seconds = np.arange(rate) / rate

    def level(second: int, ear: int, hertz: float) -> float:
        part = sound[second * rate : (second + 1) * rate, ear]
        return 2.0 * abs(np.mean(part * np.exp(-2j * np.pi * hertz * seconds)))

    # on the left after 5 of 20 seconds, on the right after 15
    assert level(4, 0, 197.0) > 1.1 * level(14, 0, 197.0)
    assert level(14, 1, 203.0) > 1.1 * level(4, 1, 203.0)
    for second in (4, 14):
        assert level(second, 0, 203.0) < 0.05 * level(second, 0, 197.0)
        assert level(second, 1, 197.0) < 0.05 * level(second, 1, 203.0)
    assert (tmp_path / "paths.png").stat().st_size > 10_000


def test_versions_have_their_loudness(tmp_path: Path) -> None:
    run(tmp_path, "loudness_batch.py", "--lufs", "-30")
    path = tmp_path / "versions" / "evening-30LUFS.flac"
    command = ["ffmpeg", "-nostats", "-i", path, "-af", "ebur128", "-f", "null", "-"]
    report = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stderr
    loudness = re.findall(r"I:\s+(-[\d.]+) LUFS", report)
    assert float(loudness[-1]) == pytest.approx(-30.0, abs=0.11)


def test_imported_sequence_lasts_three_minutes(tmp_path: Path) -> None:
    said = run(tmp_path, "imported_sbg.py")
    assert "2 voices" in said
    assert soundfile.info(tmp_path / "imported" / "sequence.flac").duration == pytest.approx(120.0)
    assert Session.load(tmp_path / "imported" / "sequence.json").duration == pytest.approx(180.0, abs=0.1)


def test_experiment_logs_exact_times_and_pulses(tmp_path: Path) -> None:
    run(tmp_path, "experiment.py", "--trials", "3", "--seconds", "0.5", "--pause", "0.2")
    trials = table(tmp_path / "trials.csv")
    assert sorted(float(trial["rate_hz"]) for trial in trials) == [4.0, 10.0, 40.0]
    for trial in trials:
        assert int(trial["pulses"]) == 0.5 * float(trial["rate_hz"])
        assert float(trial["began_s"]) >= 0.2


def test_dask_cluster_writes_the_file_of_one_machine(tmp_path: Path) -> None:
    run(tmp_path, "dask_render.py", EXAMPLES / "evening.json", "there.flac")
    render_to_file(EXAMPLES / "evening.json", tmp_path / "here.flac")
    assert (tmp_path / "there.flac").read_bytes() == (tmp_path / "here.flac").read_bytes()


def test_window_plays_and_hears_its_slider() -> None:
    code = f"""
import sys
sys.path.insert(0, {str(EXAMPLES)!r})
import qt_window
from qtpy.QtCore import QTimer
shown = []
build = qt_window.Window.__init__
def started(self, session):
    build(self, session)
    self.player.track_updated.connect(lambda: shown.append("edited"))
    QTimer.singleShot(100, self.button.click)
    QTimer.singleShot(600, lambda: self.beat.setValue(55))
    QTimer.singleShot(4000, lambda: (shown.append(self.state.text()), self.close(), qt_window.QApplication.quit()))
qt_window.Window.__init__ = started
sys.argv[1:] = []
qt_window.main()
print(shown)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=QUIET, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "['edited', 'playing']"


@pytest.fixture
def server() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(EXAMPLES / "server.py"), str(EXAMPLES), "--port", str(port)]
    with subprocess.Popen(command, env=QUIET) as process:
        address = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{address}/openapi.json").close()
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        yield address
        process.terminate()


def test_server_streams_any_range_of_a_track(server: str, tmp_path: Path) -> None:
    address = f"{server}/evening.json.wav"
    with urllib.request.urlopen(address) as answer:
        (tmp_path / "whole.wav").write_bytes(answer.read())
    with wave.open(str(tmp_path / "whole.wav")) as whole:
        assert (whole.getnframes(), whole.getframerate()) == (180 * 44_100, 44_100)
    request = urllib.request.Request(address, headers={"Range": "bytes=5000001-5100000"})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 206
        assert answer.read() == (tmp_path / "whole.wav").read_bytes()[5_000_001:5_100_001]
    # ffmpeg seeks in it by ranges
    decode = ["ffmpeg", "-v", "error", "-ss", "100", "-i", address, "-t", "1", "-f", "s16le", "-"]
    heard = subprocess.run(decode, capture_output=True, timeout=60, check=True).stdout
    begin = 44 + 4 * 100 * 44_100
    assert heard == (tmp_path / "whole.wav").read_bytes()[begin : begin + 4 * 44_100]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{server}/absent.wav")
