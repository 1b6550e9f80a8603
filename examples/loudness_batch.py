"""Several versions of a session at the loudness of streaming services, as FLAC, with what was measured.

python examples/loudness_batch.py [TRACK] [--output FOLDER] [--lufs -23 -30]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import realtime_backend as rb

EVENING = Path(__file__).parent / "evening.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("track", type=Path, nargs="?", default=EVENING)
    parser.add_argument("--output", type=Path, default=Path("versions"))
    parser.add_argument("--lufs", type=float, nargs="+", default=[-23.0, -30.0])
    arguments = parser.parse_args()

    arguments.output.mkdir(parents=True, exist_ok=True)
    for lufs in arguments.lufs:
        path = arguments.output / f"{arguments.track.stem}{lufs:.0f}LUFS.flac"
        # one more pass over the track measures it; the true peak stays below -1 dBTP
        rb.render_to_file(arguments.track, path, loudness=lufs, true_peak=-1.0)
        print(path)


if __name__ == "__main__":
    main()
