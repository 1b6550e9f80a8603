"""A binaural beat and a noise that walk round the head, heard through a dummy head or through your own ears.

python examples/walking_beat.py [--seconds 60] [--ears ears.sofa] [--picture paths.png]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from realtime_backend.session import Session, Step, voices


def session(seconds: float, ears: str | None) -> Session:
    """The beat goes round at arm's length in 20 seconds, the noise the other way and farther away."""

    def walk(radius: float, lap: float, direction: int) -> dict[str, object]:
        orbit = {
            "geometry": {"type": "horizontal_orbit", "parameters": {"radiusM": radius}},
            "traversal": {"durationS": lap, "direction": direction},
        }
        return voices.Spatial(canonical_trajectory=orbit, hrtf_asset=ears)

    # each ear hears its own tone from there, so the beat stays between the ears
    beat = voices.BinauralBeat(
        base_freq=200.0, beat_freq=6.0, amp_l=0.1, amp_r=0.1, description="beat", spatial=walk(0.8, 20.0, 1)
    )
    noise = voices.SteadyNoise(rms_l=0.05, rms_r=0.05, description="noise", bus="noise", spatial=walk(2.0, 30.0, -1))
    return Session([Step(seconds, [beat, noise], "walk")], normalization="none")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--ears", help="a SOFA file of your head; without it a dummy head")
    parser.add_argument("--picture", type=Path, help="where to draw the paths")
    arguments = parser.parse_args()

    ears = arguments.ears and str(Path(arguments.ears).absolute())
    made = session(arguments.seconds, ears)
    made.export("walking_beat.flac")
    if arguments.picture:
        made.plot_path().savefig(arguments.picture)
    print(f"walking_beat.flac: {made.duration:g} s")


if __name__ == "__main__":
    main()
