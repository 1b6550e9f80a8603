"""Playback through a real sound server: PulseAudio with a null sink, recorded from the sink's monitor."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import realtime_backend as rb

RATE = 44_100

SESSION = {
    "global": {"sample_rate": RATE, "crossfade_duration": 0.5},
    "progression": [
        {
            "duration": 2.0,
            "voices": [{"synth_function_name": "binaural_beat", "params": {"baseFreq": 200.0, "beatFreq": 7.0}}],
        },
        {
            "duration": 2.0,
            "voices": [{"synth_function_name": "isochronic_tone", "params": {"baseFreq": 320.0, "beatFreq": 5.0}}],
        },
    ],
}

PLAY = """
import json, sys, time
import realtime_backend as rb
session = json.load(open(sys.argv[1]))
with rb.Player(session, startup_fade=0.0, measure_first=True, latency="high") as player:
    assert player.device["host"] == "PulseAudio", player.device
    assert player.device["sample_rate"] == 44100, player.device
    player.play()
    assert player.wait(20.0)
    assert player.position == player.duration
    time.sleep(0.3)
    print(json.dumps(player.stats()))
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Environment in which a private PulseAudio server with one null sink is the sound system."""
    assert shutil.which("pulseaudio"), "PulseAudio is missing: apt install pulseaudio pulseaudio-utils"
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    environment = {
        **os.environ,
        "XDG_RUNTIME_DIR": str(runtime),
        "HOME": str(tmp_path),
        "REALTIME_BACKEND_AUDIO_HOST": "pulseaudio",
    }
    environment.pop("PULSE_SERVER", None)
    daemon = subprocess.Popen(
        [
            "pulseaudio",
            "--daemonize=no",
            "--exit-idle-time=-1",
            "--disallow-exit",
            "-n",
            f"--load=module-null-sink sink_name=test rate={RATE} format=float32le",
            "--load=module-native-protocol-unix",
        ],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            if subprocess.run(["pactl", "info"], env=environment, capture_output=True).returncode == 0:
                break
            assert daemon.poll() is None, "the PulseAudio server ended"
            time.sleep(0.1)
        yield environment
    finally:
        daemon.terminate()
        daemon.wait(10)


def test_what_the_server_plays_is_the_offline_render(server: dict[str, str], tmp_path: Path) -> None:
    track = tmp_path / "session.json"
    rb.save_track(SESSION, track)
    recording = tmp_path / "monitor.raw"
    with recording.open("wb") as sink:
        recorder = subprocess.Popen(
            [
                "parec",
                "-d",
                "test.monitor",
                "--format=float32le",
                f"--rate={RATE}",
                "--channels=2",
                "--latency-msec=50",
            ],
            env=server,
            stdout=sink,
        )
        try:
            time.sleep(0.5)
            played = subprocess.run(
                [sys.executable, "-c", PLAY, str(track)], env=server, capture_output=True, text=True, timeout=60
            )
            assert played.returncode == 0, played.stderr
            time.sleep(0.5)
        finally:
            recorder.terminate()
            recorder.wait(10)
    heard = np.fromfile(recording, dtype=np.float32)
    heard = heard[: len(heard) // 2 * 2].reshape(-1, 2)
    expected = rb.render(SESSION)
    assert np.abs(heard).max() > 0.1, "nothing was heard"
    # where the track begins: the lag at which the whole of it correlates best (a part of it would be periodic)
    size = 1 << int(np.ceil(np.log2(len(heard) + len(expected))))
    spectra = [np.fft.rfft(sound.sum(axis=1), size) for sound in (heard, expected)]
    correlation = np.fft.irfft(spectra[0] * np.conj(spectra[1]), size)
    begin = int(np.argmax(correlation[: len(heard)]))
    ours = heard[begin : begin + len(expected)]
    assert len(ours) == len(expected), "the recording is cut"
    fade = RATE // 20
    error = np.abs(ours[fade:] - expected[fade:]).max()
    assert error < 1e-4, f"largest difference {error}"
