"""Batches, fades, channels, stems and seamless files: read by scipy and csv, compared with closed forms."""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import realtime_backend as rb
from meters import ffmpeg
from realtime_backend.session import Clip, Session, Step, voices
from scipy.io import wavfile

if TYPE_CHECKING:
    from pathlib import Path

RATE = 44_100
AT = "progression[0].voices[0].params"


def tone(seconds: float = 1.0, **params: float) -> dict[str, Any]:
    voice = {
        "synth_function_name": "binaural_beat",
        "params": {"baseFreq": 200.0, "beatFreq": 4.0, "ampL": 0.5, "ampR": 0.5, **params},
    }
    return rb.new_track([{"duration": seconds, "voices": [voice]}])


def cycles(path: Path) -> int:
    left = wavfile.read(path)[1][:, 0].astype(float)
    return int(np.sum((left[:-1] < 0.0) & (left[1:] >= 0.0)))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_fades_and_one_channel_are_those_of_closed_forms(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    options = {"target_level": None, "subtype": "FLOAT", "start": 0.1, "duration": 0.5}
    rb.render_to_file(tone(), path, fade_in=0.1, fade_out=0.2, channels="mono", **options)
    rate, found = wavfile.read(path)
    n = np.arange(22_050)
    phase = 2.0 * np.pi * (n + 4410 + 1) / RATE  # carriers are one frame ahead
    sound = 0.25 * (np.sin(198.0 * phase) + np.sin(202.0 * phase))
    rise = 0.5 * (1.0 - np.cos(np.pi * np.minimum(n / 4410.0, 1.0)))
    fall = 0.5 * (1.0 - np.cos(np.pi * np.minimum(n[::-1] / 8820.0, 1.0)))
    assert (rate, found.shape) == (RATE, (22_050,))
    np.testing.assert_allclose(found, sound * rise * fall, atol=2e-6)


def test_stems_add_up_to_the_mix(tmp_path: Path) -> None:
    step = Step(2.0, [voices.BinauralBeat(base_freq=110.0, voice_id="drone"), voices.IsochronicTone(base_freq=300.0)])
    path = tmp_path / "mix.wav"
    Session([step]).export(path, stems="voices", subtype="FLOAT", loudness=-20.0)
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["mix.drone.wav", "mix.voice2.wav", "mix.wav"]
    mix, *stems = (wavfile.read(tmp_path / name)[1].astype(float) for name in reversed(names))
    np.testing.assert_allclose(sum(stems), mix, atol=1e-6)
    assert min(np.abs(stem).max() for stem in stems) > 0.01


def test_a_matrix_becomes_files_and_rows(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    files = rb.batch(
        {"theta": tone()},
        output=str(tmp_path / "{name}-{carrier}-{beat:04.1f}.{ext}"),
        matrix={f"carrier@{AT}.baseFreq": np.array([100, 300]), f"beat@{AT}.beatFreq": [4.0, 10.5]},
        manifest=tmp_path / "m.csv",
        progress=lambda done, count: seen.append((done, count)),
        loudness=-23.0,
    )
    assert [file.error for file in files] == [None] * 4
    assert seen[0] == (0, 4)
    assert seen[-1] == (4, 4)
    table = rows(tmp_path / "m.csv")
    assert len(table) == 4
    for file, (carrier, beat) in zip(files, [(100, 4.0), (100, 10.5), (300, 4.0), (300, 10.5)], strict=True):
        assert file.file == tmp_path / f"theta-{carrier}-{beat:04.1f}.wav"
        assert file.values == {"carrier": carrier, "beat": beat}
        assert abs(cycles(file.file) - (carrier - beat / 2)) <= 1
        assert file.lufs == pytest.approx(-23.0, abs=0.05)
        assert ffmpeg(file.file)["integrated"] == pytest.approx(file.lufs, abs=0.1)
        assert file.sha256 == hashlib.sha256(file.file.read_bytes()).hexdigest()
        row = next(row for row in table if row["file"] == str(file.file))
        assert (row["sha256"], float(row["duration"]), json.loads(row[f"beat@{AT}.beatFreq"])) == (
            file.sha256,
            1.0,
            beat,
        )
        peak = 20.0 * np.log10(np.abs(wavfile.read(file.file)[1].astype(float)).max() / 32_767.0)
        assert file.peak == pytest.approx(peak, abs=0.02)


def test_processes_render_the_same_files(tmp_path: Path) -> None:
    track = tmp_path / "t.json"
    track.write_text(json.dumps(tone()))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        two = [
            rb.batch(
                [track],
                output=str(tmp_path / folder / "{name}-{beat}-{lufs:.0f}.{ext}"),
                matrix=[f"beat@{AT}.beatFreq=4,6"],
                executor=pool,
                format="flac",
            )
            for folder, pool in [("threads", None), ("processes", executor)]
        ]
    assert [file.error for files in two for file in files] == [None] * 4
    assert [file.sha256 for file in two[0]] == [file.sha256 for file in two[1]]
    assert [file.name for file in sorted((tmp_path / "threads").iterdir())] == sorted(
        file.file.name for file in two[1] if file.file
    )


def test_finished_files_are_skipped_and_errors_stop_nothing(tmp_path: Path) -> None:
    bad = tone()
    bad["progression"][0]["voices"][0]["params"]["beatFreq"] = "fast"
    tracks = {"good": tone(), "bad": bad}
    options: dict[str, Any] = {"output": str(tmp_path / "{name}.wav"), "manifest": tmp_path / "m.csv"}
    first = rb.batch(tracks, **options)
    assert isinstance(first[1].error, rb.TrackError)
    assert first[0].file is not None
    assert "beatFreq" in next(row for row in rows(tmp_path / "m.csv") if row["track"] == "bad")["error"]
    written = first[0].file.stat().st_mtime_ns
    second = rb.batch({"good": tone(), "bad": tone()}, **options)
    assert [(file.skipped, file.error) for file in second] == [(True, None), (False, None)]
    assert (first[0].file.stat().st_mtime_ns, second[0].sha256) == (written, first[0].sha256)
    third = rb.batch(tracks, peak=-3.0, **options)
    assert not third[0].skipped
    assert sorted(file.name for file in tmp_path.iterdir()) == ["bad.wav", "good.wav", "m.csv"]


def test_a_progress_bar_counts_the_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracks = [tone(0.1, baseFreq=base) for base in (180.0, 200.0, 220.0)]
    output = str(tmp_path / "{index}.wav")
    rb.batch(tracks, output=output, progress=True)
    out, shown = capsys.readouterr()
    assert out == ""
    # what tqdm draws: the share, the count, and its unit
    assert all(part in shown for part in ("100%", "3/3", "file")), shown
    assert shown.endswith("\n"), "the bar was closed"
    assert len(list(tmp_path.glob("*.wav"))) == 3
    # files that are there already count as well
    rb.batch(tracks, output=output, progress=True)
    assert "3/3" in capsys.readouterr().err


def test_a_progress_bar_without_tqdm_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(ImportError, match="tqdm"):
        rb.batch([tone(0.1)], output=str(tmp_path / "{name}.wav"), progress=True)
    assert not list(tmp_path.iterdir())


def test_an_exception_in_the_progress_leaves_no_partial_files(tmp_path: Path) -> None:
    def stop(done: int, _count: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    tracks = {"short": tone(0.5), "long": tone(3000.0), "longer": tone(3000.0)}
    with pytest.raises(KeyboardInterrupt):
        rb.batch(tracks, output=str(tmp_path / "{name}-{lufs:.0f}.wav"), manifest=tmp_path / "m.csv", progress=stop)
    assert sorted(file.name.split("-")[0] for file in tmp_path.iterdir()) == ["m.csv", "short"]
    assert [row["track"] for row in rows(tmp_path / "m.csv")] == ["short"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"output": "{nmae}.wav"}, r"no placeholder \{nmae\}.*known are name, stem"),
        ({"output": "x.wav", "matrix": {f"{AT}.beatFreq": [1, 2]}}, "has this name too"),
        ({"output": "{name}.wav", "matrix": ["beat"]}, "expected NAME@PATH=VALUE"),
        ({}, "expected the name of a file"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    arguments: dict[str, Any], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises((ValueError, OSError), match=message):
        rb.batch(tone(), **arguments)
    with pytest.raises(TypeError, match="no option 'loudnes'"):
        rb.batch(tone(), output="x.wav", loudnes=3)
    assert list(tmp_path.iterdir()) == []


def test_a_seamless_file_goes_on_over_its_end(tmp_path: Path) -> None:
    path = tmp_path / "loop.wav"
    with pytest.warns(rb.TrackWarning, match=r"step 1, voice 1: baseFreq 200 -> 200.1667 Hz"):
        rb.render_to_file(tone(3.0, beatFreq=7.0 / 3.0), path, seamless=True, subtype="FLOAT", target_level=None)
    sound = wavfile.read(path)[1].astype(float)
    phase = 2.0 * np.pi * (np.arange(2 * len(sound)) + 1) / RATE
    for channel, hz in [(0, 199.0), (1, 200.0 + 4.0 / 3.0)]:
        np.testing.assert_allclose(np.tile(sound[:, channel], 2), 0.5 * np.sin(hz * phase), atol=3e-6)
    with pytest.raises(ValueError, match="no fades"):
        rb.render_to_file(tone(3.0), path, seamless=True, fade_in=1.0)


def test_clips_of_sessions_have_loops(tmp_path: Path) -> None:
    wavfile.write(tmp_path / "a.wav", RATE, np.arange(RATE, dtype=np.float32) / RATE)
    clip = Clip("a.wav", loop=True, loop_start=0.5, loop_end=0.75)
    session = Session([Step(2.0)], clips=[clip], compat="default", base_dir=tmp_path)
    left = session.render()[:, 0]
    n = np.arange(len(left))
    end, start = 33_075, 22_050
    expected = np.where(n < end, n, start + (n - end) % (end - start)) / RATE
    np.testing.assert_allclose(left, expected, atol=1e-6)
