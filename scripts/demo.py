"""Render an example session to `out/` with a progress bar, say what was done, and draw it.

python scripts/demo.py [TRACK]
"""

from __future__ import annotations

import sys
import time
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import realtime_backend as rb

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent
WIDTH = 40
"""Characters of the progress bar."""


def bar(done: float) -> None:
    """Draw the progress bar; on a pipe only its end."""
    if sys.stderr.isatty():
        filled = round(done * WIDTH)
        sys.stderr.write(f"\r[{'=' * filled}{' ' * (WIDTH - filled)}] {done:4.0%}" + ("\n" if done >= 1.0 else ""))
        sys.stderr.flush()


def seconds(value: float) -> str:
    """`3:00` for 180."""
    return f"{int(value) // 60}:{int(value) % 60:02d}"


def describe(track: dict[str, Any]) -> None:
    """Say what is in the track, a line a step."""
    for step in track["progression"]:
        names = ", ".join(voice["synth_function_name"] for voice in step["voices"])
        end = step["start"] + step["duration"]
        print(f"  {seconds(step['start'])} to {seconds(end)}  {step.get('description', '')}: {names}")


def read_wav(path: Path) -> tuple[NDArray[np.float32], int]:
    """A 16-bit stereo file as float32 of shape (frames, 2), and its rate."""
    with wave.open(str(path)) as file:
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
        return data.astype(np.float32) / np.float32(32768), file.getframerate()


def draw_waveform(axes: Axes, sound: NDArray[np.float32], rate: int) -> None:
    """Smallest and largest sample of each column, left above right."""
    columns = 1600
    per = max(1, len(sound) // columns)
    blocks = sound[: per * (len(sound) // per)].reshape(-1, per, 2)
    t = np.arange(len(blocks)) * per / rate
    span = np.abs(sound).max() or 1.0
    for channel, offset, name in ((0, 1.1 * span, "left"), (1, -1.1 * span, "right")):
        low, high = blocks[:, :, channel].min(1), blocks[:, :, channel].max(1)
        axes.fill_between(t, offset + low, offset + high, lw=0, label=name)
    axes.set(xlim=(0, len(sound) / rate), yticks=[1.1 * span, -1.1 * span], yticklabels=["left", "right"])


def draw(sound: NDArray[np.float32], rate: int, track: dict[str, Any], path: Path) -> None:
    """Waveform and spectrogram, with the starts of the steps."""
    mpl.use("Agg")
    from matplotlib import pyplot

    figure, (top, bottom) = pyplot.subplots(2, 1, figsize=(12, 7), sharex=True, layout="constrained")
    draw_waveform(top, sound, rate)
    window = 16384
    bottom.specgram(sound[:, 0], NFFT=window, Fs=rate, noverlap=window // 2, cmap="magma", vmin=-130, vmax=-40)
    bottom.set(ylim=(0, 600), xlabel="seconds", ylabel="Hz, left channel")
    bottom.set_xlim(0, len(sound) / rate)
    for step in track["progression"]:
        for axes in (top, bottom):
            axes.axvline(step["start"], color="0.6", lw=0.8, ls="--")
        top.text(
            step["start"], 1.0, f" {step.get('description', '')}", transform=top.get_xaxis_transform(), va="bottom"
        )
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def main() -> None:
    """Render, report, draw."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "examples" / "evening.json"
    out = ROOT / "out" / f"{source.stem}.wav"
    track = rb.load_track(source)
    print(f"{source.name}:")
    describe(track)
    began = time.perf_counter()
    rb.render_to_file(source, out, progress=bar)
    took = time.perf_counter() - began
    sound, rate = read_wav(out)
    length = len(sound) / rate
    print(f"rendered {seconds(length)} in {took:.2f} s, {length / took:.0f} times real time")
    print(f"{out}: {rate} Hz, 16 bit, peak {np.abs(sound).max():.3f}")
    picture = out.with_suffix(".png")
    draw(sound, rate, track, picture)
    print(f"{picture}: waveform and spectrogram")


if __name__ == "__main__":
    main()
