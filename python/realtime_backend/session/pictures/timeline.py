"""A session over time, as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .._document import printable
from .._rules import is_on
from ..voice import infos
from .curves import POINTS, envelope, fades, values
from .figure import matplotlib_figure, time_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from ..layers import Bed
    from ..model import Session
    from ..step import Step
    from ..voice import Voice

BUS = 0.48
"""Gain of a bus that a step does not state, where the engine levels the steps."""


def timeline(session: Session) -> Figure:
    """Plot carrier, beat and level over time: a colour for each voice, a band for each step.

    The level of a step is the largest product of bus volume and envelope among its voices, times its crossfades. The
    background layer is the grey area, clips are triangles at their starts. A voice keeps its colour through all steps
    in which it has the same `voice_id`, or without one the same place and function. Where no step sounds, the band is
    hatched.
    """
    figure = matplotlib_figure(figsize=(10.0, 5.5))
    from matplotlib.lines import Line2D

    axes: list[Axes] = list(figure.subplots(3, 1, sharex=True))
    carrier, beat, level = axes
    times = session.step_times()
    colours: dict[tuple[str, str], str] = {}
    names: list[Line2D] = []
    top = 1.0 if _is_absolute(session) else BUS
    for index, (step, (begin, end)) in enumerate(zip(session.steps, times, strict=True)):
        if step.duration <= 0.0:
            continue
        for one in axes:
            one.axvspan(begin, end, color="0.5" if index % 2 else "0.3", alpha=0.08, lw=0)
        above = carrier.get_xaxis_transform()
        title = f" {printable(step.description)}"
        carrier.text(begin, 1.0, title, transform=above, va="bottom", parse_math=False, usetex=False)
        t = np.linspace(0.0, step.duration, POINTS)
        for place, voice in enumerate(step.voices):
            who = _who(voice, place)
            label = "" if who in colours else printable(f"{voice.family} {voice.voice_id or ''}".strip())
            colour = colours.setdefault(who, f"C{len(colours) % 10}")
            if label:
                names.append(Line2D([], [], color=colour, label=label))
            info = infos().get(voice.family)
            for panel, name in ((carrier, info and info.carrier), (beat, info and info.beat)):
                curve = values(voice, name, step.duration) if name else None
                if curve is not None:
                    panel.plot(begin + t, curve, color=colour)
        gain = _level(step, top) * fades(t, index, times)
        level.fill_between(begin + t, gain, color="C0", alpha=0.4, lw=0)
    _gaps(axes, times)
    _layers(level, session, max(session.duration, 0.0))
    carrier.set(ylabel="carrier, Hz")
    beat.set(ylabel="beat, Hz", ylim=(0.0, None))
    level.set(ylabel="level", ylim=(0.0, 1.05 * top))
    time_axis(level, session.duration)
    if names:
        figure.legend(handles=names, loc="outside lower center", ncols=4, fontsize="small", frameon=False)
    return figure


def _is_absolute(session: Session) -> bool:
    """Return whether amplitudes are absolute, so that a bus may have the gain 1."""
    if session.normalization is None:
        return is_on(session.compat, "absolute_levels")
    return session.normalization == "none"


def _who(voice: Voice, place: int) -> tuple[str, str]:
    """Return what identifies a voice through the steps."""
    return ("", voice.voice_id) if voice.voice_id else (voice.family, str(place))


def _level(step: Step, top: float) -> NDArray[np.float64]:
    given = {"binaural": step.binaural_volume, "noise": step.noise_volume}
    volumes = {bus: top if volume is None else volume for bus, volume in given.items()}
    levels = [volumes[voice.bus] * envelope(voice.envelope, step.duration) for voice in step.voices]
    return np.max(levels, axis=0) if levels else np.zeros(POINTS)


def _gaps(axes: list[Axes], times: list[tuple[float, float]]) -> None:
    """Hatch the times between steps in which none sounds."""
    now = 0.0
    for begin, end in sorted(times):
        if begin > now:
            for one in axes:
                one.axvspan(now, begin, facecolor="none", edgecolor="0.8", hatch="///", lw=0)
        now = max(now, end)


def _layers(level: Axes, session: Session, end: float) -> None:
    """Draw the background layer and the starts of clips."""
    bed = session.background
    if bed is not None and end > bed.start_time:
        t = np.linspace(bed.start_time, end, POINTS)
        level.fill_between(t, _bed(bed, t, end), color="0.4", alpha=0.35, lw=0, label="background")
    for index, clip in enumerate(session.clips):
        level.plot([clip.start], [clip.gain], "k^", ms=5, clip_on=False, label="" if index else "clip")
    if level.get_legend_handles_labels()[1]:
        level.legend(loc="upper right", fontsize="small")


def _bed(bed: Bed, t: NDArray[np.float64], end: float) -> NDArray[np.float64]:
    """Return the gain of the background layer at the times `t`."""
    gain = np.full(len(t), bed.gain)
    if bed.amp_envelope:
        points = sorted((row[0], max(row[1:])) for row in bed.amp_envelope)
        gain *= np.interp(t, [at for at, _ in points], [value for _, value in points])
    if bed.fade_in > 0.0:
        gain *= np.clip((t - bed.start_time) / bed.fade_in, 0.0, 1.0)
    if bed.fade_out > 0.0:
        gain *= np.clip((end - t) / bed.fade_out, 0.0, 1.0)
    return gain
