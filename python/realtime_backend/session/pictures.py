"""Plots of sessions and sounds. They need matplotlib: ``pip install "realtime_backend[plot]"``."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import dsp
from ._document import printable
from .envelopes import Adsr, Envelope, LinearFade, Linen
from .voice import Ramp, Voice, infos, rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from ..analysis import Analysis
    from .model import Session
    from .step import Step

POINTS = 400
"""Points per step and curve."""


def matplotlib_figure(**options: Any) -> Figure:
    """Return an empty figure that is independent of pyplot and its backend."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError("pictures need matplotlib: pip install 'realtime_backend[plot]'") from error

    class Picture(Figure):
        """A figure that a notebook shows even if pyplot is not imported."""

        def _repr_png_(self) -> bytes:
            out = io.BytesIO()
            self.savefig(out, format="png")
            return out.getvalue()

    return Picture(layout="constrained", **options)


def timeline(session: Session) -> Figure:
    """Plot carrier, beat and level over time, with a line for each voice and a band for each step.

    The level is the largest product of bus volume and envelope among the voices, times the crossfades of the step. Its
    range is 0 to 0.48 of full scale.
    """
    figure = matplotlib_figure(figsize=(10.0, 5.0))
    axes: list[Axes] = list(figure.subplots(3, 1, sharex=True))
    carrier, beat, level = axes
    times = session.step_times()
    for index, (step, (begin, end)) in enumerate(zip(session.steps, times, strict=True)):
        if step.duration <= 0.0:
            continue
        for one in axes:
            one.axvspan(begin, end, color="0.5" if index % 2 else "0.3", alpha=0.08, lw=0)
        above = carrier.get_xaxis_transform()
        label = f" {printable(step.description)}"
        carrier.text(begin, 1.0, label, transform=above, va="bottom", parse_math=False, usetex=False)
        t = np.linspace(0.0, step.duration, POINTS)
        for place, voice in enumerate(step.voices):
            colour = f"C{place % 10}"
            info = infos().get(voice.family)
            for panel, name in ((carrier, info and info.carrier), (beat, info and info.beat)):
                values = _values(voice, name, step.duration) if name else None
                if values is not None:
                    panel.plot(begin + t, values, color=colour)
        gain = _level(step) * _fades(t, index, times)
        level.fill_between(begin + t, gain, color="C0", alpha=0.4, lw=0)
    carrier.set(ylabel="carrier, Hz")
    beat.set(ylabel="beat, Hz", ylim=(0.0, None))
    level.set(ylabel="level", xlabel="seconds", ylim=(0.0, 0.5), xlim=(0.0, session.duration or 1.0))
    return figure


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
    beat.set(ylabel="beat, Hz", xlabel="seconds", xlim=(0.0, analysis.seconds))
    return figure


def spectrogram(
    sound: NDArray[np.floating],
    sample_rate: float = 44_100,
    *,
    top: float | None = None,
    window: int | None = None,
    floor: float = -100.0,
) -> Figure:
    """Plot the spectrogram of each channel.

    Args:
        sound: Samples of shape ``(frames, 2)`` or ``(frames,)``, at least 16 frames.
        sample_rate: Frames per second.
        top: Highest frequency of the plot in Hz. ``None`` means twice the highest frequency within 60 dB of the peak,
            and at least 500 Hz.
        window: Frames per spectrum. ``None`` means about 0.2 s. Long windows separate close frequencies; short windows
            show pulses.
        floor: Level of the darkest colour in dB, relative to the peak.

    Returns:
        A matplotlib figure with one panel for each channel.

    Raises:
        ValueError: The sound is too short or has another shape.
        ImportError: matplotlib is not installed.

    Examples:
        >>> figure = spectrogram(synth.isochronic_tone(5.0), top=1000.0)
    """
    channels = np.asarray(sound, dtype=np.float64)
    channels = channels[:, None] if channels.ndim == 1 else channels
    if channels.ndim != 2 or channels.shape[1] not in (1, 2) or len(channels) < 16:
        raise ValueError(f"sound: expected an array of shape (frames, 2) or (frames,), got {np.shape(sound)}")
    size = window or 1 << max(4, round(np.log2(min(0.2 * sample_rate, len(channels) / 4))))
    levels = [_levels(channel, size) for channel in channels.T]
    loudest = max(float(level.max()) for level in levels)
    frequencies = np.fft.rfftfreq(size, 1.0 / sample_rate)
    if top is None:
        held = max(float(frequencies[(level > loudest - 60.0).any(axis=1)].max(initial=0.0)) for level in levels)
        top = min(max(2.0 * held, 500.0), sample_rate / 2)
    figure = matplotlib_figure(figsize=(10.0, 2.5 * len(levels)))
    panels: list[Axes] = list(np.atleast_1d(figure.subplots(len(levels), 1, sharex=True, sharey=True)))
    # cells are drawn around the time and the frequency that they stand for
    hop, bin_width = size // 4 / sample_rate, sample_rate / size
    for panel, level, ear in zip(panels, levels, ("left", "right"), strict=False):
        panel.imshow(
            level - loudest,
            origin="lower",
            aspect="auto",
            extent=(-hop / 2, (level.shape[1] - 0.5) * hop, -bin_width / 2, (sample_rate + bin_width) / 2),
            cmap="magma",
            vmin=floor,
            vmax=0.0,
        )
        panel.set(
            xlim=(0.0, len(channels) / sample_rate), ylim=(0.0, top), ylabel=f"Hz, {ear}" if len(levels) > 1 else "Hz"
        )
    panels[-1].set(xlabel="seconds")
    return figure


def _levels(channel: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Return power in dB: a row for each frequency, a column for each window. Windows overlap by three quarters."""
    padded = np.pad(channel, size // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[:: size // 4]
    spectra = np.abs(np.fft.rfft(frames * np.hanning(size), axis=1)) / (size / 4)
    levels: NDArray[np.float64] = 20.0 * np.log10(spectra.T + 1e-10)
    return levels


def _values(voice: Voice, name: str, duration: float) -> NDArray[np.float64] | None:
    """Return the parameter `name` of the static form over a step; ``None`` if it is not a number."""
    first, last = voice.at_start(), voice.at_end()
    known = rows()[voice.family]
    default = known[name].default
    given: list[Any] = [one.params.get(name, default) for one in (first, last)]
    try:
        low, high = map(float, given)
    except (TypeError, ValueError):
        return None  # not a number; validation reports it
    return low + (high - low) * _alpha(voice.ramp() if voice.moves else Ramp(), duration)


def _alpha(ramp: Ramp, duration: float) -> NDArray[np.float64]:
    rate = POINTS / duration
    alpha = dsp.transition_alpha(
        duration, rate, initial_offset=ramp.offset, transition_duration=ramp.duration, curve=ramp.curve
    )
    return np.resize(alpha, POINTS) if len(alpha) != POINTS else alpha


def _level(step: Step) -> NDArray[np.float64]:
    given = {"binaural": step.binaural_volume, "noise": step.noise_volume}
    volumes = {bus: 0.48 if volume is None else volume for bus, volume in given.items()}
    levels = [volumes[voice.bus] * _envelope(voice.envelope, step.duration) for voice in step.voices]
    return np.max(levels, axis=0) if levels else np.zeros(POINTS)


def _envelope(envelope: Envelope | None, duration: float) -> NDArray[np.float64]:
    t = np.linspace(0.0, duration, POINTS)
    match envelope:
        case LinearFade(seconds, start, end) if seconds > 0.0:
            return np.interp(t, [0.0, min(seconds, duration)], [start, end])
        case Adsr(attack, decay, sustain, release):
            return dsp.adsr(t, attack, decay, sustain, release)
        case Linen(attack, release):
            return dsp.linen(t, attack, release)
    return np.ones(POINTS)


def _fades(t: NDArray[np.float64], index: int, times: list[tuple[float, float]]) -> NDArray[np.float64]:
    """Return the gain of a step: fades over its overlaps with the steps before and after."""
    begin, end = times[index]
    gain = np.ones(len(t))
    if index > 0 and times[index - 1][1] > begin:
        gain *= np.clip(t / (times[index - 1][1] - begin), 0.0, 1.0)
    if index + 1 < len(times) and begin <= times[index + 1][0] < end:
        gain *= np.clip((end - begin - t) / (end - times[index + 1][0]), 0.0, 1.0)
    return gain
