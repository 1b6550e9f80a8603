"""The spectrogram of a sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..audio import heard
from .figure import matplotlib_figure, time_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from ..audio import Sound


def spectrogram(
    sound: Sound,
    sample_rate: float | None = None,
    *,
    start: float = 0.0,
    duration: float | None = None,
    top: float | None = None,
    window: int | None = None,
    floor: float = -100.0,
) -> Figure:
    """Plot the spectrogram of each channel.

    Args:
        sound: Samples of shape ``(frames, 2)`` or ``(frames,)``, at least 16 frames; an `Audio`; or a `Session` or
            anything else that `realtime_backend.render` takes, which is rendered.
        sample_rate: Frames per second. An array needs it. ``None`` means the rate of the track.
        start: First second of a track to render.
        duration: Seconds of a track to render. ``None`` means to the end.
        top: Highest frequency of the plot in Hz. ``None`` means twice the highest frequency within 60 dB of the peak,
            and at least 500 Hz.
        window: Frames per spectrum. ``None`` means about 0.2 s. Long windows separate close frequencies; short windows
            show pulses.
        floor: Level of the darkest colour in dB, relative to the peak.

    Returns:
        A matplotlib figure with one panel for each channel.

    Raises:
        TypeError: `sound` is an array and `sample_rate` is missing.
        ValueError: The sound is too short or has another shape.
        TrackError: The track cannot be used.
        ImportError: matplotlib is not installed.

    Examples:
        >>> figure = spectrogram(synth.isochronic_tone(5.0), 44100, top=1000.0)
    """
    samples, sample_rate = heard(sound, sample_rate, start, duration)
    channels = np.asarray(samples, dtype=np.float64)
    channels = channels[:, None] if channels.ndim == 1 else channels
    if channels.ndim != 2 or channels.shape[1] not in (1, 2) or len(channels) < 16:
        raise ValueError(f"sound: expected an array of shape (frames, 2) or (frames,), got {samples.shape}")
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
        panel.set(ylim=(0.0, top), ylabel=f"Hz, {ear}" if len(levels) > 1 else "Hz")
    time_axis(panels[-1], len(channels) / sample_rate)
    figure.colorbar(panels[0].images[0], ax=panels, label="dB below the peak", pad=0.01)
    return figure


def _levels(channel: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Return power in dB: a row for each frequency, a column for each window. Windows overlap by three quarters.

    A window is centred on its time. Where it would reach beyond the sound, the nearest whole window takes its place, so
    that the ends of the sound do not look like clicks.
    """
    hop = size // 4
    whole = (len(channel) - size) // hop
    starts = hop * np.clip(np.arange(-2, len(channel) // hop - 1), 0, whole)
    frames = np.lib.stride_tricks.sliding_window_view(channel, size)[starts]
    spectra = np.abs(np.fft.rfft(frames * np.hanning(size), axis=1)) / (size / 4)
    levels: NDArray[np.float64] = 20.0 * np.log10(spectra.T + 1e-10)
    return levels
