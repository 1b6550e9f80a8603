"""Values of a session over time, for its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ... import dsp
from ..envelopes import Adsr, Envelope, LinearFade, Linen
from ..voice import Ramp, Voice, rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

POINTS = 400
"""Points per step and curve."""


def values(voice: Voice, name: str, duration: float) -> NDArray[np.float64] | None:
    """Return the parameter `name` of the static form over a step; ``None`` if it is not a number."""
    first, last = voice.at_start(), voice.at_end()
    known = rows()[voice.family]
    default = known[name].default
    given: list[Any] = [one.params.get(name, default) for one in (first, last)]
    try:
        low, high = map(float, given)
    except (TypeError, ValueError):
        return None  # not a number; validation reports it
    return low + (high - low) * alpha(voice.ramp() if voice.moves else Ramp(), duration)


def alpha(ramp: Ramp, duration: float) -> NDArray[np.float64]:
    """Return the progress of a transition at `POINTS` times from 0 to `duration` seconds, both included."""
    # the shape does not depend on the unit of time: one frame per point
    scale = (POINTS - 1) / duration
    length = duration - ramp.offset if ramp.duration is None else min(ramp.duration, duration - ramp.offset)
    return dsp.transition_alpha(
        POINTS, 1.0, initial_offset=ramp.offset * scale, transition_duration=length * scale, curve=ramp.curve
    )


def envelope(given: Envelope | None, duration: float) -> NDArray[np.float64]:
    """Return the envelope of a voice at `POINTS` times of its step."""
    t = np.linspace(0.0, duration, POINTS)
    match given:
        case LinearFade(seconds, start, end) if seconds > 0.0:
            return np.interp(t, [0.0, min(seconds, duration)], [start, end])
        case Adsr(attack, decay, sustain, release):
            return dsp.adsr(t, attack, decay, sustain, release)
        case Linen(attack, release):
            return dsp.linen(t, attack, release)
    return np.ones(POINTS)


def fades(t: NDArray[np.float64], index: int, times: list[tuple[float, float]]) -> NDArray[np.float64]:
    """Return the gain of a step at the times `t` after its start: fades over its overlaps with its neighbours."""
    begin, end = times[index]
    gain = np.ones(len(t))
    if index > 0 and times[index - 1][1] > begin:
        gain *= np.clip(t / (times[index - 1][1] - begin), 0.0, 1.0)
    if index + 1 < len(times) and begin <= times[index + 1][0] < end:
        gain *= np.clip((end - begin - t) / (end - times[index + 1][0]), 0.0, 1.0)
    return gain
