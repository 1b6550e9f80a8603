"""Draw one small picture for each voice family into docs/voices: what both ears get, and the spectrogram of the left.

A voice whose level moves is drawn as its envelope over two seconds, a steady one as its waveform over 50 ms.
"""

from __future__ import annotations

import io

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import realtime_backend as rb
from matplotlib.axes import Axes
from numpy.typing import NDArray
from PIL import Image
from voice_examples import FOLDER, families

RATE = 44_100
SECONDS = 4.0
LEFT, RIGHT = "#204a87", "#ce5c00"
EDGE = 0.1
"""Seconds at the ends of a sound that the spectrogram leaves out: filters settle there."""
WINDOW = 2048
"""Frames per spectrum."""


def ears(panel: Axes, sound: NDArray[np.float32]) -> None:
    """Draw what both ears get: envelopes where the level moves, otherwise the waveforms."""
    size = RATE // 200
    peaks = np.abs(sound[: len(sound) // size * size]).reshape(-1, size, 2).max(axis=1)
    middle = peaks[len(peaks) // 20 : -len(peaks) // 20]
    if (middle.min(axis=0) < 0.7 * middle.max()).any():
        time = (np.arange(len(peaks)) + 0.5) * size / RATE
        panel.fill_between(time, peaks[:, 0], color=LEFT, lw=0, label="left")
        panel.fill_between(time, -peaks[:, 1], color=RIGHT, lw=0, label="right")
        panel.set(xlim=(0.0, 2.0), xlabel="seconds", ylabel="envelope")
    else:
        part = sound[RATE : RATE + RATE // 20]
        time = np.arange(len(part)) / RATE * 1000.0
        panel.plot(time, part[:, 0], color=LEFT, lw=1.0, label="left")
        panel.plot(time, part[:, 1], color=RIGHT, lw=1.0, label="right")
        panel.set(xlim=(0.0, 50.0), xlabel="milliseconds", ylabel="waveform")
    top = 1.6 * max(float(np.abs(sound).max()), 1e-3)
    panel.set(ylim=(-top, top))
    panel.legend(loc="upper right", fontsize="x-small", ncols=2, frameon=False)


def draw(name: str, voice: str, params: dict[str, object]) -> None:
    """Write docs/voices/<name>.png."""
    sound = getattr(rb.synth, voice)(SECONDS + EDGE, RATE, compat="intended", **params)
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.0, 2.0), dpi=80, layout="constrained")
    ears(left, sound)
    # silence has no level in dB
    tone = sound[:, 0] + 1e-7 * np.random.default_rng(1).standard_normal(len(sound))
    _, frequencies, _, image = right.specgram(
        tone,
        NFFT=WINDOW,
        window=np.kaiser(WINDOW, 12.0),
        Fs=RATE,
        noverlap=WINDOW * 7 // 8,
        cmap="magma",
        mode="psd",
        scale="dB",
    )
    loudest = float(image.get_array().max())
    image.set_clim(loudest - 80.0, loudest)
    held = frequencies[(np.asarray(image.get_array())[::-1] > loudest - 50.0).any(axis=1)].max(initial=0.0)
    right.set(
        xlim=(EDGE, SECONDS), ylim=(0.0, min(max(1.5 * held, 500.0), RATE / 2)), xlabel="seconds", ylabel="Hz, left ear"
    )
    bar = figure.colorbar(image, ax=right, label="dB")
    bar.set_ticks([loudest - 80.0, loudest - 40.0, loudest], labels=["-80", "-40", "0"])
    drawn = io.BytesIO()
    figure.savefig(drawn)
    plt.close(figure)
    # a palette, for a third of the size
    Image.open(drawn).convert("RGB").quantize(96).save(FOLDER / f"{name}.png", optimize=True)


def main() -> None:
    """Draw all of them."""
    for name, example in families().items():
        if example.voice:
            draw(name, example.voice, example.params)


if __name__ == "__main__":
    main()
