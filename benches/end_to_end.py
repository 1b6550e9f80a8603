"""Whole renders beside numpy doing the same sines (and sox, where it is installed): ratios of one run.

`make bench` calls it; `make bench TRACKS="a.json b.json"` compares the rules `default` and `intended` on these tracks.
Every row but theirs renders the same fifteen binaural voices; numpy and sox do nothing but their sines, so the ratios
flatter them: no gains, no crossfades, no measuring, no file in numpy's case.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import realtime_backend as rb

SECONDS = 120.0
RATE = 44_100
CARRIERS = [60.0 + 37.0 * k for k in range(15)]
BEATS = [1.0 + 0.5 * k for k in range(15)]


def track() -> dict[str, object]:
    """One step with all voices."""
    voices = [
        {
            "synth_function_name": "binaural_beat",
            "params": {"baseFreq": base, "beatFreq": beat, "ampL": 0.05, "ampR": 0.05},
        }
        for base, beat in zip(CARRIERS, BEATS, strict=True)
    ]
    return {"global": {"sample_rate": RATE}, "progression": [{"duration": SECONDS, "voices": voices}]}


def moving_track() -> dict[str, object]:
    """Ten minutes of forty voices with vibrato and tremolo: what a graphics processor is for."""
    moving = {"freqOscFreqL": 2.0, "freqOscRangeL": 0.5, "ampOscDepthL": 0.5, "ampOscFreqL": 0.05}
    moving |= {"freqOscFreqR": 1.7, "freqOscRangeR": 0.3, "ampOscDepthR": 0.5, "ampOscFreqR": 0.05}
    voices = [
        {
            "synth_function_name": "binaural_beat",
            "params": {"baseFreq": 60.0 + 17.3 * k, "beatFreq": 0.5 + 0.25 * k} | moving,
        }
        for k in range(40)
    ]
    return {"global": {"sample_rate": RATE}, "progression": [{"duration": 600.0, "voices": voices}]}


def with_numpy() -> None:
    """The same sines in float64, summed."""
    t = np.arange(int(SECONDS * RATE)) / RATE
    left, right = np.zeros_like(t), np.zeros_like(t)
    for base, beat in zip(CARRIERS, BEATS, strict=True):
        left += 0.05 * np.sin(2 * np.pi * (base - beat / 2) * t)
        right += 0.05 * np.sin(2 * np.pi * (base + beat / 2) * t)


def with_sox(path: Path) -> None:
    """The same sines by sox `synth`, mixed into a file."""
    for side in (-0.5, 0.5):
        sines = [word for base, beat in zip(CARRIERS, BEATS, strict=True) for word in ("sine", f"{base + side * beat}")]
        command = ["sox", "-n", "-r", str(RATE), "-c", "15", str(path), "synth", str(SECONDS), *sines, "remix", "1-15"]
        subprocess.run(command, check=True, capture_output=True)


def cpu_seconds(work: Callable[[], object]) -> float:
    """Best of three, in CPU seconds of this process and its children."""

    def once() -> float:
        begin = time.process_time() + _children()
        work()
        return time.process_time() + _children() - begin

    return min(once() for _ in range(3))


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def clock_seconds(work: Callable[[], object]) -> float:
    """Best of three, by the clock."""

    def once() -> float:
        begin = time.perf_counter()
        work()
        return time.perf_counter() - begin

    return min(once() for _ in range(3))


def compare_devices(path: Path) -> None:
    """The same file without and with a graphics processor."""
    name = rb.gpu_name()
    if name is None:
        print("no graphics processor to compare with")
        return
    plain, performed = (
        clock_seconds(lambda gpu=gpu: rb.render_to_file(moving_track(), path, gpu=gpu)) for gpu in (False, True)
    )
    ratio = plain / performed
    print(f"40 moving voices, 600 s, to a file: {plain:.2f} s, {ratio:.1f} times as long as with {name}")


def compare_rules(path: Path, folder: Path) -> None:
    """A track to a file under the rules `default` and under `intended`, on one thread."""

    def render(compat: str) -> object:
        return rb.render_to_file(path, folder / "rules.wav", compat=compat, threads=1)

    default, intended = (cpu_seconds(lambda rules=rules: render(rules)) for rules in ("default", "intended"))
    print(f"| {path.name}, `intended` | {intended:.2f} CPU s | {intended / default:.2f} times `default` |")


def main() -> None:
    """Print the table."""
    tracks = [Path(name) for name in sys.argv[1:]] or [Path(__file__).parents[1] / "examples" / "evening.json"]
    with tempfile.TemporaryDirectory() as folder:
        ours = cpu_seconds(lambda: rb.render_to_file(track(), str(Path(folder) / "ours.wav")))
        rows = [("numpy, the sines alone, no file", cpu_seconds(with_numpy))]
        if shutil.which("sox"):
            rows.append(("sox synth, the sines to a file", cpu_seconds(lambda: with_sox(Path(folder) / "sox.wav"))))
        compare_devices(Path(folder) / "moving.wav")
    print(f"15 binaural voices, {SECONDS:g} s, to a file: {ours:.2f} CPU s, {SECONDS / ours:.0f} times real time")
    for name, seconds in rows:
        print(f"| {name} | {seconds:.2f} CPU s | {seconds / ours:.1f} times ours |")
    with tempfile.TemporaryDirectory() as folder:
        for path in tracks:
            compare_rules(path, Path(folder))


if __name__ == "__main__":
    main()
