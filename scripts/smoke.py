"""A first sound from an installed package: used on a fresh environment that has nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import realtime_backend as rb
from realtime_backend.session import Session, Step, voices


def play(track: dict[str, object]) -> str:
    """Play to nobody, or (where the environment names an absent library) say what is missing."""
    if "REALTIME_BACKEND_LIBASOUND" in os.environ:
        try:
            rb.Player(track)
        except rb.AudioDeviceError as error:
            return str(error)
        raise AssertionError("a player without a sound library")
    with rb.Player(track, backend="null") as player:
        player.play()
        assert player.wait(10.0)
        return f"played {player.position:g} s"


def main() -> None:
    """Call the main doors once and look at what comes out."""
    sound = rb.synth.binaural_beat(1.0, baseFreq=180.0, beatFreq=6.0)
    assert sound.shape == (44100, 2)
    assert 0.4 < np.abs(sound).max() <= 0.51
    session = Session([Step(1.0, [voices.IsochronicTone(base_freq=200.0, beat_freq=8.0)])], sample_rate=22_050)
    assert session.validate() == []
    assert rb.render(session.to_track()).shape == (22_050, 2)
    assert "matplotlib" not in sys.modules
    with tempfile.TemporaryDirectory() as folder:
        track, path = Path(folder) / "smoke.json", Path(folder) / "smoke.flac"
        session.save(track)
        session.export(path)
        assert path.read_bytes()[:4] == b"fLaC"
        for command in ([sys.executable, "-m", "realtime_backend"], [Path(sys.executable).parent / "realtime_backend"]):
            subprocess.run([*command, "validate", str(track)], check=True)
    print(f"realtime_backend {rb.__version__} on Python {sys.version.split()[0]}: {len(rb.synth.voices())} voices")
    print(play(session.to_track()))


if __name__ == "__main__":
    main()
