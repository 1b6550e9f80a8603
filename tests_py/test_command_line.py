"""The command line, run as `python -m realtime_backend`: commands, messages, exit codes, Ctrl-C."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
import wave
from typing import TYPE_CHECKING

import pytest
import realtime_backend as rb
from sample_tracks import track

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


def test_render_writes_next_to_the_track_and_prints_the_name(good: Path) -> None:
    done = run("render", good)
    assert (done.returncode, done.stderr) == (0, "")
    assert "good.wav: 0:01.8 at 8000 Hz" in done.stdout
    assert frames(good.with_suffix(".wav")) == 14000


def test_part_of_a_track_is_written_to_the_named_file(good: Path, tmp_path: Path) -> None:
    done = run("render", good, "-o", tmp_path / "part.wav", "--start", 0.5, "--duration", 0.25, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert frames(tmp_path / "part.wav") == 2000


def test_format_and_extension_both_select_flac(good: Path, tmp_path: Path) -> None:
    assert run("render", good, "--format", "flac", "--subtype", "pcm24").returncode == 0
    assert run("render", good, "--output", tmp_path / "other.flac").returncode == 0
    for name in ("good.flac", "other.flac"):
        assert (tmp_path / name).read_bytes()[:4] == b"fLaC"


def test_a_bad_track_fails_the_command_but_not_the_others(good: Path, bad: Path) -> None:
    done = run("render", bad, good)
    assert done.returncode == 1
    assert 'bad.json: error: progression[0].voices[0].params.baseFreq: expected a number, got "low"' in done.stderr
    assert good.with_suffix(".wav").exists()
    assert not bad.with_suffix(".wav").exists()


def test_the_error_names_a_missing_file(tmp_path: Path) -> None:
    done = run("render", tmp_path / "none.json")
    assert done.returncode == 1
    assert "none.json" in done.stderr
    assert "No such file" in done.stderr


def test_validate_lists_every_finding(good: Path, bad: Path) -> None:
    assert run("validate", good).stdout.endswith("good.json: nothing wrong\n")
    done = run("validate", good, bad)
    assert done.returncode == 1
    assert "bad.json: error: progression[0].voices[0].params.baseFreq" in done.stdout


def test_validate_prints_json(bad: Path) -> None:
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
def test_wrong_usage_has_exit_code_2(args: list[str]) -> None:
    done = run(*args)
    assert done.returncode == 2
    assert done.stderr
    assert done.stdout == ""


def test_help_and_version_are_printed_with_exit_code_0() -> None:
    shown, version = run("--help"), run("--version")
    assert (shown.returncode, version.returncode) == (0, 0)
    assert "validate" in shown.stdout
    assert version.stdout.startswith("realtime_backend ")


def test_ctrl_c_exits_with_130_and_leaves_no_file(tmp_path: Path) -> None:
    long = track()
    long["progression"][0]["duration"] = 10 * 3600.0
    path = tmp_path / "long.json"
    path.write_text(json.dumps(long))
    with subprocess.Popen(
        [*COMMAND, "render", path, "--sample-rate", "192000"], stderr=subprocess.PIPE, text=True
    ) as process:
        # the temporary file shows that the render has started
        deadline = time.monotonic() + 60
        while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in errors
    assert [entry.name for entry in tmp_path.iterdir()] == ["long.json"]


def read_some(terminal: int) -> bytes:
    """Read some output from a terminal. Returns nothing after the process has closed it."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def in_terminal(args: list[str], *keys: bytes) -> tuple[int, str]:
    """Run the command in a new terminal. Returns the exit code and the output.

    `keys` alternates between a key to press, without Enter, and the text to wait for after it.
    """
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(COMMAND[0], [*COMMAND, *args])
    screen = b""

    def read_until(shown: bytes) -> None:
        nonlocal screen
        seen = len(screen)
        while shown not in screen[seen:] and select.select([terminal], [], [], 60)[0]:
            came = read_some(terminal)
            screen += came
            if not came:
                return

    try:
        read_until(b"playing")
        for key, shown in zip(keys[::2], keys[1::2], strict=True):
            os.write(terminal, key)
            read_until(shown)
        _, status = os.waitpid(pid, 0)
    finally:
        os.close(terminal)
    return os.waitstatus_to_exitcode(status), screen.decode()


@pytest.fixture
def long(tmp_path: Path) -> str:
    document = track()
    document["progression"][0]["duration"] = 600.0
    path = tmp_path / "long.json"
    path.write_text(json.dumps(document))
    return str(path)


def test_keys_pause_seek_and_change_the_volume_without_enter(long: str) -> None:
    code, screen = in_terminal(
        ["play", "--null", long],
        *(b"p", b"paused"),
        *(b"p", b"playing"),
        *(b" ", b"paused"),
        *(b" ", b"playing"),
        *(b"-", b" 95 %"),
        *(b"+", b"100 %"),
        *(b"-", b" 95 %"),
        *(b"=", b"100 %"),  # the key of plus, without Shift
        *(b"x", b"playing"),  # a key without a function
        *(b"\x1b[1;2C", b" 0:3"),  # Shift and right: 30 s forward
        *(b"\x1b[D", b" 0:2"),
        *(b"\x1b[C", b" 0:3"),
        *(b"\x1b[1;2D", b" 0:0"),
        *(b"q", b"\n"),
    )
    assert code == 0, screen
    assert "left/right 5 s" in screen


def test_escape_quits(long: str) -> None:
    code, screen = in_terminal(["play", "--null", long], b"\x1b", b"\n")
    assert code == 0, screen


def test_ctrl_c_in_a_terminal_exits_with_130(long: str) -> None:
    code, screen = in_terminal(["play", "--null", long], b"\x03", b"\n")
    assert code == 130, screen


def test_playback_restores_the_terminal_settings(long: str) -> None:
    """The process ends with SIGTERM."""
    terminal, inside = pty.openpty()
    try:
        before = termios.tcgetattr(inside)
        with subprocess.Popen(
            [*COMMAND, "play", "--null", long], stdin=inside, stdout=inside, stderr=subprocess.PIPE
        ) as process:
            while termios.tcgetattr(inside) == before:
                assert process.poll() is None
                time.sleep(0.01)
            process.terminate()
            process.communicate(timeout=60)
        assert process.returncode == 143
        assert termios.tcgetattr(inside) == before
    finally:
        os.close(inside)
        os.close(terminal)


def test_playback_without_a_terminal_prints_nothing(good: Path) -> None:
    done = run("play", "--null", good, "--start", 1.5)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_each_track_has_a_progress_bar_in_a_terminal(tmp_path: Path) -> None:
    names = ["one.json", "two.json"]
    for name in names:
        document = track()
        document["progression"][0]["duration"] = 60.0
        (tmp_path / name).write_text(json.dumps(document))
    terminal, inside = pty.openpty()
    termios.tcsetwinsize(inside, (24, 100))
    with subprocess.Popen(
        [*COMMAND, "render", "--jobs", "2", *(str(tmp_path / name) for name in names)],
        stdout=subprocess.PIPE,
        stderr=inside,
        text=True,
    ) as process:
        os.close(inside)
        screen = b""
        while came := read_some(terminal):
            screen += came
        process.communicate(timeout=60)
    os.close(terminal)
    assert process.returncode == 0
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.decode())
    for name in names:
        assert re.search(f"{name} [━╸─]+ +[0-9]+ %", text), text


def test_info_convert_voices_and_generate_config_work(good: Path, tmp_path: Path) -> None:
    told = json.loads(run("info", "--json", good).stdout)
    assert told["seconds"] == 1.75
    assert 0 < told["levels"]["peak"] < 1
    assert json.loads(run("convert", good).stdout)["progression"]
    assert {row["name"] for row in json.loads(run("voices", "--json").stdout)} == {*rb.synth.voices()}
    assert run("generate-config", "--out", tmp_path / "config.toml").returncode == 0
    assert "# voice_gain = 1.0" in (tmp_path / "config.toml").read_text()


def test_completions_are_asked_of_the_python_command_too(tmp_path: Path) -> None:
    (tmp_path / "evening.json").touch()
    (tmp_path / "notes.txt").touch()
    asked = {**os.environ, "_REALTIME_BACKEND_COMPLETE": "bash", "_CLAP_COMPLETE_INDEX": "2"}
    words = [*COMMAND, "--", "realtime_backend", "play", ""]
    done = subprocess.run(words, env=asked, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
    assert [word for word in done.stdout.split() if not word.startswith("-")] == ["evening.json"]


def test_tones_play_without_a_file() -> None:
    done = run("play", "--null", "200+10/20", "pink/30", "--for", "1s", "--fade-out", "100ms")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_legacy_options_write_into_the_output_folder(tmp_path: Path) -> None:
    document = track()
    document["global"]["output_filename"] = "t.wav"
    (tmp_path / "good.json").write_text(json.dumps(document))
    subprocess.run([*COMMAND, "--path", "good.json", "--generate", "true"], cwd=tmp_path, check=True, timeout=120)
    assert frames(tmp_path / "output" / "t.wav") == 14000


def test_a_closed_pipe_is_not_an_error() -> None:
    with subprocess.Popen([*COMMAND, "voices", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(timeout=60) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_doctor_names_another_module_of_this_name(tmp_path: Path) -> None:
    fine = run("doctor")
    assert fine.returncode == 0, fine.stderr
    assert f"python     {'.'.join(map(str, sys.version_info[:3]))}" in fine.stdout
    assert rb.__version__ in fine.stdout
    (tmp_path / "realtime_backend.py").write_text("")
    command = f"import sys; sys.path.append({str(tmp_path)!r}); sys.argv[1:] = ['doctor']"
    command += "; from realtime_backend._cli import main; main()"
    warned = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert warned.returncode == 1
    assert f"warning: {tmp_path / 'realtime_backend.py'} has the same name" in warned.stdout
