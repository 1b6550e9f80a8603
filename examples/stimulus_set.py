"""A set of stimuli for a laboratory: three rates at two carriers, gated in milliseconds, with a table of all files.

python examples/stimulus_set.py [--output FOLDER] [--seconds 5]

Amplitudes are those of the track (`normalization="none"`), so a calibration of one file holds for all. The table has
the hash of each file; a second run renders only what is missing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import realtime_backend as rb


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("stimuli"))
    parser.add_argument("--seconds", type=float, default=5.0)
    arguments = parser.parse_args()

    gate = {"attack_ms": 2, "hold_ms": 8, "release_ms": 2, "shape": "raised_cosine"}
    voice = {
        "synth_function_name": "isochronic_tone",
        "params": {"baseFreq": 500.0, "beatFreq": 40.0, "ampL": 0.05, "ampR": 0.05} | gate,
    }
    track = rb.new_track([{"duration": arguments.seconds, "voices": [voice]}], sample_rate=48_000, normalization="none")

    arguments.output.mkdir(parents=True, exist_ok=True)
    at = "progression[0].voices[0].params"
    files = rb.batch(
        {"assr": track},
        output=f"{arguments.output}/{{name}}-{{rate}}Hz-at-{{carrier}}Hz.{{ext}}",
        matrix={f"rate@{at}.beatFreq": [4, 10, 40], f"carrier@{at}.baseFreq": [500, 1000]},
        manifest=arguments.output / "set.csv",
        subtype="PCM_24",
    )
    for file in files:
        print(file.error or file.file)


if __name__ == "__main__":
    main()
