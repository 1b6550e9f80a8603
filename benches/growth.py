"""How time and memory grow with the input: duration, voices, steps, clips, size of the JSON text.

`make bench` calls it. Every row renders in a process of its own, to a 16-bit WAV file on one thread, and reports CPU
seconds and peak memory of that process. The first row is a second of one voice: it is what a process costs by itself.

`python benches/growth.py --program COMMAND` measures another build, such as `target/release/realtime_backend`;
`--quick` leaves out what takes more than a few seconds.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import struct
import subprocess
import sys
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path

RATE = 44_100

Track = dict[str, object]


def tone(k: int) -> Track:
    """A voice of its own pitch."""
    params = {"baseFreq": 80.0 + 7.3 * (k % 60), "beatFreq": 2.0 + 0.1 * (k % 50), "ampL": 0.05, "ampR": 0.05}
    return {"synth_function_name": "binaural_beat", "params": params}


def noise(k: int) -> Track:
    """Pink noise with a swept notch."""
    params = {"noise_type": "pink", "lfo_freq": 0.1 + 0.001 * (k % 100), "volume": 0.5}
    return {"synth_function_name": "noise_swept_notch", "params": params}


def track(seconds: float, steps: list[list[Track]], crossfade: float = 0.5) -> Track:
    """Steps of equal length that last `seconds` together, each a list of voices."""
    length = (seconds + crossfade * (len(steps) - 1)) / len(steps)
    progression = [{"duration": length, "voices": voices} for voices in steps]
    return {"global": {"sample_rate": RATE, "crossfade_duration": crossfade}, "progression": progression}


def with_clips(folder: Path, count: int) -> Track:
    """A tone with `count` different files of ten seconds, one after the other."""
    clips = []
    for index in range(count):
        path = folder / f"clip{index}.wav"
        if not path.exists():
            pitch = 2 * math.pi * (200 + index) / RATE
            samples = [int(8000 * math.sin(pitch * frame)) for frame in range(RATE)] * 10
            with wave.open(str(path), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(RATE)
                file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
        clips.append({"file_path": path.name, "start": 3.0 * index, "amp": 0.1})
    return track(600.0, [[tone(0)]]) | {"overlay_clips": clips}


def several(count: int, noun: str) -> str:
    """The number with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def rows(folder: Path, *, quick: bool) -> Iterator[tuple[str, Track]]:
    """Name and track of each row."""
    yield "one voice, 1 s", track(1.0, [[tone(0)]])
    for minutes in (1, 10, 60, 480)[: 3 if quick else 4]:
        yield f"8 voices, {minutes} min", track(60.0 * minutes, [[tone(7 * k) for k in range(8)]])
    for count in (1, 10, 50, 200):
        yield f"{several(count, 'voice')}, 2 min", track(120.0, [[tone(k) for k in range(count)]])
    for count in (1, 10, 100, 1000):
        steps = [[tone(13 * step + k) for k in range(13)] for step in range(count)]
        yield f"{several(count, 'step')} of 13 tones, 20 min", track(1200.0, steps)
    for count in (1, 10, 100, 1000)[: 3 if quick else 4]:
        steps = [[noise(step)] for step in range(count)]
        # steps of less than 24 s hold their noise as a whole
        yield f"{several(count, 'step')} of noise, {30 * count // 60 or 0.5} min", track(30.0 * count, steps)
    for count in (0, 20, 200):
        yield f"{count} clips of 10 s, 10 min", with_clips(folder, count)
    for count in (100, 1000, 5000)[: 2 if quick else 3]:
        steps = [[tone(step + k) for k in range(30)] for step in range(count)]
        yield f"{count} steps of 30 tones, 1 s of them", track(3600.0, steps, 0.1)


def measured(command: list[str]) -> tuple[float, float]:
    """CPU seconds and peak memory in MB of a process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="How time and memory grow with the input.")
    parser.add_argument("--program", nargs="+", default=[sys.executable, "-m", "realtime_backend"])
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    print("| track | JSON, MB | CPU s | memory, MB |\n| --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for title, document in rows(folder, quick=arguments.quick):
            path, output = folder / "track.json", folder / "track.wav"
            path.write_text(json.dumps(document))
            command = [*arguments.program, "render", str(path), "-o", str(output), "--threads", "1"]
            if title.endswith("of them"):
                command += ["--duration", "1", "--target-level", "0"]
            seconds, memory = measured(command)
            size = path.stat().st_size / 1e6
            print(f"| {title} | {size:.2f} | {seconds:.2f} | {memory:.0f} |", flush=True)
            output.unlink()


if __name__ == "__main__":
    main()
