"""Files of a given loudness, true peak or peak, and dither: measured with ffmpeg and by closed forms."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import realtime_backend as rb
from meters import ffmpeg, played, write_float
from realtime_backend.session import Session, Step, voices

if TYPE_CHECKING:
    from pathlib import Path

RATE = 44_100
STEP = 1.0 / 32_767.0


def session() -> Session:
    quiet = Step(5.0, [voices.BinauralBeat(base_freq=150.0)], binaural_volume=0.05)
    loud = Step(5.0, [voices.IsochronicTone(base_freq=300.0)])
    return Session([quiet, loud], crossfade_duration=0.5)


def pcm16(path: Path) -> np.ndarray:
    """Return the samples of a WAV file of the engine."""
    data = path.read_bytes()
    return np.frombuffer(data[data.index(b"data") + 8 :], "<i2").reshape(-1, 2)


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
@pytest.mark.parametrize("loudness", [-23.0, -14.0, -35.5])
def test_a_file_has_the_loudness_that_was_asked_for(loudness: float, subtype: str, tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    session().export(path, loudness=loudness, subtype=subtype)
    assert ffmpeg(path)["integrated"] == pytest.approx(loudness, abs=0.05)


def test_quiet_parts_that_rise_above_the_gate_count(tmp_path: Path) -> None:
    t = np.arange(10 * RATE) / RATE
    sound = np.where(t < 5.0, 2e-4, 1e-4) * np.sin(2.0 * np.pi * 500.0 * t)
    clip = write_float(tmp_path / "quiet.wav", np.stack([sound, sound], axis=1), RATE)
    path = tmp_path / "out.wav"
    rb.render_to_file(played(clip, RATE), path, loudness=-20.0, subtype="FLOAT")
    assert ffmpeg(path)["integrated"] == pytest.approx(-20.0, abs=0.05)


def test_a_true_peak_limits_the_loudness_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    with pytest.warns(rb.TrackWarning, match=r"the loudness is -\d+\.\d LUFS instead of -9.*exceed -6 dBTP") as told:
        session().export(path, loudness=-9.0, true_peak=-6.0)
    found = ffmpeg(path)
    reached = float(str(told[0].message).split("the loudness is ")[1].split(" LUFS")[0])
    assert found["true_peak"] <= -6.0 + 0.02
    assert found["true_peak"] == pytest.approx(-6.0, abs=0.1)
    assert found["integrated"] == pytest.approx(reached, abs=0.1)


def test_a_limit_that_is_not_reached_changes_nothing(tmp_path: Path) -> None:
    session().export(tmp_path / "one.wav", loudness=-30.0)
    session().export(tmp_path / "other.wav", loudness=-30.0, true_peak=-1.0)
    assert (tmp_path / "one.wav").read_bytes() == (tmp_path / "other.wav").read_bytes()


def test_true_peak_and_peak_by_themselves_are_targets(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    session().export(path, true_peak=-1.0, subtype="FLOAT")
    assert ffmpeg(path)["true_peak"] == pytest.approx(-1.0, abs=0.1)
    session().export(path, peak=-3.0, dither=False)
    assert np.abs(pcm16(path)).max() == pytest.approx(32_767 * 10.0 ** (-3.0 / 20.0), abs=1.0)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"loudness": -23.0, "peak": -1.0}, "loudness: expected one level, got loudness and peak"),
        ({"loudness": -23.0, "target_level": 0.5}, "got loudness and target_level"),
        ({"peak": -1.0, "target_level": None}, "got peak and target_level"),
        ({"loudness": 3.0}, "loudness: expected -70 to 0, got 3"),
        ({"true_peak": float("nan")}, "true_peak: expected -100 to 0"),
    ],
)
def test_levels_that_contradict_each_other_are_refused(given: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(rb.TrackError, match=message):
        rb.render_to_file(session().to_track(), tmp_path / "out.wav", **given)
    assert list(tmp_path.iterdir()) == []


def test_silence_is_written_as_it_is_with_a_warning(tmp_path: Path) -> None:
    with pytest.warns(rb.TrackWarning, match="the track is silent"):
        Session([Step(1.0)]).export(tmp_path / "out.wav", loudness=-23.0, dither=False)
    assert not pcm16(tmp_path / "out.wav").any()


def test_loud_files_do_not_depend_on_threads(tmp_path: Path) -> None:
    track = session().to_track()
    for threads in (1, 2, 5):
        rb.render_to_file(track, tmp_path / f"{threads}.wav", loudness=-20.0, threads=threads)
    whole = pcm16(tmp_path / "1.wav")
    assert (pcm16(tmp_path / "2.wav") == whole).all()
    assert (pcm16(tmp_path / "5.wav") == whole).all()
    rb.render_to_file(track, tmp_path / "part.wav", loudness=-20.0, start=3.0, duration=1.5)
    assert (pcm16(tmp_path / "part.wav") == whole[3 * RATE : 3 * RATE + 66_150]).all()


@pytest.mark.parametrize("share", [0.05, 0.35, 0.55, 0.8])
def test_an_export_can_be_stopped_in_each_pass(share: float, tmp_path: Path) -> None:
    seen: list[float] = []

    def stop(done: float) -> None:
        seen.append(done)
        if done >= share:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        session().export(tmp_path / "out.wav", loudness=-20.0, true_peak=-1.0, progress=stop)
    assert seen == sorted(seen)
    assert list(tmp_path.iterdir()) == []


def written(tmp_path: Path, **options: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the samples of a 16-bit and of a float file, both in 16-bit steps."""
    track = {"progression": [{"duration": 12.0, "voices": [{"synth_function_name": "binaural_beat"}]}]}
    rb.render_to_file(track, tmp_path / "float.wav", subtype="FLOAT", target_level=10.0 ** (-100.0 / 20.0))
    rb.render_to_file(track, tmp_path / "whole.wav", target_level=10.0 ** (-100.0 / 20.0), **options)
    data = (tmp_path / "float.wav").read_bytes()
    exact = np.frombuffer(data[data.index(b"data") + 8 :], "<f4").reshape(-1, 2)
    return pcm16(tmp_path / "whole.wav").astype(float), exact.astype(float) / STEP


def test_dither_keeps_a_tone_of_minus_100_decibels(tmp_path: Path) -> None:
    whole, exact = written(tmp_path)
    error = whole - exact
    # rounding and triangular dither: 3/12 of a step squared
    assert np.mean(error**2, axis=0) == pytest.approx([0.25, 0.25], abs=0.003)
    assert np.abs(np.mean(error[:, 0] * error[:, 1])) < 0.003
    t = np.arange(len(whole)) / RATE
    for ear, hz in ((0, 198.0), (1, 202.0)):
        level = 2.0 * np.abs(np.mean(whole[:, ear] * np.exp(-2j * np.pi * hz * t)))
        assert level == pytest.approx(10.0 ** (-100.0 / 20.0) / STEP, rel=0.05)
        assert 2.0 * np.abs(np.mean(whole[:, ear] * np.exp(-6j * np.pi * hz * t))) < 0.01


def test_dither_depends_on_the_seed_and_can_be_turned_off(tmp_path: Path) -> None:
    one, _ = written(tmp_path)
    assert (written(tmp_path)[0] == one).all()
    assert (written(tmp_path, seed=1)[0] != one).any()
    assert not written(tmp_path, dither=False)[0].any()


def test_legacy_files_are_truncated_and_never_dithered(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        track = {"progression": [{"duration": 1.0, "voices": [{"synth_function_name": "binaural_beat"}]}]}
        rb.render_to_file(track, tmp_path / "float.wav", subtype="FLOAT", compat="legacy")
        data = (tmp_path / "float.wav").read_bytes()
        exact = np.frombuffer(data[data.index(b"data") + 8 :], "<f4").reshape(-1, 2)
        for dither in (True, False):
            rb.render_to_file(track, tmp_path / "whole.wav", compat="legacy", dither=dither)
            assert (pcm16(tmp_path / "whole.wav") == np.trunc(exact * np.float32(32_767.0))).all()
