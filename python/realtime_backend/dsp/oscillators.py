"""Waveforms of oscillators, LFOs and pulses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _core

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from ._types import Mono, Numbers


def sine(frequency: Numbers, t: ArrayLike, phase: float = 0.0) -> Mono:
    """Return a sine of fixed or varying frequency with the amplitude 1.

    With one frequency the result is ``sin(2π · frequency · t + phase)``. With one frequency per sample, each sample
    advances the phase by its own frequency, and `phase` is ignored.

    Args:
        frequency: Hz, one value or one per sample. Values below 1e-9 count as 1e-9.
        t: Times of the samples in seconds.
        phase: Phase at time 0 in radians, for a fixed frequency only.

    Returns:
        float64 array of the length of `t`. If `frequency` is an array, the shorter of the two decides the length.

    Examples:
        >>> (dsp.sine(1.0, [0.0, 0.25, 0.5, 0.75]).round(6) + 0.0).tolist()
        [0.0, 1.0, 0.0, -1.0]

    Source: spec voice-pipeline 6
    """
    return _core.dsp_sine(frequency, t, phase)


def skewed_sine(phase: ArrayLike, skew: float = 0.0) -> Mono:
    """Return a sine whose positive half-wave takes ``0.5 + 0.5 * skew`` of the cycle.

    Args:
        phase: Position in the cycle, 0 (included) to 1 (excluded). Wrap longer phases before the call.
        skew: -1 to 1. 0 is a plain sine; at -1 and 1 one half-wave has almost no length.

    Returns:
        float64 array of the length of `phase`, values -1 to 1. It starts at 0.

    Examples:
        >>> dsp.skewed_sine([0.0, 0.375], skew=0.5).tolist()
        [0.0, 1.0]

    Source: spec voice-pipeline 6
    """
    return _core.dsp_skewed_sine(phase, skew)


def skewed_triangle(phase: ArrayLike, skew: float = 0.0) -> Mono:
    """Return a triangle that rises for ``0.5 + 0.5 * skew`` of the cycle.

    Args:
        phase: Position in the cycle, 0 (included) to 1 (excluded). Wrap longer phases before the call.
        skew: -1 to 1. 0 is a symmetrical triangle; at -1 and 1 one slope has almost no length.

    Returns:
        float64 array of the length of `phase`, values -1 to 1. It starts at -1.

    Examples:
        >>> dsp.skewed_triangle([0.0, 0.25, 0.5, 0.75]).tolist()
        [-1.0, 0.0, 1.0, 0.0]

    Source: spec voice-pipeline 6
    """
    return _core.dsp_skewed_triangle(phase, skew)


def trapezoid(t: ArrayLike, cycle: Numbers, ramp: Numbers = 0.2, gap: Numbers = 0.15) -> Mono:
    """Return the pulse of isochronic tones: rise, hold, fall, silence.

    Args:
        t: Time since the start of the cycle in seconds.
        cycle: Length of the cycle in seconds. 0 or less gives silence.
        ramp: Share of the audible part that the rise takes, and again the fall. 0.5 or more gives a triangle, 0 or
            less a rectangle.
        gap: Silent share of the cycle, at its end. 1 or more gives silence.

    Returns:
        float64 array of the length of `t`, values 0 to 1.

    Examples:
        >>> dsp.trapezoid([0.0, 0.25, 0.5, 0.75], cycle=1.0, ramp=0.5, gap=0.0).tolist()
        [0.0, 0.5, 1.0, 0.5]

    Source: spec voice-pipeline 8
    """
    return _core.dsp_trapezoid(t, cycle, ramp, gap)
