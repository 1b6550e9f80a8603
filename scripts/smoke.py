"""A first sound from an installed package: used on a fresh environment that has nothing else."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import realtime_backend as rb


def main() -> None:
    """Call the main doors once and look at what comes out."""
    sound = rb.synth.binaural_beat(1.0, baseFreq=180.0, beatFreq=6.0)
    assert sound.shape == (44100, 2)
    assert 0.4 < np.abs(sound).max() <= 0.51
    track = {"global": {"sample_rate": 22050}, "progression": [{"duration": 2.0, "voices": [
        {"synth_function_name": "isochronic_tone", "params": {"baseFreq": 200.0, "beatFreq": 8.0}},
    ]}]}  # fmt: skip
    assert rb.validate(track) == []
    assert rb.render(track).shape == (44100, 2)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "smoke.flac"
        rb.render_to_file(track, path)
        assert path.read_bytes()[:4] == b"fLaC"
    print(f"realtime_backend {rb.__version__} on Python {sys.version.split()[0]}: {len(rb.synth.voices())} voices")


if __name__ == "__main__":
    main()
