"""The player, in real time on the null device."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
import pytest
import realtime_backend as rb

RATE = 44_100


def session(base: float = 200.0, seconds: float = 2.0) -> dict[str, Any]:
    voice = {"synth_function_name": "binaural_beat", "voice_id": "a", "params": {"baseFreq": base, "beatFreq": 4.0}}
    step = {"duration": seconds, "voices": [voice]}
    return {"global": {"sample_rate": RATE, "crossfade_duration": 0.5}, "progression": [step, step]}


def player(track: dict[str, Any] | None = None, **options: Any) -> rb.Player:
    return rb.Player(track or session(), backend="null", **options)


def test_a_track_plays_to_its_end_and_calls_the_callbacks() -> None:
    steps: list[int] = []
    progress: list[float] = []
    finished = threading.Event()
    with player(session(seconds=0.8)) as playing:
        playing.on_step(steps.append)
        playing.on_progress(lambda position, _duration: progress.append(position))
        playing.on_finished(finished.set)
        assert playing.duration == pytest.approx(1.1)
        assert playing.step_times == [(0.0, pytest.approx(0.8)), (pytest.approx(0.3), pytest.approx(1.1))]
        playing.play()
        assert playing.wait(10.0)
        assert finished.wait(2.0)
        assert playing.state == "finished"
        assert playing.position == playing.duration
    assert progress == sorted(progress)
    assert progress[-1] == pytest.approx(1.1)
    assert steps[-1] == 1


def test_pause_seek_and_volume_change_a_running_player() -> None:
    with player(volume=0.5) as playing:
        assert playing.state == "paused"
        playing.play()
        time.sleep(0.3)
        assert playing.state == "playing"
        playing.pause()
        time.sleep(0.2)
        held = playing.position
        time.sleep(0.1)
        assert playing.position == held
        playing.seek(2.5)
        time.sleep(0.2)
        assert playing.position == pytest.approx(2.5, abs=1e-3)
        assert playing.state == "paused"
        playing.volume = 0.25
        assert playing.volume == 0.25
        with pytest.raises(ValueError, match="volume"):
            playing.volume = float("nan")
        with pytest.raises(ValueError, match="position"):
            playing.seek(float("inf"))


def test_the_environment_can_select_the_null_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REALTIME_BACKEND_AUDIO_HOST", "null")
    assert [device[:3] for device in rb.list_devices()] == [("null", "null", True)]
    with rb.Player(session(seconds=0.6)) as playing:
        assert playing.device["host"] == "null"
        playing.play()
        assert playing.wait(5.0)
        assert playing.state == "finished"


def test_an_edit_replaces_the_track_and_a_bad_one_raises() -> None:
    with player() as playing:
        playing.play()
        assert playing.update(session(300.0, 3.0)) == []
        assert playing.duration == pytest.approx(5.5)
        bad = session()
        bad["progression"][0]["voices"][0]["params"]["baseFreq"] = "fast"
        with pytest.raises(rb.TrackError, match=r"voices\[0\].params.baseFreq"):
            playing.update(bad)
        assert playing.duration == pytest.approx(5.5)


def test_stats_report_callbacks_load_and_levels() -> None:
    with player(startup_fade=0.0) as playing:
        playing.play()
        time.sleep(0.5)
        stats = playing.stats()
        assert stats["callbacks"] > 10
        assert 0.0 <= stats["load_average"] <= stats["load_peak"]
        assert stats["peak"][0] > 0.1
        assert stats["latency"] == 0.0
        assert stats["last_error"] is None
        assert playing.device["host"] == "null"
        assert playing.device["sample_rate"] == RATE


def test_several_players_run_at_once_and_stop_twice() -> None:
    players = [player() for _ in range(3)]
    for playing in players:
        playing.play()
    time.sleep(0.1)
    assert {playing.state for playing in players} == {"playing"}
    for playing in players:
        playing.stop()
        playing.stop()
        assert playing.state == "stopped"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"latency": "tiny"}, "latency"),
        ({"latency": 99.0}, "latency"),
        ({"start": float("nan")}, "start"),
        ({"on_error": "ignore"}, "on_error"),
        ({"compat": "old"}, "compat"),
    ],
)
def test_the_error_names_a_bad_option(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        player(**options)


@pytest.mark.filterwarnings("ignore:.*silent unless samples are pushed:realtime_backend.TrackWarning")
def test_clip_samples_may_be_interleaved_or_in_two_columns() -> None:
    track = session()
    track["overlay_clips"] = [{"file_path": "", "start": 0.0, "amp": 1.0}]
    with player(track) as playing:
        flat = np.zeros(2000, dtype=np.float32)
        assert playing.push_clip_samples(0, flat)[0] == 1000
        assert playing.push_clip_samples(0, flat.reshape(-1, 2), finished=True)[0] == 2000
        with pytest.raises(ValueError, match="shape"):
            playing.push_clip_samples(0, np.zeros((3, 5), dtype=np.float32))
        with pytest.raises(rb.TrackError, match="clip 4"):
            playing.push_clip_samples(4, flat)


def test_the_stream_functions_control_one_stream() -> None:
    import json

    rb.stop_stream()
    rb.pause_stream()  # no effect without a stream
    assert rb.status() == {"state": "stopped"}
    rb.set_master_gain(0.5)
    try:
        rb.start_stream(json.dumps(session()), None, backend="null")
        rb.start_stream(json.dumps(session()), 1.0, backend="null")  # replaces the first stream
        time.sleep(0.3)
        assert rb.is_playing()
        assert rb.position() >= 1.0
        rb.pause_stream()
        time.sleep(0.2)
        assert not rb.is_playing()
        rb.start_from(2.0)
        rb.resume_stream()
        rb.update_track(json.dumps(session(250.0)))
        time.sleep(0.3)
        assert rb.position() >= 2.0
        assert rb.status()["state"] == "playing"
        assert len(rb.step_times()) == 2
        with pytest.raises(ValueError, match="gain"):
            rb.set_master_gain(float("nan"))
    finally:
        rb.set_master_gain(1.0)
        rb.stop_stream()
    with pytest.raises(ValueError, match="JSON"):
        rb.start_stream("{", backend="null")
