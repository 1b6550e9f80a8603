"""A session to fall asleep with, and a timer: from ten beats a second to two over brown noise, then silence.

python examples/sleep_session.py [--minutes 45]
"""

from __future__ import annotations

import argparse

from realtime_backend.session import Bed, Session, Step, voices


def session(minutes: float) -> Session:
    """Two thirds of the time to come down, the rest at two beats a second."""

    def beat(start: float, end: float) -> voices.BinauralBeat:
        # one identity: the phases run on from step to step
        return voices.BinauralBeat(base_freq=(180.0, 160.0), beat_freq=(start, end), voice_id="beat")

    seconds = 60.0 * minutes
    crossfade = min(20.0, seconds / 10)
    down, deep = seconds * 2 / 3, seconds / 3 + crossfade  # the steps overlap by the crossfade
    return Session(
        [Step(down, [beat(10.0, 2.0)], "down"), Step(deep, [beat(2.0, 2.0)], "deep")],
        crossfade_duration=crossfade,
        background=Bed.noise("brown", gain=0.2, fade_in=min(30.0, seconds / 4)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=45.0)
    minutes = parser.parse_args().minutes

    with session(minutes).play(volume=0.3) as player:
        # the timer counts the sound that is heard: seeks and pauses do not change when it ends
        player.stop_after(0.95 * 60.0 * minutes, fade=60.0 * minutes / 9)
        print(f"playing for {minutes:g} minutes; Ctrl-C ends it")
        player.wait()
        print(f"silent at {player.position:.1f} s")


if __name__ == "__main__":
    main()
