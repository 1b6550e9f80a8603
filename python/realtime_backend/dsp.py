"""The building blocks of the voices, on numpy arrays.

Mono signals are float64 of shape ``(frames,)``, stereo sound is float32 of shape ``(frames, 2)``; anything that numpy
can convert is taken. Times are seconds, frequencies and rates Hz.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _core

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    _Mono: TypeAlias = NDArray[np.float64]
    _Stereo: TypeAlias = NDArray[np.float32]
    _Numbers: TypeAlias = float | Sequence[float] | NDArray[np.floating]

__all__ = [
    "adsr",
    "balance",
    "bandpass",
    "bandreject",
    "clean",
    "flanger",
    "linear_fade",
    "linen",
    "lowpass",
    "pan",
    "pan_envelope",
    "sine",
    "skewed_sine",
    "skewed_triangle",
    "transition_alpha",
    "trapezoid",
]


def transition_alpha(
    duration: float,
    sample_rate: float = 44100,
    *,
    initial_offset: float = 0.0,
    transition_duration: float | None = None,
    curve: str = "linear",
) -> _Mono:
    """How far a transition is at each frame, 0 to 1.

    Args:
        duration: Length of the voice in seconds.
        sample_rate: Frames per second.
        initial_offset: When the ramp begins; may be negative.
        transition_duration: Length of the ramp; ``None``: to the end; 0: a jump at the offset.
        curve: ``linear``, ``logarithmic``, ``exponential``, or an expression in ``alpha`` such as ``alpha**3``.

    Raises:
        TrackError: The curve is neither a name nor an expression that is understood.
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
) -> _Mono:
    """A level that moves from `start` to `end` over the first `fade_duration` seconds (or the last, with `at_end`).

    Args:
        duration: Length in seconds.
        sample_rate: Frames per second.
        start: Level before the fade.
        end: Level after the fade.
        fade_duration: Length of the fade in seconds; cut to `duration`.
        at_end: Fade at the end.
    """
    return _core.dsp_linear_fade(duration, sample_rate, start, end, fade_duration, at_end)


def adsr(t: ArrayLike, attack: float = 0.01, decay: float = 0.1, sustain: float = 0.8, release: float = 0.1) -> _Mono:
    """Attack to 1, decay to the level `sustain`, and release to 0 at the end.

    Args:
        t: Evenly spaced times of the samples in seconds; only their number and spacing matter.
        attack: Seconds.
        decay: Seconds.
        sustain: Level between decay and release, 0 to 1.
        release: Seconds. Times that do not fit are shortened in proportion.
    """
    return _core.dsp_adsr(t, attack, decay, sustain, release)


def linen(t: ArrayLike, attack: float = 0.1, release: float = 0.1) -> _Mono:
    """Attack to 1 and release to 0 at the end, in seconds; `t` as for `adsr`."""
    return _core.dsp_linen(t, attack, release)


def sine(frequency: _Numbers, t: ArrayLike, phase: float = 0.0) -> _Mono:
    """A sine at the times `t` in seconds.

    A single `frequency` counts from time 0, with `phase` radians. Of one frequency per sample each sample advances
    by its own; `phase` is not used then. Frequencies below 1e-9 Hz count as 1e-9.
    """
    return _core.dsp_sine(frequency, t, phase)


def skewed_sine(phase: ArrayLike, skew: float = 0.0) -> _Mono:
    """A sine whose first half-wave takes ``0.5 + 0.5 * skew`` of the cycle; `phase` in cycles, 0 to 1."""
    return _core.dsp_skewed_sine(phase, skew)


def skewed_triangle(phase: ArrayLike, skew: float = 0.0) -> _Mono:
    """A triangle from -1 that rises for ``0.5 + 0.5 * skew`` of the cycle; `phase` in cycles, 0 to 1."""
    return _core.dsp_skewed_triangle(phase, skew)


def trapezoid(t: ArrayLike, cycle: _Numbers, ramp: _Numbers = 0.2, gap: _Numbers = 0.15) -> _Mono:
    """The pulse of isochronic tones.

    Args:
        t: Seconds since the cycle began.
        cycle: Length of the cycle in seconds.
        ramp: Share of the audible part that each flank takes; 0.5 and more is a triangle.
        gap: Silent share of the cycle, at its end.
    """
    return _core.dsp_trapezoid(t, cycle, ramp, gap)


def pan(signal: ArrayLike, position: float) -> _Mono:
    """A mono signal placed between left (-1) and right (1) with constant power; shape ``(frames, 2)``, float64."""
    return _core.dsp_pan(signal, position)


def balance(audio: ArrayLike, position: _Numbers) -> _Stereo:
    """Stereo sound with the gains of a pan position (-1 to 1, one or one per frame); channels keep their content."""
    return _core.dsp_balance(audio, position)


def pan_envelope(
    frames: int,
    sample_rate: float = 44100,
    *,
    low: _Numbers = -1.0,
    high: _Numbers = 1.0,
    rate: _Numbers = 0.0,
    kind: str = "linear",
    phase: _Numbers = 0.0,
) -> NDArray[np.float32]:
    """A moving pan position, shape ``(frames,)``.

    Args:
        frames: Length.
        sample_rate: Frames per second.
        low: One limit of the range, -1 to 1.
        high: The other limit.
        rate: Cycles per second; where none is above 0 the position stays in the middle of the range.
        kind: ``linear`` (a sine between the limits), ``inward`` or ``outward`` (from each limit in turn).
        phase: Radians.
    """
    return _core.dsp_pan_envelope(frames, sample_rate, low, high, rate, kind, phase)


def lowpass(signal: ArrayLike, cutoff: float, sample_rate: float = 44100, order: int = 4) -> _Mono:
    """Butterworth low-pass; the cutoff is kept below half the rate. `order` is 1 to 16."""
    return _core.dsp_lowpass(signal, cutoff, sample_rate, order)


def bandpass(signal: ArrayLike, centre: float, q: float, sample_rate: float = 44100) -> _Mono:
    """Butterworth band-pass of four poles, ``centre / q`` wide."""
    return _core.dsp_bandpass(signal, centre, q, sample_rate)


def bandreject(signal: ArrayLike, centre: float, q: float, sample_rate: float = 44100) -> _Mono:
    """The complement of `bandpass`."""
    return _core.dsp_bandreject(signal, centre, q, sample_rate)


def clean(signal: ArrayLike, sample_rate: float = 44100) -> _Mono:
    """Without rumble and ultrasound: zero-phase high-pass at 30 Hz and low-pass at 0.45 of the rate."""
    return _core.dsp_clean(signal, sample_rate)


def flanger(
    audio: ArrayLike,
    sample_rate: float = 44100,
    *,
    compat: str | Mapping[str, bool | str] | None = None,
    **settings: float,
) -> _Stereo:
    """Stereo sound with a moving, delayed copy of itself.

    Args:
        audio: Shape ``(frames, 2)``.
        sample_rate: Frames per second.
        compat: Rules; ``"intended"`` corrects the interpolation, the feedback and the spread.
        **settings: ``delay_ms`` (1.2), ``depth_ms`` (0.6), ``rate_hz`` (0.12), ``lfo_shape`` (0 sine, 1 triangle),
            ``feedback`` (0.5), ``wet`` (0.3), ``loop_lpf_hz`` (7000), ``loop_hpf_hz`` (0), ``stereo_mode`` (0 linked,
            1 spread, 2 mid, 3 side), ``spread_deg`` (0), ``law`` (what moves evenly: 0 delay, 1 reciprocal,
            2 logarithm), ``interp_mode`` (0 two taps, 1 four), ``min_delay_ms`` (0.25), ``max_delay_ms`` (8),
            ``loud_mode`` (1; 0 off), ``loud_tc_ms`` (80), ``loud_min_gain`` (0.5), ``loud_max_gain`` (2).

    Raises:
        TrackError: There is no setting of that name.
    """
    return _core.dsp_flanger(audio, sample_rate, settings, compat)
