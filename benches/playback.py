"""Playback on a busy machine: a real sound server, every core kept busy, and what `Player.stats()` says in the end.

    python benches/playback.py [--seconds 600] [--latency normal] [track.json]

Starts a private PulseAudio server with a null sink (`apt install pulseaudio`), one busy process per core at normal
priority, and plays an hour-long session of fifteen voices over a bed of noise (or the given track).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RATE = 44_100


def session(folder: Path) -> dict[str, Any]:
    """An hour of fifteen voices with slow movements, over noise with moving notches."""
    sweep = {"start_min": 1000, "start_max": 10000, "start_q": 30, "start_casc": 10}
    bed = {"noise_parameters": {"name": "pink", "seed": 3}, "sweeps": [sweep]}
    (folder / "bed.noise").write_text(json.dumps(bed))
    voices = [
        {
            "synth_function_name": "isochronic_tone" if k % 5 == 4 else "binaural_beat",
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
        "background_noise": {"file_path": str(folder / "bed.noise"), "amp": 0.2},
        "progression": [{"duration": 1800.0, "voices": voices}] * 2,
    }


def start_server(folder: Path) -> subprocess.Popen[bytes]:
    """A private PulseAudio server with one null sink; this process talks to it from now on."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    os.environ.update(XDG_RUNTIME_DIR=str(runtime), HOME=str(folder), REALTIME_BACKEND_AUDIO_HOST="pulseaudio")
    os.environ.pop("PULSE_SERVER", None)
    sink = f"--load=module-null-sink sink_name=test rate={RATE} format=float32le norewinds=1"
    command = ["pulseaudio", "--daemonize=no", "--exit-idle-time=-1", "-n", sink]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    daemon = subprocess.Popen([*command, "--load=module-native-protocol-unix"], **quiet)  # type: ignore[call-overload]
    while subprocess.run(["pactl", "info"], capture_output=True, check=False).returncode:
        time.sleep(0.1)
    return daemon


def play(track: str | dict[str, Any], seconds: float, latency: str) -> dict[str, Any]:
    """Play for `seconds` and give the counters."""
    import realtime_backend as rb

    begun = time.perf_counter()
    with rb.Player(track, latency=latency) as player:
        player.play()
        while player.stats()["peak"][0] == 0.0:
            time.sleep(0.001)
        first = time.perf_counter() - begun
        position = player.position
        begun = time.perf_counter()
        time.sleep(seconds)
        played, passed = player.position - position, time.perf_counter() - begun
        return player.stats() | {"first_sound": first, "device": player.device, "played": played, "passed": passed}


def main() -> None:
    """Print the counters, one a line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("track", nargs="?")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--latency", default="normal", choices=["low", "normal", "high"])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        children = [start_server(folder)]
        try:
            busy = [sys.executable, "-c", "while True: pass"]
            children += [subprocess.Popen(busy) for _ in range(os.cpu_count() or 1)]
            for key, value in play(args.track or session(folder), args.seconds, args.latency).items():
                print(f"{key:20} {value:.6g}" if isinstance(value, float) else f"{key:20} {value}")
        finally:
            for child in children:
                child.terminate()
                child.wait()


if __name__ == "__main__":
    main()
