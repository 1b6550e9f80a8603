"""Measured levels, carriers and beats: by ffmpeg, by closed forms, and by what a track declares."""

from __future__ import annotations

import hashlib
import json
import math
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import realtime_backend as rb
from meters import ffmpeg, played, write_float
from realtime_backend.session import Session, Step, voices

if TYPE_CHECKING:
    from pathlib import Path

RATE = 44_100


def seconds(length: float, rate: int = RATE) -> np.ndarray:
    return np.arange(round(length * rate)) / rate


def both(sound: np.ndarray) -> np.ndarray:
    return np.stack([sound, sound], axis=1)


def tone(hz: float, level: float, length: float, rate: int = RATE) -> np.ndarray:
    """Return a tone with fades of 20 ms: what lies between the samples at a sharp edge depends on the filter."""
    t = seconds(length, rate)
    fades = np.clip(np.minimum(t, length - t) / 0.02, 0.0, 1.0)
    return both(level * fades * np.sin(2.0 * np.pi * hz * t))


def silence(length: float) -> np.ndarray:
    return np.zeros((round(length * RATE), 2))


def noise(level: float, length: float, rate: int = RATE) -> np.ndarray:
    return level * np.random.default_rng(5).standard_normal((round(length * rate), 2))


def long_silences() -> np.ndarray:
    parts = [tone(300.0, level, 4.0) for level in (0.3, 0.03, 0.1)]
    return np.concatenate([parts[0], silence(20.0), parts[1], silence(15.0), parts[2], silence(20.0)])


SIGNALS: dict[str, tuple[np.ndarray, int]] = {
    "low tone": (tone(100.0, 0.2, 8.0), 44_100),
    "high tone": (tone(17_000.0, 0.2, 8.0), 44_100),
    "tone between samples": (tone(11_025.0 - 0.01, 0.5, 8.0), 44_100),
    "white noise": (noise(0.1, 12.0), 44_100),
    "white noise at 48 kHz": (noise(0.05, 8.0, 48_000), 48_000),
    "low rate": (tone(1900.0, 0.2, 8.0, 8000), 8000),
    "swelling noise": (noise(0.1, 30.0) * np.linspace(0.01, 1.0, 30 * RATE)[:, np.newaxis], 44_100),
    "long silences": (long_silences(), 44_100),
    "one ear": (tone(440.0, 0.25, 6.0) * [1.0, 0.0], 44_100),
}


@pytest.mark.parametrize("name", SIGNALS)
def test_loudness_range_and_true_peak_equal_those_of_ffmpeg(name: str, tmp_path: Path) -> None:
    sound, rate = SIGNALS[name]
    path = write_float(tmp_path / "sound.wav", sound, rate)
    expected, levels = ffmpeg(path), rb.analyse(played(path, rate)).whole
    assert levels.integrated_lufs == pytest.approx(expected["integrated"], abs=0.1)
    assert levels.loudness_range_lu == pytest.approx(expected["range"], abs=0.5)
    assert levels.true_peak_dbtp == pytest.approx(expected["true_peak"], abs=0.1)


def voice(name: str, **params: Any) -> dict[str, Any]:
    return {"synth_function_name": name, "params": params}


def one_step(*parts: dict[str, Any], duration: float = 10.0, **settings: Any) -> dict[str, Any]:
    return {"global": settings, "progression": [{"duration": duration, "voices": list(parts)}]}


def test_a_binaural_beat_has_the_known_levels_and_tones() -> None:
    found = rb.analyse(one_step(voice("binaural_beat", baseFreq=200.0, beatFreq=10.0)))
    (step,) = found.steps
    level = 20.0 * math.log10(0.95 * 0.48)
    assert step.left[0].hz == pytest.approx(195.0, abs=0.001)
    assert step.right[0].hz == pytest.approx(205.0, abs=0.001)
    assert (len(step.left), len(step.right)) == (1, 1)
    assert step.left[0].dbfs == pytest.approx(level, abs=0.01)
    assert step.beat is not None
    assert (step.beat.kind, step.beat.hz) == ("binaural", pytest.approx(10.0, abs=0.001))
    assert step.levels.crest_factor_db == pytest.approx(3.01, abs=0.02)
    assert step.levels.interaural_correlation == pytest.approx(0.0, abs=0.002)
    assert step.levels.mono_loss_db == pytest.approx(3.01, abs=0.01)
    assert step.levels.peak_dbfs == pytest.approx(level, abs=0.001)
    # the weights of the standard at 195 and 205 Hz lie 0.5 dB apart around -10.9 dB at 200 Hz
    for measured in step.levels.a_weighted_dbfs:
        assert measured == pytest.approx(level - 10.9, abs=0.4)
    assert np.abs(step.levels.dc_offset).max() < 1e-5


@pytest.mark.parametrize(
    ("part", "kind", "hz"),
    [
        (voice("isochronic_tone", baseFreq=150.0, beatFreq=7.83), "envelope", 7.83),
        (voice("monaural_beat_stereo_amps", baseFreq=150.0, beatFreq=4.5), "envelope", 4.5),
        (voice("binaural_beat", baseFreq=320.5, beatFreq=0.5), "binaural", 0.5),
    ],
)
def test_beats_are_found_without_the_track(part: dict[str, Any], kind: str, hz: float, tmp_path: Path) -> None:
    sound = rb.render(one_step(part, duration=12.0))
    step = {"duration": 12.0, "voices": []}
    clip = {"file_path": str(write_float(tmp_path / "sound.wav", sound, RATE)), "start": 0.0}
    beat = rb.analyse({"progression": [step], "overlay_clips": [clip]}).steps[0].beat
    assert beat is not None
    assert (beat.kind, beat.hz) == (kind, pytest.approx(hz, abs=0.01))


def test_opposite_ears_are_lost_in_mono() -> None:
    part = voice("binaural_beat", baseFreq=200.0, beatFreq=0.0, startPhaseR=math.pi)
    levels = rb.analyse(one_step(part)).whole
    assert levels.interaural_correlation == pytest.approx(-1.0, abs=1e-4)
    assert levels.mono_loss_db is not None
    assert levels.mono_loss_db > 40.0


def test_silence_has_no_levels_and_nothing_differs() -> None:
    found = rb.verify({"progression": [{"duration": 5.0, "voices": []}]})
    levels = found.analysis.whole
    assert found.passed
    assert found.comparisons == ()
    assert (levels.integrated_lufs, levels.true_peak_dbtp, levels.crest_factor_db, levels.mono_loss_db) == (None,) * 4


MEASURED = [
    name
    for name, info in rb.synth.voices().items()
    if info.carrier and not name.startswith(("bell", "noise", "subliminal")) and not name.endswith("_transition")
]


@pytest.mark.parametrize("name", MEASURED)
def test_every_voice_sounds_as_it_declares(name: str) -> None:
    found = rb.verify(one_step(voice(name), duration=20.0))
    assert found.passed, str(found)
    assert {row.quantity for row in found.comparisons} >= {"carrier", "peak"}


@pytest.mark.parametrize("name", ["binaural_beat", "isochronic_tone", "monaural_beat_stereo_amps"])
@pytest.mark.parametrize("curve", ["linear", "logarithmic"])
def test_moving_carriers_and_beats_are_followed(name: str, curve: str) -> None:
    ends = {"startBaseFreq": 200.0, "endBaseFreq": 160.0, "startBeatFreq": 12.0, "endBeatFreq": 6.0}
    moving = {**voice(name, **ends, transition_curve=curve), "is_transition": True}
    found = rb.verify(one_step(moving, duration=40.0))
    assert found.passed, str(found)
    (carriers, beats) = ([row for row in found.comparisons if row.quantity == q] for q in ("carrier", "beat"))
    assert (len(carriers), len(beats)) == (3, 3)
    assert carriers[0].declared > 195.0 > 165.0 > carriers[-1].declared


def test_a_transition_that_ignores_its_timing_is_reported() -> None:
    # under the default rules qam_beat_transition moves over the whole step whatever its timing says
    params = {"startBaseFreqL": 200.0, "endBaseFreqL": 220.0, "startBaseFreqR": 204.0, "endBaseFreqR": 224.0}
    late = {**voice("qam_beat", **params, initial_offset=30.0, transition_duration=5.0), "is_transition": True}
    track = one_step(late, duration=40.0)
    differing = [row for row in rb.verify(track).comparisons if not row.passed]
    assert "carrier" in {row.quantity for row in differing}
    assert rb.verify(track, compat="intended").passed


def test_steps_are_measured_where_they_play_alone() -> None:
    session = Session(
        [
            Step(12.0, [voices.BinauralBeat(base_freq=180.0, beat_freq=8.0)]),
            Step(12.0, [voices.BinauralBeat(base_freq=240.0)]),
        ],
        crossfade_duration=3.0,
    )
    report = session.report()
    assert report.verification.passed, str(report)
    assert [step.left[0].hz for step in report.analysis.steps] == pytest.approx([176.0, 238.0], abs=0.005)
    assert all(len(step.left) == 1 for step in report.analysis.steps)
    page = report._repr_html_()
    assert page.count("<table>") == 2
    assert "176.0" not in page or "passed" in page
    assert "LUFS" in str(report)


def test_the_sheet_identifies_the_stimulus(tmp_path: Path) -> None:
    track = one_step(voice("isochronic_tone"), sample_rate=48_000)
    found = rb.verify(track, seed=7)
    rb.save_track(track, tmp_path / "saved.json")
    digest = hashlib.sha256((tmp_path / "saved.json").read_bytes()).hexdigest()
    assert (found.version, found.sample_rate, found.seed, found.track_sha256) == (rb.__version__, 48_000, 7, digest)
    for text in (rb.__version__, "48000 Hz", "seed 7", digest, "passed"):
        assert text in str(found)


def test_the_command_line_fails_on_a_difference(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "realtime_backend", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(one_step(voice("binaural_beat"), duration=4.0)))
    mono = voice("dual_pulse_binaural", forceMono=True, beatFreq=8.0)  # there is no beat, although one is declared
    bad.write_text(json.dumps(one_step(mono, duration=4.0)))
    done = run("info", "--levels", "--json", str(good))
    assert json.loads(done.stdout)["analysis"] == rb.analyse(good).to_dict()
    done = run("verify", "--json", str(good))
    assert done.returncode == 0
    assert json.loads(done.stdout) == {**rb.verify(good).to_dict(), "track": str(good)}
    done = run("verify", str(good), str(bad))
    assert done.returncode == 1
    assert "good.json: passed" in done.stdout
    assert "bad.json: differs" in done.stdout


def test_threads_and_progress_do_not_change_the_analysis() -> None:
    track = one_step(voice("isochronic_tone"), voice("noise_generator"), duration=5.0)
    seen: list[float] = []
    found = rb.analyse(track, threads=1, progress=seen.append)
    assert found == rb.analyse(track, threads=3)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    with pytest.raises(KeyboardInterrupt):
        rb.analyse(track, progress=interrupt)


def interrupt(done: float) -> None:
    if done > 0.5:
        raise KeyboardInterrupt


def test_the_exposure_is_that_of_the_standard(tmp_path: Path) -> None:
    # 1 kHz has no weight: a sine of amplitude 0.1 has -20 dB, so 103 dB at full scale give 83 dB(A) and half of 40 h
    path = write_float(tmp_path / "sound.wav", tone(1000.0, 0.1, 20.0), RATE)
    track = played(path, RATE)
    (warning,) = rb.validate(track, spl_at_full_scale=103.0)
    assert "83.0 dB(A)" in warning.message
    assert "20.0 hours a week" in warning.message
    assert rb.validate(track, spl_at_full_scale=99.9) == []
    assert rb.validate(track) == []
    with pytest.raises(rb.TrackError, match="spl_at_full_scale: expected 40 to 160"):
        rb.validate(track, spl_at_full_scale=20.0)


def test_levels_of_a_track_or_an_analysis_can_be_plotted() -> None:
    track = one_step(voice("binaural_beat", baseFreq=200.0, beatFreq=10.0), duration=4.0)
    found = rb.analyse(track)
    for figure in (rb.plot_levels(track), rb.plot_levels(found)):
        _, carrier, beat = figure.axes
        assert carrier.lines[0].get_ydata() == pytest.approx([200.0], abs=0.01)
        assert beat.lines[0].get_ydata() == pytest.approx([10.0], abs=0.01)


def test_strong_sound_that_few_people_hear_is_reported(tmp_path: Path) -> None:
    speech = write_float(tmp_path / "speech.wav", tone(300.0, 0.5, 3.0), RATE)
    step: dict[str, Any] = {"duration": 3.0, "voices": [voice("subliminal_encode", audio_path=str(speech))]}
    (warning,) = rb.validate({"progression": [step]})
    # the only voice of its step is brought to 0.95 of the volume of its bus
    assert warning.path == "progression[0].voices[0]"
    assert f"{-20.0 * math.log10(0.95 * 0.48):.1f} dB below full scale" in warning.message
    assert rb.validate({"progression": [{**step, "binaural_volume": 0.2}]}) == []
