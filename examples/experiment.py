"""An experiment of trials with markers: stimuli in random order that begin at exact times of the sound device.

python examples/experiment.py [--trials 6] [--log trials.csv]

Each trial is prepared while the pause runs, begins at a time of the device that is exact to the frame, and goes into
the log with that time, its condition and the frames of its pulses. Send your trigger where the comment says so.
"""

from __future__ import annotations

import argparse
import csv
import random
from pathlib import Path

import realtime_backend as rb

RATES = (4.0, 10.0, 40.0)


def stimulus(rate: float, seconds: float) -> dict[str, object]:
    """Pulses at a rate in Hz, with gates of 1, 10 and 1 ms."""
    params = {"baseFreq": 500.0, "beatFreq": rate, "ampL": 0.1, "ampR": 0.1}
    params |= {"attack_ms": 1, "hold_ms": 10, "release_ms": 1}
    voice = {"synth_function_name": "isochronic_tone", "params": params}
    return rb.new_track([{"duration": seconds, "voices": [voice]}], sample_rate=48_000, normalization="none")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--pause", type=float, default=0.5)
    parser.add_argument("--log", type=Path, default=Path("trials.csv"))
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    order = [RATES[k % len(RATES)] for k in range(arguments.trials)]
    random.Random(arguments.seed).shuffle(order)
    with arguments.log.open("w", newline="") as file:
        log = csv.writer(file)
        log.writerow(["trial", "rate_hz", "began_s", "pulses", "first_pulse_frame"])
        for trial, rate in enumerate(order):
            track = stimulus(rate, arguments.seconds)
            _, markers = rb.render(track, markers=True)
            pulses = markers["sample"][markers["trial_type"] == "pulse"]
            with rb.Player(track) as player:
                player.play(at=player.device_time + arguments.pause)
                # the trigger: wait for player.started_at on the clock of the device, or use a trigger channel
                player.wait()
                log.writerow([trial, rate, f"{player.started_at:.6f}", len(pulses), pulses[0]])
                print(f"trial {trial}: {rate:g} Hz")


if __name__ == "__main__":
    main()
