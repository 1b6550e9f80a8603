"""What six kinds of users come for, with the commands of README and documentation as they are written there."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import realtime_backend as rb
import recordings
import soundfile
from test_docs import blocks, executed, folder, rehearsed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["folder"]
ROOT = recordings.ROOT
README, CONTRIBUTING = ROOT / "README.md", ROOT / "CONTRIBUTING.md"


def part(document: Path, title: str) -> str:
    """Return the text below a heading, up to the next of its rank."""
    found = re.search(rf"^(#+) {re.escape(title)}$(.*?)(?=^\1 |\Z)", document.read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"{document.name} has no part {title!r}"
    return found.group(2)


def fenced(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def shell(script: str) -> str:
    """Run commands, and return what they print; builds and endless playback are tried in short."""
    lines = "\n".join(rehearsed(line) for line in script.splitlines())
    done = subprocess.run(["bash", "-euc", lines], check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{script}: {done.stderr}"
    return done.stdout


@pytest.mark.usefixtures("folder")
def test_a_laboratory_makes_a_calibrated_set_with_markers() -> None:
    names: dict[str, object] = {}
    for page in ("levels", "stimuli", "batches"):
        for line, block in blocks(ROOT / "docs" / f"{page}.md", "python"):
            executed(page, block, line, names)
    # the calibration tone is 20 dB below full scale, and an amplitude follows from the reading
    tone, rate = soundfile.read("calibration.wav")
    assert np.abs(tone[rate : 2 * rate]).max() == pytest.approx(0.1, abs=2e-4)
    assert len(list(Path("set").glob("assr-*Hz-at-*Hz.wav"))) == 6
    loudest = [np.abs(soundfile.read(path)[0]).max() for path in Path("set").iterdir()]
    assert loudest == pytest.approx([0.05] * 6, abs=1e-4)
    # a set with a table: every file of the table is there, and its tones lie a beat apart around the carrier
    with Path("study.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6
    for row in rows:
        sound, rate = soundfile.read(row["file"])
        carrier, beat = (
            float(next(value for name, value in row.items() if name.startswith(key))) for key in ("carrier", "beat")
        )
        spectra = np.abs(np.fft.rfft(sound[:rate], axis=0))
        assert sorted(spectra.argmax(axis=0)) == [carrier - beat / 2, carrier + beat / 2]
    # markers: a row for each event, and in the third channel a pulse that begins at each
    gate = {"beatFreq": 4.0, "attack_ms": 1, "hold_ms": 10, "release_ms": 1}
    step = {"duration": 3.0, "voices": [{"synth_function_name": "isochronic_tone", "params": gate}]}
    rb.save_track(rb.new_track([step]), "session.json")
    for script in fenced(part(ROOT / "docs" / "stimuli.md", "Markers and triggers"), "sh"):
        shell(script)
    with Path("session_events.tsv").open(newline="") as file:
        pulses = [event for event in csv.DictReader(file, delimiter="\t") if event["trial_type"] == "pulse"]
    assert [int(pulse["sample"]) for pulse in pulses] == [0, 110_250]  # every tenth of 4 Hz
    sound, rate = soundfile.read("session.wav")
    trigger = sound[:, 2] > 0.5
    begins = np.flatnonzero(np.diff(trigger.astype(int), prepend=0) == 1)
    assert list(begins) == [pulse * rate // 4 for pulse in range(12)]


@pytest.mark.usefixtures("folder")
def test_a_meditation_maker_follows_the_tutorial() -> None:
    page = ROOT / "docs" / "tutorial.md"
    names: dict[str, Any] = {}
    for line, block in blocks(page, "python"):
        executed(page, block, line, names)
    for _, block in blocks(page, "sh"):
        shell(block)
    sound, rate = soundfile.read("session.flac")
    again, _ = soundfile.read("again.flac")
    # three steps of 40 s in all, with two crossfades of 3 s
    assert len(sound) == 34 * rate
    assert "at the level of session.render()" in page.read_text()
    assert np.abs(sound).max() == pytest.approx(np.abs(names["session"].render()).max(), abs=1e-3)
    # the command line renders what Python saved; both files are rounded with dither
    assert np.corrcoef(sound[:, 0], again[:, 0])[0, 1] > 0.999
    assert all(Path(name).stat().st_size > 1000 for name in ("beat.png", "session.png"))


@pytest.mark.usefixtures("folder")
def test_a_gui_developer_plays_and_edits_from_a_window() -> None:
    names: dict[str, Any] = {"help": lambda _: None}
    for title in ("Python", "GUI"):
        for block in fenced(part(README, title), "python"):
            executed(README, block, 0, names)
    stream = names["stream"]
    heard: list[str] = []
    stream.state_changed.connect(heard.append)
    stream.track_updated.connect(lambda: heard.append("edited"))
    names["button"].click()
    try:
        wait_for(lambda: "playing" in heard, names["application"])
        edited = names["session"].to_track()
        edited["progression"][0]["voices"][0]["params"]["baseFreq"] = 150.0
        stream.update_track(edited)
        wait_for(lambda: "edited" in heard, names["application"])
    finally:
        stream.stop()


def wait_for(condition: Callable[[], bool], application: Any) -> None:
    """Let the window work until a condition holds, for at most 20 s."""
    deadline = time.monotonic() + 20.0
    while not condition():
        assert time.monotonic() < deadline
        application.processEvents()
        time.sleep(0.01)


@pytest.mark.usefixtures("folder")
def test_a_sleeper_plays_a_session_from_the_command_line() -> None:
    printed = "".join(shell(block) for block in fenced(part(README, "Command line"), "sh")[:1])
    assert "baseFreq" in printed, "`voices` prints parameters"
    sound, rate = soundfile.read("evening.flac")
    assert len(sound) == 65 * rate
    for page in ("index", "listening"):
        for _, block in blocks(ROOT / "docs" / f"{page}.md", "sh"):
            shell(block)
    # the sleep timer of the documentation, with other times: it ends by itself
    command = "realtime_backend play evening.json --for 45m --fade-out 5m"
    assert command in (ROOT / "docs" / "index.md").read_text()
    short = command.replace("45m", "1").replace("5m", "0.5")
    assert subprocess.run(["bash", "-c", short], check=False, capture_output=True, timeout=60).returncode == 0


def named_paths(text: str) -> Iterator[Path]:
    """Yield the files and folders that a text names in backticks."""
    tops = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"target", "out", "dist"}
    for name in re.findall(r"`([\w./-]+)`", text):
        if name.split("/")[0] in tops and not name.startswith(("fuzz/corpus", "fuzz/artifacts")) and "NAME" not in name:
            yield ROOT / name


def test_a_contributor_finds_every_file_and_test_named() -> None:
    text = CONTRIBUTING.read_text()
    paths = list(named_paths(text))
    assert len(paths) > 40
    assert [path for path in paths if not path.exists()] == []
    for crate, name, test in re.findall(r"`cargo test -p (\S+) --test (\w+) (\w+)[` ]", text):
        folders = [ROOT / crate / "tests" / f"{name}.rs", ROOT / crate / "tests" / name]
        sources = "".join(path.read_text() for top in folders for path in (top, *top.rglob("*.rs")) if path.is_file())
        assert f"fn {test}(" in sources, test
    for target in re.findall(r"`make ([a-z-]+)", text):
        subprocess.run(["make", "--dry-run", "-C", str(ROOT), target], check=True, capture_output=True)


def test_a_contributor_runs_one_python_test_as_written() -> None:
    command = re.search(r"`python (-m pytest tests_py/\S+ -k \w+)`", CONTRIBUTING.read_text())
    assert command
    done = subprocess.run([sys.executable, *command.group(1).split()], check=False, capture_output=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout.decode()


def test_a_maintainer_finds_one_version_in_all_packages() -> None:
    assert "RELEASING.md" in part(CONTRIBUTING, "Release")
    release = (ROOT / "RELEASING.md").read_text()
    package = re.search(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)
    assert package
    version = package.group(1)
    assert rb.__version__ == version
    for file in ("Cargo.toml", "rust/wasm/Cargo.toml"):
        assert f"`{file}`" in release
        own = re.findall(r'^realtime-backend-\w+ = \{.*version = "([^"]+)"', (ROOT / file).read_text(), re.MULTILINE)
        assert set(own) == {version}, file
    for file in ("package.json", "package-lock.json"):
        assert json.loads((ROOT / "web" / file).read_text())["version"] == version
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[:2] == ["Unreleased", version]


def test_a_maintainer_runs_targets_that_exist() -> None:
    commands = re.findall(r"^make ([a-z-]+)$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert {"test", "dist", "web-test"} <= set(commands)
    for target in commands:
        subprocess.run(["make", "--dry-run", "-C", str(ROOT), target], check=True, capture_output=True)
    for script in re.findall(r"scripts/\w+\.\w+", (ROOT / "scripts" / "generate.sh").read_text()):
        assert (ROOT / script).exists(), script
