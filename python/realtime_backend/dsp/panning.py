"""Positions in the stereo field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _core

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from ._types import Numbers, Stereo


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


def balance(audio: ArrayLike, position: Numbers) -> Stereo:
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
    low: Numbers = -1.0,
    high: Numbers = 1.0,
    rate: Numbers = 0.0,
    kind: str = "linear",
    phase: Numbers = 0.0,
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
