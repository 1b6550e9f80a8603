"""Curves over time: transitions, fades, envelopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _core

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from ._types import Mono


def transition_alpha(
    duration: float,
    sample_rate: float = 44100,
    *,
    initial_offset: float = 0.0,
    transition_duration: float | None = None,
    curve: str = "linear",
) -> Mono:
    """Return the progress of a transition at each frame: 0 before its start, 1 after its end.

    Args:
        duration: Length of the voice in seconds, 0 to 1e7.
        sample_rate: Frames per second, 1 to 1e7.
        initial_offset: Start of the ramp in seconds. A negative value starts it before the first frame.
        transition_duration: Length of the ramp in seconds. ``None`` means up to the end of the voice. 0 or less means
            a jump at the offset. A ramp that does not fit is shortened to fit.
        curve: ``linear``, ``logarithmic``, ``exponential``, or an expression in ``alpha`` such as ``alpha**3``.

    Returns:
        float64 array of shape ``(int(duration * sample_rate),)``. Values are 0 to 1 for the named curves.

    Raises:
        TrackError: The curve, the duration or the rate cannot be used.
        MemoryError: The array does not fit into memory.

    Examples:
        >>> dsp.transition_alpha(1.0, 4, curve="exponential").tolist()
        [0.0, 0.0625, 0.25, 0.5625]

    Source: spec voice-pipeline 3
    """
    return _core.dsp_transition_alpha(duration, sample_rate, initial_offset, transition_duration, curve)


def linear_fade(
    duration: float,
    sample_rate: float = 44100,
    *,
    start: float = 1.0,
    end: float = 1.0,
    fade_duration: float = 0.05,
    at_end: bool = False,
) -> Mono:
    """Return a level that moves in a straight line from `start` to `end`, at the beginning or at the end.

    Args:
        duration: Length in seconds, 0 to 1e7.
        sample_rate: Frames per second, 1 to 1e7.
        start: Level at the start of the fade, 1 is full. Not limited.
        end: Level at the end of the fade. Not limited.
        fade_duration: Length of the fade in seconds, limited to `duration`.
        at_end: ``True`` fades over the last seconds and holds `start` before that. ``False`` fades over the first
            seconds and holds `end` after that.

    Returns:
        float64 array of shape ``(int(duration * sample_rate),)``.

    Raises:
        TrackError: The duration or the rate is out of range.
        MemoryError: The array does not fit into memory.

    Examples:
        >>> dsp.linear_fade(1.0, 6, start=0.0, fade_duration=0.5).tolist()
        [0.0, 0.5, 1.0, 1.0, 1.0, 1.0]

    Source: spec voice-pipeline 5.1 and 5.2
    """
    return _core.dsp_linear_fade(duration, sample_rate, start, end, fade_duration, at_end)


def adsr(t: ArrayLike, attack: float = 0.01, decay: float = 0.1, sustain: float = 0.8, release: float = 0.1) -> Mono:
    """Return an ADSR envelope: attack from 0 to 1, decay to `sustain`, hold, release to 0 at the end.

    Times below 0 count as 0. If attack, decay and release together are longer than `t`, all three are shortened in
    proportion.

    Args:
        t: Times of the samples in seconds, evenly spaced. Only their number and spacing matter.
        attack: Length of the attack in seconds.
        decay: Length of the decay in seconds.
        sustain: Level between decay and release, clipped to 0 to 1.
        release: Length of the release in seconds.

    Returns:
        float64 array of the length of `t`, values 0 to 1.

    Examples:
        >>> dsp.adsr(np.arange(8) / 8, attack=0.25, decay=0.25, sustain=0.5, release=0.25).tolist()
        [0.0, 0.5, 1.0, 0.75, 0.5, 0.5, 0.5, 0.0]

    Source: spec voice-pipeline 5.3
    """
    return _core.dsp_adsr(t, attack, decay, sustain, release)


def linen(t: ArrayLike, attack: float = 0.1, release: float = 0.1) -> Mono:
    """Return an envelope with an attack from 0 to 1, a hold at 1 and a release to 0 at the end.

    Times below 0 count as 0. If attack and release together are longer than `t`, both are shortened in proportion.

    Args:
        t: Times of the samples in seconds, evenly spaced. Only their number and spacing matter.
        attack: Length of the attack in seconds.
        release: Length of the release in seconds.

    Returns:
        float64 array of the length of `t`, values 0 to 1.

    Examples:
        >>> dsp.linen(np.arange(8) / 8, attack=0.25, release=0.25).tolist()
        [0.0, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0]

    Source: spec voice-pipeline 5.4
    """
    return _core.dsp_linen(t, attack, release)
