"""Playback through PulseAudio with a null sink. The tests record the monitor of the sink."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import realtime_backend as rb

RATE = 44_100

SESSION: dict[str, Any] = {
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

LONG = {**SESSION, "progression": [{**SESSION["progression"][0], "duration": 600.0}]}

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


STOPPED = """
import json, sys, time
import realtime_backend as rb
with rb.Player(json.load(open(sys.argv[1])), startup_fade=0.0) as player:
    player.play()
    while player.position < 0.5:
        time.sleep(0.01)
    print("playing", flush=True)
    sys.stdin.readline()
    while player.stats()["underrun_events"] == 0:
        time.sleep(0.01)
    held = player.position
    while player.position < held + 0.5:
        time.sleep(0.01)
    print(json.dumps(player.stats()))
"""


class Server:
    """A private PulseAudio server with a null sink that is called test."""

    def __init__(self, folder: Path) -> None:
        assert shutil.which("pulseaudio"), "PulseAudio is missing: apt install pulseaudio pulseaudio-utils"
        runtime = folder / "run"
        runtime.mkdir(mode=0o700)
        self.environment = {
            **os.environ,
            "XDG_RUNTIME_DIR": str(runtime),
            "HOME": str(folder),
            "REALTIME_BACKEND_AUDIO_HOST": "pulseaudio",
        }
        self.environment.pop("PULSE_SERVER", None)
        self.start()

    def start(self) -> None:
        self.daemon = subprocess.Popen(
            [
                "pulseaudio",
                "--daemonize=no",
                "--exit-idle-time=-1",
                "--disallow-exit",
                "-n",
                f"--load=module-null-sink sink_name=test rate={RATE} format=float32le norewinds=1",
                "--load=module-native-protocol-unix",
            ],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(100):
            if subprocess.run(["pactl", "info"], env=self.environment, capture_output=True).returncode == 0:
                return
            assert self.daemon.poll() is None, "the PulseAudio server ended"
            time.sleep(0.1)

    def stop(self) -> None:
        self.daemon.terminate()
        self.daemon.wait(10)

    def control(self, *words: str) -> str:
        done = subprocess.run(
            ["pactl", *words], env=self.environment, capture_output=True, text=True, check=True, timeout=30
        )
        return done.stdout.strip()

    def add_sink(self, name: str) -> str:
        about = f"sink_properties=device.description={name}"
        return self.control(
            "load-module",
            "module-null-sink",
            f"sink_name={name}",
            f"rate={RATE}",
            "format=float32le",
            "norewinds=1",
            about,
        )

    def record(self, sink: str, seconds: float) -> np.ndarray:
        """Record what `sink` plays. Returns an array of shape ``(frames, 2)``."""
        command = ["parec", "-d", f"{sink}.monitor", "--format=float32le", f"--rate={RATE}", "--channels=2"]
        with subprocess.Popen(
            [*command, "--latency-msec=20"], env=self.environment, stdout=subprocess.PIPE
        ) as recorder:
            time.sleep(seconds)
            recorder.terminate()
            heard = np.frombuffer(recorder.communicate()[0], dtype=np.float32)
        return heard[: len(heard) // 2 * 2].reshape(-1, 2)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path)
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def connected(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server, set as the sound system of this process."""
    for name in ("XDG_RUNTIME_DIR", "HOME", "REALTIME_BACKEND_AUDIO_HOST"):
        monkeypatch.setenv(name, server.environment[name])
    monkeypatch.delenv("PULSE_SERVER", raising=False)
    return server


@pytest.fixture
def playing(connected: Server) -> Iterator[rb.Player]:
    """A player of a long session that the server plays, and that goes on when its device is lost."""
    assert connected.daemon.poll() is None
    with rb.Player(LONG, startup_fade=0.0, on_device_loss="follow") as player:
        player.play()
        wait_until(lambda: player.position > 0.3)
        yield player


def wait_until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def sounds(server: Server, sink: str) -> bool:
    return bool(np.abs(server.record(sink, 0.6)).max(initial=0.0) > 0.1)


def test_playback_equals_the_offline_render(server: Server, tmp_path: Path) -> None:
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
            env=server.environment,
            stdout=sink,
        )
        try:
            time.sleep(0.5)
            played = subprocess.run(
                [sys.executable, "-c", PLAY, str(track)],
                env=server.environment,
                capture_output=True,
                text=True,
                timeout=60,
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
    # The track starts at the lag with the best correlation. Parts of it are periodic, so all of it is correlated.
    size = 1 << int(np.ceil(np.log2(len(heard) + len(expected))))
    spectra = [np.fft.rfft(sound.sum(axis=1), size) for sound in (heard, expected)]
    correlation = np.fft.irfft(spectra[0] * np.conj(spectra[1]), size)
    begin = int(np.argmax(correlation[: len(heard)]))
    ours = heard[begin : begin + len(expected)]
    assert len(ours) == len(expected), "the recording is cut"
    fade = RATE // 20
    error = np.abs(ours[fade:] - expected[fade:]).max()
    assert error < 1e-4, f"largest difference {error}"


def test_playback_follows_a_change_of_the_default_output(server: Server, playing: rb.Player) -> None:
    server.add_sink("other")
    server.control("set-default-sink", "other")
    wait_until(lambda: sounds(server, "other"))
    assert playing.state == "playing"


def test_playback_continues_on_an_output_that_appears_later(server: Server, playing: rb.Player) -> None:
    held = playing.position
    server.control("unload-module", "module-null-sink")  # unloads all sinks, so no output is left
    wait_until(lambda: playing.last_error is not None)
    server.add_sink("third")
    wait_until(lambda: sounds(server, "third"))
    wait_until(lambda: playing.state == "playing" and playing.position > held + 0.3)


def test_playback_moves_when_one_of_two_outputs_is_unplugged(server: Server, playing: rb.Player) -> None:
    server.add_sink("other")
    server.control("unload-module", server.control("list", "modules", "short").split()[0])
    wait_until(lambda: sounds(server, "other"))
    assert playing.state == "playing"


def test_playback_continues_at_its_position_after_a_server_restart(server: Server, playing: rb.Player) -> None:
    server.stop()
    wait_until(lambda: playing.last_error is not None)
    held = playing.position
    time.sleep(1.0)
    assert playing.position == held
    server.start()
    wait_until(lambda: playing.stats()["restarts"] == 1)
    wait_until(lambda: playing.position > held + 0.3)
    assert playing.position < held + 20.0
    assert sounds(server, "test")
    assert playing.last_error is None, "the loss is over"


def test_playback_pauses_when_its_output_is_unplugged(connected: Server) -> None:
    connected.add_sink("other")
    with rb.Player(LONG, startup_fade=0.0) as player:
        player.play()
        wait_until(lambda: player.position > 0.3)
        assert player.device_events() == []
        connected.control("unload-module", connected.control("list", "modules", "short").split()[0])
        wait_until(lambda: player.state == "paused")
        time.sleep(0.5)  # the server has moved the sound before the player notices
        assert not sounds(connected, "other")
        held = player.position
        changes = [change for change, _ in player.device_events()]
        assert changes[:2] == ["lost", "opened"], changes
        player.play()
        wait_until(lambda: sounds(connected, "other"))
        assert held <= player.position < held + 20.0


def test_playback_pauses_when_the_server_ends(connected: Server) -> None:
    with rb.Player(LONG, startup_fade=0.0) as player:
        player.play()
        wait_until(lambda: player.position > 0.3)
        connected.stop()
        wait_until(lambda: player.state == "paused")
        held = player.position
        connected.start()
        wait_until(lambda: player.stats()["restarts"] == 1)
        assert (player.position, player.state) == (held, "paused")
        player.play()
        wait_until(lambda: player.position > held + 0.3)
        assert sounds(connected, "test")


@pytest.mark.parametrize(("latency", "seconds"), [("low", 0.06), ("normal", 0.12), (0.3, 0.3)])
def test_the_server_buffers_the_requested_latency(connected: Server, latency: str | float, seconds: float) -> None:
    with rb.Player(LONG, latency=latency, startup_fade=0.0) as player:
        player.play()
        wait_until(lambda: player.position > 0.2)
        held = []
        for _ in range(10):
            found = re.search(r"Buffer Latency: (\d+) usec", connected.control("list", "sink-inputs"))
            assert found is not None
            held.append(int(found.group(1)) * 1e-6)
            time.sleep(0.02)
        # the server counts only buffered sound; less than a block (12 ms), or more on a busy machine, may be on its way
        assert seconds - 0.04 < max(held) <= seconds + 0.001


def test_a_suspended_process_reports_one_underrun(server: Server, tmp_path: Path) -> None:
    track = tmp_path / "session.json"
    rb.save_track(LONG, track)
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", STOPPED, str(track)], env=server.environment, **pipes) as player:
        try:
            assert player.stdout is not None
            assert player.stdout.readline() == "playing\n"
            player.send_signal(signal.SIGSTOP)
            time.sleep(1.0)
            player.send_signal(signal.SIGCONT)
            stats = json.loads(player.communicate("go on\n", timeout=30)[0])
        finally:
            player.kill()
    assert (stats["underrun_events"], stats["restarts"], stats["last_error"]) == (1, 0, None)
    # one second, minus the 120 ms that the server had buffered
    assert 0.5 * RATE < stats["underrun_frames"] < 2.0 * RATE


def test_a_pause_is_heard_before_the_buffer_is_empty(connected: Server) -> None:
    with rb.Player(LONG, latency=2.0, startup_fade=0.0) as player:
        player.play()
        wait_until(lambda: player.position > 0.3 and player.stats()["latency"] > 1.5)
        asked = player.position
        player.pause()
        wait_until(lambda: player.state == "paused")
        # the position moves on while sound is still heard
        assert player.position - asked < 1.0
        recording = connected.record("test", 0.5)
        assert np.abs(recording[-RATE // 10 :]).max() == 0.0


def test_starts_are_as_far_apart_as_their_time_stamps(connected: Server, tmp_path: Path) -> None:
    voice = {"synth_function_name": "binaural_beat", "params": {"baseFreq": 441.0, "beatFreq": 0.0}}
    settings = {"sample_rate": RATE, "normalization": "none"}
    track = {"global": settings, "progression": [{"duration": 0.3, "voices": [voice]}]}
    recording, stamps = tmp_path / "monitor.raw", []
    command = ["parec", "-d", "test.monitor", "--format=float32le", f"--rate={RATE}", "--channels=2"]
    with (
        recording.open("wb") as sink,
        subprocess.Popen([*command, "--latency-msec=20"], env=connected.environment, stdout=sink) as recorder,
        rb.Player(track, ramp=0.0) as player,
    ):
        wait_until(lambda: recording.stat().st_size > 0)
        first = player.device_time + 0.5
        wanted = [first, first + 1.23456]
        for at in wanted:
            player.play(at=at)
            wait_until(lambda: player.state == "playing")
            assert player.wait(10.0)
            stamps.append(player.started_at)
        time.sleep(0.3)
        recorder.terminate()
    heard = np.fromfile(recording, dtype=np.float32)
    loud = np.flatnonzero(heard[: len(heard) // 2 * 2 : 2])  # the monitor of silence is 0
    onsets = loud[np.diff(loud, prepend=-RATE) > RATE // 10]
    assert stamps == pytest.approx(wanted, abs=1.0 / RATE)
    assert np.diff(onsets).tolist() == [round((stamps[1] - stamps[0]) * RATE)]


def test_a_hanging_server_does_not_block_the_player(connected: Server) -> None:
    player = rb.Player(LONG, startup_fade=0.0)
    player.play()
    wait_until(lambda: player.position > 0.3)
    os.kill(connected.daemon.pid, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        player.stop()
        with pytest.raises(rb.AudioDeviceError, match="did not answer within"):
            rb.Player(SESSION)
        assert time.monotonic() - begun < 15.0
    finally:
        os.kill(connected.daemon.pid, signal.SIGCONT)


def test_a_player_without_a_server_raises(connected: Server) -> None:
    connected.stop()
    with pytest.raises(rb.AudioDeviceError, match="no PulseAudio server"):
        rb.Player(SESSION)


def test_an_output_is_selected_by_its_name(connected: Server) -> None:
    connected.add_sink("other")
    with rb.Player(LONG, device="other", startup_fade=0.0) as player:
        player.play()
        wait_until(lambda: sounds(connected, "other"))
    with pytest.raises(rb.AudioDeviceError, match='no output device called "absent"'):
        rb.Player(SESSION, device="absent")
