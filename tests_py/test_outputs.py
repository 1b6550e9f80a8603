"""Output files and messages: inputs are never overwritten, errors have their errno, messages are printable."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
import textwrap
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import realtime_backend as rb
from realtime_backend.session import Clip, Session, SessionFile, SessionFileStep, Step, Voice, save_voices, voices
from realtime_backend.session.audio import Audio
from sample_tracks import track

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RAIN = Audio(np.full((800, 2), 0.1), 8000).wav()
EVIL = "\x1b]0;x\x07\x9b2J\u202e\n"


@pytest.fixture
def rain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An audio file in the working directory, with symbolic and hard links to it."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "rain.wav"
    path.write_bytes(RAIN)
    (tmp_path / "soft.wav").symlink_to("rain.wav")
    os.link(path, tmp_path / "hard.wav")
    (tmp_path / "soft.voice").symlink_to("rain.wav")
    return path


def rainy(name: str = "rain.wav") -> dict[str, Any]:
    """Return a track that reads the audio file."""
    return {**track(), "overlay_clips": [{"file_path": name, "start": 0.0}]}


def saved(path: Path) -> str:
    path.write_text(json.dumps(rainy()))
    return str(path)


WRITERS: dict[str, Callable[[Path], object]] = {
    "render_to_file": lambda out: rb.render_to_file(rainy(), out, format="wav"),
    "render_to_file of a path": lambda out: rb.render_to_file(saved(out.parent / "t.json"), out, format="wav"),
    "render_full_wav": lambda out: rb.render_full_wav(json.dumps(rainy()), str(out)),
    "render_sample_wav": lambda out: rb.render_sample_wav(json.dumps(rainy()), str(out)),
    "save_track": lambda out: rb.save_track(rainy(), out),
    "Session.export": lambda out: Session([Step(0.1)], clips=[Clip("rain.wav")]).export(out),
    "Session.save": lambda out: Session([Step(0.1)], clips=[Clip("rain.wav")]).save(out),
    "SessionFile.save": lambda out: SessionFile([SessionFileStep(background_audio_path="rain.wav")]).save(out),
    "save_voices": lambda out: save_voices(
        [Voice("subliminal_encode", {"audio_path": "rain.wav"})], out.with_name("soft.voice")
    ),
}


@pytest.mark.parametrize("name", ["rain.wav", "soft.wav", "hard.wav", "sub/../rain.wav"])
@pytest.mark.parametrize("writer", WRITERS)
def test_no_writer_overwrites_its_own_input(writer: str, name: str, rain: Path) -> None:
    (rain.parent / "sub").mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(FileExistsError, match="would be lost") as caught:
            WRITERS[writer](rain.parent / name)
    assert caught.value.errno == errno.EEXIST
    assert rain.read_bytes() == RAIN
    assert (rain.parent / "soft.wav").is_symlink()


def test_saving_a_session_checks_the_paths_in_its_base_dir(rain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (rain.parent / "elsewhere").mkdir()
    monkeypatch.chdir(rain.parent / "elsewhere")
    session = Session([Step(0.1)], clips=[Clip("rain.wav")], base_dir=rain.parent)
    with pytest.raises(FileExistsError):
        session.save("../rain.wav")
    session.save("rain.wav.json")


def test_a_track_can_be_saved_over_its_own_file(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(track()))
    path.chmod(0o600)
    rb.save_track(path, path)
    assert path.stat().st_mode & 0o777 == 0o600
    session = Session.load(path)
    session.save(path)
    with pytest.raises(FileExistsError, match="is the track itself"):
        rb.render_to_file(path, path, format="wav")
    stored = tmp_path / "s.session"
    SessionFile([SessionFileStep(0.1, noise_preset_id="noise_preset:Pink Noise")]).save(stored)
    before = stored.read_bytes()
    with pytest.raises(FileExistsError, match="is the session itself"):
        rb.save_track(stored, stored)
    assert stored.read_bytes() == before


def test_rendering_to_a_fifo_writes_a_stream(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(fifo.read_bytes()))
    reader.start()
    rb.render_to_file(track(), fifo)
    reader.join(30)
    rb.render_to_file(track(), tmp_path / "t.wav")
    stream, whole = found[0], (tmp_path / "t.wav").read_bytes()
    assert stream[:8] == b"RIFF\xff\xff\xff\xff"
    assert stream[36:44] == b"data\xff\xff\xff\xff"
    assert stream[44:] == whole[80:]


def test_rendering_to_a_fifo_without_a_reader_can_be_cancelled(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")

    def enough(_: float) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        rb.render_to_file(track(), tmp_path / "fifo", progress=enough)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_device_raises_an_error_with_its_errno() -> None:
    with pytest.raises(OSError, match="No space left") as caught:
        rb.render_to_file(track(), "/dev/full")
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, "/dev/full")


LIMITED = """
    import os, resource, sys
    import realtime_backend as rb
    if os.getuid() == 0:
        os.setuid(65534)
    folder, limit = sys.argv[1], int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    track = {"progression": [{"duration": 20.0, "voices": []}]}
    for write in (rb.render_to_file, rb.save_track):
        for name in sys.argv[3:]:
            try:
                write(track, f"{folder}/{name}")
            except OSError as error:
                print(type(error).__name__, error.errno, os.path.relpath(error.filename, folder))
            else:
                print("written")
"""


def limited(folder: Path, limit: int, *names: str) -> list[str]:
    """Write the files as an ordinary user, with a file size limit of `limit` bytes. Returns the results."""
    command = [sys.executable, "-c", textwrap.dedent(LIMITED), str(folder), str(limit), *names]
    return subprocess.run(command, capture_output=True, check=True, text=True, timeout=120).stdout.splitlines()


@pytest.fixture
def writable_folder() -> Iterator[Path]:
    """A folder that every user can write to."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)


def test_write_errors_have_class_errno_and_file_name(writable_folder: Path) -> None:
    tmp_path = writable_folder
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed").chmod(0o555)
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "plain").write_text("x")
    (tmp_path / "locked.wav").write_text("x")
    (tmp_path / "locked.wav").chmod(0o444)
    (tmp_path / "loop.wav").symlink_to("loop.wav")
    names = {
        "closed/x.wav": f"PermissionError {errno.EACCES}",
        "folder.wav": f"IsADirectoryError {errno.EISDIR}",
        "plain/x.wav": f"NotADirectoryError {errno.ENOTDIR}",
        "locked.wav": f"PermissionError {errno.EACCES}",
        "loop.wav": f"OSError {errno.ELOOP}",
    }
    assert limited(tmp_path, 10_000_000, *names) == [f"{error} {name}" for name, error in names.items()] * 2
    # the limit is reached in the middle of the file
    told = limited(tmp_path, 100_000, "long.wav")
    assert told == [f"OSError {errno.EFBIG} long.wav", "written"]
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


@pytest.mark.parametrize("text", ["{", "[", " \n{", "\ufeff{", " \ufeff [1", '{"a": "' + "x" * 5000])
def test_text_that_starts_like_json_is_never_a_path(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if len(text) < 200:
        (tmp_path / text).write_text(json.dumps(track()))
    calls: list[Callable[[], object]] = [
        lambda: rb.load_track(text),
        lambda: rb.render(text),
        lambda: rb.render_to_file(text, "x.wav"),
        lambda: rb.render_full_wav(text, "x.wav"),
        lambda: rb.save_track(text, "x.json"),
        lambda: rb.step_track(text, 0),
        lambda: rb.Player(text, backend="null"),
        lambda: Session.from_track(text),
        lambda: Session.load(text),
    ]
    for call in calls:
        with pytest.raises(rb.TrackError):
            call()
    assert rb.validate(text)


@pytest.mark.parametrize("text", ["not json", "", "{", "5", '"t.json"', "t.json"])
def test_invalid_text_does_not_stop_the_running_stream(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.json").write_text(json.dumps(track()))
    rb.start_stream(json.dumps(track()), backend="null")
    try:
        with pytest.raises(ValueError, match=r"JSON|track"):
            rb.start_stream(text, backend="null")
        rb.update_track(text)  # compiled in the background, so it does not raise
        assert rb.status()["state"] != "stopped"
        assert rb.duration() > 0.0
    finally:
        rb.stop_stream()


def test_messages_escape_control_characters_of_names() -> None:
    def has_controls(text: str) -> bool:
        return any(ord(c) < 32 or 127 <= ord(c) < 160 or c == "\u202e" for c in text)

    document = track()
    document["global"]["compat"] = EVIL
    document[EVIL] = 1
    document["progression"][0][EVIL] = 1
    document["progression"][0]["voices"][0]["params"][EVIL] = EVIL
    document["overlay_clips"] = [{"file_path": EVIL}]
    problems = rb.validate(document)
    assert problems
    for problem in problems:
        assert not has_controls(str(problem) + repr(problem) + problem.message)
    with pytest.raises(rb.TrackError) as refused:
        rb.load_track(document)
    assert not has_controls(str(refused.value).replace("\n", ""))
    document["global"]["compat"] = "default"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        rb.render(document, duration=0.01)
    assert told
    assert not any(has_controls(str(one.message)) for one in told)
    for path in (f"{EVIL}.json", f"{EVIL}/x.json"):
        with pytest.raises(OSError, match=r"x1b") as missing:
            rb.load_track(path)
        assert not has_controls(str(missing.value))
    with pytest.raises(rb.MediaError) as media:
        rb.render_to_file(track(), f"x.{EVIL}")
    assert not has_controls(str(media.value))


def test_labels_are_drawn_literally() -> None:
    pytest.importorskip("matplotlib")
    import io

    import matplotlib

    labels = ["price in $x^$", "$", r"\frac{", "a\x1b[2J\0b", "100 % & #_{}"]
    session = Session([Step(1.0, [voices.BinauralBeat()], label) for label in labels])
    with matplotlib.rc_context({"text.parse_math": True}):
        figure = session.plot()
        figure.savefig(io.BytesIO(), format="png")
    drawn = [text.get_text().strip() for text in figure.axes[0].texts]
    assert drawn == ["price in $x^$", "$", r"\frac{", r"a\x1b[2J\x00b", "100 % & #_{}"]
