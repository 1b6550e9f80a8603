"""Draw one small picture per voice family into docs/voices: the spectrogram of an example, left ear."""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import realtime_backend as rb

DOCS = Path(__file__).parent.parent / "docs" / "voices"
RATE = 22_050
SECONDS = 4.0


def examples() -> dict[str, tuple[str, dict[str, object]]]:
    """Per family the voice to draw (its transition where there is one) and parameters that show what it does."""
    chosen = json.loads((DOCS / "examples.json").read_text())
    return {name: (entry["voice"], entry["params"]) for name, entry in chosen.items()}


def draw(name: str, voice: str, params: dict[str, object]) -> None:
    """Write docs/voices/<name>.png."""
    sound = getattr(rb.synth, voice)(SECONDS, RATE, **params)[:, 0]
    figure, (wave, spectrum) = plt.subplots(1, 2, figsize=(7.2, 1.8), dpi=80, layout="constrained")
    time = np.arange(len(sound)) / RATE
    wave.plot(time, sound, lw=0.4, color="#204a87")
    wave.set(xlim=(0, SECONDS), xlabel="s")
    spectrum.specgram(sound + 1e-9, NFFT=1024, Fs=RATE, noverlap=896, cmap="magma", vmin=-130, vmax=-20)
    top = 2_000 if np.abs(np.fft.rfft(sound))[int(2_000 * SECONDS) :].max(initial=0.0) < 10.0 else RATE / 2
    spectrum.set(ylim=(0, top), xlabel="s", ylabel="Hz")
    figure.savefig(DOCS / f"{name}.png", pil_kwargs={"optimize": True})
    plt.close(figure)


def main() -> None:
    """Draw all of them."""
    for name, (voice, params) in examples().items():
        draw(name, voice, params)


if __name__ == "__main__":
    main()
