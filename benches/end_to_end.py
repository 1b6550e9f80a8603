"""Whole files beside other programs that make the same sound: numpy, and fundsp, sox and flac where they are installed.

`make bench` calls it; `make bench TRACKS="a.json b.json"` compares the rules `default` and `intended` on these tracks.
All ratios are of CPU seconds in one run, the best of three. Every program writes a stereo 16-bit WAV file; only ours
measures its peaks and takes care of seeds, edits and seeks.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import realtime_backend as rb
from realtime_backend.session import Bed, Session, Step, voices

RATE = 44_100
FUNDSP = Path(__file__).parent / "rivals" / "target" / "release" / "rivals"
OVERLAP = 5.0

CASES = {
    "1 voice": 600.0,
    "8 voices": 600.0,
    "pink noise": 600.0,
    "10 steps": 3600.0,
    "10 steps over pink noise": 3600.0,
}
"""What is rendered, and how many seconds of it."""

VOICES = {"1 voice": 1, "8 voices": 8}
"""How many voices sound all the time."""


def pitch(k: int) -> tuple[float, float]:
    """Carrier and beat of voice `k` in Hz."""
    return 60.0 + 37.0 * k, 1.0 + 0.5 * k


def ears(k: int) -> tuple[float, float]:
    """The frequencies of voice `k` in Hz, left and right."""
    carrier, beat = pitch(k)
    return carrier - beat / 2, carrier + beat / 2


def step_length(seconds: float) -> float:
    """The length of each of ten steps that overlap and last `seconds` together."""
    return (seconds + 9 * OVERLAP) / 10


def session(case: str) -> Session:
    """The case as a session."""

    def voice(k: int) -> voices.BinauralBeat:
        carrier, beat = pitch(k)
        return voices.BinauralBeat(base_freq=carrier, beat_freq=beat, amp_l=0.05, amp_r=0.05)

    seconds = CASES[case]
    bed = Bed.noise("pink", gain=0.1) if "pink" in case else None
    if case.startswith("10 steps"):
        steps = [Step(step_length(seconds), [voice(k)]) for k in range(10)]
        return Session(steps, crossfade_duration=OVERLAP, background=bed)
    return Session([Step(seconds, [voice(k) for k in range(VOICES.get(case, 0))])], background=bed)


def with_numpy(case: str, path: Path) -> None:
    """The case in float64, a minute at a time."""
    seconds = CASES[case]
    length = step_length(seconds)
    rng = np.random.default_rng(1)

    def sines(k: int, t: np.ndarray) -> np.ndarray:
        return 0.05 * np.sin(2 * np.pi * np.outer(t, ears(k)))

    def pink(frames: int) -> np.ndarray:
        # pieces of their own: seams are left out, which is in numpy's favour
        spectrum = np.fft.rfft(rng.standard_normal((frames, 2)), axis=0)
        spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))[:, None]
        return 2.0 * np.fft.irfft(spectrum, frames, axis=0)

    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for first in range(0, int(seconds * RATE), 60 * RATE):
            t = np.arange(first, min(first + 60 * RATE, int(seconds * RATE))) / RATE
            sound = pink(len(t)) if "pink" in case else np.zeros((len(t), 2))
            if case.startswith("10 steps"):
                for k in range(10):
                    start = k * (length - OVERLAP)
                    inside = (t >= start) & (t < start + length)
                    if inside.any():
                        part = t[inside]
                        fades = np.clip(np.minimum(part - start, start + length - part) / OVERLAP, 0.0, 1.0)
                        sound[inside] += sines(k, part) * fades[:, None]
            else:
                for k in range(VOICES.get(case, 0)):
                    sound += sines(k, t)
            file.writeframes((sound * 32767).astype("<i2").tobytes())


def with_sox(case: str, path: Path) -> None:
    """The case by `sox synth`, which has no steps."""
    count = VOICES.get(case, 0)
    if count:
        sources = [word for k in range(count) for frequency in ears(k) for word in ("sine", f"{frequency}")]
        mixed = [",".join(f"{2 * k + ear}v0.05" for k in range(count)) for ear in (1, 2)]
    else:
        sources, mixed = ["pinknoise", "pinknoise"], ["1v0.1", "2v0.1"]
    channels = str(len(sources) // 2 if count else 2)
    command = ["sox", "-n", "-r", str(RATE), "-c", channels, "-b", "16", str(path), "synth", str(CASES[case])]
    subprocess.run([*command, *sources, "remix", *mixed], check=True, capture_output=True)


def with_fundsp(case: str, path: Path) -> None:
    """The case by `benches/rivals`."""
    subprocess.run([FUNDSP, case, str(CASES[case]), str(path)], check=True)


def cpu_seconds(work: Callable[[], object]) -> float:
    """Best of three, in CPU seconds of this process and its children; a single run if it takes more than five."""

    def once() -> float:
        begin = time.process_time() + _children()
        work()
        return time.process_time() + _children() - begin

    first = once()
    return first if first > 5.0 else min(first, once(), once())


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def compare_programs(folder: Path) -> None:
    """The table of cases."""
    rivals = {"numpy": with_numpy}
    if FUNDSP.exists():
        rivals["fundsp"] = with_fundsp
    if shutil.which("sox"):
        rivals["sox"] = with_sox
    print(f"| to a 16-bit WAV file | ours, CPU s | {' | '.join(f'{name}, times ours' for name in rivals)} |")
    print(f"| --- {'| ---: ' * (1 + len(rivals))}|")
    path = folder / "case.wav"
    for case, seconds in CASES.items():
        track = session(case)
        ours = cpu_seconds(lambda track=track: rb.render_to_file(track, path, threads=1))
        cells = []
        for name, render in rivals.items():
            if name == "sox" and case.startswith("10 steps"):
                cells.append("")
                continue
            theirs = cpu_seconds(lambda render=render, case=case: render(case, path))
            cells.append(f"{theirs / ours:.1f}")
        print(f"| {case}, {seconds:g} s | {ours:.2f} | {' | '.join(cells)} |", flush=True)


def compare_flac(folder: Path) -> None:
    """What FLAC costs beside WAV, and what `flac -5` takes for the same file."""
    track = session("10 steps over pink noise")
    wav, ours, theirs = folder / "case.wav", folder / "ours.flac", folder / "theirs.flac"
    plain = cpu_seconds(lambda: rb.render_to_file(track, wav, threads=1))
    packed = cpu_seconds(lambda: rb.render_to_file(track, ours, threads=1))
    line = f"an hour to FLAC: {packed - plain:.2f} CPU s more than to WAV"
    if shutil.which("flac"):
        flac = cpu_seconds(lambda: subprocess.run(["flac", "-5", "-s", "-f", wav, "-o", theirs], check=True))
        size = ours.stat().st_size / theirs.stat().st_size
        line += f"; flac -5 takes {flac / (packed - plain):.1f} times that; our file has {size:.3f} times its size"
    print(line)


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
    """Print the tables."""
    tracks = [Path(name) for name in sys.argv[1:]] or [Path(__file__).parents[1] / "examples" / "evening.json"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compare_programs(folder)
        compare_flac(folder)
        compare_devices(folder / "moving.wav")
        for path in tracks:
            compare_rules(path, folder)


if __name__ == "__main__":
    main()
