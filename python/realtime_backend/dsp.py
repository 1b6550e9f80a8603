"""Building blocks of the voices, as functions on numpy arrays.

A mono signal is a float64 array of shape ``(frames,)``. Stereo sound is a float32 array of shape ``(frames, 2)``, left
and right. Arguments may be anything that numpy converts to such an array. Times are in seconds, frequencies and rates
in Hz. An argument of type ``_Numbers`` is one number, or an array with one number per frame. If the array is shorter
than the signal, its last value is repeated.

Every function raises a `TypeError` for an argument that is not numeric or has the wrong number of dimensions, and a
`ValueError` for one that numpy cannot convert.
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
) -> _Mono:
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


def adsr(t: ArrayLike, attack: float = 0.01, decay: float = 0.1, sustain: float = 0.8, release: float = 0.1) -> _Mono:
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


def linen(t: ArrayLike, attack: float = 0.1, release: float = 0.1) -> _Mono:
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


def sine(frequency: _Numbers, t: ArrayLike, phase: float = 0.0) -> _Mono:
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


def skewed_sine(phase: ArrayLike, skew: float = 0.0) -> _Mono:
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


def skewed_triangle(phase: ArrayLike, skew: float = 0.0) -> _Mono:
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


def trapezoid(t: ArrayLike, cycle: _Numbers, ramp: _Numbers = 0.2, gap: _Numbers = 0.15) -> _Mono:
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


def pan(signal: ArrayLike, position: float) -> NDArray[np.float64]:
    """Place a mono signal in the stereo field with constant power.

    Args:
        signal: Mono signal, shape ``(frames,)``.
        position: -1 (left) to 1 (right), clipped. In the centre both gains are 0.7071.

    Returns:
        float64 array of shape ``(frames, 2)``.

    Examples:
        >>> dsp.pan([0.5, 1.0], -1.0).tolist()
        [[0.5, 0.0], [1.0, 0.0]]

    Source: spec voice-pipeline 7.1
    """
    return _core.dsp_pan(signal, position)


def balance(audio: ArrayLike, position: _Numbers) -> _Stereo:
    """Scale both channels of stereo sound by the gains of a pan position. No sound moves to the other channel.

    Args:
        audio: Stereo sound, shape ``(frames, 2)``.
        position: -1 (left only) to 1 (right only), clipped; one value or one per frame. In the centre both gains are
            0.7071.

    Returns:
        A new float32 array of shape ``(frames, 2)``.

    Raises:
        TrackError: `audio` does not have two columns.

    Examples:
        >>> dsp.balance([[1.0, 1.0], [1.0, 1.0]], [-1.0, 1.0]).round(6).tolist()
        [[1.0, 0.0], [0.0, 1.0]]

    Source: spec voice-pipeline 7.3
    """
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
    """Return a moving pan position for `balance`.

    Args:
        frames: Length of the result.
        sample_rate: Frames per second.
        low: One limit of the range, -1 (left) to 1 (right).
        high: The other limit. The limits may come in either order.
        rate: Cycles per second. If no value is above 0, the position stays in the middle of the range.
        kind: ``linear`` is a sine between the limits. ``inward`` moves from a limit to the centre of the stereo field
            in each cycle, ``outward`` from the centre to a limit; the limits alternate.
        phase: Phase at frame 0 in radians.

    Returns:
        float32 array of shape ``(frames,)``, values clipped to -1 to 1.

    Raises:
        MemoryError: The array does not fit into memory.
        TrackError: `kind` is another word.

    Examples:
        >>> dsp.pan_envelope(4, 4, rate=1.0, kind="inward").tolist()
        [1.0, 0.75, 0.5, 0.25]

    Source: spec voice-pipeline 7.2
    """
    return _core.dsp_pan_envelope(frames, sample_rate, low, high, rate, kind, phase)


def lowpass(signal: ArrayLike, cutoff: float, sample_rate: float = 44100, order: int = 4) -> _Mono:
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


def bandpass(signal: ArrayLike, centre: float, q: float, sample_rate: float = 44100) -> _Mono:
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


def bandreject(signal: ArrayLike, centre: float, q: float, sample_rate: float = 44100) -> _Mono:
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


def clean(signal: ArrayLike, sample_rate: float = 44100) -> _Mono:
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
) -> _Stereo:
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
