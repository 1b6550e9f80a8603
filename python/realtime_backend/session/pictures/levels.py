"""The measured levels, carriers and beats of a track."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .figure import matplotlib_figure, time_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ...analysis import Analysis


def levels(analysis: Analysis) -> Figure:
    """Plot loudness and true peak of each step, and carriers and beats: lines are declared, dots measured."""
    figure = matplotlib_figure(figsize=(10.0, 6.0))
    axes: list[Axes] = list(figure.subplots(3, 1, sharex=True))
    level, carrier, beat = axes
    kinds = (("integrated_lufs", "loudness, LUFS"), ("short_term_max_lufs", "largest short-term loudness, LUFS"))
    for colour, (name, label) in enumerate((*kinds, ("true_peak_dbtp", "true peak, dBTP"))):
        for index, step in enumerate(analysis.steps):
            value = getattr(step.levels, name)
            if value is not None:
                level.hlines(value, step.start, step.end, color=f"C{colour}", label="" if index else label)
    for step in analysis.steps:
        for place, voice in enumerate(step.voices):
            for panel, name in ((carrier, "carrier_hz"), (beat, "beat_hz")):
                points = [(one.at, getattr(one.declared, name), getattr(one.measured, name)) for one in voice.places]
                points = [one for one in points if one[1] is not None]
                if len(points) == 1:
                    panel.hlines(points[0][1], step.start, step.end, color=f"C{place % 10}")
                elif points:
                    panel.plot(
                        [at for at, *_ in points], [declared for _, declared, _ in points], color=f"C{place % 10}"
                    )
                found = [(at, measured) for at, _, measured in points if measured is not None]
                panel.plot([at for at, _ in found], [hz for _, hz in found], ".", color=f"C{place % 10}")
    level.set(ylabel="level, dB")
    if level.get_legend_handles_labels()[1]:
        level.legend(loc="lower right", fontsize="small")
    carrier.set(ylabel="carrier, Hz")
    beat.set(ylabel="beat, Hz")
    time_axis(beat, analysis.seconds)
    return figure
