"""Draw into docs/pictures: a session as written and as heard (README), and paths round the head."""

from __future__ import annotations

import io
import runpy
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image
from realtime_backend.session import Session

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
RATE = 8000
"""Enough for what is drawn: frequencies up to 380 Hz."""
SLOWEST = 1.0
"""Beats below this many Hz are slow swells, which the picture leaves out."""


def main() -> None:
    """Draw them."""
    PICTURES.mkdir(exist_ok=True)
    paths = Session.load(ROOT / "examples" / "moving.json").plot_path()
    written(paths, "paths.png")
    walking = runpy.run_path(str(ROOT / "examples" / "walking_beat.py"))["session"]
    written(walking(60.0, None).plot_path(), "walking_beat.png")
    session = Session.load(ROOT / "examples" / "evening.json")
    sound = session.render(sample_rate=RATE)
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(9.0, 4.6), dpi=80, sharex=True, layout="constrained")
    plotted = session.plot()
    drawn = set()
    for line in plotted.axes[1].lines:
        if np.max(line.get_ydata()) >= SLOWEST:
            top.plot(line.get_xdata(), line.get_ydata(), color=line.get_color(), lw=1.5)
            drawn.add(line.get_color())
    handles = plotted.legends[0].legend_handles
    named = [one for one in handles if isinstance(one, Line2D) and one.get_color() in drawn]
    top.legend(handles=named, loc="lower left", fontsize=8, frameon=False)
    for step, (begin, end) in zip(session.steps, session.step_times(), strict=True):
        top.axvspan(begin, end, color="0.5", alpha=0.08)
        top.text(begin, 1.02, f" {step.description}", transform=top.get_xaxis_transform(), fontsize=8)
    top.set(ylabel="beat, Hz", ylim=(0.0, None))
    window = 4096
    bottom.specgram(
        sound[:, 0] + 1e-9, NFFT=window, Fs=RATE, noverlap=window * 3 // 4, cmap="magma", vmin=-110, vmax=-30
    )
    bottom.set(ylabel="left ear, Hz", xlabel="seconds", ylim=(0.0, 380.0), xlim=(0.0, len(sound) / RATE))
    written(figure, "evening.png")
    plt.close(figure)


def written(figure: Figure, name: str) -> None:
    """Write a picture, and say so."""
    pixels = io.BytesIO()
    figure.savefig(pixels, dpi=110)
    # a palette, for half of the size; the one that keeps the few pixels of the lines
    Image.open(pixels).convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE).save(PICTURES / name, optimize=True)
    print(PICTURES / name)


if __name__ == "__main__":
    main()
