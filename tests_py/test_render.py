"""Rendering of whole tracks: parts, threads, progress, Ctrl-C, files."""

from __future__ import annotations

import json
import os
import signal
import threading
import wave
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import realtime_backend as rb
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_tracks import tone, track

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RATE = 8000


@pytest.fixture(scope="module")
def whole() -> np.ndarray:
    return rb.render(track())


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def read_wav(path: Path) -> tuple[np.ndarray, int]:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (2, 2)
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return data.reshape(-1, 2), file.getframerate()


def test_the_length_is_the_sum_of_steps_minus_overlaps(whole: np.ndarray) -> None:
    assert whole.shape == (int(1.75 * RATE), 2)
    assert whole.dtype == np.float32
    assert 0.3 < np.abs(whole).max() < 1.0


@given(start=st.integers(0, int(1.75 * RATE) - 1), count=st.integers(0, 16000), threads=st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_a_part_equals_that_slice_of_the_whole(whole: np.ndarray, start: int, count: int, threads: int) -> None:
    part = rb.render(track(), start=start / RATE, duration=count / RATE, threads=threads)
    assert np.array_equal(part, whole[start : start + count])


@pytest.mark.parametrize("start", [1.75, 1.76, 5.0, 1e8])
def test_a_start_behind_the_end_leaves_no_file(tmp_path: Path, start: float) -> None:
    with pytest.raises(rb.TrackError, match=r"start: expected a time before the end of the track at 1\.750 s"):
        rb.render(track(), start=start)
    with pytest.raises(rb.TrackError, match="start"):
        rb.render_to_file(track(), tmp_path / "part.wav", start=start)
    assert files(tmp_path) == []


@pytest.mark.parametrize("threads", [1, 2, 3, 7, 0, None])
def test_the_number_of_threads_does_not_change_the_samples(whole: np.ndarray, threads: int | None) -> None:
    assert np.array_equal(rb.render(track(), threads=threads), whole)


def test_another_sample_rate_keeps_the_duration(whole: np.ndarray) -> None:
    double = rb.render(track(), sample_rate=2 * RATE)
    assert len(double) == 2 * len(whole)


def test_out_is_filled_and_returned(whole: np.ndarray) -> None:
    out = np.full((4000, 2), 9.0, np.float32)
    assert rb.render(track(), duration=0.5, out=out) is out
    assert np.array_equal(out, whole[:4000])
    with pytest.raises(rb.TrackError, match=r"out: expected shape \(8000, 2\)"):
        rb.render(track(), duration=1.0, out=out)


@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [
        ("start", -1.0, "start: expected seconds"),
        ("duration", float("nan"), "duration: expected seconds"),
        ("sample_rate", 44100.5, "sample_rate: expected a whole number"),
        ("sample_rate", 10, "sample_rate: expected 1000 to"),
        ("compat", "modern", "compat: expected one of"),
        ("on_error", "ignore", "on_error: expected"),
    ],
)
def test_a_bad_argument_is_refused(argument: str, value: Any, message: str) -> None:
    with pytest.raises(rb.TrackError, match=message):
        rb.render(track(), **{argument: value})


def test_progress_goes_from_0_to_1_and_never_back() -> None:
    seen: list[float] = []
    rb.render(track(), sample_rate=96000, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert seen[0] >= 0.0


def test_an_exception_in_progress_stops_the_render() -> None:
    class StopError(Exception):
        pass

    def stop(done: float) -> None:
        raise StopError(done)

    with pytest.raises(StopError):
        rb.render(track(), progress=stop)


def interrupt_when(done: float, at: float = 0.3) -> None:
    if done >= at:
        signal.raise_signal(signal.SIGINT)


def test_ctrl_c_stops_a_long_render_and_leaves_no_file(tmp_path: Path) -> None:
    long = track()
    long["progression"][0]["duration"] = 10 * 3600.0
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        rb.render_to_file(long, tmp_path / "out.wav", sample_rate=192000)
    assert files(tmp_path) == []


def test_ctrl_c_while_writing_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        rb.render_to_file(track(), tmp_path / "out.wav", sample_rate=192000, progress=lambda d: interrupt_when(d, 0.8))
    assert files(tmp_path) == []


def test_a_failed_render_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    path.write_bytes(b"precious")
    with pytest.raises(KeyboardInterrupt):
        rb.render_to_file(track(), path, progress=interrupt_when)
    assert path.read_bytes() == b"precious"
    assert files(tmp_path) == ["out.wav"]


def test_a_file_contains_the_render_scaled_to_its_peak(whole: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "out.wav"
    rb.render_to_file(track(), path, dither=False)
    data, rate = read_wav(path)
    assert rate == RATE
    expected = whole * (0.25 / np.abs(whole).max()) * 32767
    assert np.abs(data - expected).max() <= 0.51
    assert files(path.parent) == ["out.wav"]


def test_a_part_has_the_level_of_the_whole_file(tmp_path: Path) -> None:
    rb.render_to_file(track(), tmp_path / "whole.wav")
    rb.render_to_file(track(), tmp_path / "part.wav", start=0.5, duration=0.25)
    whole, _ = read_wav(tmp_path / "whole.wav")
    part, _ = read_wav(tmp_path / "part.wav")
    assert np.array_equal(part, whole[4000:6000])


def test_the_number_of_threads_does_not_change_the_file(tmp_path: Path) -> None:
    for threads in (1, 4):
        rb.render_to_file(track(), tmp_path / f"{threads}.flac", threads=threads)
    assert (tmp_path / "1.flac").read_bytes() == (tmp_path / "4.flac").read_bytes()


def test_float_files_keep_every_bit(whole: np.ndarray, tmp_path: Path) -> None:
    from scipy.io import wavfile

    path = tmp_path / "out.wav"
    rb.render_to_file(track(), path, subtype="FLOAT", target_level=None)
    rate, data = wavfile.read(path)
    assert rate == RATE
    assert np.array_equal(data, whole)


def test_a_level_above_full_scale_warns(tmp_path: Path) -> None:
    with pytest.warns(rb.TrackWarning, match="samples exceed full scale"):
        rb.render_to_file(track(), tmp_path / "loud.wav", target_level=2.0)


@pytest.mark.parametrize("name", ["out.mp3", "out", "out.txt"])
def test_the_error_for_an_unknown_format_lists_the_known_ones(name: str, tmp_path: Path) -> None:
    with pytest.raises(rb.MediaError, match=r"supported are \.wav"):
        rb.render_to_file(track(), tmp_path / name)
    rb.render_to_file(track(), tmp_path / name, format="wav")
    assert read_wav(tmp_path / name)[1] == RATE


def test_an_unwritable_path_raises_an_os_error(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(OSError, match="file"):
        rb.render_to_file(track(), blocker / "out.wav")


def test_on_error_warn_leaves_out_a_bad_voice() -> None:
    bad = track()
    bad["progression"][0]["voices"].append(tone(baseFreq="low"))
    with pytest.raises(rb.TrackError, match=r'progression\[0\]\.voices\[1\]\.params\.baseFreq: .*"low"'):
        rb.render(bad)
    with pytest.warns(rb.TrackWarning, match="left out"):
        sound = rb.render(bad, on_error="warn")
    assert np.array_equal(sound, rb.render(track()))


def test_validate_finds_errors_and_warnings() -> None:
    bad = track()
    bad["progression"][1]["voices"][0]["params"]["beatFreq"] = "fast"
    bad["progression"][0]["voices"][0]["params"]["baseFrq"] = 100.0
    found = {(problem.severity, problem.path) for problem in rb.validate(bad)}
    assert found == {
        ("error", "progression[1].voices[0].params.beatFreq"),
        ("warning", "progression[0].voices[0].params.baseFrq"),
    }


def test_an_unreadable_clip_is_left_out_with_a_warning(tmp_path: Path, whole: np.ndarray) -> None:
    given = {**track(), "overlay_clips": [{"file_path": "missing.wav", "start": 0.1}]}
    with pytest.warns(rb.TrackWarning, match=r"overlay_clips\[0\].*missing\.wav"):
        sound = rb.render(given, base_dir=tmp_path)
    assert np.array_equal(sound, whole)


@pytest.fixture
def clip(tmp_path: Path) -> Iterator[Path]:
    with wave.open(str(tmp_path / "click.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(np.full(80, 16384, "<i2").tobytes())
    return tmp_path


def test_relative_paths_start_at_base_dir_or_the_track_file(clip: Path, whole: np.ndarray) -> None:
    given = {**track(), "overlay_clips": [{"file_path": "click.wav", "start": 0.25}]}
    sound = rb.render(given, base_dir=clip)
    difference = (sound - whole)[:, 0]
    assert np.abs(difference[2000:2080] - 0.5).max() < 1e-3
    assert not difference[:2000].any()
    rb.save_track(given, clip / "track.json")
    assert np.array_equal(rb.render(clip / "track.json"), sound)


def test_the_legacy_functions_write_into_the_output_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = json.dumps(track())
    rb.render_full_wav(text, "full.wav")
    rb.render_sample_wav(text, str(tmp_path / "sample.wav"))
    full, rate = read_wav(tmp_path / "output" / "full.wav")
    sample, _ = read_wav(tmp_path / "sample.wav")
    assert rate == RATE
    assert np.array_equal(full, sample)  # the track is shorter than a minute


def test_render_sample_wav_writes_the_first_minute(tmp_path: Path) -> None:
    long = track()
    long["progression"][1]["duration"] = 70.0
    rb.render_sample_wav(json.dumps(long), str(tmp_path / "sample.wav"))
    assert len(read_wav(tmp_path / "sample.wav")[0]) == 60 * RATE


def test_concurrent_renders_give_the_same_samples(whole: np.ndarray) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: rb.render(track()), range(8)))
    assert all(np.array_equal(result, whole) for result in results)


def test_an_exception_in_progress_reaches_the_calling_thread() -> None:
    caught: list[BaseException] = []

    def work() -> None:
        try:
            rb.render(track(), progress=lambda _: 1 / 0)
        except ZeroDivisionError as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(caught) == 1
