"""Filters and effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _core

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from ._types import Mono, Stereo


def lowpass(signal: ArrayLike, cutoff: float, sample_rate: float = 44100, order: int = 4) -> Mono:
    """Filter a mono signal with a causal Butterworth low-pass.

    Args:
        signal: Mono signal, shape ``(frames,)``.
        cutoff: Cutoff frequency in Hz, clipped to 1e-6 Hz up to just below half the sample rate.
        sample_rate: Frames per second, above 0.
        order: 1 to 16.

    Returns:
        float64 array of shape ``(frames,)``.

    Raises:
        TrackError: `order` is out of range.

    Examples:
        >>> dsp.lowpass(np.ones(1000), cutoff=1000.0)[-1].round(6).item()
        1.0

    Source: spec voice-pipeline 9
    """
    return _core.dsp_lowpass(signal, cutoff, sample_rate, order)


def bandpass(signal: ArrayLike, centre: float, q: float, sample_rate: float = 44100) -> Mono:
    """Filter a mono signal with a causal Butterworth band-pass of four poles.

    Args:
        signal: Mono signal, shape ``(frames,)``.
        centre: Middle of the band in Hz. 0 or less counts as 1 Hz.
        q: Quality factor; the band is ``centre / q`` wide. 0 or less counts as 0.1.
        sample_rate: Frames per second, above 0. The band ends just below half the rate.

    Returns:
        float64 array of shape ``(frames,)``.

    Examples:
        >>> tone = dsp.sine(1000.0, np.arange(44100) / 44100)
        >>> dsp.bandpass(tone, centre=1000.0, q=2.0)[-1000:].max().round(1).item()
        1.0

    Source: spec voice-pipeline 9
    """
    return _core.dsp_bandpass(signal, centre, q, sample_rate)


def bandreject(signal: ArrayLike, centre: float, q: float, sample_rate: float = 44100) -> Mono:
    """Filter a mono signal with a causal Butterworth band-reject of four poles.

    Args:
        signal: Mono signal, shape ``(frames,)``.
        centre: Middle of the rejected band in Hz. 0 or less counts as 1 Hz.
        q: Quality factor; the band is ``centre / q`` wide. 0 or less counts as 0.1.
        sample_rate: Frames per second, above 0. The band ends just below half the rate.

    Returns:
        float64 array of shape ``(frames,)``.

    Examples:
        >>> tone = dsp.sine(1000.0, np.arange(44100) / 44100)
        >>> bool(dsp.bandreject(tone, centre=1000.0, q=2.0)[-1000:].max() < 0.02)
        True

    Source: spec voice-pipeline 9
    """
    return _core.dsp_bandreject(signal, centre, q, sample_rate)


def clean(signal: ArrayLike, sample_rate: float = 44100) -> Mono:
    """Remove rumble and ultrasound: zero-phase high-pass at 30 Hz, then zero-phase low-pass at 0.45 of the rate.

    Args:
        signal: Mono signal, shape ``(frames,)``.
        sample_rate: Frames per second. With 0 or less the signal is returned unchanged. Up to 60 Hz there is no
            high-pass.

    Returns:
        float64 array of shape ``(frames,)``.

    Examples:
        >>> bool(np.abs(dsp.clean(np.ones(44100))).max() < 1e-6)  # a constant is removed
        True

    Source: spec voice-pipeline 9
    """
    return _core.dsp_clean(signal, sample_rate)


def flanger(
    audio: ArrayLike,
    sample_rate: float = 44100,
    *,
    compat: str | Mapping[str, bool | str] | None = None,
    **settings: float,
) -> Stereo:
    """Add a delayed copy of stereo sound whose delay moves up and down.

    Args:
        audio: Stereo sound, shape ``(frames, 2)``.
        sample_rate: Frames per second, 1 to 1e7.
        compat: Rules: ``"default"``, ``"legacy"`` or ``"intended"``, or a mapping of single switches. ``None`` means
            ``"default"``. ``"intended"`` corrects interpolation, feedback and spread.
        **settings: Any of these. Modes are whole numbers.

            - ``delay_ms`` (1.2): middle of the delay.
            - ``depth_ms`` (0.6): distance from the middle to each end of the delay.
            - ``rate_hz`` (0.12): rate of the movement.
            - ``lfo_shape`` (0): 0 sine, 1 triangle.
            - ``feedback`` (0.5): -1 to 1, clipped.
            - ``wet`` (0.3): level of the delayed copy. The direct sound stays at 1.
            - ``loop_lpf_hz`` (7000), ``loop_hpf_hz`` (0): low-pass and high-pass in the feedback loop. Without the
              switch ``flanger_feedback``, a high-pass at 0 mutes the feedback.
            - ``stereo_mode`` (0): 0 linked, 1 spread, 2 mid only, 3 side only.
            - ``spread_deg`` (0): phase of the right channel's movement in mode 1, with the switch ``flanger_spread``.
            - ``law`` (0): what moves evenly: 0 the delay, 1 its reciprocal, 2 its logarithm.
            - ``interp_mode`` (0): interpolation with 0 two taps, 1 four taps.
            - ``min_delay_ms`` (0.25), ``max_delay_ms`` (8): limits of the delay.
            - ``loud_mode`` (1): 1 matches the loudness of the input, 0 does not.
            - ``loud_tc_ms`` (80): time constant of the match.
            - ``loud_min_gain`` (0.5), ``loud_max_gain`` (2): limits of its gain.

    Returns:
        A new float32 array of shape ``(frames, 2)``.

    Raises:
        TrackError: A setting has an unknown name, `audio` does not have two columns, or the rate or `compat` cannot
            be used.
        TypeError: A setting has the wrong type.

    Examples:
        >>> dsp.flanger(np.ones((4410, 2)), wet=0.5, lfo_shape=1).shape
        (4410, 2)

    Source: spec voice-pipeline 11
    """
    return _core.dsp_flanger(audio, sample_rate, settings, compat)
