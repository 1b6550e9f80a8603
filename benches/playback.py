"""Playback on a busy machine: a real sound server, busy processes, and what is heard, beside ``pacat``.

    python benches/playback.py [--seconds 600] [--latency normal] [--busy 4] [track.json]

Starts a private PulseAudio server with two null sinks (`apt install pulseaudio pulseaudio-utils`) and processes that
are busy at normal priority. Plays an hour-long session of fifteen voices (or the given track) into one sink and, at the
same time, the same sound from a file with ``pacat`` at the same latency into the other. Both are recorded from the
sinks' monitors, and the clicks in both recordings are counted: places where the second difference is more than three
times as large as anywhere in the offline render. Then come the counters of `Player.stats()`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

RATE = 44_100
FORMAT = ["--format=float32le", f"--rate={RATE}", "--channels=2"]
MILLISECONDS = {"low": 60, "normal": 120, "high": 400}
QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
# Seconds of the render that say how smooth the sound is.
SAMPLE = 30.0
# Clicks closer than this are one.
APART = RATE // 100


def session(folder: Path) -> dict[str, Any]:
    """An hour of fifteen voices with slow movements, over noise with moving notches, too quiet to hide a click."""
    sweep = {"start_min": 1000, "start_max": 10000, "start_q": 30, "start_casc": 10}
    bed = {"noise_parameters": {"name": "pink", "seed": 3}, "sweeps": [sweep]}
    (folder / "bed.noise").write_text(json.dumps(bed))
    voices = [
        {
            "synth_function_name": "binaural_beat",
            "params": {
                "baseFreq": 60.0 + 37.0 * k,
                "beatFreq": 1.0 + 0.5 * k,
                "ampOscDepthL": 0.3,
                "ampOscFreqL": 0.02 * (k + 1),
            },
        }
        for k in range(15)
    ]
    return {
        "global": {"sample_rate": RATE, "crossfade_duration": 3.0},
        "background_noise": {"file_path": str(folder / "bed.noise"), "amp": 0.0001},
        "progression": [{"duration": 1800.0, "voices": voices}] * 2,
    }


@contextmanager
def process(*command: str, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that lives as long as the block."""
    child = subprocess.Popen(command, **{**QUIET, **options})
    try:
        yield child
    finally:
        child.terminate()
        child.wait()


@contextmanager
def server(folder: Path) -> Iterator[None]:
    """A private PulseAudio server with the sinks ``ours`` and ``theirs``; this process talks to it from now on."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    os.environ.update(XDG_RUNTIME_DIR=str(runtime), HOME=str(folder), REALTIME_BACKEND_AUDIO_HOST="pulseaudio")
    os.environ.pop("PULSE_SERVER", None)
    sinks = [
        f"--load=module-null-sink sink_name={name} rate={RATE} format=float32le norewinds=1"
        for name in ("ours", "theirs")
    ]
    daemon = ["pulseaudio", "--daemonize=no", "--exit-idle-time=-1", "-n", *sinks]
    with process(*daemon, "--load=module-native-protocol-unix"):
        while subprocess.run(["pactl", "info"], **QUIET, check=False).returncode:
            time.sleep(0.1)
        yield


@contextmanager
def recording(sink: str, path: Path) -> Iterator[None]:
    """What `sink` plays, into `path`, with so much patience that the recorder itself loses nothing."""
    with path.open("wb") as file:
        command = ["parec", "-d", f"{sink}.monitor", *FORMAT, "--latency-msec=2000"]
        with process(*command, stdout=file):
            time.sleep(1.0)
            yield
            time.sleep(3.0)


def smoothness(sound: np.ndarray) -> float:
    """The largest second difference."""
    return float(np.abs(np.diff(sound.astype(np.float64), 2, axis=0)).max(initial=0.0))


def clicks(path: Path, smooth: float) -> tuple[int, float, float]:
    """Clicks in a recording, its largest second difference as a multiple of `smooth`, and its seconds of sound."""
    sound = np.memmap(path, dtype=np.float32, mode="r")
    sound = sound[: len(sound) // 2 * 2].reshape(-1, 2)
    found: list[int] = []
    largest, sounding = 0.0, 0
    for start in range(0, len(sound), RATE):
        piece = np.asarray(sound[max(0, start - 2) : start + RATE], dtype=np.float64)
        bend = np.abs(np.diff(piece, 2, axis=0)).max(axis=1, initial=0.0)
        largest = max(largest, float(bend.max(initial=0.0)))
        sounding += int(np.count_nonzero(piece[:, 0]))
        for place in np.flatnonzero(bend > 3.0 * smooth) + start:
            if not found or place - found[-1] > APART:
                found.append(int(place))
    return len(found), largest / smooth, sounding / RATE


def play(track: str | dict[str, Any], seconds: float, latency: str) -> dict[str, Any]:
    """Play for `seconds` and give the counters."""
    import realtime_backend as rb

    begun = time.perf_counter()
    with rb.Player(track, latency=latency, device="ours") as player:
        player.play()
        while player.stats()["peak"][0] == 0.0:
            time.sleep(0.001)
        first = time.perf_counter() - begun
        position = player.position
        begun = time.perf_counter()
        time.sleep(seconds)
        played, passed = player.position - position, time.perf_counter() - begun
        return player.stats() | {"first_sound": first, "device": player.device, "played": played, "passed": passed}


def compare(track: str | dict[str, Any], folder: Path, seconds: float, latency: str, busy: int) -> dict[str, Any]:
    """Play with us and with ``pacat`` at the same time, and count the clicks of both."""
    import realtime_backend as rb

    sound = folder / "sound.raw"
    rendered = rb.render(track, duration=seconds)
    smooth = smoothness(rendered[: int(SAMPLE * RATE)])
    # a beginning and an end that do not click by themselves
    ramp = np.linspace(0.0, 1.0, RATE // 2, dtype=np.float32)[:, None] ** 2
    rendered[: len(ramp)] *= ramp
    rendered[-len(ramp) :] *= ramp[::-1]
    rendered.tofile(sound)
    del rendered
    ours, theirs = folder / "ours.raw", folder / "theirs.raw"
    pacat = ["pacat", "--raw", "-d", "theirs", *FORMAT, f"--latency-msec={MILLISECONDS[latency]}", str(sound)]
    with ExitStack() as stack:
        stack.enter_context(server(folder))
        for name, path in (("ours", ours), ("theirs", theirs)):
            stack.enter_context(recording(name, path))
        for _ in range(busy):
            stack.enter_context(process(sys.executable, "-c", "while True: pass"))
        other = stack.enter_context(process(*pacat))
        stats = play(track, seconds, latency)
        other.wait()
    found = {name: clicks(path, smooth) for name, path in (("ours", ours), ("pacat", theirs))}
    heard = {
        f"{name}_{what}": value
        for name, values in found.items()
        for what, value in zip(("clicks", "largest", "seconds"), values, strict=True)
    }
    return heard | stats


def main() -> None:
    """Print the clicks and the counters, one a line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("track", nargs="?")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--latency", default="normal", choices=list(MILLISECONDS))
    parser.add_argument("--busy", type=int, default=4, help="busy processes")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        track = args.track or session(folder)
        for key, value in compare(track, folder, args.seconds, args.latency, args.busy).items():
            print(f"{key:20} {value:.6g}" if isinstance(value, float) else f"{key:20} {value}")


if __name__ == "__main__":
    main()
