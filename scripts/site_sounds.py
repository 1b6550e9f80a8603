"""Render the sounds that the site plays: six seconds of each voice, and a part of the example session.

python scripts/site_sounds.py SITE
"""

from __future__ import annotations

import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

import realtime_backend as rb
from voice_examples import ROOT, families

SECONDS = 6.0


def voice_track(voice: str, params: dict[str, Any]) -> dict[str, Any]:
    """Return a track with one step of one voice."""
    moves = voice.endswith("_transition")
    spec = {"synth_function_name": voice.removesuffix("_transition"), "is_transition": moves, "params": params}
    return rb.new_track([{"duration": SECONDS, "voices": [spec]}])


def quiet(track: dict[str, Any] | Path, path: Path, **part: float) -> None:
    """Write a file for the ears of a visitor; what has high peaks (clicks) comes out softer than the rest."""
    options: dict[str, Any] = {"loudness": -26.0, "true_peak": -3.0, "quality": 96, "tags": False, **part}
    rb.render_to_file(track, path, sample_rate=48_000, **options)


def write(site: Path) -> list[Path]:
    """Write all of them; a page finds its own by its name."""
    (site / "voices").mkdir(parents=True, exist_ok=True)
    written = []
    with warnings.catch_warnings():
        # a true peak that lowers the loudness is meant
        warnings.simplefilter("ignore", rb.TrackWarning)
        for family, example in families().items():
            if example.voice:
                path = site / "voices" / f"{family}.opus"
                quiet(voice_track(example.voice, example.params), path, fade_out=0.2)
                written.append(path)
        shutil.copy(ROOT / "examples" / "evening.json", site)
        path = site / "evening.opus"
        quiet(ROOT / "examples" / "evening.json", path, start=38.0, duration=24.0, fade_in=2.0, fade_out=4.0)
    return [*written, path]


if __name__ == "__main__":
    for sound in write(Path(sys.argv[1])):
        print(sound)
